"""Who hosts: the roster says, whoever cannot come has a deputy, and the page never says another."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from alongside.agencies.models import Member
from alongside.core.errors import Refusal
from alongside.gatherings import actions as gatherings
from alongside.gatherings.forms import GatheringForm
from alongside.gatherings.models import Gathering
from alongside.rosters import actions, posting, queries, staffing
from alongside.rosters.models import Part, Post, State
from alongside.rosters.tests.cast import a_walk, mails


@pytest.fixture
def walk(city):
    return a_walk(city.agency, city.eastbank)


@pytest.fixture
def roster(walk):
    return {post.member.name: post for post in posting.propose(walk, by=None)}


def post_of(member):
    return Post.objects.get(member=member)


class TestTheHost:
    def test_when_the_host_says_no_the_deputy_hosts_and_the_page_says_so(self, walk, roster, city):
        actions.invite_all(Post, walk, by=None)
        actions.answer(roster["Ruth Calloway"], coming=False, heard="link")
        walk.refresh_from_db()
        assert walk.host == "Assistant Chief Miguel Santos"
        host = post_of(city.assistant)
        assert (host.part, host.stands_in_for) == (Part.HOST, roster["Ruth Calloway"])
        deputy = Post.objects.get(gathering=walk, part=Part.DEPUTY, state=State.PROPOSED)
        assert walk.deputy_host == str(deputy.member) == "Major Yvonne Hargrove", "next by rank and free"
        assert "You host" in mails("santos@riverbend.example")[-1].subject

    def test_a_deputy_who_left_us_does_not_host(self, walk, roster, city):
        Member.objects.filter(pk=city.assistant.pk).update(active=False)
        actions.answer(roster["Ruth Calloway"], coming=False, heard="link")
        walk.refresh_from_db()
        assert walk.host == "Major Yvonne Hargrove", "next by rank and free"

    def test_marked_away_is_a_no(self, walk, roster, city, ada):
        gone = staffing.mark_away(city.chief, first=walk.on, last=walk.on, by=ada)
        assert [post.member for post in gone.posts] == [city.chief]
        walk.refresh_from_db()
        assert walk.host == "Assistant Chief Miguel Santos"
        assert post_of(city.chief).heard == "away"
        assert staffing.mark_away(city.chief, first=walk.on, last=walk.on, by=ada).posts == []

    def test_away_on_another_day_changes_nothing(self, walk, roster, city):
        day = walk.on + timedelta(days=1)
        assert staffing.mark_away(city.chief, first=day, last=day, by=None).posts == []
        assert post_of(city.chief).state == State.PROPOSED

    def test_when_nobody_is_left_the_page_names_nobody(self, city, walk, roster):
        for member in (city.chief, city.assistant, city.hargrove):
            staffing.mark_away(member, first=walk.on, last=walk.on, by=None)
        walk.refresh_from_db()
        assert (walk.host, walk.deputy_host) == ("Major Harvey Dent", ""), (
            "the commander of the place is left"
        )
        staffing.mark_away(city.dent, first=walk.on, last=walk.on, by=None)
        walk.refresh_from_db()
        assert (walk.host, walk.deputy_host) == ("", "")
        assert queries.conflicts(walk) == ["Nobody hosts it."]


class TestThePageAndTheRosterSayTheSame:
    def test_another_host_cannot_be_typed_while_the_roster_names_one(self, walk, roster, ada):
        walk.refresh_from_db()
        with pytest.raises(gatherings.GatheringRefused, match="The roster says who hosts it"):
            gatherings.change(walk, by=None, typed_host="Mayor Lena Ortiz")
        form = GatheringForm(instance=walk, agency=walk.agency, by=ada)
        assert not {"typed_host", "typed_deputy"} & set(form.fields)

    def test_the_form_says_where(self, client_for, ada, walk, roster):
        page = client_for(ada).get(reverse("gatherings:edit", args=["riverbend", walk.public_id]))
        assert "Chief Ruth Calloway hosts it, as the roster says" in page.text

    def test_the_database_keeps_one_of_the_two(self, walk, roster):
        with pytest.raises(IntegrityError):
            Gathering.objects.filter(pk=walk.pk).update(typed_host="Mayor Lena Ortiz")

    def test_a_promotion_is_on_the_page_the_same_day(self, client, walk, roster, city):
        city.chief.rank.name = "Commissioner"
        city.chief.rank.save()
        assert "Commissioner Ruth Calloway" in client.get(walk.get_absolute_url()).text

    def test_a_guest_hosts_once_nobody_of_ours_does(self, walk, roster, city):
        for member in (city.chief, city.assistant, city.hargrove, city.dent):
            staffing.mark_away(member, first=walk.on, last=walk.on, by=None)
        walk = gatherings.change(walk, by=None, typed_host="Mayor Lena Ortiz")
        assert walk.host == "Mayor Lena Ortiz"
        assert queries.conflicts(walk) == []

    def test_who_is_erased_hosts_nothing(self, walk, roster, city):
        city.chief.delete()
        assert_the_same(walk)
        assert Gathering.objects.get(pk=walk.pk).host == ""

    @pytest.mark.parametrize("seed", range(20))
    def test_whatever_happens_in_whatever_order(self, city, walk, seed):
        chance = random.Random(seed)
        people = [city.chief, city.assistant, city.dent, city.hargrove, *city.officers]
        done = Counter()
        for _step in range(14):
            deed = chance.choice(DEEDS)
            try:
                with transaction.atomic():
                    deed(walk, chance.choice(people), chance)
            except Refusal:
                done["refused"] += 1
            done[deed.__name__] += 1
            assert_the_same(walk)
        assert len(done) > 3, "the premise"


def assert_the_same(walk):
    """What the page says is what the roster says; where it says nothing, what a person typed."""
    fresh = Gathering.objects.get(pk=walk.pk)
    for part, said, typed in (
        (Part.HOST, fresh.host, fresh.typed_host),
        (Part.DEPUTY, fresh.deputy_host, fresh.typed_deputy),
    ):
        post = Post.objects.filter(gathering=walk, part=part).standing().with_people().first()
        assert said == (str(post.member) if post else typed)
        assert not (post and typed)


def a_post(walk, chance):
    posts = list(Post.objects.filter(gathering=walk).order_by("pk"))
    if not posts:
        raise Refusal("nobody yet")
    return chance.choice(posts)


def propose(walk, member, chance):
    posting.propose(walk, by=None)


def ask(walk, member, chance):
    actions.invite_all(Post, walk, by=None)


def say(walk, member, chance):
    actions.answer(a_post(walk, chance), coming=chance.random() < 0.4, heard="told")


def take_off(walk, member, chance):
    actions.release(a_post(walk, chance), by=None)


def put_the_next(walk, member, chance):
    posting.replace(a_post(walk, chance), by=None)


def put_on(walk, member, chance):
    posting.add(walk, member=member, part=chance.choice([Part.HOST, Part.DEPUTY, Part.OFFICER]), by=None)


def rename(walk, member, chance):
    member.name = f"{member.name}-{chance.randrange(9)}"
    member.save()


def promote(walk, member, chance):
    member.rank.name = f"{member.rank.name}{chance.randrange(9)}"
    member.rank.save()


def be_away(walk, member, chance):
    staffing.mark_away(member, first=walk.on, last=walk.on, by=None)


def type_a_guest(walk, member, chance):
    field = chance.choice(["typed_host", "typed_deputy"])
    gatherings.change(Gathering.objects.get(pk=walk.pk), by=None, **{field: "Pastor Reed"})


DEEDS = [
    propose,
    propose,
    ask,
    say,
    say,
    say,
    take_off,
    put_the_next,
    put_on,
    rename,
    promote,
    be_away,
    type_a_guest,
]


@pytest.mark.parametrize(
    ("first", "last"), [(1, 0), (-9, -8), (1, 4000), (3000, 3001)], ids=["backward", "past", "long", "far"]
)
def test_odd_days_away_are_refused(city, first, last):
    today = city.agency.today()
    with pytest.raises(staffing.AwayRefused):
        staffing.mark_away(
            city.chief, first=today + timedelta(days=first), last=today + timedelta(days=last), by=None
        )
