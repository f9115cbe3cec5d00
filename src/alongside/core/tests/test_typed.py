"""What people type for a day, an hour or a number is read as they write it, and what nobody can say is asked."""

from datetime import date, time

import pytest

from alongside.core import typed
from alongside.core.forms import CountField, DayField, DegreesField, EmailField, HourField, MomentField

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("18:00", time(18)),
        ("18h", time(18)),
        ("18 h", time(18)),
        ("18:30 hrs", time(18, 30)),
        ("18 horas", time(18)),
        ("1800 hrs", time(18)),
        ("630pm", time(18, 30)),
        ("600 p. m.", time(18)),
        ("noon.", time(12)),
        ("at 6 pm", time(18)),
        ("a las 6 de la tarde", time(18)),
        ("6 in the afternoon", time(18)),
        ("6 o’clock pm", time(18)),
        ("12 de la noche", time(0)),
        ("6 h", None),
        ("12:30 de la noche", time(0, 30)),
        ("1 at night", time(1)),
        ("11 at night", time(23)),
        ("2:15 de la madrugada", time(2, 15)),
        ("2 del mediodía", time(14)),
        ("medio día", time(12)),
        ("6 30 pm", time(18, 30)),
        ("12 de la mañana", None),  # noon in Spain, midnight to others
        ("5 at night", None),
        ("18:00:00", time(18)),
        ("18.00", time(18)),
        ("1800", time(18)),
        ("6:00 PM", time(18)),
        ("6 pm", time(18)),
        ("6pm", time(18)),
        ("6 p. m.", time(18)),
        ("6:30 p.m.", time(18, 30)),
        ("6:30\u202fp.\u00a0m.", time(18, 30)),
        ("\u200b6 PM\ufeff", time(18)),
        ("６:００ pm", time(18)),
        ("6 de la tarde", time(18)),
        ("9:15 de la mañana", time(9, 15)),
        ("12 am", time(0)),
        ("12 pm", time(12)),
        ("Noon", time(12)),
        ("12 noon", time(12)),
        ("mediodía", time(12)),
        ("Midnight", time(0)),
        ("medianoche", time(0)),
        ("6:00", time(6)),
        ("18", time(18)),
        ("18 h 30", time(18, 30)),
        ("6", None),
        ("25:00", None),
        ("18:60", None),
        ("18:00 am", None),
        ("six", None),
        ("", None),
        ("6:00 PM or so", None),
    ],
)
def test_an_hour(said, meant):
    assert typed.hour(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-12-05", date(2026, 12, 5)),
        ("12/5", date(2026, 12, 5)),
        ("1.º de enero", date(2027, 1, 1)),
        ("1ro de enero", date(2027, 1, 1)),
        ("12/5/2026", date(2026, 12, 5)),
        ("12/05/26", date(2026, 12, 5)),
        ("12-5-2026", date(2026, 12, 5)),
        ("25/12/2026", date(2026, 12, 25)),
        ("Dec 5", date(2026, 12, 5)),
        ("Dec. 5, 2026", date(2026, 12, 5)),
        ("December 5th", date(2026, 12, 5)),
        ("Sat, Dec 5", date(2026, 12, 5)),
        ("5 de diciembre", date(2026, 12, 5)),
        ("sábado 5 de diciembre de 2026", date(2026, 12, 5)),
        ("5 dic 2026", date(2026, 12, 5)),
        ("Jan 9", date(2027, 1, 9)),
        ("Nov 1", date(2026, 11, 1)),
        ("\u200eDec\u00a05", date(2026, 12, 5)),
        ("Feb 30", None),
        ("13/13/2026", None),
        ("5", None),
        ("Dec", None),
        ("Dec 5 or 6", None),
        ("5.12.2026", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_day(said, meant):
    assert typed.day(said, today=TODAY) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("12", 12),
        ("−3", -3),
        (" 1,234 ", 1234),
        ("1\u00a0234", 1234),
        ("１２", 12),
        ("-3", -3),
        ("12.5", None),
        ("1,2", None),
        ("x", None),
        ("\u20133", -3),
    ],
)
def test_a_number(said, meant):
    assert typed.whole(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("38.2527", 38.2527),
        ("38,2527", 38.2527),
        ("−85.7585", -85.7585),
        ("85.7585° W", -85.7585),
        ("38.25 n", 38.25),
        ("38.25, -85.75", None),
        ("Library", None),
    ],
)
def test_where_something_lies(said, meant):
    assert typed.degrees(said) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-12-05T18:00", None),  # a browser's own, which Django reads
        ("12/5/2026 6:00 PM", "2026-12-05T18:00:00"),
        ("Dec 5, 2026, 6 p.m.", "2026-12-05T18:00:00"),
        ("5 de diciembre a las 18:00", "2026-12-05T18:00:00"),
        ("Dec 5", None),
        ("6 pm", None),
    ],
)
def test_a_day_and_its_hour(said, meant):
    found = typed.moment(said, today=TODAY)
    assert (found and found.isoformat()) == meant


def test_the_fields_read_so_and_say_how_to_write_it():
    assert HourField().clean("6 p. m.") == time(18)
    assert DayField().clean("12/5/2026") == date(2026, 12, 5)
    assert CountField(max_value=2000).clean("1,234") == 1234
    assert EmailField().clean("\u200bjo@example.org\u00a0") == "jo@example.org"
    assert MomentField().clean("2026-12-05T18:00") == MomentField().clean("Dec 5, 2026 6 pm")
    assert DegreesField().clean("38,25") == 38.25
    for field, said, told in (
        (HourField(), "six", "6:00 PM"),
        (DayField(), "soon", "12/31/2026"),
        (CountField(), "a dozen", "such as 12"),
        (MomentField(), "when it is over", "6:00 PM"),
        (DegreesField(), "west", "38.2527"),
    ):
        with pytest.raises(Exception, match=told):
            field.clean(said)


def test_a_raised_number_is_no_day():
    assert typed.day("May ²", today=TODAY) is None
