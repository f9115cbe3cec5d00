"""Everybody reads what was told to us and what we promised: late first, kept and broken alike, and never who spoke."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.test import Client

from alongside.core import clock
from alongside.followthrough import actions
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.promises.actions import Said
from alongside.followthrough.tests.cast import ben_says, member, town

pytestmark = pytest.mark.django_db
# A Wednesday.
NOW = datetime(2026, 9, 16, 12, tzinfo=ZoneInfo("America/New_York"))
LIST = "/riverbend/promises/"


@pytest.fixture(autouse=True)
def on_a_wednesday():
    caches["pages"].clear()
    with clock.at(NOW):
        yield
    caches["pages"].clear()


def told(agency, key, words, **said):
    """Ben said it in June; its words are released."""
    concern = ben_says(agency, key, **said).concern
    return actions.clear(concern, summary=words, by=None)


@pytest.fixture
def said(riverbend, ada):
    """One of each state."""
    ours = member(ada, riverbend)
    areas = town(riverbend)
    day = riverbend.today() + timedelta(days=5)
    with clock.at(NOW - timedelta(days=60)):
        late = told(riverbend, "late", "A lamp is out.", owner=ours, neighborhood=areas["Eastbank"])
        open_still = told(riverbend, "open", "A bench is broken.", category="parks")
        done = told(riverbend, "done", "A crossing has faded.", owner=ours)
        declined = told(riverbend, "declined", "A fence is high.", owner=ours)
    actions.assign(open_still, owner=ours, due=day, by=ada, why="The bench was ordered late.")
    actions.close(done, state="done", outcome="It was painted.", by=ada)
    actions.clear(done, summary="A crossing has faded.", by=ada)
    actions.close(declined, state="declined", outcome="The fence is not ours.", by=ada)
    aloud = promises.make(
        riverbend,
        Said(what="We will repaint Mill Bridge.", owner=ours, due=day, area=areas["Mill Row"]),
        by=ada,
        public=True,
    )
    return {"late": late, "open": open_still, "done": done, "declined": declined, "aloud": aloud}


def test_late_ones_stand_first_and_all_are_counted(said):
    page = Client().get(LIST)
    assert page.status_code == 200
    assert "1 kept · 1 late · 2 open · 1 not done" in page.text
    words = ["A lamp is out.", "We will repaint Mill Bridge.", "A bench is broken.", "A fence is high."]
    places = [page.text.index(each) for each in words]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("state=late", {"late"}),
        ("state=open", {"open", "aloud"}),
        ("state=kept", {"done"}),
        ("state=not-kept", {"declined"}),
        ("state=passed", set()),
        ("topic=parks", {"open"}),
        ("q=LAMP", {"late"}),
        ("q=lam+out", {"late"}),
        ("q=mill", {"aloud"}),
        ("q=lamp+bench", set()),
        ("q=%F0%9F%98%80", set()),
        ("front=on", set()),
        ("state=nonsense&topic=nonsense", {"late", "open", "done", "declined", "aloud"}),
    ],
)
def test_what_is_looked_for_is_found(said, asked, shown):
    text = Client().get(f"{LIST}?{asked}").text
    found = {name for name, each in said.items() if each.public_id in text}
    assert found == shown
