"""Text files from outside, as bytes: how large, how packed, in which letters. Every reader of text begins here.

What programs write when they are asked for text: UTF-8 with a mark or without, UTF-16 as spreadsheets save it,
Windows-1252, and files in which one line was pasted from another program. A limit counts what comes out, not what was
sent, so that a bomb is refused when it begins to grow.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile

from alongside.core.errors import Refusal, phrase

Content = bytes | Path
"""A file's bytes, or where they lie: what is large is read by the process that reads it, and no other."""

MARKS = [
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
]
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
OLD_SPREADSHEET = b"\xd0\xcf\x11\xe0"
SPREADSHEET_PARTS = ("xl/", "[content_types].xml", "mimetype")
MOST_MEMBERS = 1000


def of_upload(upload: UploadedFile[Any]) -> Content:
    """An upload as a reader takes it: a large one lies in a file already."""
    if isinstance(upload, TemporaryUploadedFile):
        return Path(upload.temporary_file_path())
    content: bytes = upload.read()
    return content


def text_of(content: Content, *, most_bytes: int, refused: type[Refusal]) -> str:
    """The text in a file. Raises `refused`, which says what to do."""
    return decoded(bytes_of(content, most_bytes=most_bytes, refused=refused))


def bytes_of(content: Content, *, most_bytes: int, refused: type[Refusal]) -> bytes:
    """The bytes of a text, unpacked where they came packed. Raises `refused`: too large, empty, or no text."""
    content = _unpacked(_whole(content, most_bytes, refused), most_bytes, refused)
    encoding, mark = encoding_of(content[:4])
    if not content[mark:].strip(b"\r\n\t \x00"):
        raise refused(phrase("the file is empty."))
    if (b"\x00" if encoding == "utf-8" else "\x00".encode(encoding)) in content and "\x00" in decoded(
        content
    ):
        raise refused(phrase("the file holds NUL bytes, which no text does: export it again, in UTF-8."))
    return content


def decoded(content: bytes) -> str:
    """As its mark says, else UTF-8; each line that is none is read as Windows-1252."""
    encoding, mark = encoding_of(content[:4])
    if encoding != "utf-8":
        return content[mark:].decode(encoding, errors="replace").lstrip("\ufeff")
    return utf8(content[mark:]).decode().lstrip("\ufeff")  # where files were joined, there are two marks


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding a byte order mark tells (or the zeros of plain letters in UTF-16), and the mark's length."""
    for mark, name in MARKS:
        if head.startswith(mark):
            return name, len(mark)
    if len(head) == 4 and head[1] == head[3] == 0 and head[0] and head[2]:
        return "utf-16-le", 0
    if len(head) == 4 and head[0] == head[2] == 0 and head[1] and head[3]:
        return "utf-16-be", 0
    return "utf-8", 0


def utf8(lines: bytes) -> bytes:
    """Whole lines as valid UTF-8: as they are, or else each read as Windows-1252."""
    if _is_utf8(lines):
        return lines
    return b"\n".join(
        line if _is_utf8(line) else line.decode("cp1252", errors="replace").encode()
        for line in lines.split(b"\n")
    )


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _whole(content: Content, most_bytes: int, refused: type[Refusal]) -> bytes:
    _refuse_large(content.stat().st_size if isinstance(content, Path) else len(content), most_bytes, refused)
    return content.read_bytes() if isinstance(content, Path) else content


# An escape in JSON: a whole letter in two halves, a half of one, none at all; or anything else.
ESCAPE = re.compile(
    r"\\(?:(?P<whole>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|(?P<none>u0000)|.)",
    re.DOTALL,
)


def json_of(text: str, **how: Any) -> Any:
    """What a text in JSON says, without halves of letters and NULs, which no page shows and no database keeps.

    Raises ValueError and RecursionError, as json does.
    """
    return json.loads(ESCAPE.sub(_kept, text) if "\\u" in text else text, **how)


def _kept(escape: re.Match[str]) -> str:
    if escape["none"]:
        return " "
    return "\\ufffd" if escape["half"] else escape[0]


# -- packed -------------------------------------------------------------------------------------------
def _unpacked(content: bytes, most_bytes: int, refused: type[Refusal]) -> bytes:
    if content.startswith(GZIP):
        return _from_gzip(content, most_bytes, refused)
    if content.startswith(ZIP):
        return _from_zip(content, most_bytes, refused)
    if content.startswith(OLD_SPREADSHEET):
        raise refused(phrase("the file is a spreadsheet: save the sheet as CSV (UTF-8)."))
    return content


@contextlib.contextmanager
def unpacked_or(refusal: Refusal) -> Iterator[None]:
    """Raises `refusal` for whatever a library trips over in what is damaged, locked or packed in a rare way."""
    try:
        yield
    except (Refusal, MemoryError):
        raise
    except Exception as error:  # zipfile alone raises ten kinds, and an IndexError is one of them
        raise refusal from error


def _from_gzip(content: bytes, most_bytes: int, refused: type[Refusal]) -> bytes:
    out, left = bytearray(), content
    try:
        while left.startswith(GZIP):  # one after the other are one file
            unpack = zlib.decompressobj(wbits=31)
            out += unpack.decompress(left, most_bytes + 1 - len(out))
            _refuse_large(len(out), most_bytes, refused)
            if not unpack.eof:
                raise zlib.error("its end is missing")
            left = unpack.unused_data
    except zlib.error:
        raise refused(phrase("the file is damaged and cannot be unpacked: download it again.")) from None
    return bytes(out)


def _from_zip(content: bytes, most_bytes: int, refused: type[Refusal]) -> bytes:
    """The one file in a zip."""
    cannot = phrase(
        "the file is a zip that cannot be opened. If it is a spreadsheet, save the sheet as CSV (UTF-8)."
    )
    with unpacked_or(refused(cannot)), zipfile.ZipFile(io.BytesIO(content)) as archive:
        inside = archive.infolist()
        if any(each.filename.lower().startswith(SPREADSHEET_PARTS) for each in inside[:MOST_MEMBERS]):
            raise refused(phrase("the file is a spreadsheet: save the sheet as CSV (UTF-8)."))
        files = [each for each in inside[:MOST_MEMBERS] if _is_meant(each)]
        if len(files) != 1:
            raise refused(
                phrase("the file is a zip of %(files)s files: send the one that is meant.", files=len(files))
            )
        with archive.open(files[0]) as file:
            out = file.read(most_bytes + 1)
    _refuse_large(len(out), most_bytes, refused)
    return out


def _is_meant(member: zipfile.ZipInfo) -> bool:
    """Not folders, and not what a Mac leaves behind."""
    name = member.filename.rsplit("/", 1)[-1]
    return not (member.is_dir() or member.filename.startswith("__MACOSX/") or name.startswith("."))


def _refuse_large(size: int, most_bytes: int, refused: type[Refusal]) -> None:
    if size > most_bytes:
        raise refused(
            phrase("the file is larger than %(largest)s MB: cut it down first.", largest=most_bytes // 2**20)
        )
