"""The season at the desk, as Ada, Major Dent, an officer and Eve see it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from alongside.agencies.models import Role
from alongside.core import clock
from alongside.methods.scheduling import drawing
from alongside.methods.scheduling.network import OutOfTime
from alongside.season import actions, draws
from alongside.season.models import Draw, Rhythm, Season, SeasonState
from alongside.season.tests.season_town import ANNOUNCED, DECEMBER, NAMED, a_mall, a_value, build, the_area

pytestmark = pytest.mark.django_db
SPRING = date(2027, 4, 3)
VALUE = {"source": "A lottery", "known_on": "2026-12-02", "example": "00-00-00"}


@pytest.fixture(autouse=True)
def in_december():
    with clock.at(DECEMBER):
        yield


@pytest.fixture
def season(riverbend, ada):
    build(riverbend)
    a_value(riverbend, SPRING)
    return actions.propose(riverbend, start=SPRING, weeks=4, by=ada)


def page(name: str, *parts: object) -> str:
    return reverse(f"season:{name}", args=["riverbend", *parts])


def test_roofs_for_a_week_come_by_distance_from_its_area_with_what_one_must_know(
    season, riverbend, ada, client_for
):
    a_mall(riverbend, "Eastbank Library", kind="library", lat=39.1125, lon=-84.5250, step_free="no")
    here = season.weeks.get(where="Eastbank")
    page = client_for(ada).get(reverse("season:week", args=["riverbend", season.public_id, here.number]))
    _best, _outdoors, (_near, roofs) = page.context["form"].fields["roof"].choices
    assert [label.split(" · ")[:3] for _key, label in roofs] == [
        ["Eastbank Library", "in the area", "steps at the door"],
        ["Fairground Mall", "3.4 mi away", "steps: not known"],
    ]


def test_ada_plans_a_season_and_reads_why(riverbend, ada, client_for):
    build(riverbend)
    browser = client_for(ada)
    assert b"No season is planned yet" in browser.get(page("seasons")).content
    asked = {
        "start": "2027-04-03",
        "weeks": "4",
        "source": "A lottery",
        "known_on": "2026-12-02",
        "example": "00-00-00",
    }
    sent = browser.post(page("seasons"), asked)
    made = Season.objects.get()
    assert sent["Location"] == page("season", made.public_id)
    shown = browser.get(sent["Location"]).content.decode()
    assert shown.count('class="plan-week"') == 4
    assert "Police involvement here is high" in shown
    assert "What another choice would cost" in shown
    assert "Its value will be known on" in shown
    assert "Approve as" not in shown
    with clock.at(DECEMBER + timedelta(days=1)):
        assert "Draw the season" in browser.get(sent["Location"]).content.decode()
        typed = browser.post(page("type-value", made.public_id), {"value": "3 12 15"})
        drawn = Season.objects.get(version=2)
        assert typed["Location"] == page("season", drawn.public_id)
        shown = browser.get(typed["Location"]).content.decode()
    assert "Approve as Coordinator" in shown
    assert "Approve as Commander" not in shown
    assert "2027-04-03:3-12-15" in shown
    assert drawn.seed in shown


def test_a_week_is_a_row_and_its_sentences_wait_to_be_opened(season, ada, client_for):
    shown = client_for(ada).get(page("season", season.public_id)).content.decode()
    rows, opened = [], []
    for each in shown.split('<li class="plan-week')[1:]:
        row, _summary, more = each.partition("<details")
        rows.append(row)
        opened.append(more)
    assert len(rows) == 4
    for row, more in zip(rows, opened, strict=True):
        assert "On its streets" in row
        assert "Never walked" in row
        assert "There was never a walk here." in more
        assert "There was never a walk here." not in row
        assert "Points:" in more


def test_a_value_that_was_misread_is_put_right_and_the_season_drawn_anew(season, ada, client_for):
    browser = client_for(ada)
    url = page("put-right", season.public_id)
    assert browser.post(url, {"value": "3 12 15 22 31"}).status_code == 422
    browser.post(url, {"value": "3 12 15 22 31", "why": "We misread the last number."})
    after = Season.objects.get(version=2)
    assert after.draw.version == 2
    assert "2027-04-03:3-12-15-22-31" in browser.get(page("season", after.public_id)).content.decode()


RIGHT = {"value": "3 12 15 22 31", "why": "We misread the last number."}


def test_a_value_is_put_right_and_drawn_by_or_neither(season, ada, client_for, monkeypatch):
    """Where the plan cannot be made nothing is said in public, and the same page does it afterwards."""
    browser, url = client_for(ada), page("put-right", season.public_id)

    def late(*_given, **_words):
        raise OutOfTime

    with monkeypatch.context() as slow:
        slow.setattr(drawing.network, "solve", late)
        assert browser.post(url, RIGHT).status_code == 422
    assert Draw.objects.count() == 1
    draws.put_right(season.draw, "3 12 15 22 32", why="Somebody else was quicker.", by=ada)
    browser.post(url, RIGHT)
    assert Season.objects.get(version=2).draw.value == RIGHT["value"]
    assert [draw.version for draw in Draw.objects.order_by("version")] == [1, 2, 3]


@pytest.mark.parametrize("finished", [True, False])
def test_the_value_of_what_is_laid_aside_or_over_is_not_put_right(season, ada, client_for, finished):
    browser, url = client_for(ada), page("season", season.public_id)
    assert "The value is wrong" in browser.get(url).content.decode()
    if not finished:
        actions.discard(season, by=ada)
    with clock.at(DECEMBER + timedelta(days=365 if finished else 0)):
        browser = client_for(ada)
        assert "The value is wrong" not in browser.get(url).content.decode()
        assert browser.post(page("put-right", season.public_id), RIGHT).status_code == 422
    assert Draw.objects.count() == 1


def test_a_value_stays_where_the_draw_does_not_come_to_its_end(riverbend, ada, client_for, monkeypatch):
    build(riverbend)
    made, browser = actions.propose(riverbend, start=SPRING, weeks=2, named=NAMED, by=ada), client_for(ada)

    def late(*_given, **_words):
        raise OutOfTime

    with clock.at(DECEMBER + timedelta(days=1)):
        with monkeypatch.context() as slow:
            slow.setattr(drawing.network, "solve", late)
            for name in ("type-value", "draw", "replan"):
                sent = browser.post(page(name, made.public_id), {"value": ANNOUNCED})
                assert sent.status_code == 422
                assert "Ask for it once more" in sent.content.decode()
        assert Draw.objects.get().value == ANNOUNCED
        assert "Draw the season" in browser.get(page("season", made.public_id)).content.decode()
        browser.post(page("draw", made.public_id))
    assert Season.objects.get(version=2).seed == Draw.objects.get().seed


def test_the_next_season_is_proposed_from_the_day_after_all_that_is_signed(season, ada, dent, client_for):
    browser = client_for(ada)
    assert 'value="2026-12-15"' in browser.get(page("seasons")).content.decode()
    actions.approve(season, role=Role.COORDINATOR, by=ada)
    actions.approve(season, role=Role.COMMANDER, by=dent)
    shown = browser.get(page("seasons")).content.decode()
    assert 'value="2027-04-25"' in shown, "the last walk is on the 24th"
    assert NAMED.source in shown


def test_a_season_that_was_kept_without_a_value_is_given_one(riverbend, ada, client_for):
    build(riverbend)
    made, browser = actions.propose(riverbend, start=SPRING, weeks=2, by=None), client_for(ada)
    url = page("name-value", made.public_id)
    assert url in browser.get(page("season", made.public_id)).content.decode()
    late = browser.post(url, {"source": "A lottery", "known_on": "2026-12-01", "example": "00-00-00"})
    assert late.status_code == 422
    assert "Nobody may know the value" in late.content.decode()
    assert browser.post(page("type-value", made.public_id), {"value": "3"}).status_code == 404
    browser.post(url, {"source": "A lottery", "known_on": "2026-12-02", "example": "00-00-00"})
    early = browser.post(page("type-value", made.public_id), {"value": "3 12 15"})
    assert early.status_code == 422
    assert "Nobody can know this value before" in early.content.decode()
    assert Season.objects.get().wants_draw


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"start": "2026-11-30", "weeks": "4"} | VALUE, "begins today or later"),
        ({"start": "2027-04-03", "weeks": "53"}, "less than or equal to 52"),
        ({"start": "2027-04-03", "weeks": "1e9"}, "whole number"),
        ({"start": "31 foo", "weeks": "4"}, "Write the day"),
        ({"start": "2027-04-03", "weeks": "4"}, "required"),
        ({"start": "2027-04-03", "weeks": "4"} | VALUE, "no focus area"),
        ({}, "required"),
    ],
)
def test_what_cannot_be_planned_is_said_on_the_form(riverbend, ada, client_for, given, says):
    answer = client_for(ada).post(page("seasons"), given)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Season.objects.exists()


def test_the_signatures_of_two_people_draft_the_walks(season, ada, dent, client_for):
    url = page("approve", season.public_id)
    client_for(ada).post(url, {"role": "commander"})
    season.refresh_from_db()
    assert season.commander == ""
    client_for(ada).post(url, {"role": "coordinator"})
    shown = client_for(dent).get(page("season", season.public_id)).content.decode()
    assert "Approve as Commander" in shown
    client_for(dent).post(url, {"role": "commander"})
    season.refresh_from_db()
    assert season.state == SeasonState.APPROVED
    shown = client_for(ada).get(page("season", season.public_id)).content.decode()
    assert shown.count('href="/riverbend/workspace/walks/') >= 4
    assert season.seed in shown
    assert client_for(ada).post(url, {"role": "chief"}).status_code == 404


def test_a_week_is_looked_at_changed_fixed_and_let_go(season, riverbend, ada, client_for):
    browser, url = client_for(ada), page("week", season.public_id, 1)
    first = season.weeks.first().where
    other = the_area(riverbend, "Shelby" if first != "Shelby" else "Hilltop")
    shown = browser.get(f"{url}?area={other.public_id}").content.decode()
    assert f'value="{other.public_id}" selected' in shown
    looked = browser.post(url, {"do": "look", "area": other.public_id, "roof": ""})
    assert "It costs" in looked.content.decode()
    assert Season.objects.count() == 1
    browser.post(url, {"do": "set", "area": other.public_id, "roof": "", "why": "<b>A fair</b>"})
    second = Season.objects.get(version=2)
    assert second.weeks.first().where == other.name
    shown = browser.get(page("season", second.public_id)).content.decode()
    assert f"{other.name} instead of {first}" in shown
    assert "&lt;b&gt;A fair" in shown
    browser.post(page("week", second.public_id, 1), {"do": "release"})
    third = Season.objects.get(version=3)
    assert third.weeks.first().where == first
    browser.post(page("week", third.public_id, 2), {"do": "fix"})
    assert Season.objects.get(version=4).weeks.get(number=2).fixed
    old = browser.get(page("season", season.public_id)).content.decode()
    assert "There is a later version" in old
    assert "Plan again" not in old


@pytest.mark.parametrize(
    "given",
    [
        {"do": "set", "area": "nowhere", "roof": ""},
        {"do": "set", "area": "", "roof": ""},
        {"do": "set", "area": "n:x2x3x4x5x6", "roof": "mall"},
        {"do": "dance"},
    ],
)
def test_nonsense_makes_no_version(season, ada, client_for, given):
    answer = client_for(ada).post(page("week", season.public_id, 1), given)
    assert answer.status_code == 422
    assert Season.objects.count() == 1


def test_a_week_that_is_not_there_is_not_found(season, ada, client_for):
    assert client_for(ada).get(page("week", season.public_id, 9)).status_code == 404
    assert client_for(ada).get(page("season", "x2x3x4x5x6")).status_code == 404


def test_an_officer_reads_and_does_not_decide(season, officer, client_for):
    browser = client_for(officer)
    assert b"Approve as" not in browser.get(page("season", season.public_id)).content
    assert browser.get(page("week", season.public_id, 1)).status_code == 403
    for name in ("replan", "approve", "discard", "draft-walks"):
        assert browser.post(page(name, season.public_id)).status_code == 403
    assert browser.post(page("seasons"), {"start": "2027-04-03", "weeks": "4"}).status_code == 404
    assert Season.objects.count() == 1


def test_eve_finds_nothing_here(season, eve, client_for):
    browser = client_for(eve)
    for url in (page("seasons"), page("season", season.public_id), page("week", season.public_id, 1)):
        assert browser.get(url).status_code == 404
    there = reverse("season:season", args=["elsewhere", season.public_id])
    assert browser.get(there).status_code == 404


def test_how_we_walk_is_kept_and_nonsense_is_not(riverbend, ada, client_for):
    browser = client_for(ada)
    sound = {
        "weekday": "3", "at": "18:00", "minutes": "60", "winter_first": "12", "winter_last": "2",
        "winter_outdoors": "1", "spacing": "5", "longest_wait": "40", "band": "3",
    }  # fmt: skip
    assert browser.post(page("rhythm"), sound).status_code == 302
    rhythm = Rhythm.objects.get()
    assert (rhythm.weekday, rhythm.spacing, rhythm.skip_holidays) == (3, 5, False)
    for wrong in (
        {"minutes": "9999"},
        {"winter_first": "13"},
        {"spacing": "0"},
        {"band": "-1"},
        {"at": "25:00"},
    ):
        assert browser.post(page("rhythm"), sound | wrong).status_code == 422
    assert Rhythm.objects.get().minutes == 60


def test_more_neighborhoods_than_walks_within_the_longest_wait_are_said_to_take_turns(
    season, riverbend, ada, client_for
):
    browser = client_for(ada)
    said = "Neighborhoods to walk in: 5; walks within the longest wait: about 4."
    assert "So they take turns" not in browser.get(page("season", season.public_id)).text
    assert "they take turns, and neither need nor the draw decides much" in browser.get(page("rhythm")).text
    actions.set_rhythm(riverbend, by=ada, longest_wait=4)
    # Of another first walk: the rules of one whose value is named are held.
    short = actions.propose(riverbend, start=SPRING + timedelta(weeks=1), weeks=6, by=ada)
    for url in (page("season", short.public_id), page("rhythm")):
        assert said in browser.get(url).text


def test_a_season_asks_few_questions_however_long_it_is(
    season, riverbend, ada, client_for, django_assert_max_num_queries
):
    longer = actions.propose(riverbend, start=SPRING, weeks=10, by=ada)
    browser = client_for(ada)
    browser.get(page("season", longer.public_id))
    with django_assert_max_num_queries(22):
        browser.get(page("season", longer.public_id))
