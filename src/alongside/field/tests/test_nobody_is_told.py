"""Nobody may tell who talked to police: what Eve can work out from everything that is public."""

import random
from collections import Counter
from datetime import date, time, timedelta

import pytest

from alongside.core import clock
from alongside.field import actions, queries, themes
from alongside.field.models import Note, QuarterThemes
from alongside.field.tests.cast import a_neighborhood, a_walk, talk
from alongside.field.tests.test_recap import published
from alongside.followthrough import actions as followthrough_actions
from alongside.gatherings import actions as gatherings

FEW = themes.RULE.floor - 1


# -- the numbers of one telling -------------------------------------------------------------------
def test_nothing_is_published_of_few_notes_or_few_people():
    assert themes.publishable({"lighting": FEW}, people=30) is None
    assert themes.publishable({"lighting": 9}, people=FEW) is None
    assert themes.publishable({"lighting": 9}, people=None) is None, "nobody counted"
    assert themes.publishable({}, people=30) is None, "none reads like few"
    assert themes.publishable({"lighting": 5}, people=5) == {"shown": [["lighting", 5]], "others": 0}


def test_what_is_left_over_is_never_few():
    """Totals minus what is shown: one note on something else would be one person."""
    assert themes.publishable({"lighting": 8, "noise": 6, "youth": 1}, people=20) == {
        "shown": [["lighting", 8]],
        "others": 7,
    }
    assert themes.publishable({"lighting": 8, "youth": 1}, people=20) == {"shown": [], "others": 9}


def test_as_many_notes_stand_by_their_names():
    """Else their order would tell which was said first."""
    shown = themes.publishable({"noise": 6, "lighting": 6, "youth": 9}, people=20)["shown"]
    assert shown == [["youth", 9], ["lighting", 6], ["noise", 6]]


def test_no_number_published_is_ever_below_the_minimum():
    chance = random.Random(20261122)
    shown = 0
    for _ in range(3000):
        counts = Counter({f"c{n}": chance.randint(0, 12) for n in range(chance.randint(0, 9))})
        result = themes.publishable(counts, people=chance.randint(0, 40))
        if result is None:
            continue
        shown += len(result["shown"])
        numbers = [count for _name, count in result["shown"]]
        assert all(number >= themes.RULE.floor for number in numbers)
        assert result["others"] == 0 or result["others"] >= themes.RULE.floor
        assert sum(numbers) + result["others"] == sum(counts.values())
    assert shown > 1000, "the premise: numbers are published"


# -- many walks -----------------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


@pytest.fixture
def new_year(riverbend):
    with clock.at(clock.now().replace(year=2027, month=1, day=4, hour=12)):
        yield riverbend


def walked(agency, ada, on, came, **notes):
    """A walk that took place, was talked at, and has its recap."""
    walk = a_walk(agency, on=on, at=time(18, 0), title=f"Walk of {on:%F}")
    with clock.at(walk.ends + timedelta(days=2)):
        gatherings.mark_held(walk, came=came, by=ada)
        talk(walk, **notes)
        published(walk, ada)
    walk.refresh_from_db()
    return walk


def shown(walk):
    return queries.recap_of(type(walk).objects.get(pk=walk.pk))


def test_a_walk_with_one_note_tells_nothing_of_it(new_year, ada):
    walk = walked(new_year, ada, date(2027, 1, 13), 12, youth=1)
    quiet = walked(new_year, ada, date(2027, 1, 20), 12)
    for each in (walk, quiet):
        recap = shown(each)
        assert recap.too_few
        assert (recap.themes, recap.others) == ([], 0)
        assert recap.together_on == date(2027, 4, 22)
    assert queries.heard(new_year) == queries.Heard([], 0, 0)


def test_a_walk_with_one_resident_tells_nothing_however_much_was_said(new_year, ada):
    assert shown(walked(new_year, ada, date(2027, 1, 13), 1, lighting=9)).too_few


def test_few_are_published_together_once_the_quarter_is_over(new_year, ada):
    walks = [walked(new_year, ada, date(2027, 1, day), 8, lighting=3) for day in (13, 20)]
    loud = walked(new_year, ada, date(2027, 1, 27), 20, noise=7)
    with clock.at(clock.now().replace(month=4, day=10)):
        assert actions.draw_quarters(new_year) == [], "phones that were offline may still send"
    with clock.at(clock.now().replace(month=4, day=25)):
        (pool,) = actions.draw_quarters(new_year)
        assert actions.draw_quarters(new_year) == [], "once is enough"
        assert set(pool.gatherings.all()) == set(walks), "the loud one told its own"
        for each in walks:
            assert shown(each).themes == [("Street lights", 6)]
            assert shown(each).together
        assert shown(loud).themes == [("Noise", 7)]
        assert queries.heard(new_year).themes == [("Noise", 7), ("Street lights", 6)]


@pytest.mark.parametrize(("came", "told"), [(4, False), (5, True)])
def test_a_walk_that_nobody_came_to_adds_nobody_to_its_quarter(new_year, ada, came, told):
    walked(new_year, ada, date(2027, 1, 13), came, lighting=3)
    walked(new_year, ada, date(2027, 1, 20), 0, lighting=3)
    with clock.at(clock.now().replace(month=4, day=25)):
        (pool,) = actions.draw_quarters(new_year)
    assert (pool.facts["themes"] is not None) == told


def test_two_tellings_cannot_be_subtracted(new_year, ada):
    """Eve keeps every public page of every day, and looks for a number below the minimum in their differences."""
    first = walked(new_year, ada, date(2027, 1, 13), 20, lighting=6)
    second = walked(new_year, ada, date(2027, 1, 20), 9, lighting=1)
    seen = [queries.heard(new_year)]
    talk(first, lighting=1)  # a phone that was offline
    seen.append(queries.heard(new_year))
    with clock.at(clock.now().replace(month=4, day=25)):
        actions.draw_quarters(new_year)
        seen.append(queries.heard(new_year))
        talk(second, lighting=5)
        actions.draw_quarters(new_year)
        seen.append(queries.heard(new_year))
        assert shown(second).too_few
    totals = [dict(each.themes).get("Street lights", 0) for each in seen]
    assert totals == [6, 6, 6, 6]
    assert themes.by_category(new_year, [first, second])["lighting"] == 13, "the premise: more was said"


def test_a_recap_that_comes_after_its_quarter_was_published_shows_no_themes_again(new_year, ada):
    walk = a_walk(new_year, on=date(2027, 1, 13))
    with clock.at(walk.ends + timedelta(days=2)):
        gatherings.mark_held(walk, came=20, by=ada)
        talk(walk, lighting=6)
        draft = actions.draft_recap(walk, by=ada)
        assert draft.facts["themes"]
    with clock.at(clock.now().replace(month=4, day=25)):
        actions.draw_quarters(new_year)
        recap = published(walk, ada)
        assert recap.facts["themes"] is None
        assert queries.heard(new_year).themes == [("Street lights", 6)], "told once, by the quarter"


def test_an_approved_draft_that_met_its_quarter_tells_no_themes_again(new_year, ada):
    walk = a_walk(new_year, on=date(2027, 1, 13))
    with clock.at(walk.ends + timedelta(days=2)):
        gatherings.mark_held(walk, came=20, by=ada)
        talk(walk, lighting=6)
        recap = actions.edit_recap(
            actions.draft_recap(walk, by=ada),
            words="It was a good walk indeed.",
            minutes=1,
            partners=[],
            by=ada,
        )
        recap = actions.approve_recap(recap, by=ada)
    with clock.at(clock.now().replace(month=4, day=25)):
        actions.draw_quarters(new_year)
        assert actions.publish_recap(recap, by=ada).facts["themes"] is None


def test_numbers_are_drawn_again_where_notes_changed_since(new_year, ada):
    """A complaint that was counted as a theme, and is known for what it is before publication."""
    walk = a_walk(new_year, on=date(2027, 1, 13))
    with clock.at(walk.ends + timedelta(days=2)):
        walk = gatherings.mark_held(walk, came=20, by=ada)
        talk(walk, policing=6)
        recap = approved(walk, ada)
        concern = Note.objects.first().concern
        followthrough_actions.withhold(concern, reason="officer", by=ada)
        with pytest.raises(actions.RecapRefused):
            actions.publish_recap(recap, by=ada)
        again = actions.approve_recap(actions.draft_recap(walk, by=ada), by=ada)
        assert actions.publish_recap(again, by=ada).facts["themes"]["shown"] == [["policing", 5]]


def test_a_count_that_was_put_right_to_few_tells_nothing_after_all(new_year, ada):
    walk = a_walk(new_year, on=date(2027, 1, 13))
    with clock.at(walk.ends + timedelta(days=2)):
        gatherings.mark_held(walk, came=20, by=ada)
        talk(walk, lighting=6)
        recap = approved(walk, ada)
        gatherings.mark_held(walk, came=2, by=ada)
        assert actions.publish_recap(recap, by=ada).facts["themes"] is None


def approved(walk, ada):
    recap = actions.draft_recap(walk, by=ada)
    assert recap.facts["themes"], "the premise"
    recap = actions.edit_recap(recap, words="It was a good walk indeed.", minutes=1, partners=[], by=ada)
    return actions.approve_recap(recap, by=ada)


def test_a_neighborhood_is_told_apart_from_its_neighbor(new_year, ada):
    other = a_neighborhood(new_year, "Mill Row")
    first = walked(new_year, ada, date(2027, 1, 13), 9, lighting=3)
    mill = a_walk(new_year, on=date(2027, 1, 14), neighborhood=other)
    with clock.at(mill.ends + timedelta(days=1)):
        gatherings.mark_held(mill, came=9, by=ada)
        talk(mill, lighting=3)
    with clock.at(clock.now().replace(month=4, day=25)):
        pools = actions.draw_quarters(new_year)
    assert [pool.neighborhood for pool in pools] == [first.neighborhood, other], "each its own"
    assert all(pool.facts["themes"] is None for pool in pools), "three are few in each"
    assert QuarterThemes.objects.count() == 2


def test_a_complaint_about_an_officer_is_in_no_number(new_year, ada):
    walk = a_walk(new_year, on=date(2027, 1, 13))
    with clock.at(walk.ends + timedelta(days=1)):
        gatherings.mark_held(walk, came=20, by=ada)
        talk(walk, policing=4)
        talk(walk, words="Officer Smith shouted at me", policing=1)
        assert shown_after(walk, ada).too_few


def shown_after(walk, ada):
    published(walk, ada)
    return shown(walk)
