"""What search engines and event sites are told: also that it moved, and that it is off."""

import json
import re
from datetime import time, timedelta

import pytest
from django.test import Client

from alongside.gatherings import actions
from alongside.gatherings.tests.cast import a_gathering

pytestmark = pytest.mark.django_db


def event_data(walk):
    page = Client().get(walk.get_absolute_url()).text
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[1])


def test_what_is_planned_is_scheduled(riverbend):
    walk = a_gathering(riverbend)
    event = event_data(walk)
    assert (event["@type"], event["eventStatus"]) == ("Event", "https://schema.org/EventScheduled")
    assert event["startDate"] == walk.starts.isoformat()
    assert "previousStartDate" not in event


def test_what_moved_says_when_it_was_to_be_at_first(riverbend, ada):
    walk = a_gathering(riverbend)
    first = walk.starts
    actions.move(walk, on=walk.on + timedelta(days=7), reason="Storm", stand_in="Omar", by=ada)
    actions.move(walk, at=time(17), reason="Dark", stand_in="Omar", by=ada)
    event = event_data(walk)
    assert event["eventStatus"] == "https://schema.org/EventRescheduled"
    assert event["previousStartDate"] == first.isoformat()
    assert event["startDate"] != first.isoformat()


def test_what_is_cancelled_keeps_its_date_and_says_so(riverbend, ada):
    walk = a_gathering(riverbend)
    actions.cancel(walk, reason="Ice on the paths", by=ada)
    event = event_data(walk)
    assert event["eventStatus"] == "https://schema.org/EventCancelled"
    assert event["startDate"] == walk.starts.isoformat()
