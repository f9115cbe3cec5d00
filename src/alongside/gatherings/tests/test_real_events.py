"""Five thousand real police events: whatever people wrote into a calendar, ours can say it to machines."""

import json
from datetime import datetime
from types import SimpleNamespace

import pytest
from icalendar import Calendar
from tests.realdata import real_data

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.gatherings import actions, calendars, described, posts
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.templatetags.gatherings import event_data


def as_gathering(agency, row, number):
    """A row as the form would take it: words in one line, a length that is possible."""
    start = datetime.fromisoformat(row["start"])
    end = datetime.fromisoformat(row["end"] or row["start"])
    long = int((end - start).total_seconds() // 60)
    return Gathering(
        agency=agency,
        public_id=f"real{number}",
        title=actions.line(row["title"] or "Untitled", 140),
        summary=actions.line(row["eventDetails"] or "", 2000),
        meeting_point=actions.line(row["location"] or "", 200),
        on=start.date(),
        at=start.time(),
        timezone="America/Chicago",
        minutes=long if 5 <= long <= 1440 else 60,
        status=Status.PUBLISHED,
        published_at=clock.now(),
        capacity=None,
    )


@pytest.mark.heavy
def test_real_words_survive_the_way_into_calendars_pages_and_posts(monkeypatch):
    rows = json.loads(real_data("events", "chicago_police_calendar_2016_2017.json").read_text())
    agency = Agency(slug="chicago", name="Chicago", timezone="America/Chicago")
    monkeypatch.setattr(Gathering, "numbers", SimpleNamespace(left=None))
    gatherings = [as_gathering(agency, row, number) for number, row in enumerate(rows)]

    read = Calendar.from_ical(calendars.calendar(agency, gatherings, name="All", key="all"))

    assert len(read.events) == len(rows) > 5000
    for gathering, event in zip(gatherings, read.events, strict=True):
        assert str(event["SUMMARY"]) == str(gathering.title)
        assert str(event.get("LOCATION", "")) == str(gathering.place)
        assert event.start == gathering.starts
        assert event.end > event.start
        said = str(event_data(gathering))
        assert said.count("<") == 2
        inside = said.split(">", 1)[1].rsplit("<", 1)[0]
        assert json.loads(inside) == described.event(gathering)
        assert len(posts.short(gathering)) <= posts.SHORT
