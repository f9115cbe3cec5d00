"""Ask the web: one page, of an address that may be called, no larger and no longer than was said. Or hand it a form."""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit

from alongside.core.errors import Phrase, phrase, said_by
from alongside.outside import addresses, circuits, tls
from alongside.outside.errors import Away, Forbidden, TooLarge, Unsure

PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What says who we are to one host is no other's business.
CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization"})
FORM = "application/x-www-form-urlencoded; charset=utf-8"


@dataclass(frozen=True)
class Limits:
    """How much of it is wanted. `redirects`: how often it may send us on; `same_place`: only to the same host."""

    seconds: float = 25.0
    bytes: int = 6_000_000
    redirects: int = 5
    same_place: bool = False


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status; the body as it is once unpacked."""

    url: str
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass(frozen=True)
class _Place:
    """Where a web address leads."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def server(self) -> str:
        return f"{self.host}:{self.port}"

    def is_same(self, other: _Place) -> bool:
        return (self.scheme, self.host, self.port) == (other.scheme, other.host, other.port)


@dataclass
class _Form:
    """What is handed over. From its first word on it may have arrived, whatever becomes of the answer."""

    words: bytes
    on_its_way: bool = False


class _Stumbled(Away):
    """An answer that says that the server cannot answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(phrase("It answers %(status)s.", status=answer.status))
        self.answer = answer


ORDINARY = Limits()


def fetch(
    url: str, *, what: Phrase, headers: Mapping[str, str] | None = None, limits: Limits = ORDINARY
) -> Answer:
    """GET an address. Raises `errors.Away` where nothing usable comes; an answer of any status is an answer.

    what: who is asked, in words for the workspace: it is told there when it does not answer.
    """
    until = time.monotonic() + limits.seconds
    said = {name: _in_ascii(value) for name, value in {"Accept-Encoding": "gzip", **(headers or {})}.items()}
    for _hop in range(limits.redirects + 1):
        place = _place(url)
        answer = _ask(url, place, said, what, limits, until)
        if answer.status not in REDIRECTS or not answer.headers.get("Location"):
            return answer
        url = urljoin(url, answer.headers["Location"])
        said = _for_the_next(said, place, _place(url), limits)
    raise Away(phrase("It sends us on and on."))


def post(
    url: str,
    fields: Sequence[tuple[str, str]],
    *,
    what: Phrase,
    headers: Mapping[str, str] | None = None,
    limits: Limits = ORDINARY,
) -> Answer:
    """Hand a form to an address, once. An answer of any status is an answer; one that sends us on is not followed.

    Raises `errors.Away` where nothing was handed over, and Unsure where it may have been: whoever tries again then
    may say it twice.
    """
    place = _place(url)
    said = {"Accept-Encoding": "gzip", "Content-Type": FORM, **(headers or {})}
    said = {name: _in_ascii(value) for name, value in said.items()}
    form = _Form(urlencode(list(fields)).encode("ascii"))
    try:
        return _ask(url, place, said, what, limits, time.monotonic() + limits.seconds, form)
    except Away as wrong:
        if form.on_its_way:
            raise Unsure(said_by(wrong)) from wrong
        raise


def _in_ascii(words: str) -> str:
    """What a header may hold: our name may have letters that no server reads there, and is asked for all the same."""
    return words.encode("ascii", "replace").decode("ascii")


def _ask(
    url: str,
    place: _Place,
    said: Mapping[str, str],
    what: Phrase,
    limits: Limits,
    until: float,
    form: _Form | None = None,
) -> Answer:
    """One question and its answer, counted for or against the server."""
    try:
        with circuits.through(place.server, what=what):
            answer = _talk(url, place, said, limits, until - time.monotonic(), form)
            if answer.status >= 500 or answer.status == 429:
                raise _Stumbled(answer)
            return answer
    except _Stumbled as stumbled:
        return stumbled.answer


def _talk(
    url: str, place: _Place, said: Mapping[str, str], limits: Limits, seconds: float, form: _Form | None
) -> Answer:
    """One question over a line of its own: a GET, or a POST of the form."""
    until = time.monotonic() + seconds
    line = addresses.connect(place.host, place.port, seconds=seconds)
    try:
        with addresses.cut_off(line, seconds=until - time.monotonic()):
            if place.scheme == "https":
                line = tls.wrapped(line, place.host)
            talk = HTTPConnection(place.host, place.port)
            talk.sock = line
            _say(talk, place, said, form)
            with talk.getresponse() as response:
                body = b"" if response.status in REDIRECTS else _body(response, limits.bytes)
                return Answer(url, response.status, response.headers, body)
    except (OSError, HTTPException, ValueError, zlib.error) as wrong:
        raise Away(phrase("No answer: %(why)s", why=str(wrong)[:200])) from wrong
    finally:
        line.close()


def _say(talk: HTTPConnection, place: _Place, said: Mapping[str, str], form: _Form | None) -> None:
    talk.putrequest("POST" if form else "GET", place.path, skip_accept_encoding=True)
    for name, value in said.items():
        talk.putheader(name, value)
    if form is None:
        talk.endheaders()
        return
    talk.putheader("Content-Length", str(len(form.words)))
    form.on_its_way = True
    talk.endheaders(form.words)


def _body(response: HTTPResponse, most: int) -> bytes:
    parts, size = [], 0
    for part in _unpacked(response, most):
        size += len(part)
        if size > most:
            raise TooLarge(phrase("The answer is too large."))
        parts.append(part)
    return b"".join(parts)


def _unpacked(response: HTTPResponse, most: int) -> Iterator[bytes]:
    """The body in pieces; a packed one unpacked, no piece larger than may be kept: a little can hold very much."""
    packing = (response.headers.get("Content-Encoding") or "identity").strip().lower()
    if packing == "identity":
        yield from _pieces(response)
        return
    if packing not in {"gzip", "x-gzip"}:
        raise Away(phrase("The answer is packed in a way that was not asked for."))
    unpacking = zlib.decompressobj(wbits=31)
    for piece in _pieces(response):
        left = piece
        while left:
            yield unpacking.decompress(left, most + 1)
            left = unpacking.unconsumed_tail
    if not unpacking.eof:
        raise Away(phrase("The answer ends in the middle."))


def _pieces(response: HTTPResponse) -> Iterator[bytes]:
    while piece := response.read1(65536):
        yield piece
    if response.length:  # what was announced and did not come
        raise Away(phrase("The answer ends in the middle."))


def _place(url: str) -> _Place:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as wrong:
        raise Forbidden(phrase("This is no web address: %(url)s", url=url[:200])) from wrong
    if parts.scheme not in PORTS or not parts.hostname or parts.username or parts.password:
        raise Forbidden(phrase("This is no web address: %(url)s", url=url[:200]))
    return _Place(parts.scheme, parts.hostname, port or PORTS[parts.scheme], _path(parts))


def _path(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _for_the_next(said: dict[str, str], here: _Place, there: _Place, limits: Limits) -> dict[str, str]:
    """What is said where we are sent on to."""
    if here.is_same(there):
        return said
    if limits.same_place or (here.scheme == "https" and there.scheme == "http"):
        raise Forbidden(phrase("It sends us on to another place, %(place)s.", place=there.server))
    return {name: value for name, value in said.items() if name.lower() not in CREDENTIALS}
