"""A place is kept to the block: no house number, no door, no coordinates; what is no address stays as it was said."""

import time

import pytest
from django.utils import translation

from alongside.core.care.blocks import rounded, rounded_in

ROUNDED = {
    "Apt 4B, 99 Elm Ave": "first block of Elm Ave",
    "unit 4 1412 Oak St": "1400 block of Oak St",
    "at 100 42 St": "at 100 block of 42 St",
    "1412 Oak St": "1400 block of Oak St",
    "1412 oak street": "1400 block of oak street",
    "1412B Oak St": "1400 block of Oak St",
    "1412-1418 Oak St": "1400 block of Oak St",
    "1412 1/2 Oak St": "1400 block of Oak St",
    "1412 Oak St, Apt 3": "1400 block of Oak St",
    "1412 Oak St #3": "1400 block of Oak St",
    "1412 N. Oak St unit B": "1400 block of N. Oak St",
    "behind 1412 Oak St": "behind 1400 block of Oak St",
    "12 Oak St": "first block of Oak St",
    "99 Oak St": "first block of Oak St",
    "100 Oak St": "100 block of Oak St",
    "9999 Oak St": "9900 block of Oak St",
    "1412 5th St": "1400 block of 5th St",
    "1412 Oak": "1400 block of Oak",
    "1412 Martin Luther King Blvd": "1400 block of Martin Luther King Blvd",
    "Calle Roble 1412": "1400 block of Calle Roble",
    "Calle Roble #1412": "1400 block of Calle Roble",
    "Avenida del Río núm. 237": "200 block of Avenida del Río",
    "38.20123, -85.70123": "",
    "Oak St 38.20123,-85.70123": "Oak St",
}
UNCHANGED = [
    "",
    "Oak St and 4th",
    "5th St",
    "corner of 5th & Oak",
    "1400 block of Oak St",
    "the stairs by the library",
    "2 houses down from the church",
    "Route 66",
    "Calle 5",
    "bus stop 23",
]


@pytest.mark.parametrize(("typed", "kept"), ROUNDED.items())
def test_an_address_is_rounded(typed, kept):
    assert rounded(typed) == kept
    assert rounded(rounded(typed)) == rounded(typed), "twice is once"


@pytest.mark.parametrize("typed", ROUNDED)
def test_twice_is_once_in_spanish_too(typed):
    with translation.override("es"):
        once = rounded(typed)
        assert rounded(once) == rounded_in(once) == once
        assert once.count("uadra") <= 1
    assert rounded(once) == once, "and a neighbor who reads English may send it again"


@pytest.mark.parametrize("typed", UNCHANGED)
def test_what_is_no_address_stays(typed):
    assert rounded(typed) == typed


def test_an_address_within_a_sentence_is_rounded_and_other_numbers_stay():
    assert rounded_in("The lamp at 1412 Oak St is dark since 2024, we are 300 families") == (
        "The lamp at 1400 block of Oak St is dark since 2024, we are 300 families"
    )
    assert rounded_in("I live at 87 Main Street") == "I live at first block of Main Street"


def test_no_text_takes_long():
    for evil in ("1 " * 3000, "1412 a a a " * 500, "calle a " * 3000 + "1a", "1.000" * 1000):
        begun = time.process_time()
        rounded(evil)
        assert time.process_time() - begun < 1, evil[:20]
