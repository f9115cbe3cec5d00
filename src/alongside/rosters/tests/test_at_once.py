"""Many hands at once: one invitation each, one host, one mail about one change. On both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from alongside.core.errors import Refusal
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.rosters import actions, partnering, posting, queries, staffing
from alongside.rosters.models import Part, PartnerInvitation, Post
from alongside.rosters.tests.cast import a_partner, a_walk, mails
from alongside.rosters.tests.conftest import a_city

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def city(transactional_db):
    """Written down, so that every thread reads of it."""
    return a_city()


def at_once(*deeds):
    """Do all of these at the same time, each on a connection of its own; what was refused is an answer, too."""

    def do(deed):
        try:
            return deed()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as hands:
        return list(hands.map(do, deeds))


@pytest.fixture
def walk(city):
    return a_walk(city.agency, city.eastbank)


def standing_hosts(walk):
    return list(Post.objects.filter(gathering=walk, part=Part.HOST).standing().with_people())


def test_two_coordinators_propose_and_ask_at_once(city, walk):
    for number in range(3):
        a_partner(city.agency, f"P{number} partner", city.eastbank)
    at_once(*[lambda: posting.propose(walk, by=None)] * 3, *[lambda: partnering.propose(walk, by=None)] * 3)
    assert Post.objects.count() == 6
    assert PartnerInvitation.objects.count() == 3
    done = at_once(
        *[lambda: actions.invite_all(Post, walk, by=None)] * 3,
        *[lambda: actions.invite_all(PartnerInvitation, walk, by=None)] * 3,
    )
    assert sum(each.written for each in done) == 9
    assert Counter(mail.to for mail in mails()).most_common(1)[0][1] == 1, "nobody got two"


@pytest.mark.heavy
def test_a_link_tapped_many_times_is_one_answer(city, walk):
    posting.propose(walk, by=None)
    sam = Post.objects.get(member=city.officers[0])

    def yes():
        return actions.answer(sam, coming=True, heard="link")

    at_once(*[yes] * 6)
    sam.refresh_from_db()
    assert sam.state == "coming"
    at_once(*[yes] * 3, *[lambda: actions.answer(sam, coming=False, heard="link")] * 3)
    sam.refresh_from_db()
    assert sam.state in {"coming", "declined"}


def test_host_and_deputy_decline_at_once_and_one_other_hosts(city, walk):
    posts = {post.part: post for post in posting.propose(walk, by=None)}
    at_once(
        lambda: actions.answer(posts[Part.HOST], coming=False, heard="link"),
        lambda: actions.answer(posts[Part.DEPUTY], coming=False, heard="link"),
        lambda: staffing.mark_away(city.hargrove, first=walk.on, last=walk.on, by=None),
    )
    [host] = standing_hosts(walk)
    assert host.member == city.dent, "the commander of the place is left"
    walk.refresh_from_db()
    assert (walk.host, walk.deputy_host) == ("Major Harvey Dent", "")
    assert queries.conflicts(walk) == []


@pytest.mark.heavy
def test_two_replacements_at_once_are_one(city, walk):
    posting.propose(walk, by=None)
    sam = Post.objects.get(member=city.officers[0])
    actions.answer(sam, coming=False, heard="told")
    at_once(*[lambda: posting.replace(sam, by=None)] * 4)
    assert Post.objects.filter(stands_in_for=sam).count() == 1


@pytest.mark.heavy
def test_a_cancellation_is_told_once_to_each_whoever_answers_meanwhile(city, walk):
    posting.propose(walk, by=None)
    actions.invite_all(Post, walk, by=None)
    sam = Post.objects.get(member=city.officers[0])
    at_once(
        lambda: gatherings.cancel(Gathering.objects.get(pk=walk.pk), reason="Ice on the way", by=None),
        lambda: actions.answer(sam, coming=True, heard="link"),
    )
    letters = [mail for mail in mails() if "Cancelled" in mail.subject]
    assert len(letters) == len({mail.to for mail in letters}) == 6


@pytest.mark.heavy
def test_two_rosters_of_one_hour_never_share_anybody(city, walk):
    beside = a_walk(city.agency, city.westfield, title="Beside")
    at_once(*[lambda: posting.propose(walk, by=None), lambda: posting.propose(beside, by=None)] * 2)
    members = Post.objects.values_list("member", flat=True)
    assert len(members) == len(set(members)) >= 7
