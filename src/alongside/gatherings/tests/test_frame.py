"""The frame of a gathering's pages: which tabs, which act, for whom and when; and what it costs."""

import re
from datetime import timedelta

import pytest

from alongside.agencies.models import Member
from alongside.gatherings import actions, frame
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.tests.cast import a_draft, a_gathering, answer

OVERVIEW = "gatherings:overview"


@pytest.fixture
def desk(ada, riverbend) -> Member:
    return Member.objects.get(user=ada)


@pytest.fixture
def patrol(officer, riverbend) -> Member:
    return Member.objects.get(user=officer)


def labels(gathering: Gathering, member: Member, here: str = OVERVIEW) -> list[str]:
    return [str(tab.label) for tab in frame.tabs_of(gathering, member, here)]


def act(gathering: Gathering, member: Member, here: str = OVERVIEW) -> str | None:
    shown = frame.main_act_of(gathering, member, here)
    return str(shown.label) if shown else None


def days_ago(gathering: Gathering, days: int) -> Gathering:
    gathering.on -= timedelta(days=days)
    return gathering


def test_a_draft_has_the_tabs_that_are_of_use_before_anybody_knows_of_it(riverbend, desk):
    draft = a_draft(riverbend, kind="coffee")
    assert labels(draft, desk) == ["Roster", "Partners", "Answers"]
    assert act(draft, desk) == "Publish"


def test_one_that_took_place_has_what_was_heard_as_far_as_this_member_may_open_it(riverbend, desk, patrol):
    begun = days_ago(a_gathering(riverbend, kind="coffee"), 11)
    after = ["What was heard", "Promised here", "Photos of places", "Paper cards", "Look back", "Recap"]
    assert labels(begun, desk) == ["Roster", "Partners", "Answers", *after]
    assert labels(begun, patrol) == [
        "Roster",
        "Partners",
        "Answers",
        "Promised here",
        "Paper cards",
        "Look back",
    ]
    assert act(begun, desk) == "It took place"
    assert act(begun, patrol) is None, "an officer does not close it"


def test_a_called_off_one_has_nothing_to_do_next_and_nothing_heard(riverbend, desk):
    off = a_gathering(riverbend, kind="coffee")
    actions.cancel(off, reason="Storm", cause="storm", stand_in="", by=None)
    off = days_ago(Gathering.objects.everywhere().get(pk=off.pk), 11)
    assert off.status == Status.CANCELLED, "the premise"
    assert labels(off, desk) == ["Roster", "Partners", "Answers"]
    assert act(off, desk) is None


def test_the_page_that_is_open_has_its_tab_also_where_it_is_of_no_use_yet(riverbend, desk):
    draft = a_draft(riverbend, kind="coffee")
    shown = frame.tabs_of(draft, desk, "field:recap-desk")
    assert [str(tab.label) for tab in shown if tab.current] == ["Recap"]


def test_what_is_about_the_gathering_itself_stands_below_its_own_page(riverbend, desk):
    coffee = a_gathering(riverbend, kind="coffee")
    assert [str(tab.label) for tab in frame.tabs_of(coffee, desk, "gatherings:move") if tab.below] == [
        "Answers"
    ]
    walk = a_gathering(riverbend)
    walk.page_id = "w2x3y4z5a6"
    assert [str(tab.label) for tab in frame.tabs_of(walk, desk, "gatherings:move") if tab.below] == [
        "The walk"
    ]
    assert [str(tab.label) for tab in frame.tabs_of(walk, desk, "gatherings:word") if tab.below] == [
        "Answers"
    ]


def test_what_comes_next_is_not_offered_on_its_own_page(riverbend, desk):
    begun = days_ago(a_gathering(riverbend, kind="coffee"), 11)
    assert act(begun, desk, "gatherings:held") is None


def test_one_button_is_filled_where_the_gathering_itself_is_shown(riverbend, desk):
    draft = a_draft(riverbend, kind="coffee")
    assert frame.main_act_of(draft, desk, OVERVIEW).look == "main"
    assert frame.main_act_of(draft, desk, "rosters:roster").look == ""


def test_a_tab_counts_what_its_gathering_knows_without_asking_again(
    riverbend, ada, desk, django_assert_num_queries
):
    coffee = a_gathering(riverbend, kind="coffee")
    answer(coffee, 3)
    answer(coffee, 2)
    mine = Gathering.objects.visible_to(ada, at=riverbend).with_places().with_numbers()
    found = mine.get(pk=coffee.pk)
    desk.holds([])  # what they hold is read once for a request
    with django_assert_num_queries(0):
        counts = {str(tab.label): tab.count for tab in frame.tabs_of(found, desk, OVERVIEW)}
        frame.main_act_of(found, desk, OVERVIEW)
    assert counts["Answers"] == 5
    assert counts["Roster"] is None


def test_an_hour_stays_with_its_half_of_the_day(riverbend, client):
    coffee = a_gathering(riverbend, kind="coffee")
    page = client.get(coffee.get_absolute_url()).text
    assert "6\N{NO-BREAK SPACE}p.m.</time>" in page


def test_its_public_pages_stand_below_one_line_of_the_menu(riverbend, client):
    """One way back: the gathering's name above the page's own, and the same line marked."""
    coffee = a_gathering(riverbend, kind="coffee")
    for page in ("", "join/", "share/"):
        shown = client.get(f"/riverbend/gatherings/{coffee.public_id}/{page}").text
        assert 'href="/riverbend/gatherings/" aria-current="page"' in shown, page
        if page:
            assert re.search(rf'class="eyebrow">\s*<a href="{coffee.get_absolute_url()}">', shown), page


def test_one_button_takes_the_date_along(riverbend, client):
    coffee = a_gathering(riverbend, kind="coffee")
    shown = client.get(coffee.get_absolute_url()).text.partition("<main")[2].partition("<details")[0]
    assert shown.count('class="btn"') == 1
    assert "calendar.ics" in shown
