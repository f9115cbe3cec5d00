"""Outdoors nobody is turned away, and who came is counted, never asked for a name."""

from datetime import timedelta

import pytest
from django.urls import reverse

from alongside.core import clock
from alongside.gatherings import actions
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.tests.cast import a_gathering, answer

pytestmark = pytest.mark.django_db


def crowd(walk, people):
    while people > 0:
        answer(walk, min(20, people))
        people -= 20
    return Gathering.objects.get(pk=walk.pk)


def at_the_start(walk):
    return clock.at(walk.starts + timedelta(minutes=1))


@pytest.mark.parametrize(("people", "leaders"), [(3, 1), (17, 1), (18, 2), (30, 3), (38, 3), (50, 4)])
def test_about_one_leader_for_twelve_people(riverbend, people, leaders):
    assert crowd(a_gathering(riverbend), people).leaders_wanted == leaders


def test_above_the_guide_the_desk_asks_for_leaders_and_turns_nobody_away(riverbend, ada, client_for):
    walk = crowd(a_gathering(riverbend, guide_low=15, guide_high=30), 38)
    page = client_for(ada).get(reverse("gatherings:overview", args=["riverbend", walk.public_id])).text
    assert "Plan 3 leaders." in page
    assert "38 people say they come" in page
    assert "3 leaders" in client_for(ada).get(reverse("gatherings:desk", args=["riverbend"])).text
    assert answer(walk, 20, wait=False).state == "going"


def test_within_the_guide_or_indoors_nothing_is_asked(riverbend):
    assert not crowd(a_gathering(riverbend, guide_low=15, guide_high=30), 30).needs_more_leaders
    assert not crowd(a_gathering(riverbend, guide_low=15, guide_high=30, capacity=60), 40).needs_more_leaders


def test_ada_counts_with_one_thumb(riverbend, officer, client_for):
    walk = crowd(a_gathering(riverbend), 10)
    page = reverse("gatherings:heads", args=["riverbend", walk.public_id])
    with at_the_start(walk):
        desk = client_for(officer)
        for tap in ("came+5", "came+1", "came-1", "by+1", "by+1", "by-1", "by+5"):
            assert desk.post(page, {"tap": tap}).status_code == 302
        shown = desk.get(page).text
    walk.refresh_from_db()
    assert (walk.came, walk.walk_ups) == (11, 6)
    assert "<output>11</output>" in shown
    assert "<output>6</output>" in shown
    assert (walk.status, walk.numbers.going) == (Status.PUBLISHED, 10)  # what was planned stays what it was


def test_a_count_never_falls_below_nobody(riverbend):
    walk = a_gathering(riverbend)
    with at_the_start(walk):
        assert actions.count_heads(walk, came=-1, by=None).came == 0
        assert actions.count_heads(walk, walk_ups=-1, by=None).walk_ups == 0
        with pytest.raises(actions.BadCount):
            actions.count_heads(walk, came=100_001, by=None)


def test_nobody_is_counted_at_home_or_where_it_was_cancelled(riverbend, ada, officer, client_for):
    walk = a_gathering(riverbend)
    page = reverse("gatherings:heads", args=["riverbend", walk.public_id])
    assert client_for(officer).post(page, {"tap": "came+1"}).status_code == 422
    with at_the_start(walk):
        assert client_for(officer).post(page, {"tap": "everybody"}).status_code == 422
    actions.cancel(walk, reason="Ice on the paths", by=ada)
    with at_the_start(walk), pytest.raises(actions.NotNow):
        actions.count_heads(walk, came=1, by=None)
    walk.refresh_from_db()
    assert walk.came is None


def test_an_analyst_and_eve_do_not_count(riverbend, analyst, eve, client_for):
    walk = a_gathering(riverbend)
    page = reverse("gatherings:heads", args=["riverbend", walk.public_id])
    assert client_for(analyst).post(page, {"tap": "came+1"}).status_code == 403
    assert client_for(eve).post(page, {"tap": "came+1"}).status_code == 404


def test_afterwards_the_two_numbers_must_fit(riverbend, ada):
    walk = a_gathering(riverbend)
    with at_the_start(walk):
        with pytest.raises(actions.BadCount):
            actions.mark_held(walk, came=3, walk_ups=4, by=ada)
        held = actions.mark_held(walk, came=50, walk_ups=12, by=ada)
    assert (held.status, held.came, held.walk_ups) == (Status.HELD, 50, 12)
