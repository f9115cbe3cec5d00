"""All 5,006 events of a real police calendar come in, each accounted for, each fault named and counted."""

import json

import pytest
from tests.realdata import real_data

from alongside.gatherings.importing import keeping, reading
from alongside.gatherings.importing.rows import Aside, Odd
from alongside.gatherings.models import Gathering, Status

pytestmark = [pytest.mark.heavy, pytest.mark.django_db]
CALENDAR = ("events", "chicago_police_calendar_2016_2017.json")


@pytest.fixture
def content():
    return real_data(*CALENDAR).read_bytes()


def test_every_row_is_kept_merged_or_set_aside_and_each_fault_is_counted(riverbend, content):
    rows = json.loads(content)
    result = reading.read(riverbend, content, file_name="real.json")

    assert result.rows == len(rows) == 5006
    assert result.kept + result.merged + len(result.set_aside) == 5006
    lines = sorted(
        [line for event in result.events for line in event.lines] + [each.line for each in result.set_aside]
    )
    assert lines == list(range(1, 5007))
    backwards = sum(1 for row in rows if row["end"] and row["end"] < row["start"])
    assert result.reasons == {Aside.BACKWARDS: backwards}
    assert result.odd[Odd.CANCELLED] == 2
    assert result.odd[Odd.OVER_A_DAY] == 28
    assert result.odd[Odd.NO_PLACE] > 90
    assert result.odd[Odd.STRETCH] >= 4
    assert result.kinds["coffee"] == 20
    assert result.kinds["walk"] >= 15
    assert result.kinds["night_out"] >= 35
    for event in result.events:
        said = json.dumps(event.words, default=str)
        assert "[phone]" not in said
        assert "[email]" not in said


def test_they_can_all_be_kept_and_the_second_time_nothing_is_added(riverbend, content):
    first = keeping.keep(riverbend, reading.read(riverbend, content, file_name="x"), by=None)
    assert first.adds_up
    assert Gathering.objects.count() == first.outcomes["added"] == first.read.kept
    assert Gathering.objects.filter(status=Status.CANCELLED).count() == 2

    again = keeping.keep(riverbend, reading.read(riverbend, content, file_name="x"), by=None)
    assert (again.outcomes["added"], again.outcomes["unchanged"]) == (0, first.read.kept)
