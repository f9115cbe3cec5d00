"""Street files written by hand that no program writes: each is a refusal with a sentence, and the reading ends."""

from __future__ import annotations

import struct
import zlib
from dataclasses import replace

import pytest

from alongside.core.errors import Refusal
from alongside.places.streets.reading import STREETS


def varint(number: int) -> bytes:
    out = bytearray()
    number &= 2**64 - 1
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def said(number: int, value: int | bytes) -> bytes:
    """A field of a message (protobuf): a number, or bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def blob(kind: bytes, inside: bytes, *, size: int | None = None, claims: int | None = None) -> bytes:
    """A piece of a file. `size`: what its head says; `claims`: to how much it says that it unpacks."""
    body = said(2, len(inside) if claims is None else claims) + said(3, zlib.compress(inside, 9))
    head = said(1, kind) + said(3, len(body) if size is None else size)
    return struct.pack(">I", len(head)) + head + body


HEADER = blob(b"OSMHeader", said(4, b"OsmSchema-V0.6") + said(4, b"DenseNodes"))
WORDS = said(1, b"") + said(1, b"highway") + said(1, b"residential") + said(1, b"leisure") + said(1, b"park")


def block(*groups: bytes) -> bytes:
    return said(1, WORDS) + b"".join(said(2, group) for group in groups)


def data(*groups: bytes) -> bytes:
    return blob(b"OSMData", block(*groups))


def packed(*numbers: int) -> bytes:
    return b"".join(varint(number << 1 if number >= 0 else (-number << 1) - 1) for number in numbers)


def way(refs: bytes, keys: bytes = b"\1", values: bytes = b"\2", number: int = 1) -> bytes:
    return said(3, said(1, number) + said(2, keys) + said(3, values) + said(8, refs))


def relation(members: bytes, number: int = 1) -> bytes:
    kinds = b"\2" * len(members)  # relations
    inside = said(1, number) + said(2, b"\3") + said(3, b"\4") + said(8, b"\0" * len(members))
    return said(4, inside + said(9, members) + said(10, kinds))


def dense(count: int) -> bytes:
    """So many points, all in one place: three bytes each."""
    return said(2, said(1, b"\2" * count) + said(8, b"\0" * count) + said(9, b"\0" * count))


STREET = way(packed(1, 1, 1))
HALF_LETTERS = said(1, b"") + said(1, b"highway") + said(1, b"\xff\xfe")
BAD = {
    "a head larger than the file": HEADER + struct.pack(">I", 2**31 - 1),
    "a piece that says it is larger": HEADER + blob(b"OSMData", block(STREET), size=2**31 - 1),
    "a piece that unpacks to more than it says": HEADER + blob(b"OSMData", bytes(2**25), claims=100),
    "a piece that says it unpacks to 2 GB": HEADER + blob(b"OSMData", block(STREET), claims=2**31 - 1),
    "no points": HEADER + data(STREET),
    "no points, and none in the way": HEADER + data(way(b"")),
    "words out of range": HEADER + data(way(packed(1, 1), keys=b"\x7f", values=b"\x7f")),
    "words that are no number": HEADER + data(way(packed(1, 1), keys=varint(2**63), values=varint(2**64 - 1))),
    "more keys than values": HEADER + data(way(packed(1, 1), keys=b"\1\1\1\1", values=b"\2")),
    "points that leave the numbers": HEADER + data(way(packed(2**62, 2**62, 2**62))),
    "a relation of itself": HEADER + data(relation(packed(1)), STREET),
    "relations in a ring": HEADER + data(relation(packed(2), 1), relation(packed(1), 2), STREET),
    "points of uneven lists": HEADER + data(said(2, said(1, b"\2" * 9) + said(8, b"\0") + said(9, b"")), STREET),
    "nothing but a head": HEADER,
    "pieces of no kind": HEADER + blob(b"Nothing", b"") * 50,
    "half a letter": HEADER + blob(b"OSMData", said(1, HALF_LETTERS) + said(2, STREET)),
    "a way through one point many times": HEADER + data(dense(2), way(packed(1) + b"\0" * 100_000)),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_no_program_writes_is_refused(case, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(BAD[case])
    assert file.stat().st_size < 2**20
    with pytest.raises(Refusal) as refused:
        STREETS.read(file, around=None, units="imperial")
    assert str(refused.value)


LETTERS = WORDS + said(1, b"name") + said(1, b"\xff\xfe") + said(1, b"n\xffme") + said(1, b"barrier")
LATS, LONS = packed(382_000_000, *[10_000] * 9), packed(-857_600_000, *[0] * 9)
A_ROW = said(2, said(1, packed(1, *[1] * 9)) + said(8, LATS) + said(9, LONS))
A_PLACE = said(1, 1) + said(2, b"\3\5") + said(3, b"\4\6")  # one whose name is no letters
BROKEN = {
    "the name of a way": way(packed(1, *[1] * 9), b"\1\5", b"\2\6", number=2),
    "the name of a name": way(packed(1, *[1] * 9), b"\1\7", b"\2\2", number=2),
    "its kind": way(packed(1, *[1] * 9), b"\1", b"\6", number=2),
    "an outline": way(packed(1, 1, 1, -2), b"\3\5", b"\4\6", number=2),
    "a place of several ways": said(4, A_PLACE + said(8, b"\0") + said(9, b"\2") + said(10, b"\1")),
    "a point": said(1, said(1, 6) + said(2, b"\10\5") + said(3, b"\6\6") + said(8, 764_000_000) + said(9, 1)),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_words_of_one_thing_that_are_no_letters_cost_that_thing_alone(what, tmp_path):
    file = tmp_path / "file"
    street = way(packed(1, *[1] * 9), number=1)
    words = said(1, LETTERS) + b"".join(said(2, group) for group in (A_ROW, street, BROKEN[what]))
    file.write_bytes(HEADER + blob(b"OSMData", words))
    streets = STREETS.read(file, around=None, units="imperial")
    assert streets.report["ways_kept"] == 1
    assert streets.report["dropped"] == {"letters that cannot be read": 1}


@pytest.mark.heavy
@pytest.mark.parametrize(("seconds", "megabytes"), [(5, 3000), (120, 150)], ids=["by time", "by memory"])
def test_what_unpacks_to_a_billion_points_is_ended(seconds, megabytes, tmp_path):
    """Each piece is 30 kB and holds ten million points."""
    file = tmp_path / "file"
    file.write_bytes(HEADER + data(STREET) + data(dense(10_000_000)) * 100)
    assert file.stat().st_size < 5 * 2**20
    reader = replace(STREETS, seconds=seconds, megabytes=megabytes)
    with pytest.raises(Refusal, match="so it was stopped"):
        reader.read(file, around=None, units="imperial")
