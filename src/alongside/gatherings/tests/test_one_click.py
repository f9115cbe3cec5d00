"""Every mail that may be stopped is stopped by one click in a mail program, as RFC 8058 has it."""

import re

import pytest
from django.test import Client

from alongside.gatherings.models import Rsvp, State
from alongside.gatherings.tests.cast import a_gathering, answer
from alongside.outreach import travel
from alongside.outreach.models import Mail, Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(riverbend):
    answer(a_gathering(riverbend), 2, email="ben@people.example")
    return Mail.objects.get()


def path_of(mail):
    return re.sub(r"^https?://[^/]+", "", mail.unsubscribe_url)


def post(path, body="List-Unsubscribe=One-Click", **headers):
    """As Gmail and Outlook do: without a page that it comes from, a cookie or a token of ours."""
    kind = "application/x-www-form-urlencoded"
    return Client(enforce_csrf_checks=True).post(path, body, content_type=kind, headers=headers)


def test_the_headers_are_those_that_mail_programs_ask_for(mail):
    head = travel.compose(mail).decode()
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert re.search(r"List-Unsubscribe:\s+<https?://[^>]+/stop-mail/>", head)


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}, {"Origin": "https://mail.google.com"}])
def test_a_mail_program_stops_the_mail_and_the_places_stay(mail, headers):
    for _twice in range(2):
        answered = post(path_of(mail), **headers)
        assert answered.status_code == 200
        assert not answered.cookies
    assert not Subscription.objects.exists()
    assert Rsvp.objects.get().state == State.GOING
    waiting = Mail.objects.get()
    assert (waiting.state, waiting.to) == ("withdrawn", ""), "what waited goes with the address"


def test_it_may_come_in_parts(mail):
    assert Client().post(path_of(mail), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/x-www-form-urlencoded; charset=us-ascii", "application/octet-stream"],
)
def test_of_whatever_sort_it_says_that_it_is_and_with_an_end_of_line(mail, kind):
    said = b"List-Unsubscribe=One-Click\r\n"
    assert Client().generic("POST", path_of(mail), said, content_type=kind).status_code == 200
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "act=forget", "List-Unsubscribe=One-Click&act=forget", "List-Unsubscribe=Yes"]
)
def test_other_words_need_our_own_page(mail, body):
    assert post(path_of(mail), body).status_code == 403
    assert Subscription.objects.exists()
    assert post(path_of(mail).replace("stop-mail/", "")).status_code == 403, "nothing but stopping is let in"
    assert Client().get(path_of(mail)).status_code == 200
    assert Subscription.objects.exists(), "looking stops nothing"


def test_the_button_on_its_page_does_the_same(mail):
    ben = Client(headers={"Origin": "http://testserver"})
    assert "Delete my e-mail address now" in ben.get(path_of(mail)).text
    assert "We do not write to you any more" in ben.post(path_of(mail), follow=True).text
    assert not Subscription.objects.exists()


def test_eve_stops_nothing_by_guessing(riverbend):
    assert post(f"/riverbend/answer/{'x' * 32}/stop-mail/").status_code == 404
