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
        ("٣ १२", "3-12"),
        ("...", ""),
        ("", ""),
    ],
)
def test_a_value_counts_by_its_digits_and_letters(typed, counts):
    assert seeds.canonical(typed) == counts
    assert seeds.canonical(counts) == counts


def test_a_value_is_never_longer_than_its_field():
    assert len(seeds.canonical("\ufdfa" * 160)) <= seeds.MOST


@pytest.mark.parametrize(
    ("example", "shape"),
    [("7-31-02", "0-00-00"), ("225", "000"), ("A1b2", "aaaa"), ("0x-٣", "aa-0"), ("…", ""), ("пять", "")],
)
def test_an_example_says_how_a_value_is_written(example, shape):
    assert seeds.shape_of(example) == shape
    assert not shape or seeds.shape_of(shape) == shape


SPELLINGS = [
    "225",
    "2 2 5",
    "2-25",
    "2, 2, 5",
    "2\u200b25",
    "Cash Ball 225",
    "Evening: 2, 2, 5",
    "225 (Fireball 7)",
]


@pytest.mark.parametrize("example", ["000", "0-0-0"])
def test_of_all_spellings_of_a_value_its_shape_lets_one_pass(example):
    """Else whoever types it in, after it is known, could try spellings until the draw pleases."""
    passed = {
        seeds.canonical(typed) for typed in SPELLINGS if seeds.has_shape(typed, seeds.shape_of(example))
    }
    assert passed == {"225" if example == "000" else "2-2-5"}


def test_zeros_at_the_beginning_do_not_count_in_a_shape_and_letters_of_another_script_do():
    assert seeds.has_shape("3 12", "00-00")
    assert seeds.has_shape("03-012", "00-00")
    assert not seeds.has_shape("103-12", "00-00")
    assert seeds.has_shape("9F03", "aaaa")
    assert not seeds.has_shape("9F3", "aaaa")
    assert not seeds.has_shape("9\u0430f3", "aaaa"), "a Cyrillic letter that looks like ours"
    assert seeds.has_shape("anything", ""), "named before there were shapes"


def test_a_seed_is_the_digest_of_what_everybody_can_read():
    public = seeds.public_of(date(2027, 1, 9), "03 12 15")
    assert public == "2027-01-09:3-12-15"
    assert scheduling.seed_of(public, 7) == hashlib.sha256(b"2027-01-09:3-12-15:7").hexdigest()
