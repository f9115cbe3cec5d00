"""What a server of Open311 answers, in XML or JSON, as rows of plain text: read apart, for it comes from outside.

Which of the two it is, its first letters say: servers announce one and send the other. JSON follows the XML by the
Spark convention, and servers follow that more or less: a list, a named list, or the only one without a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from alongside.core.errors import Refusal, phrase
from alongside.core.text import lines
from alongside.outside import texts
from alongside.outside.readers import Reader

MOST_BYTES = 4_000_000
MOST_PARTS, DEEPEST, LONGEST = 200_000, 20, 4_000
# What holds several of one kind, and what those are called in XML.
LISTS = {
    "services": "service",
    "service_requests": "request",
    "requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
# What only stands around the rows that were asked for.
AROUND = ("services", "service_requests", "requests", "errors", "service_definition", "discovery")

Row = dict[str, Any]
"""By the names of the specification: a text, a list of texts or of rows, or a row."""


class NotOpen311(Refusal):
    """What came is no answer of an Open311 server, whatever its status says."""


def rows_in(content: bytes) -> list[Row]:
    """The rows of an answer; none, where it is an empty list. Raises NotOpen311."""
    text = texts.decoded(content[:MOST_BYTES]).strip()
    if not text.strip("\x00"):
        raise NotOpen311(phrase("The answer is empty."))
    if text.startswith("<"):
        return _rows(*_of_xml(text))
    return _rows("", _of_json(text))


READ = Reader(rows_in, seconds=20, megabytes=256, refused=NotOpen311, queued=True)


def rows_of(value: Any) -> list[Row]:
    """A list inside a row, however it was written."""
    return [each if isinstance(each, dict) else {"": each} for each in _as_list(value)]


def _rows(name: str, value: Any) -> list[Row]:
    """Without what stands around them."""
    if isinstance(value, dict) and not name:
        around = next((each for each in AROUND if isinstance(value.get(each), dict | list)), "")
        return _rows(around, value[around]) if around else [value]
    return [each for each in _as_list(value, LISTS.get(name, "")) if isinstance(each, dict)]


def _as_list(value: Any, each: str = "") -> list[Any]:
    if isinstance(value, dict) and len(value) == 1 and (inside := _only(value, each)) is not None:
        return inside if isinstance(inside, list) else [inside]
    if isinstance(value, list):
        return value
    return [value] if value not in ("", None) else []


def _only(value: Row, each: str) -> Any:
    """`{"request": …}` in a list of requests."""
    ((name, inside),) = value.items()
    return inside if name in ({each} if each else LISTS.values()) else None


# -- JSON ---------------------------------------------------------------------------------------------
def _of_json(text: str) -> Any:
    if text[0] not in "[{":
        raise NotOpen311(phrase("The answer is neither XML nor JSON."))
    try:
        said = texts.json_of(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise NotOpen311(phrase("The answer is JSON that breaks off or is broken.")) from None
    return _plain(said, _Room())


@dataclass
class _Room:
    """How much of it is still read: a list of a million is no list of services."""

    left: int = MOST_PARTS

    def take(self, depth: int) -> None:
        self.left -= 1
        if self.left < 0 or depth > DEEPEST:
            raise NotOpen311(phrase("The answer holds far more than was asked for."))


def _plain(value: Any, room: _Room, depth: int = 0) -> Any:
    """As the XML would say it: texts, and what holds them."""
    room.take(depth)
    if isinstance(value, dict):
        return {str(name).strip().lower(): _plain(each, room, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each, room, depth + 1) for each in value]
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else _text(str(value))


def _text(said: str) -> str:
    return lines(said[:LONGEST])


# -- XML ----------------------------------------------------------------------------------------------
@dataclass
class _Part:
    """One element: its name without a namespace, its own text, and what stands inside."""

    name: str
    words: list[str] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=list)


def _of_xml(text: str) -> tuple[str, Any]:
    """The outermost name, and what stands in it. No document type, so no entities: one line of them grows for ever."""
    top, opened, room = _Part(""), [], _Room()
    opened = [top]

    def begin(name: str, _attributes: dict[str, str]) -> None:
        room.take(len(opened))
        part = _Part(name.rpartition(":")[2].strip().lower())
        if len(opened) == 1 and part.name in {"html", "head", "body"}:
            raise _a_page()
        opened[-1].parts.append(part)
        opened.append(part)

    def no_document_type(name: str, *_rest: Any) -> None:
        if name.lower() == "html":
            raise _a_page()
        raise NotOpen311(phrase("The answer declares a document type, which Open311 knows none of."))

    reader = expat.ParserCreate("utf-8")  # whatever it says of itself: it is so by now
    reader.StartElementHandler = begin
    reader.EndElementHandler = lambda _name: opened.pop()
    reader.CharacterDataHandler = lambda words: opened[-1].words.append(words)
    reader.StartDoctypeDeclHandler = no_document_type
    try:
        reader.Parse(text.encode(errors="replace"), True)
    except expat.ExpatError:
        if "<html" in text[:1000].lower():
            raise _a_page() from None
        raise NotOpen311(phrase("The answer is XML that breaks off or is broken.")) from None
    (root,) = top.parts
    return (root.name, _said_in(root)) if root.name in AROUND else ("", _said_in(root))


def _a_page() -> NotOpen311:
    return NotOpen311(phrase("The answer is a web page, and nothing of Open311. Check the address."))


def _said_in(part: _Part) -> Any:
    if part.name in LISTS:
        return [_said_in(each) for each in part.parts]
    if not part.parts:
        return _text("".join(_some(part.words)))
    said: Row = {}
    for each in part.parts:
        said.setdefault(each.name, _said_in(each))  # said twice, the first counts
    return said


def _some(words: list[str]) -> Iterator[str]:
    """As much as is kept, and a bit for the blanks around it."""
    left = 4 * LONGEST
    for each in words:
        yield each[:left]
        left -= len(each)
        if left <= 0:
            return
