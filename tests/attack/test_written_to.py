"""Eve types Ben's address at every door, as often as she can: he gets the day's limit, and nothing of it tells her."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from alongside.core import clock
from alongside.followthrough import actions as followthrough
from alongside.followthrough.tests.cast import ben_says
from alongside.gatherings.models import Rsvp
from alongside.gatherings.tests.cast import a_gathering, form_key
from alongside.outreach.models import FirstMail, Mail, State
from alongside.outreach.subscriptions import limits

pytestmark = pytest.mark.django_db
BEN = "ben@people.example"
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}


def to_ben():
    return Mail.objects.filter(to__startswith="ben", state=State.WAITING)


def answers(gathering, email=BEN):
    page = reverse("gatherings:join", args=[gathering.agency.slug, gathering.public_id])
    typed = {"party": "2", "email": email, "form_key": form_key()}
    return Client(**FROM_HERE).post(page, typed, follow=True)


def asks_for_news(agency, email=BEN):
    page = reverse("outreach:follow", args=[agency.slug])
    typed = {"about": "program:walk", "email": email, "form_key": form_key()}
    return Client(**FROM_HERE).post(page, typed, follow=True)


def walks(agency, number):
    return [
        a_gathering(agency, title=f"Walk {n}", on=agency.today() + timedelta(days=5 + n), at=time(18))
        for n in range(number)
    ]


def test_forty_answers_to_one_gathering_are_not_forty_mails(riverbend):
    walk = a_gathering(riverbend)
    for _time in range(40):
        assert answers(walk).status_code == 200
    assert to_ben().count() <= limits.A_DAY


def test_forty_answers_to_eight_gatherings_are_not_forty_mails_either(riverbend):
    """Each answer is one of its own, though others to the same walk had mail: `ben+1@`, `ben+2@` and so on."""
    for walk in walks(riverbend, 8):
        for number in range(5):
            answers(walk, f"ben+{number}@people.example")
    assert to_ben().count() == limits.A_DAY


@pytest.mark.parametrize(
    "ways",
    [
        ("ben.lee@gmail.com", "BenLee+walk@GMail.com", "b.e.n.lee@googlemail.com"),
        ("ben@españa.example", "Ben@xn--espaa-rta.example"),
    ],
)
def test_a_mailbox_is_counted_once_however_its_address_is_written(ways):
    assert len({limits.mailbox(way) for way in ways}) == 1


@pytest.mark.heavy
def test_through_every_door_together_it_is_the_day_s_limit(riverbend, elsewhere, ada):
    for agency in (riverbend, elsewhere):
        for walk in walks(agency, 10):
            answers(walk)
            answers(walk, f"ben+{secrets.token_hex(3)}@people.example")
        for number in range(5):
            asks_for_news(agency, BEN if number % 2 else f"Ben+{number}@People.example")
    for _time in range(5):
        concern = ben_says(riverbend).concern
        followthrough.leave_contact(concern, email=BEN)
        followthrough.assign(
            concern, owner=followthrough.Member.objects.get(user=ada), due=riverbend.today(), by=ada
        )
        Client().post(reverse("account_reset_password"), {"email": BEN})
    first_mails = FirstMail.objects.filter(digest__in=limits._digests(BEN))
    assert first_mails.count() == limits.A_DAY
    assert to_ben().values("about", "kind").distinct().count() <= 2 * limits.A_DAY
    with clock.at(clock.now() + timedelta(days=1)):
        for walk in walks(riverbend, 10):
            answers(walk)
    assert first_mails.count() == 2 * limits.A_DAY
    assert BEN not in str(list(FirstMail.objects.values()))


def test_a_month_has_a_limit_of_its_own_and_the_digests_go(riverbend):
    begins = clock.now()
    for day in range(10):
        with clock.at(begins + timedelta(days=day)):
            for number in range(10):
                limits.may_write(BEN, about=f"x:{day}:{number}")
    assert FirstMail.objects.count() == limits.A_MONTH
    with clock.at(begins + timedelta(days=60)):
        assert limits.may_write(BEN, about="x:again"), "another month"
        assert limits.forget() == limits.A_MONTH


def test_whoever_types_an_address_reads_the_same_whatever_we_know_of_it(riverbend):
    for walk in walks(riverbend, 8):
        answers(walk)
    full, fresh = asks_for_news(riverbend), asks_for_news(riverbend, "cleo@people.example")
    assert full.content == fresh.content
    assert full.redirect_chain == fresh.redirect_chain
    walk = a_gathering(riverbend)
    known, new = (answers(walk, email).text for email in (BEN, "cleo@people.example"))
    assert len(known) == len(new)
    assert Rsvp.objects.filter(gathering=walk).count() == 2


def test_staff_see_what_was_not_written_and_no_address(riverbend):
    for walk in walks(riverbend, limits.A_DAY + 1):
        answers(walk)
    (held,) = Mail.objects.filter(state=State.WITHDRAWN)
    assert (held.to, held.facts) == ("", None)
    assert "often enough" in str(held.error)


@pytest.mark.heavy
@pytest.mark.django_db(transaction=True)
def test_a_hundred_at_once_take_no_more_room_than_there_is(riverbend):
    def take(number):
        try:
            return limits.may_write(BEN, about=f"thing:{number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as many:
        taken = list(many.map(take, range(100)))
    assert sum(taken) == limits.A_DAY == FirstMail.objects.count()
