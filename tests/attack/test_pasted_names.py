"""Eve pastes line breaks into every name she may write: no calendar, table, feed or header gets a line of hers."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import time
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from alongside.core.authored import Words
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import a_gathering, a_venue
from alongside.places.models import Area, AreaKind

pytestmark = pytest.mark.heavy

BREAKS = "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
HIDDEN = ["\0", "\t", "\u202e", "\u200b", "\U000e0041", "\uffff", "\ufdd0", "\ud83d"]
SIGNS = [*HIDDEN, ";", ",", ":", '"', "\\", " ", "a", "é", "𝔸"]
HER_LINES = (
    "\r\nATTENDEE:mailto:eve@evil.example",
    "\nBcc: eve@evil.example",
    "\nEND:VEVENT",
    '",=1+1,"',
    "</script>",
)
pasted = st.lists(
    st.sampled_from([*BREAKS, *SIGNS, *HER_LINES]),
    max_size=8,
).map(lambda parts: "Name" + "".join(parts))

quickly = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
PROPERTY = re.compile(r"[A-Z-]+(;[A-Z-]+=(\"[^\"]*\"|[^;:,\"]*)(,[^;:]*)*)*:")


@pytest.fixture
def walk(riverbend):
    square = {"west": -85.8, "south": 38.2, "east": -85.7, "north": 38.3, "geometry": b"\0"}
    area = Area.objects.create(agency=riverbend, kind=AreaKind.NEIGHBORHOOD, name="Eastbank", **square)
    walk = a_gathering(riverbend, venue=a_venue(riverbend), at=time(18))
    Gathering.objects.everywhere().filter(pk=walk.pk).update(neighborhood=area)
    walk.refresh_from_db()
    return walk


def paste(walk: Gathering, name: str) -> None:
    """Into everything that has a name, past every form and verb."""
    agency, venue, area = walk.agency, walk.venue, walk.neighborhood
    type(agency).objects.filter(pk=agency.pk).update(name=name)
    type(venue).objects.filter(pk=venue.pk).update(name=name, address=name, opening_hours=name)
    Area.objects.filter(pk=area.pk).update(name=name)
    said = Words.of(name, language="en", by="Eve")
    Gathering.objects.everywhere().filter(pk=walk.pk).update(
        title=said, meeting_point=said, summary=said, access_notes=said, typed_host=name, stand_in=name
    )


def calendars(walk: Gathering) -> list[str]:
    slug = walk.agency.slug
    translation.activate("en")  # the last page may have been in another language
    return [
        reverse("gatherings:feed", args=[slug]),
        reverse("gatherings:ics", args=[slug, walk.public_id]),
        reverse("gatherings:area-feed", args=[slug, walk.neighborhood.public_id]),
        f"/es{reverse('gatherings:feed', args=[slug])}",
    ]


@given(name=pasted)
@example(name="Eastbank\r\nATTENDEE:mailto:eve@evil.example")
@example(name="Eastbank\u2028\x85\x0b\0")
@quickly
def test_no_calendar_has_a_line_of_hers(walk, name):
    paste(walk, name)
    for address in calendars(walk):
        answer = Client().get(address)
        assert answer.status_code == 200
        body = answer.content.decode()
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]", body), (
            "what no calendar may hold"
        )
        assert re.search("(?<!\r)\n", body) is None
        whole = body.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
        assert all(PROPERTY.match(line) for line in whole), whole
        assert not [line for line in whole if line.startswith(("ATTENDEE", "Bcc"))]
        (event,) = Calendar.from_ical(answer.content).events
        assert "ATTENDEE" not in event
        for field, value in answer.headers.items():
            assert not set(BREAKS) & set(value), field


@given(name=pasted)
@example(name="Eastbank\r\nBcc: eve@evil.example")
@example(name="Eastbank\uffff\ufffe")
@quickly
def test_no_page_feed_or_table_either(client_for, administrator, walk, name):
    paste(walk, name)
    slug, staff = walk.agency.slug, client_for(administrator)
    page = Client().get(walk.get_absolute_url())
    for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.S):
        json.loads(block)
    rss = Client().get(reverse("gatherings:rss", args=[slug]))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", rss.text), "what no feed may hold"
    assert ElementTree.fromstring(rss.content).tag == "rss"  # noqa: S314 - our own words, in a test
    table = b"".join(staff.get(reverse("front:audit-csv", args=[slug]))).decode()
    head, *rows = csv.reader(io.StringIO(table))
    assert all(len(row) == len(head) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    for answer in (page, rss):
        for field, value in answer.headers.items():
            assert not set(BREAKS) & set(value), field
