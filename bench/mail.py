"""Mail to a slow server: our kept conversations against one for each mail, in the same run.

    bin/bench mail

The server thinks half a second about each greeting and a twentieth about each mail, as a relay that looks callers up
does. Prints the seconds that so many mails take: one conversation for each, as Django's own way does, one after the
other and four at a time; and ours, by one hand and by the four of a worker. Writes bench/results/mail-DATE.json.

Fair to Django: the same server, mails, machine and number of hands.
"""

import argparse
import json
import os
import socketserver
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version

from kept import keep, machine

MAILS = 134
GREETING, EACH = 0.5, 0.05
MESSAGE = b"Subject: Called off\r\nFrom: a@a.example\r\nTo: b@b.example\r\n\r\nThe walk is called off.\r\n"


class Slow(socketserver.StreamRequestHandler):
    """As much of a mail server as both need."""

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb in {b"EHLO", b"HELO"}:
                time.sleep(GREETING)
            if verb == b"DATA":
                self._say("354 go on")
                while self.rfile.readline() not in {b".\r\n", b""}:
                    pass
                time.sleep(EACH)
                self.server.taken += 1
            self._say("221 bye" if verb == b"QUIT" else "250 OK")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64
    taken = 0


@contextmanager
def a_server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def main() -> None:
    options = argparse.ArgumentParser(description="Mail to a slow server, in one run.")
    options.add_argument("--mails", type=int, default=MAILS)
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as data:
        ready(data)
        django = {hands: seconds(by_django, chosen.mails, hands) for hands in (1, 4)}
        ours = {hands: seconds(by_us, chosen.mails, hands) for hands in (1, 4)}
    result = {
        "mails": chosen.mails,
        "greeting_seconds": GREETING,
        "mail_seconds": EACH,
        "django": django,
        "ours": ours,
        "ratio_one_hand": round(django[1] / ours[1], 1),
        "ratio_four_hands": round(django[4] / ours[4], 1),
        "machine": machine(),
        "versions": {"django": version("django")},
    }
    print(json.dumps(result, indent=2))
    if not chosen.dry:
        print("written:", keep("mail", result))


def ready(data: str) -> None:
    """A database of our own: who answers is known by it."""
    os.environ |= {"ALONGSIDE_DATA": data, "DJANGO_SETTINGS_MODULE": "alongside.config.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", "outside", verbosity=0)


def seconds(send: Callable[[int], None], mails: int, hands: int) -> float:
    with a_server() as server, ThreadPoolExecutor(hands) as pool:
        began = time.monotonic()
        list(pool.map(lambda _mail: send(server.server_address[1]), range(mails)))
        took = time.monotonic() - began
        assert server.taken == mails
        return round(took, 2)


def by_django(port: int) -> None:
    from django.core.mail.backends.smtp import EmailBackend
    from django.core.mail.message import EmailMessage

    connection = EmailBackend(host="127.0.0.1", port=port, username="", password="")
    EmailMessage(
        "Called off", "The walk is called off.", "a@a.example", ["b@b.example"], connection=connection
    ).send()


def by_us(port: int) -> None:
    from alongside.outside import smtp
    from alongside.outside.servers import Server

    server = Server("127.0.0.1", port, "", "", tls_from_the_start=False)
    smtp.hand_over(MESSAGE, sender="a@a.example", to="b@b.example", server=server)


if __name__ == "__main__":
    sys.exit(main())
