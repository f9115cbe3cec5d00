"""Is it working? Half a minute for whoever leads: three decisions, what is late, whether the weeks were kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alongside.core import clock
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Concern
from alongside.followthrough.tests.cast import ben_says, member, town
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.tests.cast import a_draft
from alongside.people import actions as people
from alongside.rosters.models import Part, Post, State

pytestmark = pytest.mark.django_db
PAGE = reverse("front:chief", args=["riverbend"])


@pytest.fixture
def homes(riverbend):
    return town(riverbend)


def lived(agency, user, homes, *, of):
    """So many held walks with who came, and so many concerns: unowned, late and answered."""
    for n in of:
        walk = a_draft(agency, neighborhood=homes["Eastbank"])
        Gathering.objects.filter(pk=walk.pk).update(
            status=Status.HELD,
            on=agency.today() - timedelta(days=7 * n + 10),
            published_at=clock.now(),
            came=20,
            walk_ups=8,
        )
        Post.objects.create(
            agency=agency, gathering=walk, member=member(user, agency), part=Part.OFFICER, state=State.CAME
        )
        heard = agency.today() - timedelta(days=60 + n)
        for what in ("unowned", "late", "answered"):
            concern = ben_says(
                agency, key=f"{what}:{n}", neighborhood=homes["Eastbank"], heard_on=heard
            ).concern
            if what == "unowned":
                continue
            due = agency.today() + timedelta(days=3)
            followthrough.assign(concern, owner=member(user, agency), due=due, by=user)
            if what == "answered":
                followthrough.close(concern, state="done", outcome="A new lamp.", by=user)
            else:
                Concern.objects.filter(pk=concern.pk).update(due=agency.today() - timedelta(days=40))


def test_who_leads_may_open_it_and_nobody_else(ada, dent, administrator, officer, analyst, eve, client_for):
    for user in (ada, dent, administrator):
        assert client_for(user).get(PAGE).status_code == 200
    for user in (officer, analyst):
        assert client_for(user).get(PAGE).status_code == 403
    assert client_for(eve).get(PAGE).status_code == 404
    assert Client().get(PAGE).status_code == 302


def test_before_anything_happened_it_says_so_and_invents_no_number(ada, client_for):
    words = client_for(ada).get(PAGE).text
    assert "Nothing waits for a decision that only whoever leads can take." in words
    assert "nobody has asked yet" in words
    assert "How many residents came is not known." in words
    assert "What it took of our people’s time is not known." in words
    assert "Whether trust moved is not known" in words


def test_bad_news_is_as_large_as_good(riverbend, homes, ada, dent, client_for):
    people.give_command(homes["First"], to=member(dent, riverbend), since=riverbend.today(), by=ada)
    lived(riverbend, dent, homes, of=range(2))
    words = client_for(ada).get(PAGE).text
    for large in ("2 late", "more than half still wait"):
        assert large in words.split("figure-huge", 1)[1]
    assert "Name who answers for 2 concerns" in words
    assert "Settle 2 promises that are more than a month late" in words
    assert "Major Harvey Dent" in words
    assert "2 answered, 4 still open and counted as such." in " ".join(words.split())
    assert "40 residents came in half a year." in words
    assert "Of 40 people, 16 just came by" in " ".join(words.split())
    assert "2 hours of our people in half a year." in words


def test_at_most_three_decisions_stand_first(riverbend, homes, ada, client_for):
    lived(riverbend, ada, homes, of=[20])  # twenty weeks without a walk since, and without a word
    words = client_for(ada).get(PAGE).text
    decisions = words[words.index('id="decide"') : words.index('class="panels"')]
    assert 1 < decisions.count("<li") <= 3
    assert words.index('id="decide"') < words.index("figure-huge")


def test_it_has_no_map_and_no_ranking(riverbend, homes, ada, dent, client_for):
    lived(riverbend, ada, homes, of=range(3))
    words = client_for(ada).get(PAGE).text
    assert "map-frame" not in words
    assert words.index('<th scope="row">First</th>') < words.index('<th scope="row">Second</th>')


def test_it_costs_as_much_for_much_as_for_little(riverbend, homes, ada, client_for):
    browser = client_for(ada)

    def queries():
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(PAGE).status_code == 200
        return len(asked)

    lived(riverbend, ada, homes, of=range(2))
    little = queries()
    lived(riverbend, ada, homes, of=range(2, 7))
    assert queries() == little == 35
