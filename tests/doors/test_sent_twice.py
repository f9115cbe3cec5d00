"""A form of the workspace sent twice from one page is one deed, whatever form it is; and a button is no page."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import Duty, Member, Role
from alongside.core import middleware
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import a_gathering
from alongside.people.models import Partner
from alongside.places.models import Venue
from tests.doors.routes import every_route

pytestmark = pytest.mark.django_db

MAKES_A_ROW = {
    "front:member-add": (Member, "name", {"name": "Gail Grant"}),
    "people:partner-add": (Partner, "name", {"name": "Rosa Park", "kind": "watch", "language": "en"}),
    "places:venue-add": (
        Venue,
        "name",
        {"name": "Oak Cafe", "kind": "library", "lat": "38.2", "lon": "-85.7", "permission": "asked"}
        | dict.fromkeys(("step_free", "indoor", "parking", "toilets"), "unknown"),
    ),
    "gatherings:plan": (
        Gathering,
        "title_en",
        {"kind": "coffee", "title_en": "Coffee", "on": "2031-05-05", "at": "9:00 AM", "minutes": "60"},
    ),
}


def token_in(page) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)[1]


@pytest.fixture
def ada_at_work(riverbend, ada, client_for) -> Client:
    for role in Role:
        Duty.objects.get_or_create(member=ada.membership_at(riverbend), role=role)
    return client_for(ada)


@pytest.mark.parametrize("name", MAKES_A_ROW)
def test_a_double_click_makes_one(riverbend, ada_at_work, name):
    model, field, typed = MAKES_A_ROW[name]
    here, before = reverse(name, args=["riverbend"]), model.objects.everywhere().count()
    sent = typed | {"csrfmiddlewaretoken": token_in(ada_at_work.get(here))}
    first, second = (ada_at_work.post(here, sent) for _ in range(2))
    made = model.objects.everywhere().count() - before
    assert (first.status_code, made) == (302, 1), first.text
    assert second.status_code == 302
    assert second.headers["Location"] == first.headers["Location"]
    ada_at_work.post(here, sent | {field: "Another"})
    assert model.objects.everywhere().count() == before + 2, "other words by the same key are another deed"


def test_the_same_words_on_a_page_opened_anew_are_another_deed(riverbend, ada_at_work):
    here, before = reverse("front:member-add", args=["riverbend"]), Member.objects.everywhere().count()
    for _ in range(2):
        token = token_in(ada_at_work.get(here))
        ada_at_work.post(here, {"name": "Gail Grant", "csrfmiddlewaretoken": token})
    assert Member.objects.everywhere().count() == before + 2


def test_the_same_after_something_else_is_another_deed(riverbend, ada_at_work):
    """Moved, moved back, and moved once more, by programs that keep one token."""
    here, before = reverse("front:member-add", args=["riverbend"]), Member.objects.everywhere().count()
    token = token_in(ada_at_work.get(here))
    for name in ("Gail Grant", "Rosa Park", "Gail Grant"):
        ada_at_work.post(here, {"name": name, "csrfmiddlewaretoken": token})
    assert Member.objects.everywhere().count() == before + 3


def test_what_was_refused_may_be_sent_again(riverbend, ada_at_work):
    here = reverse("front:member-add", args=["riverbend"])
    sent = {"name": "", "csrfmiddlewaretoken": token_in(ada_at_work.get(here))}
    first, second = (ada_at_work.post(here, sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (422, 422)


@pytest.mark.parametrize("name", MAKES_A_ROW)
@pytest.mark.parametrize("unseen", ["\u200b", "\u2800", "\u3164 \u200d"])
def test_a_name_that_nobody_can_see_is_none(riverbend, ada_at_work, name, unseen):
    model, field, typed = MAKES_A_ROW[name]
    before = model.objects.everywhere().count()
    answer = ada_at_work.post(reverse(name, args=["riverbend"]), typed | {field: unseen})
    assert (answer.status_code, model.objects.everywhere().count()) == (422, before)


def test_somebody_elses_sending_is_their_own(riverbend, ada, ada_at_work, client_for):
    here, before = reverse("front:member-add", args=["riverbend"]), Member.objects.everywhere().count()
    sent = {"name": "Gail Grant", "csrfmiddlewaretoken": token_in(ada_at_work.get(here))}
    ada_at_work.post(here, sent)
    client_for(ada).post(here, sent)
    assert Member.objects.everywhere().count() == before + 2


def test_one_that_is_still_being_done_is_not_begun_again(riverbend, ada_at_work, monkeypatch):
    monkeypatch.setattr(middleware, "PATIENCE_SECONDS", 0)
    monkeypatch.setattr(middleware, "_sending", lambda request: "the-same")
    here, before = reverse("front:member-add", args=["riverbend"]), Member.objects.everywhere().count()
    sent = {"name": "Gail Grant", "csrfmiddlewaretoken": token_in(ada_at_work.get(here))}
    middleware.caches["answers"].set(f"last-of-{ada_at_work.session.session_key}", "the-same", 60)
    middleware.caches["answers"].add("the-same", None, 60)
    answer = ada_at_work.post(here, sent)
    assert answer.status_code == 409
    assert "still being done" in answer.text
    assert Member.objects.everywhere().count() == before
    middleware.caches["answers"].clear()


def test_a_buttons_own_address_leads_to_its_page(riverbend, ada_at_work):
    """Where no script puts the page's address into the bar, loading it anew asks for the button's."""
    gathering = a_gathering(riverbend)
    button = reverse("gatherings:publish", args=["riverbend", gathering.public_id])
    assert ada_at_work.get(button).status_code == 405, "what is no browser is told as before"
    led = ada_at_work.get(button, headers={"accept": "text/html"})
    assert led.headers["Location"] == reverse("gatherings:overview", args=["riverbend", gathering.public_id])


def test_every_buttons_address_leads_to_a_page(riverbend, ada_at_work):
    buttons, nowhere = 0, []
    for route in every_route():
        if not route.of_agency:
            continue
        here = route.address("riverbend", "nobody")
        asked = ada_at_work.get(here, headers={"accept": "text/html"})
        if asked.status_code == 405:
            nowhere.append(route.name)
        if asked.status_code == 302 and here.startswith(asked.headers["Location"]):
            buttons += 1
            seen = [here]
            while asked.status_code == 302 and asked.headers["Location"] not in seen:
                seen.append(asked.headers["Location"])
                asked = ada_at_work.get(seen[-1], headers={"accept": "text/html"})
            assert asked.status_code in {200, 404}, seen
    assert nowhere == []
    assert buttons > 10, "the premise"
