"""The page that everybody reads of a concern or a promise says what stands: no more, no less, and of what day."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils.translation import override

from alongside.core import clock
from alongside.followthrough import actions, needs
from alongside.followthrough.models import Body, Concern, Deed, Passing, Promise
from alongside.followthrough.passing.models import Sending
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.promises.actions import Said
from alongside.followthrough.promises.loading import judging, keeping
from alongside.followthrough.public.days import end_of_week
from alongside.followthrough.public.lines import of_promise
from alongside.followthrough.tests.cast import ben_says, member, town
from alongside.followthrough.triage import bulk
from alongside.followthrough.triage.bulk import Asked
from alongside.followthrough.triage.offering import DEEDS
from alongside.followthrough.writing import write
from alongside.places.sheets import read_table

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")
MONDAY = date(2026, 6, 1)
WORDS = "A street light on the west side is out."
LIST = "/riverbend/promises/"


def on(n, hour=12):
    """So many days after the Monday on which Ben spoke."""
    return clock.at(datetime.combine(MONDAY + timedelta(days=n), time(hour), tzinfo=ZONE))


@pytest.fixture(autouse=True)
def nothing_is_kept():
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def listed(riverbend, ada):
    with on(0):
        concern = ben_says(riverbend, heard_on=MONDAY, owner=member(ada, riverbend)).concern
    with on(2):
        return actions.clear(concern, summary=WORDS, by=ada)


def fresh(concern):
    return Concern.objects.get(pk=concern.pk)


def page_of(concern):
    caches["pages"].clear()
    return Client().get(f"{LIST}{concern.public_id}/").text


def the_list(asked=""):
    caches["pages"].clear()
    return Client().get(f"{LIST}{asked}").text


# -- what was undone ----------------------------------------------------------------------------------
def test_what_was_done_by_mistake_and_undone_is_not_told_as_if_it_stood(riverbend, listed, ada, dent):
    with on(20):
        asked = Asked(deed="assign", owner=member(dent, riverbend))
        done = bulk.do(riverbend, [listed], asked, member=member(ada, riverbend), by=ada)
        assert "Dent answers for it" in page_of(listed), "the premise: it is told while it stands"
        bulk.undo(done.bulk, member=member(ada, riverbend), by=ada)
        assert "Dent" not in page_of(listed)
        assert f"{listed.owner} answers for it" in page_of(listed)


# -- days ---------------------------------------------------------------------------------------------
def test_the_history_names_the_day_that_the_head_names(listed, ada):
    thursday = date(2026, 7, 30)
    with on(20):
        actions.assign(listed, owner=listed.owner, due=thursday, why="The pole is late.", by=ada)
        text = page_of(listed)
    assert text.count("July 30, 2026") == 2
    assert "August 2, 2026" not in text, "no Sunday of a day that a person chose"
    assert "Promised before: June 21, 2026" in text, "and the Sunday of one that our rule set"
    with on(25):
        actions.assign(fresh(listed), owner=listed.owner, due=date(2026, 8, 12), why="Still late.", by=ada)
        assert "Promised before: July 30, 2026" in page_of(listed)


# -- what others wrote --------------------------------------------------------------------------------
def test_what_another_body_wrote_in_its_own_words_is_not_public(listed, ada):
    with on(20):
        facts = {"body": "Public Works", "status": "closed"}
        write(
            listed, Deed.ANSWERED, by=None, text="Mrs. Example of 412 Oak rang us.", facts=facts, public=True
        )
        actions.progress(listed, text="We went to look.", by=ada)
        actions.clear(fresh(listed), summary="A street light is out.", by=ada)
        text = page_of(listed)
    assert "Public Works has closed it." in text
    assert "We went to look." in text, "our own words are, once words were released after them"
    assert "Example" not in text


@pytest.mark.parametrize("state", list(Sending))
def test_only_what_another_body_has_is_told_as_passed_on(riverbend, listed, state):
    works = Body.objects.create(agency=riverbend, name="Public Works", reached="Call 311.")
    with on(20):
        Passing.objects.create(
            agency=riverbend, concern=listed, body=works, state=state, sent_at=clock.now(), sent={}
        )
        assert ("Public Works" in page_of(listed)) == (state in {Sending.SENT, Sending.ENDED})


# -- words that are not released ------------------------------------------------------------------------
NOT_YET = "The words for how it ended are not released yet."


def test_ended_since_its_words_it_says_that_more_words_are_owed(riverbend, listed, ada):
    with on(20):
        assert NOT_YET not in page_of(listed)
        actions.close(listed, state="declined", outcome="The pole is not ours.", by=ada)
        for text in (page_of(listed), the_list(), the_list("sheet/")):
            assert NOT_YET in text
            assert "The pole is not ours." not in text
        (need,) = needs.unwritten(riverbend)
        assert need.by == riverbend.today(), "due at once"
        actions.clear(fresh(listed), summary=WORDS, by=ada)
        assert NOT_YET not in page_of(listed)
        assert "The pole is not ours." in page_of(listed)
        assert not list(needs.unwritten(riverbend))


def test_opened_again_since_its_words_that_stands_beside_them_and_waits_for_new_ones(riverbend, listed, ada):
    with on(20):
        actions.close(listed, state="done", outcome="It was mended.", by=ada)
        actions.clear(fresh(listed), summary="A street light was out, and is mended.", by=ada)
        assert not list(needs.unwritten(riverbend))
    with on(24):
        actions.reopen(fresh(listed), words="It is dark again.")
        for text in (page_of(listed), the_list(), the_list("sheet/")):
            assert "Open again" in text
        assert "Where they say that it is done, it is not." in page_of(listed)
        (need,) = needs.unwritten(riverbend)
        assert need.by == riverbend.today()
        actions.clear(fresh(listed), summary=WORDS, by=ada)
        assert "Open again" not in page_of(listed) + the_list()
        assert not list(needs.unwritten(riverbend))
