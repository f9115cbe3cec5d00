"""Two ways to write one address, and two addresses that look alike."""

import pytest

from alongside.places.addresses import is_same_address


@pytest.mark.parametrize(
    "other",
    [
        "12 river street",
        "12 River St.",
        "12  River St, Eastbank, KY 40206",
        "12 River Street, floor 2",
        "12 Rivér Street",
        "12 Rivr Street",
        "12 Rievr Street",
        "12 Rivet Street",
        "",
    ],
)
def test_a_spelling(other):
    assert is_same_address("12 River Street", other)
    assert is_same_address(other, "12 River Street")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 River Street", "14 River Street"),
        ("12 River Street", "12 Oak Avenue"),
        ("12 River Street", "12 River Avenue"),
        ("120 East Main Street", "120 West Main Street"),
        ("120 E. Main St", "120 W. Main St"),
        ("5 Fifth Avenue", "5 Sixth Avenue"),
        ("5 5th Avenue", "5 6th Avenue"),
        ("9 Oak Road", "9 Elm Road"),
        ("12 River Street", "12 River Bend Street"),
        ("12 River Street, Room 2", "12 River Street, Room 5"),
    ],
)
def test_another_address(one, other):
    assert not is_same_address(one, other)
    assert not is_same_address(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("5 5th Ave", "5 Fifth Avenue"), ("St. Anne's, 3 N Oak Rd", "St Annes, 3 North Oak Road")],
)
def test_abbreviations(one, other):
    assert is_same_address(one, other)
