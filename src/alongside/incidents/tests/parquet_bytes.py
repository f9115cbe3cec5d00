"""Parquet files written by hand, byte for byte: what no library would write, but somebody can send.

Thrift's compact protocol, as far as Parquet's footer and its pages need it (parquet.thrift of the format).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

BYTE_ARRAY, UTF8 = 6, 0
REQUIRED, OPTIONAL, REPEATED = 0, 1, 2
PLAIN, RLE, RLE_DICTIONARY = 0, 3, 8
UNPACKED, GZIP, ZSTD = 0, 2, 6
DATA_PAGE, DICTIONARY_PAGE = 0, 2
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _zigzag(number: int) -> bytes:
    return varint(number << 1 if number >= 0 else (-number << 1) - 1)


def thrift(fields: dict[int, object]) -> bytes:
    """A struct: its fields by number. A number is an i32; ("i64", n); bytes; a dictionary is a struct; a list."""
    out, last = bytearray(), 0
    for number, value in fields.items():
        kind, said = _field(value)
        step = number - last
        out += bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + _zigzag(number)
        out += said
        last = number
    return bytes(out) + b"\0"


def _field(value: object) -> tuple[int, bytes]:
    match value:
        case int():
            return _I32, _zigzag(value)
        case ("i64", int(number)):
            return _I64, _zigzag(number)
        case bytes():
            return _BINARY, varint(len(value)) + value
        case dict():
            return _STRUCT, thrift(value)
        case list():
            kind = _field(value[0])[0] if value else _STRUCT
            size = (
                bytes([len(value) << 4 | kind])
                if len(value) < 15
                else bytes([0xF0 | kind]) + varint(len(value))
            )
            return _LIST, size + b"".join(_field(each)[1] for each in value)
    raise TypeError(value)


def zstd_of_zeros(size: int) -> bytes:
    """A frame that unpacks to so many zero bytes: 128 kB for four bytes."""
    blocks, rest = divmod(size, 2**17)
    sizes = [2**17] * blocks + ([rest] if rest else [])
    out = bytearray(struct.pack("<IBQ", 0xFD2FB528, 0xE0, size))
    for at, each in enumerate(sizes):
        out += struct.pack("<I", each << 3 | 1 << 1 | (at == len(sizes) - 1))[:3] + b"\0"
    return bytes(out)


def runs(value: int, times: int) -> bytes:
    """One value so many times, in Parquet's own run lengths (of at most 8 bits)."""
    return varint(times << 1) + bytes([value])


def page(kind: int, values: int, body: bytes, unpacked: int | None = None) -> bytes:
    header: dict[int, object] = {1: kind, 2: len(body) if unpacked is None else unpacked, 3: len(body)}
    if kind == DICTIONARY_PAGE:
        header[7] = {1: values, 2: PLAIN}
    else:
        header[5] = {1: values, 2: RLE_DICTIONARY, 3: RLE, 4: RLE}
    return thrift(header) + body


def column(name: str, repetition: int = REQUIRED, children: int | None = None) -> dict[int, object]:
    """An element of the schema."""
    said = {} if children is not None else {1: BYTE_ARRAY}
    return said | {3: repetition, 4: name.encode()} | ({5: children} if children is not None else {6: UTF8})


def chunk(
    path: Sequence[str], pages: bytes, at: int, values: int, *, codec: int = UNPACKED, dictionary: int | None = None,
    data: int | None = None, unpacked: int | None = None,
) -> dict[int, object]:  # fmt: skip
    meta: dict[int, object] = {
        1: BYTE_ARRAY,
        2: [PLAIN, RLE, RLE_DICTIONARY],
        3: [part.encode() for part in path],
        4: codec,
        5: ("i64", values),
        6: ("i64", len(pages) if unpacked is None else unpacked),
        7: ("i64", len(pages)),
        9: ("i64", at if data is None else data),
    }
    if dictionary is not None:
        meta[11] = ("i64", dictionary)
    return {2: ("i64", at), 3: meta}


def file(
    body: bytes, schema: list[dict[int, object]], groups: Sequence[dict[int, object]], rows: int
) -> bytes:
    """`body` comes right behind the first four bytes, so that offsets into it begin at 4."""
    footer = thrift({1: 2, 2: schema, 3: ("i64", rows), 4: list(groups)})
    return b"PAR1" + body + footer + struct.pack("<I", len(footer)) + b"PAR1"


def repeated(
    columns: Sequence[str], rows: int, *, value: bytes = b"", groups: int = 1, packed_zeros: int = 0
) -> bytes:
    """A table of one value, so many times in each column. `packed_zeros`: the value is so many zeros, in zstd."""
    if packed_zeros:
        unpacked = 4 + packed_zeros
        # The length stands before the value: four bytes that are no zeros, in a block of their own.
        words = page(DICTIONARY_PAGE, 1, _with_length(packed_zeros), unpacked)
        codec = ZSTD
        body = _stored(b"\1" + runs(0, rows))
        data = page(DATA_PAGE, rows, body, unpacked=len(b"\1" + runs(0, rows)))
    else:
        words = page(DICTIONARY_PAGE, 1, struct.pack("<I", len(value)) + value)
        codec = UNPACKED
        data = page(DATA_PAGE, rows, b"\1" + runs(0, rows))
    pages = words + data
    schema = [column("schema", children=len(columns)), *(column(name) for name in columns)]
    chunks: list[object] = [
        chunk(
            [name],
            pages,
            4,
            rows,
            codec=codec,
            dictionary=4,
            data=4 + len(words),
            unpacked=packed_zeros + 2**10,
        )
        for name in columns
    ]
    group: dict[int, object] = {1: chunks, 2: ("i64", len(pages) * len(columns)), 3: ("i64", rows)}
    return file(pages, schema, [group] * groups, rows * groups)


def _stored(body: bytes) -> bytes:
    """A zstd frame of one block as it is."""
    return struct.pack("<IBI", 0xFD2FB528, 0xA0, len(body)) + struct.pack("<I", len(body) << 3 | 1)[:3] + body


def _with_length(zeros: int) -> bytes:
    size = struct.pack("<I", zeros)
    frame = bytearray(struct.pack("<IBQ", 0xFD2FB528, 0xE0, zeros + 4))
    frame += struct.pack("<I", 4 << 3)[:3] + size
    blocks, rest = divmod(zeros, 2**17)
    sizes = [2**17] * blocks + ([rest] if rest else [])
    for at, each in enumerate(sizes):
        frame += struct.pack("<I", each << 3 | 1 << 1 | (at == len(sizes) - 1))[:3] + b"\0"
    return bytes(frame)


def nested(depth: int) -> bytes:
    """A schema of lists in lists in lists, and no rows."""
    inner = [column(f"l{at}", REPEATED, 1) for at in range(depth)]
    return file(b"", [column("schema", children=1), *inner, column("v", OPTIONAL)], [], 0)
