"""From a public value to seeds: the same for whoever does it again, however they write it."""

import hashlib
from datetime import date

import pytest

from alongside.methods import scheduling
from alongside.season import seeds


@pytest.mark.parametrize(
    ("typed", "counts"),
    [
        ("3, 12, 15, 22 and 30", "3-12-15-22-and-30"),
        (" 03-12\t15 ", "3-12-15"),
        ("3\u00a0·\u00a012", "3-12"),
        ("３ １２", "3-12"),
        ("0 0 7", "0-0-7"),
        ("A1b2C3D4", "a1b2c3d4"),
        ("...", ""),
        ("", ""),
    ],
)
def test_a_value_counts_by_its_digits_and_letters(typed, counts):
    assert seeds.canonical(typed) == counts
    assert seeds.canonical(counts) == counts


def test_a_seed_is_the_digest_of_what_everybody_can_read():
    public = seeds.public_of(date(2027, 1, 9), "03 12 15")
    assert public == "2027-01-09:3-12-15"
    assert scheduling.seed_of(public, 7) == hashlib.sha256(b"2027-01-09:3-12-15:7").hexdigest()
