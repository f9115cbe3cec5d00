"""Walks from before stand in the list of those that were, and say that they were loaded later."""

from datetime import date, time

import pytest

from alongside.gatherings import actions as gatherings
from alongside.gatherings.kinds.walk import WALK

pytestmark = pytest.mark.django_db


def test_a_walk_of_before_is_listed_with_who_came_and_says_so(riverbend, client):
    drawn_up = {"kind": WALK.name, "at": time(18), "minutes": 60}
    before = gatherings.draft(riverbend, title="Walk of 2019", on=date(2019, 5, 2), **drawn_up)
    gatherings.draft(riverbend, title="Nobody said it was", on=date(2019, 5, 9), **drawn_up)
    gatherings.show_as_held(before, came=34)
    page = client.get("/riverbend/walks/").text
    assert "Walk of 2019" in page
    assert "Loaded later" in page
    assert "34 came" in page
    assert "Nobody said it was" not in page
    own = client.get(before.get_absolute_url()).text
    assert "was loaded later" in own
