"""The roster of members: one host, the next in line for a no, and more who lead where more people come."""

import pytest

from alongside.agencies.models import Member
from alongside.core import clock
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import answer
from alongside.rosters import actions, hosting, posting, queries
from alongside.rosters.models import Part, Post, State
from alongside.rosters.tests.cast import a_walk, mails


@pytest.fixture
def walk(city):
    return a_walk(city.agency, city.eastbank)


@pytest.fixture
def roster(walk):
    return {post.member.name: post for post in posting.propose(walk, by=None)}


def state_of(member):
    return Post.objects.get(member=member).state


def test_everybody_is_asked_for_their_part(walk, roster, ada):
    assert actions.invite_all(Post, walk, by=ada) == actions.Asked(6, 0)
    [mail] = mails("calloway@riverbend.example")
    assert "Can you come?" in mail.subject
    assert "Host" in mail.text


def test_somebody_from_elsewhere_cannot_be_put_on(walk, roster, eve):
    with pytest.raises(actions.NotOurs):
        posting.add(walk, member=Member.objects.get(user=eve), part=Part.OFFICER, by=None)


def test_there_is_one_host(walk, roster, city):
    with pytest.raises(hosting.PartTaken, match="Chief Ruth Calloway"):
        posting.add(walk, member=city.hargrove, part=Part.HOST, by=None)
    actions.release(roster["Ruth Calloway"], by=None)
    assert queries.roster_of(walk)[0].member == city.assistant, "the deputy has it now"


def test_a_no_stays_as_history_and_the_next_in_line_is_put_in_its_place(walk, roster, city):
    actions.answer(roster["Sam Whitaker"], coming=False, heard="link")
    following = posting.replace(roster["Sam Whitaker"], by=None)
    assert (following.member, following.stands_in_for) == (city.officers[3], roster["Sam Whitaker"])
    assert state_of(city.officers[0]) == State.DECLINED
    assert posting.replace(roster["Sam Whitaker"], by=None) == following, "twice is once"
    actions.answer(roster["Tia Long"], coming=False, heard="link")
    with pytest.raises(posting.NobodyLeft):
        posting.replace(roster["Tia Long"], by=None)


def test_a_host_who_is_replaced_makes_way_for_the_deputy(walk, roster, city):
    assert posting.replace(roster["Ruth Calloway"], by=None).member == city.assistant
    assert posting.replace(roster["Ruth Calloway"], by=None).member == city.assistant, "twice is once"


def test_a_no_becomes_a_yes_only_while_the_part_is_free(roster):
    actions.answer(roster["Ruth Calloway"], coming=False, heard="link")
    with pytest.raises(hosting.PartTaken):
        actions.answer(roster["Ruth Calloway"], coming=True, heard="link")


def test_who_was_there_has_walked_here(walk, roster, city):
    sam = roster["Sam Whitaker"]
    actions.answer(sam, coming=True, heard="link")
    with clock.at(walk.ends):
        assert actions.mark_came(Post, walk, came=[sam.pk, 999999], by=None) == 1
    following = a_walk(city.agency, city.eastbank, days=17)
    assert queries.familiar(following) == {city.officers[0].pk: 1}


def test_above_the_band_more_leaders_are_asked_for(walk, roster, city):
    for _each in range(3):
        answer(walk, 10)
    fresh = Gathering.objects.get(pk=walk.pk)
    assert queries.more_leaders(fresh, queries.roster_of(fresh)) == "", "30 is within the band"
    for _each in range(5):
        answer(walk, 10)
    fresh = Gathering.objects.get(pk=walk.pk)
    assert "Ask one more to lead" in queries.more_leaders(fresh, queries.roster_of(fresh)), (
        "80 people, six lead"
    )
