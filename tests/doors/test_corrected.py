"""Wherever everybody reads how many came, they read that it was another number before, and where to learn why."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from alongside.agencies.models import Role
from alongside.core import clock
from alongside.field import actions as field
from alongside.field.tests.cast import talk
from alongside.gatherings import actions
from alongside.rosters.tests.cast import a_walk
from alongside.walks.models import Walk
from tests.cast import an_agency, staff_member
from tests.doors.test_watched import addresses
from tests.language.reading import phrases

pytestmark = pytest.mark.django_db
BEFORE, RIGHT, WHY = 417, 583, "A sheet of the roll lay in the other car."
ITS_NUMBER = re.compile(rf"\b{RIGHT}\b")
SAYS_SO = re.compile(r"\bcorrected\b", re.IGNORECASE)


def read(address):
    got = Client().get(address)
    if got.status_code != 200 or not got.headers["Content-Type"].startswith("text/html"):
        return ""
    return " ".join(phrases(got.text, "en"))


@pytest.fixture
def walk():
    """A week ago it took place, with a recap that everybody has read; since then a sheet was found."""
    agency = an_agency("riverbend", "Riverbend Police", "America/New_York")
    ada = staff_member(agency, "Ada Coordinator", Role.COORDINATOR)
    walk = a_walk(agency, None)
    Walk.objects.create(agency=agency, gathering=walk)
    with clock.at(walk.ends + timedelta(days=6)):
        actions.mark_held(walk, came=BEFORE, by=ada)
        talk(walk, lighting=6)
        recap = field.edit_recap(
            field.draft_recap(walk, by=ada),
            words="We talked about the lamps on Oak Street.",
            minutes=70,
            partners=[],
            by=ada,
        )
        field.publish_recap(field.approve_recap(recap, by=ada), by=ada)
        actions.mark_held(walk, came=RIGHT, reason=WHY, by=ada)
        walk.refresh_from_db()
        yield walk


def test_every_public_page_with_the_number_says_that_it_was_corrected(walk):
    pages = {address: read(address) for address in addresses(walk.agency)}
    tell = {address: page for address, page in pages.items() if ITS_NUMBER.search(page)}
    lists = {f"/riverbend/{each}/" for each in ("gatherings", "walks", "program")}
    own = {walk.get_absolute_url(), f"/riverbend/recaps/{walk.public_id}/"}
    assert lists | own <= tell.keys(), "the premise: here it stands"
    assert not [address for address, page in tell.items() if not SAYS_SO.search(page)]
    for address in own:
        assert f"Residents who came: {RIGHT}. Published was: {BEFORE}." in tell[address]
        assert tell[address].count(WHY) == 1
