"""Files that are small to send and large to read: each is refused in a sentence, before it costs anything."""

from __future__ import annotations

import io
import struct
import zlib

import pytest

from alongside.incidents.readers import LOOK, MAPPING
from alongside.incidents.reading.refusals import CannotImport, MappingIsWrong, NotATable, TooLarge
from alongside.incidents.tests import parquet_bytes as parquet
from alongside.incidents.tests.reading_help import look

COLUMNS = ["Incident Number", "Date Occurred", "Crime Type", "Latitude", "Longitude"]


def one_member_many_times(times: int, size: int) -> bytes:
    """A zip in which many names stand for the same packed bytes."""
    rows = b"Date,Kind\n" + b"1,2\n" * (size // 4)
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(rows) + packer.flush()
    said = struct.pack("<LLL", zlib.crc32(rows), len(packed), len(rows))
    file = io.BytesIO()
    file.write(b"PK\3\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + said + struct.pack("<HH", 5, 0) + b"x.csv")
    file.write(packed)
    begins = file.tell()
    for _ in range(times):
        file.write(b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + said)
        file.write(struct.pack("<HHHHHLL", 5, 0, 0, 0, 0, 0, 0) + b"x.csv")
    size = file.tell() - begins
    file.write(b"PK\5\6" + struct.pack("<HHHHLLH", 0, 0, times, times, size, begins, 0))
    return file.getvalue()


def rows_in_gzip(size: int) -> bytes:
    packer = zlib.compressobj(wbits=31)
    piece = b"1,2\n" * 2**18
    return b"".join(packer.compress(piece) for _ in range(size // len(piece))) + packer.flush()


BOMBS = {
    "rows of nothing": (lambda: rows_in_gzip(70 * 2**20), TooLarge, "unpacks to more"),
    "two billion empty strings": (
        lambda: parquet.repeated(COLUMNS, 2**31 - 1),
        TooLarge,
        "2,147,483,647 rows",
    ),
    "and so in a thousand groups": (
        lambda: parquet.repeated(COLUMNS, 2**31 - 1, groups=1000),
        TooLarge,
        "rows",
    ),
    "a value of two gigabytes": (
        lambda: parquet.repeated(COLUMNS, 1, packed_zeros=2**31 - 2**20),
        TooLarge,
        "unpacks to more than 200 times",
    ),
    "lists in lists": (lambda: parquet.nested(10_000), NotATable, "damaged Parquet"),
    "columns without end": (
        lambda: parquet.repeated([f"c{at}" for at in range(2000)], 1),
        NotATable,
        "2,000 columns",
    ),
    "a footer larger than the file": (
        lambda: parquet.repeated(COLUMNS, 1)[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1",
        NotATable,
        "damaged Parquet",
    ),
    "one member under many names": (lambda: one_member_many_times(900, 2**20), TooLarge, "unpacks to more"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_what_grows_beyond_reason_is_refused_when_it_is_looked_into(bomb, tmp_path):
    made, refused, said = BOMBS[bomb]
    file = tmp_path / "calls"
    file.write_bytes(made())
    assert file.stat().st_size < 2**20, "the premise: it is small"
    with pytest.raises(refused, match=said):
        look(file)


def test_many_alike_are_no_bomb(tmp_path):
    file = tmp_path / "calls.parquet"
    file.write_bytes(parquet.repeated(COLUMNS, 1000, value=b"x"))
    (table,) = look(file)
    assert table.mapping.columns["occurred"] == "Date Occurred"


@pytest.mark.heavy
def test_one_whose_footer_says_nothing_is_ended_while_it_is_looked_into(tmp_path):
    """One value of 256 kB that every row refers to: neither the file nor what it unpacks to is large."""
    file = tmp_path / "calls.parquet"
    file.write_bytes(parquet.repeated(COLUMNS, 900_000, packed_zeros=2**18))
    with pytest.raises(CannotImport, match="took more than 512 MB of memory"):
        LOOK.read([str(file)])


DEEP = "[" * 60_000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (f"columns = {DEEP}", "."),
        ("[columns]\n" + "a.a.a." * 2_000 + "a = 1", "."),
        ("#" * 2**20 + "\n", "larger than 64 kB"),
        ("[columns]\noccurred = 99999999999999999999", "needs a table"),
        ("\0", "no TOML"),
    ],
    ids=["deep", "deep in names", "large", "a number", "nothing"],
)
def test_a_mapping_that_is_none_is_refused(words, said, tmp_path):
    file = tmp_path / "mapping.toml"
    file.write_text(words)
    with pytest.raises(MappingIsWrong, match=said):
        MAPPING.read(file)
