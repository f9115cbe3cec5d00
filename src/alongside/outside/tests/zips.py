"""Zips of every way of packing, and each of them with one byte changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

TABLE = b"name,kind\n" + b"Hall,hall\n" * 8
PACKED_AS = {
    "stored": zipfile.ZIP_STORED,
    "deflated": zipfile.ZIP_DEFLATED,
    "bzip2": zipfile.ZIP_BZIP2,
    "lzma": zipfile.ZIP_LZMA,
}
TELLING = (0x00, 0x01, 0x0C, 0x0E, 0x20, 0x40, 0x63, 0x80, 0xFF)
"""Other ways of packing, other versions, flags, and what is too little or too much."""


def zipped(packed_as: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", PACKED_AS[packed_as]) as archive:
        archive.writestr("t.csv", TABLE)
    return file.getvalue()


def damaged(packed_as: str) -> Iterator[bytes]:
    """Every byte of it, changed to each of those that tell."""
    whole = zipped(packed_as)
    for at in range(len(whole)):
        for byte in TELLING:
            yield whole[:at] + bytes([byte]) + whole[at + 1 :]
