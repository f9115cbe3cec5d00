"""A second answer with one address amends the first when its address says so, and nobody else hears of it."""

import re

import pytest
from django.test import Client

from alongside.gatherings import actions
from alongside.gatherings.models import Gathering, Rsvp, State
from alongside.gatherings.tests.cast import a_gathering, answer, form_key
from alongside.outreach.models import Mail, Subscription

pytestmark = pytest.mark.django_db
BEN = "ben@people.example"
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def walk(riverbend):
    return a_gathering(riverbend)


def people(walk):
    return Gathering.objects.get(pk=walk.pk).numbers.going


def choose(mail):
    return re.search(r"https?://[^/]+(/riverbend/answer-again/\S+)", mail.text)[1]


def again():
    return Mail.objects.filter(kind="gatherings.again")


def test_it_counts_when_its_address_says_so_and_takes_the_place_of_the_first(walk):
    first = answer(walk, 2, email=BEN)
    second = answer(walk, 3, email="Ben@people.example", access_needs="A ramp")
    assert people(walk) == 2, "until then the first one counts"
    (mail,) = again()
    page, ben = choose(mail), Client(**FROM_HERE)
    for _scanner in range(2):
        assert "3 people" in ben.get(page).text
        assert ben.head(page).status_code == 200
    assert people(walk) == 2, "looking changes nothing"
    for _twice in range(2):
        assert ben.post(page, follow=True).status_code == 200
    assert people(walk) == 3
    (counts,) = Rsvp.objects.all()
    assert (counts.pk, counts.amends, counts.access_needs) == (second.pk, None, "A ramp")
    assert counts.joined_at == first.joined_at
    (left,) = Subscription.objects.all()
    assert left.topic == str(second.key), "the address of the first went with it"


def test_forty_answers_are_two_mails_and_count_once(walk):
    for _time in range(40):
        answer(walk, 2, email=BEN)
    assert people(walk) == 2
    assert Mail.objects.filter(to=BEN).count() == 2
    actions.let_count(Rsvp.objects.exclude(amends=None).last())
    (counts,), (left,) = Rsvp.objects.all(), Subscription.objects.all()
    assert left.topic == str(counts.key), "no address outlives its answer"


def test_whoever_only_typed_the_address_neither_learns_nor_changes_anything(riverbend, walk):
    answer(walk, 2, email=BEN)
    of = {}
    for email in (BEN, "cleo@people.example"):
        guest = actions.Guest(email=email)
        _rsvp, token = actions.join(walk, party=4, form_key=form_key(), guest=guest)
        of[email] = Client().get(f"/riverbend/answer/{token}/").text.replace(token, "")
        assert Client().get(f"/riverbend/answer-again/{token}/").status_code == 404, (
            "her link chooses nothing"
        )
        eve = Client(**FROM_HERE)
        eve.post(f"/riverbend/answer/{token}/", {"act": "leave"})
    assert of[BEN] == of["cleo@people.example"]
    assert people(walk) == 2


def test_who_was_first_with_another_s_address_reads_nothing_of_what_counts(riverbend, walk):
    guest = actions.Guest(email=BEN)
    _first, eves = actions.join(walk, party=1, form_key=form_key(), guest=guest)
    answer(walk, 3, email=BEN, access_needs="A ramp")
    assert "ramp" not in Client().get(f"/riverbend/answer/{eves}/").text
    Client(**FROM_HERE).post(choose(again().get()))
    assert Client().get(f"/riverbend/answer/{eves}/").status_code == 404


def test_the_place_in_line_is_kept_and_nobody_is_passed(riverbend):
    coffee = a_gathering(riverbend, kind="coffee", capacity=2)
    answer(coffee, 2)
    first = answer(coffee, 1, email=BEN)
    other = answer(coffee, 1)
    second = answer(coffee, 2, email=BEN)
    assert other.ahead == 1
    second = actions.let_count(second)
    assert (second.state, second.waiting_since) == (State.WAITING, first.waiting_since)


def test_more_than_there_is_room_for_leaves_the_first_as_it_was(riverbend):
    coffee = a_gathering(riverbend, kind="coffee", capacity=3)
    answer(coffee, 2, email=BEN)
    answer(coffee, 1)
    second = answer(coffee, 3, email=BEN)
    with pytest.raises(actions.GatheringIsFull):
        actions.let_count(second)
    assert people(coffee) == 3
