"""Who is proposed, and why: the host of the series, the commander of the place, officers people know."""

from datetime import timedelta

import pytest

from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.rosters import actions, posting, proposing, queries, staffing
from alongside.rosters.models import Because, Part, Post
from alongside.rosters.tests.cast import a_walk, walked


def by_part(posts):
    return {
        part: [post.member for post in posts if post.part == part]
        for part in Part
        if part in {p.part for p in posts}
    }


def test_chief_assistant_commander_and_officers(city):
    walk = a_walk(city.agency, city.eastbank)
    roster = by_part(posting.propose(walk, by=None))
    assert roster[Part.HOST] == [city.chief]
    assert roster[Part.DEPUTY] == [city.assistant]
    assert roster[Part.LEADER] == [city.dent], "Eastbank lies in the division that Dent commands"
    assert len(roster[Part.OFFICER]) == 3, "one for about twelve people"
    walk.refresh_from_db()
    assert (walk.host, walk.deputy_host) == ("Chief Ruth Calloway", "Assistant Chief Miguel Santos")


def test_another_place_has_another_commander(city):
    walk = a_walk(city.agency, city.westfield)
    assert by_part(posting.propose(walk, by=None))[Part.LEADER] == [city.hargrove]


def test_proposing_twice_proposes_nobody_twice(city):
    walk = a_walk(city.agency, city.eastbank)
    first = posting.propose(walk, by=None)
    assert first
    assert posting.propose(walk, by=None) == []
    assert Post.objects.count() == len(first)


def test_when_the_chief_is_away_the_deputy_hosts(city):
    walk = a_walk(city.agency, city.eastbank)
    staffing.mark_away(city.chief, first=walk.on, last=walk.on, by=None)
    roster = by_part(posting.propose(walk, by=None))
    assert roster[Part.HOST] == [city.assistant]
    assert city.chief not in [member for members in roster.values() for member in members]


def test_the_series_says_who_hosts(city):
    series = gatherings.set_series(city.agency, by=None, name="Walks of the Second Division")
    staffing.set_hosting(series, host=city.hargrove, deputy=city.dent, by=None)
    walk = a_walk(city.agency, city.westfield, series=series)
    roster = by_part(posting.propose(walk, by=None))
    assert roster[Part.HOST] == [city.hargrove]
    assert roster[Part.DEPUTY] == [city.dent]
    assert Part.LEADER not in roster, "the commander of the place hosts it already"


def test_a_guest_who_hosts_is_not_pushed_aside(city):
    walk = a_walk(city.agency, city.eastbank, typed_host="Pastor Lena Reed", typed_deputy="Rabbi Noa Stern")
    roster = by_part(posting.propose(walk, by=None))
    assert set(roster) == {Part.LEADER, Part.OFFICER}
    walk.refresh_from_db()
    assert (walk.host, walk.deputy_host) == ("Pastor Lena Reed", "Rabbi Noa Stern")


def test_whoever_the_page_names_is_asked_to_host(city):
    walk = a_walk(city.agency, city.eastbank, typed_host="Assistant Chief Miguel Santos")
    posts = posting.propose(walk, by=None)
    host = next(post for post in posts if post.part == Part.HOST)
    assert (host.member, host.because) == (city.assistant, Because.NAMED)


class TestOfficers:
    def test_first_those_who_work_here_then_those_who_are_known_then_by_turn(self, city):
        _sam, tia, uma, vic = city.officers
        staffing.set_usual_areas(vic, areas=[city.beat], by=None)
        staffing.set_usual_areas(uma, areas=[city.first], by=None)
        walked(tia, city.eastbank, days_ago=70, agency=city.agency)
        walked(tia, city.eastbank, days_ago=77, agency=city.agency)
        walk = a_walk(city.agency, city.eastbank)
        officers = [post for post in posting.propose(walk, by=None) if post.part == Part.OFFICER]
        assert [(post.member, post.because) for post in officers] == [
            (vic, Because.USUAL),
            (uma, Because.USUAL),
            (tia, Because.KNOWN),
        ], "the beat before the whole division, and both before acquaintance"
        assert officers[0].because_area == "Beat 11"

    def test_turns_are_fair(self, city):
        sam, tia, uma, vic = city.officers
        for days in (7, 14):
            walked(sam, city.westfield, days_ago=days, agency=city.agency)
        walked(tia, city.westfield, days_ago=7, agency=city.agency)
        walk = a_walk(city.agency, city.eastbank)
        officers = [post.member for post in posting.propose(walk, by=None) if post.part == Part.OFFICER]
        assert officers == [uma, vic, tia], "Sam walked most of late"

    def test_nobody_who_works_next_door_counts_as_working_here(self, city):
        staffing.set_usual_areas(city.officers[3], areas=[city.second], by=None)
        walk = a_walk(city.agency, city.eastbank)
        assert proposing.usual_here(walk, proposing.shape_of(walk)) == {}

    def test_nobody_is_in_two_places_at_once(self, city):
        one = a_walk(city.agency, city.eastbank)
        first = {post.member for post in posting.propose(one, by=None)}
        two = a_walk(city.agency, city.westfield, title="Walk in Westfield")
        second = {post.member for post in posting.propose(two, by=None)}
        assert first & second == set()
        later = a_walk(city.agency, city.eastbank, days=17)
        third = {post.member for post in posting.propose(later, by=None)}
        assert third & first, "a week later they are free again"

    def test_a_cancelled_walk_takes_nobodys_time(self, city):
        one = a_walk(city.agency, city.eastbank)
        first = {post.member for post in posting.propose(one, by=None)}
        gatherings.cancel(one, reason="Ice on the way", by=None)
        two = a_walk(city.agency, city.eastbank)
        assert {post.member for post in posting.propose(two, by=None)} == first

    @pytest.mark.parametrize(("expected", "officers"), [(0, 2), (15, 2), (30, 3), (31, 3), (50, 4), (900, 5)])
    def test_one_for_about_twelve_people_and_never_a_parade(self, expected, officers):
        assert proposing.officers_wanted(expected) == officers


def test_a_city_without_places_still_gets_a_host(city):
    walk = a_walk(city.agency, None)
    roster = by_part(posting.propose(walk, by=None))
    assert roster[Part.HOST] == [city.chief]
    assert Part.LEADER not in roster


def test_who_said_no_is_not_proposed_again(city):
    walk = a_walk(city.agency, city.eastbank)
    officer = next(post for post in posting.propose(walk, by=None) if post.part == Part.OFFICER)
    actions.answer(officer, coming=False, heard="told", by=None)
    again = posting.propose(walk, by=None)
    assert [post.member for post in again] == [city.officers[3]], "the next, not the same"


def test_familiar_counts_only_what_was_marked(city):
    sam = city.officers[0]
    post = walked(sam, city.eastbank, days_ago=30, agency=city.agency)
    walk = a_walk(city.agency, city.eastbank)
    assert queries.familiar(walk) == {sam.pk: 1}
    Post.objects.filter(pk=post.pk).update(state="coming")
    assert queries.familiar(walk) == {}, "to be on a list is not to have met anybody"
    Gathering.objects.filter(pk=post.gathering_id).update(on=walk.on + timedelta(days=1))
    Post.objects.filter(pk=post.pk).update(state="came")
    assert queries.familiar(walk) == {}, "what comes later is not before"
