"""Answers to a walk while everything goes wrong at once, ours and another checkout's in turn.

    bin/bench storm [--other FOLDER] [--seconds 10]

A hundred residents, each from an address of their own, answer as fast as they are answered, first in quiet and then
while five things happen at once: the mail server takes every call and greets at a letter a second; 1,100 sockets
connect and say nothing, to a server that may open 1,024 files; eight calendars whose events never end are sent to the
desk, again and again; somebody sends 2 MB bodies that stop short of their end; and one machine asks for pages on 150
lines at once, none of them kept. Somebody looks at a page every tenth of a second and gives it five seconds.

Prints how many answers were kept, the 95th percentile and the errors, quiet and in the storm, and how much was logged.
`--other` is a checkout to compare with, such as the version before. Writes bench/results/storm-DATE.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import resource
import secrets
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zlib import crc32

from kept import keep, machine

HERE = Path(__file__).resolve().parent
CLIENTS, SILENT, CALENDARS, HALF_BODIES, ASKING = 100, 1_100, 8, 129, 150
DESCRIPTORS = 1_024
PATIENCE = 30.0  # seconds a client gives an answer
ENDLESS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Coffee\r\n"
    "DTSTART:20261001T180000\r\nRRULE:FREQ=DAILY;INTERVAL=0\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
PREPARE = """
import json
from datetime import time, timedelta
import django; django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from alongside.agencies.models import Agency, Role, User
from alongside.gatherings import actions
agency = Agency.objects.get(slug="riverbend")
forum = actions.plan(agency, kind="forum", title="Forum", on=agency.today() + timedelta(days=9), at=time(18),
    meeting_point="Hall", capacity=None, by=None)
actions.publish(forum, by=None)
user = next(each for each in User.objects.all() if (m := each.membership_at(agency)) and m.holds([Role.COORDINATOR]))
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
session.save()
print(json.dumps([forum.public_id, session.session_key]))
"""
COUNT = """
import django; django.setup()
from alongside.gatherings.models import Rsvp
print(Rsvp.objects.filter(gathering__public_id=%r).count())
"""


def main() -> None:
    options = argparse.ArgumentParser(description="Answers to a walk while everything goes wrong at once.")
    options.add_argument("--other", type=Path, help="a checkout to compare with")
    options.add_argument("--seconds", type=int, default=10)
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    measured = {}
    for name, checkout in [("other", chosen.other), ("ours", HERE.parent)]:
        if checkout is not None:
            measured[name] = measure(checkout.resolve(), chosen.seconds)
            print(name, json.dumps(measured[name], indent=2), flush=True)
    result = {"seconds": chosen.seconds, "clients": CLIENTS, **measured, "machine": machine()}
    if not chosen.dry:
        print("written:", keep("storm", result))


def measure(checkout: Path, seconds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, a_tarpit() as mail:
        town = Town(checkout, Path(folder), smtp=mail)
        forum, session = town.prepare()
        town.serve()
        try:
            quiet = asyncio.run(answers(town.port, forum, seconds))
            storm = asyncio.run(in_the_storm(town.port, forum, session, seconds))
        finally:
            town.end()
        kept = town.count(forum)
        said = quiet["kept"] + storm["kept"]
        return {"quiet": quiet, "storm": storm, "kept": kept, "acknowledged": said, "log_kB": town.logged()}


class Town:
    """A demo city of one checkout, served as people serve it."""

    def __init__(self, checkout: Path, folder: Path, *, smtp: int) -> None:
        self.log = folder / "log.txt"
        self.environment = os.environ | {
            "ALONGSIDE_DATA": str(folder / "data"),
            "ALONGSIDE_SMTP_URL": f"smtp://127.0.0.1:{smtp}",
            "PYTHONPATH": str(checkout / "src"),
            "DJANGO_SETTINGS_MODULE": "alongside.config.settings",
        }
        # What the version before has built: Python does the same for both.
        self.python = [sys.executable, "-m", "alongside.cli"]
        built = HERE / "data" / f"storm-{crc32(str(checkout).encode()):08x}"
        environment = self.environment | {"ALONGSIDE_DATA": str(built)}
        built.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [*self.python, "demo", "--build-only"],
            check=True,
            env=environment,
            cwd=checkout,
            stdout=subprocess.DEVNULL,
        )
        shutil.copytree(built, folder / "data")
        self.checkout = checkout

    def _do(self, script: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", script],
            check=True,
            env=self.environment,
            cwd=self.checkout,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip().splitlines()[-1]

    def prepare(self) -> tuple[str, str]:
        forum, session = json.loads(self._do(PREPARE))
        return forum, session

    def count(self, forum: str) -> int:
        return int(self._do(COUNT % forum))

    def serve(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.python, "serve", "--port", "0"],
                env=self.environment,
                cwd=self.checkout,
                stdout=log,
                stderr=log,
                preexec_fn=few_descriptors,
            )
        until = time.monotonic() + 60
        while not (found := re.search(r"http://localhost:(\d+)", self.log.read_text())):
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.1)
        self.port = int(found.group(1))
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as line:
                line.sendall(b"GET /riverbend/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
                if line.recv(12).endswith(b"200"):
                    return
            time.sleep(0.2)
        raise SystemExit("The server did not come up.")

    def logged(self) -> int:
        return self.log.stat().st_size // 1000

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()


def few_descriptors() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))


class a_tarpit:
    """A mail server that takes every call and greets at a letter a second, for ever, in a process of its own."""

    SCRIPT = (
        "import socket, sys, threading, time\n"
        "def drip(line):\n"
        "    try:\n"
        "        while True: time.sleep(1); line.send(b'2')\n"
        "    except OSError: pass\n"
        "server = socket.create_server(('127.0.0.1', 0)); print(server.getsockname()[1], flush=True)\n"
        "while True: threading.Thread(target=drip, args=[server.accept()[0]], daemon=True).start()\n"
    )

    def __enter__(self) -> int:
        self.process = subprocess.Popen(
            [sys.executable, "-c", self.SCRIPT], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        return int(self.process.stdout.readline())

    def __exit__(self, *_what: object) -> None:
        self.process.kill()
        self.process.wait()


# -- residents ----------------------------------------------------------------------------------------
async def answers(port: int, forum: str, seconds: int) -> dict[str, Any]:
    """What a hundred residents got who answer for so long, and what somebody saw who looks."""
    ends = time.monotonic() + seconds
    taken: list[tuple[int | str, float]] = []
    looked: list[tuple[int | str, float]] = []

    async def resident(number: int) -> None:
        while time.monotonic() < ends:
            form = urlencode(
                {
                    "party": "1",
                    "form_key": secrets.token_urlsafe(16),
                    "email": f"{secrets.token_hex(6)}@example.org",
                }
            ).encode()
            taken.append(
                await timed(
                    ask(
                        port, "POST", f"/riverbend/gatherings/{forum}/join/", form, source=f"127.1.{number}.1"
                    )
                )
            )

    async def looker() -> None:
        while time.monotonic() < ends:
            looked.append(await timed(ask(port, "GET", "/riverbend/", source="127.9.0.1", patience=5)))
            await asyncio.sleep(0.1)

    await asyncio.gather(looker(), *(resident(number) for number in range(CLIENTS)))
    return {
        "kept": sum(status == 302 for status, _ms in taken),
        **summed("answers", taken),
        **summed("looks", looked),
    }


async def in_the_storm(port: int, forum: str, session: str, seconds: int) -> dict[str, Any]:
    silent = [await silent_socket(port, f"127.3.{number % 200}.1") for number in range(SILENT)]
    others = [
        *(asyncio.create_task(repeated(lambda: calendar(port, session))) for _ in range(CALENDARS)),
        *(asyncio.create_task(half_a_body(port, f"127.4.{number}.1")) for number in range(HALF_BODIES)),
        *(asyncio.create_task(repeated(lambda: much(port))) for _ in range(ASKING)),
    ]
    await asyncio.sleep(2)
    try:
        return await answers(port, forum, seconds)
    finally:
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for writer in silent:
            if writer is not None:
                writer.close()


async def timed(asking: Awaitable[int | str]) -> tuple[int | str, float]:
    began = time.monotonic()
    return await asking, (time.monotonic() - began) * 1000


async def ask(
    port: int,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    source: str,
    headers: str = "Content-Type: application/x-www-form-urlencoded\r\n",
    patience: float = PATIENCE,
) -> int | str:
    """The status, or what went wrong."""
    try:
        async with asyncio.timeout(patience):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
            try:
                writer.write(
                    f"{method} {path} HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
                    f"Connection: close\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode()
                    + body
                )
                head = await reader.readuntil(b"\r\n")
                await reader.read()
                return int(head.split()[1])
            finally:
                writer.close()
    except (OSError, asyncio.IncompleteReadError, IndexError, ValueError) as error:
        return "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__


def summed(of: str, taken: list[tuple[int | str, float]]) -> dict[str, Any]:
    times = sorted(ms for _status, ms in taken)
    cuts = statistics.quantiles(times, n=20) if len(times) > 1 else [0] * 19
    return {
        of: len(taken),
        f"{of}_p50_ms": round(cuts[9]),
        f"{of}_p95_ms": round(cuts[18]),
        f"{of}_by_status": dict(Counter(str(status) for status, _ms in taken).most_common()),
    }


# -- the storm ----------------------------------------------------------------------------------------
async def silent_socket(port: int, source: str) -> asyncio.StreamWriter | None:
    with suppress(OSError):
        _reader, writer = await asyncio.wait_for(
            asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0)), 2
        )
        return writer
    return None


async def much(port: int) -> None:
    """A page that nobody asked for before, so that it is made anew."""
    await ask(port, "GET", f"/riverbend/?asked={secrets.token_hex(6)}", source="127.5.0.1")


async def calendar(port: int, session: str) -> None:
    """An event that never ends, as a member of staff sends it."""
    token, edge = "a" * 32, "edge"
    fields = {"csrfmiddlewaretoken": token}
    body = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head = 'Content-Disposition: form-data; name="file"; filename="a.ics"'
    body += f"--{edge}\r\n{head}\r\n\r\n{ENDLESS}\r\n--{edge}--\r\n"
    form = f"multipart/form-data; boundary={edge}"
    await ask(
        port,
        "POST",
        "/riverbend/workspace/gatherings/import/",
        body.encode(),
        source="127.5.0.1",
        headers=f"Cookie: sessionid={session}; csrftoken={token}\r\nContent-Type: {form}\r\n",
    )


async def half_a_body(port: int, source: str) -> None:
    """Two megabytes but for their end."""
    with suppress(OSError):
        _reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
        try:
            writer.write(
                f"POST /riverbend/follow/ HTTP/1.1\r\nHost: localhost:{port}\r\nOrigin: http://localhost:{port}\r\n"
                f"Content-Length: {2**21}\r\n\r\n".encode()
                + b"a" * (2**21 - 4096)
            )
            await writer.drain()
            await asyncio.sleep(60)
        finally:
            writer.close()


async def repeated(deed: Callable[[], Awaitable[None]]) -> None:
    while True:
        await deed()
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    main()
