"""Lengths in the units of an agency, days and hours in the habit of a language: one way each, never mixed."""

from datetime import UTC, date, datetime, time

import pytest
from django.template import Context, Template
from django.utils import translation

from alongside.core import formats, measures
from alongside.core.measures import Units


@pytest.mark.parametrize(
    ("metres", "miles", "kilometers"),
    [
        (1, "10 ft", "10 m"),
        (66, "220 ft", "70 m"),
        (304, "1,000 ft", "300 m"),
        (400, "0.2 mi", "400 m"),
        (994, "0.6 mi", "990 m"),
        (996, "0.6 mi", "1.0 km"),
        (2260, "1.4 mi", "2.3 km"),
        (1_070_870, "665 mi", "1,071 km"),
    ],
)
def test_a_length_is_told_in_one_unit_or_the_other(metres, miles, kilometers):
    assert measures.distance(metres, Units.MILES) == miles
    assert measures.distance(metres, Units.KILOMETERS) == kilometers


def test_a_mile_has_5280_feet():
    assert pytest.approx(5280, abs=0.01) == measures.FEET_A_METRE * measures.METRES_A_MILE
    assert pytest.approx((measures.METRES_A_MILE / 1000) ** 2, rel=1e-6) == measures.KM2_A_SQUARE_MILE


def test_an_area_too():
    assert measures.area(2.6, Units.MILES) == "1.0 sq mi"
    assert measures.area(2.6, Units.KILOMETERS) == "2.6 km²"


@pytest.mark.parametrize(
    ("code", "when", "moment", "halves"),
    [
        ("en", "Thursday, June 4, 6 p.m.", "June 4, 2026, 6 p.m.", ("a.m.", "p.m.")),
        ("es", "jueves, 4 de junio, 6 p.m.", "4 de junio de 2026, 6 p.m.", ("a.m.", "p.m.")),
        ("de", "Donnerstag, 4. Juni, 18:00", "4. Juni 2026 18:00", None),
    ],
)
def test_a_page_counts_hours_to_twelve_or_to_24_and_so_does_its_script(code, when, moment, halves):
    with translation.override(code):
        assert formats.when(date(2026, 6, 4), time(18)) == when
        assert formats.moment(datetime(2026, 6, 4, 18, tzinfo=UTC)) == moment
        assert formats.halves_of_the_day() == halves


def test_nothing_is_written_of_nothing():
    """The filters every template has."""
    template = Template(
        "{{ on|day }}|{{ on|month_day }}|{{ none|day|default:'–' }}|{{ at|hour }}|{{ m|distance:agency }}"
    )
    agency = type("Agency", (), {"units": Units.KILOMETERS})
    said = template.render(
        Context({"on": date(2026, 6, 4), "none": None, "at": time(18, 30), "m": 2260, "agency": agency})
    )
    assert said == "June 4, 2026|June 4|–|6:30 p.m.|2.3 km"
