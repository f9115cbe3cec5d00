"""What anybody may send says nothing of who sent it: a key makes two sendings one, and a trap catches programs."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alongside.core import clock
from alongside.core.forms import OpenForm
from alongside.gatherings.forms import JoinForm, WhoCameForm
from alongside.gatherings.models import Rsvp, Tally
from alongside.gatherings.tests.cast import a_gathering
from alongside.hotspots.forms import PetitionForm
from alongside.hotspots.models import Petition
from tests.doors.routes import views_under

pytestmark = pytest.mark.django_db
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}

# Views that take a form from anybody, and have no key in their address: what form it is, and what a browser sends.
OPEN = {
    "gatherings.views.join": (JoinForm, {"party": "2"}),
    "gatherings.views.say_who_came": (WhoCameForm, {"tie": "lives"}),
    "hotspots.views.ask": (PetitionForm, {"place": "The skate park"}),
    "hotspots.views.object_to_label": (
        PetitionForm,
        {"place": "The skate park", "text": "It is no hot spot."},
    ),
}


def open_views() -> set[str]:
    """Views under `public_form` and not under `keyed`: whoever has a key in the address is known by it."""
    return views_under("public_form") - views_under("keyed")


@pytest.fixture(params=OPEN)
def form(riverbend, request):
    """The address of an open form, and what is typed into it, at a moment at which it may be sent."""
    gathering = a_gathering(riverbend)
    names = {
        "gatherings.views.join": ("gatherings:join", gathering.public_id),
        "gatherings.views.say_who_came": ("gatherings:say-who-came", gathering.public_id),
        "hotspots.views.ask": ("hotspots:ask",),
        "hotspots.views.object_to_label": ("hotspots:object",),
    }
    name, *args = names[request.param]
    typed = OPEN[request.param][1]
    moment = gathering.starts + timedelta(minutes=10) if "who" in name else clock.now()
    with clock.at(moment):
        yield reverse(name, args=["riverbend", *args]), typed


def key_in(page) -> str:
    return re.search(r'name="form_key" value="([^"]+)"', page.text)[1]


def kept() -> int:
    """How many rows all of them together have left."""
    return Rsvp.objects.count() + Petition.objects.count() + sum(each.people for each in Tally.objects.all())


def test_every_open_form_is_one_of_ours():
    assert open_views() == set(OPEN)
    for kind, _typed in OPEN.values():
        assert issubclass(kind, OpenForm), kind


def test_its_key_is_fresh_on_every_page_and_no_trap_is_shown(form):
    address, _typed = form
    first, second = Client().get(address), Client().get(address)
    assert key_in(first) != key_in(second)
    assert re.search(r'aria-hidden="true">\s*<[^>]*>.*?name="website"', first.text, re.S)
    assert first.text.count('name="website"') == 1


def test_sent_twice_it_is_one_deed(form):
    address, typed = form
    ben = Client(**FROM_HERE)
    sent = typed | {"form_key": key_in(ben.get(address))}
    answers = [ben.post(address, sent, follow=True).status_code for _ in range(2)]
    assert answers == [200, 200]
    assert kept() == 1
    ben.post(address, typed | {"form_key": key_in(ben.get(address))})
    assert kept() == 2, "the premise: a new form is a new deed"


@pytest.mark.parametrize("more", [{"website": "https://cheap.example"}, {"form_key": ""}])
def test_a_program_and_a_form_without_its_key_are_refused(form, more):
    address, typed = form
    eve = Client(**FROM_HERE)
    sent = typed | {"form_key": key_in(eve.get(address))} | more
    assert eve.post(address, sent).status_code == 422
    assert kept() == 0
