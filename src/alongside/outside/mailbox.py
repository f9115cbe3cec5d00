"""Read a mailbox letter by letter, the oldest first, so many and no more. Each is marked once it was looked after."""

from __future__ import annotations

import imaplib
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings

from alongside.core.errors import phrase
from alongside.core.logs import discreet
from alongside.outside import addresses, circuits, tls
from alongside.outside.errors import Away
from alongside.outside.servers import Server

WAIT = 20.0  # seconds: for each word of the server
IN_ALL = 180.0
LARGEST = 512 * 1024  # what is read of one letter: a report stands before the mail that it returns
# Our own mark on what is for people to read, so that it stays unread for them; seen, where a server has no such marks.
READ = "AlongsideRead"
SAID_NO = (imaplib.IMAP4.error, imaplib.IMAP4.abort, imaplib.IMAP4.readonly)


@dataclass(frozen=True)
class Box:
    server: Server
    folder: str


def box() -> Box | None:
    """The mailbox of ALONGSIDE_IMAP_URL, or None where nobody reads one."""
    if not settings.ALONGSIDE.imap_url:
        return None
    url = urlsplit(settings.ALONGSIDE.imap_url)
    is_secret = url.scheme == "imaps"
    server = Server.of(url, port=993 if is_secret else 143, tls_from_the_start=is_secret)
    return Box(server, folder=unquote(url.path.strip("/")) or "INBOX")


def read(box: Box, look_after: Callable[[bytes], bool], *, at_most: int) -> int:
    """Hand over each letter that was not looked at before. Where that returns True nobody needs it any more: it is
    deleted. The others stay, with a mark. Returns how many were read.

    One that is handed over is marked afterwards: whoever dies in the middle gets it again.
    """
    with circuits.through(box.server.name, what=phrase("The mailbox for returned mail")):
        try:
            with _Line(box) as line, addresses.cut_off(line.sock, seconds=IN_ALL):
                return _read(line, look_after, at_most)
        except (*SAID_NO, OSError) as wrong:
            said = discreet(str(wrong))[:200]
            raise Away(phrase("The mailbox did not answer: %(why)s", why=said)) from wrong


class _Line(imaplib.IMAP4):
    """A conversation over a line that was opened here, with the folder open."""

    def __init__(self, box: Box) -> None:
        server = box.server
        self.line = addresses.connect(server.host, server.port, seconds=WAIT, named=True)
        try:
            with addresses.cut_off(self.line, seconds=2 * WAIT):
                if server.tls_from_the_start:
                    self.line = tls.wrapped(self.line, server.host)
                self.line.settimeout(WAIT)
                super().__init__(server.host, server.port, timeout=WAIT)
                self._sign_in(server)
                _done(self.select(_quoted(box.folder)))
        except BaseException:
            self.line.close()
            raise

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return self.line

    def _sign_in(self, server: Server) -> None:
        is_secret = server.tls_from_the_start
        if not is_secret and "STARTTLS" in self.capabilities:
            self.starttls(tls.context())
            is_secret = True
        if not is_secret and not server.is_here:
            raise Away(phrase("The mailbox offers no encryption, and a password is not sent without it."))
        self.login(server.user, server.password)


def _quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _done(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    kind, said = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(str(said[:1]))
    return said


def _read(line: _Line, look_after: Callable[[bytes], bool], at_most: int) -> int:
    has_marks = any(b"\\*" in (each or b"") for each in line.response("PERMANENTFLAGS")[1])
    wanted, mark = (f"UNKEYWORD {READ}", READ) if has_marks else ("UNSEEN", "\\Seen")
    (found, *_others) = _done(line.uid("SEARCH", "UNDELETED", *wanted.split()))
    letters = sorted(map(int, (found or b"").split()))[:at_most] if isinstance(found, bytes) else []
    gone = []
    for number in letters:
        if look_after(_letter(line, number)):
            gone.append(number)
        flags = f"({mark} \\Deleted)" if number in gone else f"({mark})"
        _done(line.uid("STORE", str(number), "+FLAGS.SILENT", flags))
    if gone and "UIDPLUS" in line.capabilities:  # without it, others' deleted letters would go, too
        _done(line.uid("EXPUNGE", ",".join(map(str, gone))))
    return len(letters)


def _letter(line: _Line, number: int) -> bytes:
    said = _done(line.uid("FETCH", str(number), f"(BODY.PEEK[]<0.{LARGEST}>)"))
    return next((bytes(each[1]) for each in said if isinstance(each, tuple)), b"")
