"""Sources: the files handed in, unpacked as a stream, never trusted to be what they say."""

from __future__ import annotations

import codecs
import contextlib
import glob
import gzip
import hashlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from alongside.core.errors import phrase
from alongside.core.text import line
from alongside.incidents.reading.refusals import CannotImport, EmptyFile, NotATable, TooLarge
from alongside.outside.texts import GZIP, ZIP, encoding_of, unpacked_or

# A legitimate table shrinks to a tenth or a thirtieth. A bomb shrinks to a thousandth.
LARGEST_RATIO = 200
RATIO_MATTERS_FROM = 64 * 1024 * 1024
LARGEST_TABLE = 64 * 1024**3
MOST_MEMBERS = 1000
LONGEST_NAME = 300
# Where one value fills a column, a Parquet file says so once for all rows.
ROWS_MATTER_FROM = 1_000_000
MOST_ROWS_A_BYTE = 10

PARQUET = b"PAR1"


@dataclass(frozen=True)
class Source:
    """One table: a file, or one member of a zip.

    `name` is what the report calls it. `size` is in bytes as stored, for the progress bar.
    """

    name: str
    path: Path
    kind: str  # "text", "gzip", "zip" or "parquet"
    member: str | None = None
    size: int = 0

    @contextlib.contextmanager
    def open(self) -> Iterator[Stream]:
        """The bytes of the table, unpacked, as a stream that refuses to grow without end."""
        with contextlib.ExitStack() as stack:
            raw = stack.enter_context(self.path.open("rb"))
            if self.kind == "gzip":
                yield Stream(stack.enter_context(gzip.open(raw)), self, position=raw.tell)
            elif self.kind == "zip":
                archive = stack.enter_context(zipfile.ZipFile(raw))
                member = stack.enter_context(_member(archive, self))
                begins = raw.tell()
                yield Stream(member, self, position=lambda: raw.tell() - begins)
            else:
                yield Stream(raw, self, position=None)


class Readable(Protocol):
    """What a table's bytes are read from: a file, or what unpacks one."""

    def read(self, size: int, /) -> bytes: ...


class Stream:
    """Bytes of one table, counted as they come."""

    def __init__(self, raw: Readable, source: Source, *, position: Callable[[], int] | None) -> None:
        self._raw = raw
        self._source = source
        self._position = position
        self._packed = source.kind in ("gzip", "zip")
        self.unpacked = 0

    def read(self, size: int) -> bytes:
        """Up to `size` bytes; empty only at the end."""
        parts: list[bytes] = []
        wanted = size
        while wanted:
            part = self._some(wanted)
            if not part:
                break
            parts.append(part)
            wanted -= len(part)
            self.unpacked += len(part)
            if self._packed:
                refuse_a_bomb(self._source.name, self.progress(), self.unpacked)
        return b"".join(parts)

    def look_ahead(self) -> None:
        """Go on to where a bomb can be told from a table. Only gzip does not say how much there is."""
        while self._source.kind == "gzip" and self.unpacked <= RATIO_MATTERS_FROM and self.read(2**20):
            pass

    def progress(self) -> int:
        """How far into the stored file this is, in bytes: exact where known, else a fair guess."""
        if self._position is not None:
            return min(self._position(), self._source.size)
        return min(self.unpacked, self._source.size)

    def _some(self, size: int) -> bytes:
        if not self._packed:
            return self._raw.read(size)
        damaged = phrase(
            "%(file)s is damaged and cannot be unpacked: download it again.", file=self._source.name
        )
        with unpacked_or(NotATable(damaged)):
            return self._raw.read(size)


def refuse_a_bomb(name: str, packed: int, unpacked: int) -> None:
    """Refuse what grows beyond reason when it is unpacked, as soon as it does."""
    much = unpacked > RATIO_MATTERS_FROM and unpacked > LARGEST_RATIO * max(packed, 1)
    if much or unpacked > LARGEST_TABLE:
        raise TooLarge(
            phrase(
                "%(file)s unpacks to more than %(most)s times its size, which no table does: unpack it "
                "yourself, look at it, and import the table inside.",
                file=name,
                most=LARGEST_RATIO,
            )
        )


def find(names: Sequence[str]) -> list[Source]:
    """The tables in the files named. Patterns are opened out; the same content twice is read once.

    Raises CannotImport for a file that is missing, empty or not a table, before anything is read.
    """
    seen: set[str] = set()
    sources: list[Source] = []
    for path in named(names):
        digest = fingerprint(path)
        if digest not in seen:
            seen.add(digest)
            sources += _tables(path)
    return sources


def named(names: Sequence[str]) -> list[Path]:
    """The files named, patterns opened out. Nothing of them is read. Raises CannotImport."""
    paths = [path for name in names for path in _paths(name)]
    if not paths:
        raise CannotImport(phrase("no file was named: give at least one CSV or Parquet file."))
    return paths


def fingerprint(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _paths(name: str) -> list[Path]:
    path = Path(name)
    if path.is_file():
        return [path]
    if path.is_dir():
        raise CannotImport(
            phrase("%(name)s is a folder: name the files in it, such as %(name)s/*.csv", name=name)
        )
    names = sorted(glob.glob(name))  # noqa: PTH207 - a pattern may be absolute, which Path.glob refuses
    if not names:
        raise CannotImport(phrase("there is no file %(name)s: check the name and the folder.", name=name))
    return [Path(each) for each in names if Path(each).is_file()]


def _tables(path: Path) -> list[Source]:
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile(phrase("%(file)s is empty: export it again.", file=path.name))
    with path.open("rb") as file:
        head = file.read(4)
    if head == ZIP:
        return _members(path)
    kind = "parquet" if head == PARQUET else "gzip" if head[:2] == GZIP else "text"
    return [Source(_called(path.name), path, kind, size=size)]


def _called(name: str) -> str:
    """What the report calls a file: inside a zip, and on some disks, one may be called anything."""
    return line(name, LONGEST_NAME) or "file"


def _members(path: Path) -> list[Source]:
    damaged = phrase("%(file)s is a damaged zip: download it again.", file=path.name)
    with unpacked_or(NotATable(damaged)), zipfile.ZipFile(path) as archive:
        infos = [info for info in archive.infolist() if _is_wanted(info)]
    if not infos:
        raise EmptyFile(
            phrase(
                "%(file)s holds no table (a spreadsheet? save it as CSV): put CSV files into it.",
                file=path.name,
            )
        )
    if len(infos) > MOST_MEMBERS:
        raise TooLarge(
            phrase(
                "%(file)s holds %(files)s files, more than %(most)s: import them in parts.",
                file=path.name,
                files=len(infos),
                most=MOST_MEMBERS,
            )
        )
    for info in infos:
        if info.filename.lower().endswith((".zip", ".gz", ".parquet")):
            raise NotATable(
                phrase(
                    "%(file)s holds %(inside)s, packed once more: unpack the outer file first.",
                    file=path.name,
                    inside=_called(info.filename),
                )
            )
    refuse_a_bomb(path.name, path.stat().st_size, sum(info.file_size for info in infos))
    return [
        Source(_called(f"{path.name}/{info.filename}"), path, "zip", info.filename, info.compress_size)
        for info in infos
    ]


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    """Not folders, not what a Mac leaves behind, not notes that came along."""
    name = info.filename.rsplit("/", 1)[-1].lower()
    if info.is_dir() or info.filename.startswith("__MACOSX/") or name.startswith("."):
        return False
    return not name.endswith((".pdf", ".doc", ".docx", ".xml", ".html", ".md", ".json"))


def _member(archive: zipfile.ZipFile, source: Source) -> IO[bytes]:
    locked = phrase(
        "%(file)s cannot be unpacked (a password, or a rare way of packing): unpack it first.",
        file=source.name,
    )
    with unpacked_or(NotATable(locked)):
        return archive.open(source.member or "")


class Text:
    """A stream as UTF-8 bytes without a mark.

    What is not valid UTF-8 in the end is read as Windows-1252, line by line, by `texts.utf8`.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        head = stream.read(4)
        self.encoding, skip = encoding_of(head)
        self._head = head[skip:]
        self._decoder = (
            codecs.getincrementaldecoder(self.encoding)(errors="replace")
            if self.encoding != "utf-8"
            else None
        )

    def take(self, size: int) -> bytes:
        """About `size` more bytes; empty only at the end."""
        while raw := self._head + self._stream.read(size):
            self._head = b""
            text = raw if self._decoder is None else self._decoder.decode(raw).encode()
            if text:
                return text
        return b""

    def progress(self) -> int:
        """How many bytes of the stored file are behind us."""
        return self._stream.progress()
