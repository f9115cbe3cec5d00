"""What anybody may send says nothing of who sent it: a key makes two sendings one, and a trap catches programs."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from alongside.core.forms import OpenForm
from alongside.followthrough.intake_forms import TellUsForm
from alongside.followthrough.models import Concern
from alongside.gatherings.forms import JoinForm
from alongside.gatherings.models import Rsvp
from alongside.gatherings.tests.cast import a_gathering
from alongside.hotspots.forms import PetitionForm
from alongside.hotspots.models import Petition
from alongside.outreach.models import Mail
from alongside.outreach.subscriptions.forms import AskForm
from tests.doors.routes import views_under

pytestmark = pytest.mark.django_db
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}

# Views that take a form from anybody, and have no key in their address: what form it is, and what a browser sends.
OPEN = {
    "gatherings.views.join": (JoinForm, {"party": "2"}),
    "hotspots.views.ask": (PetitionForm, {"place": "The skate park"}),
    "outreach.subscriptions.views.follow": (
        AskForm,
        {"about": "program:walk", "email": "ben@neighbors.example"},
    ),
    "hotspots.views.object_to_label": (
        PetitionForm,
        {"place": "The skate park", "text": "It is no hot spot."},
    ),
    "followthrough.intake_views.write": (
        TellUsForm,
        {"words": "The bench is broken.", "kind": "concern", "category": "parks", "language": "en"},
    ),
}
# Nothing is typed there: a button, and a device that is counted once (voices).
BY_DEVICE = {"followthrough.public.views.concern"}


def open_views() -> set[str]:
    """Views under `public_form` and not under `keyed`: whoever has a key in the address is known by it."""
    return views_under("public_form") - views_under("keyed")


@pytest.fixture(params=OPEN)
def form(riverbend, request):
    """The address of an open form, and what is typed into it, at a moment at which it may be sent."""
    gathering = a_gathering(riverbend)
    names = {
        "gatherings.views.join": ("gatherings:join", gathering.public_id),
        "hotspots.views.ask": ("hotspots:ask",),
        "hotspots.views.object_to_label": ("hotspots:object",),
        "followthrough.intake_views.write": ("followthrough:write",),
        "outreach.subscriptions.views.follow": ("outreach:follow",),
    }
    name, *args = names[request.param]
    typed = OPEN[request.param][1]
    return reverse(name, args=["riverbend", *args]), typed


def key_in(page) -> str:
    return re.search(r'name="form_key" value="([^"]+)"', page.text)[1]


def kept() -> int:
    """How many rows all of them together have left."""
    return sum(each.objects.count() for each in (Rsvp, Petition, Mail, Concern))


def test_every_open_form_is_one_of_ours():
    assert open_views() == set(OPEN) | BY_DEVICE
    for kind, _typed in OPEN.values():
        assert issubclass(kind, OpenForm), kind


def test_its_key_is_fresh_on_every_page_and_no_trap_is_shown(form):
    address, _typed = form
    first, second = Client().get(address), Client().get(address)
    assert key_in(first) != key_in(second)
    assert re.search(r'aria-hidden="true">\s*<[^>]*>.*?name="x1"', first.text, re.S)
    assert first.text.count('name="x1"') == 1


def test_sent_twice_it_is_one_deed(form):
    address, typed = form
    ben = Client(**FROM_HERE)
    sent = typed | {"form_key": key_in(ben.get(address))}
    answers = [ben.post(address, sent, follow=True).status_code for _ in range(2)]
    assert answers == [200, 200]
    assert kept() == 1
    ben.post(address, typed | {"form_key": key_in(ben.get(address))})
    once = "news" in address  # whoever asks for the same news again asks for nothing new
    assert kept() == (1 if once else 2), "the premise: a new form is a new deed"


OTHER_WORDS = {
    "words": "The bench is gone.",
    "party": "3",
    "place": "The library",
    "email": "cleo@neighbors.example",
}


def test_other_words_by_the_same_key_are_another_deed_or_are_asked_about(form):
    """A page that comes back by a browser's button, or on a phone that a family shares: nobody's words are lost."""
    address, typed = form
    ben = Client(**FROM_HERE)
    sent = typed | {"form_key": key_in(ben.get(address))}
    assert ben.post(address, sent, follow=True).status_code == 200
    others = sent | {name: words for name, words in OTHER_WORDS.items() if name in typed}
    answer = ben.post(address, others, follow=True)
    if answer.status_code == 422:
        assert 'role="alert"' in answer.text
        others |= {"form_key": key_in(answer)}
        assert ben.post(address, others, follow=True).status_code == 200
    assert kept() == 2
    ben.post(address, others, follow=True)
    assert kept() == 2, "the premise: each of them once"


def test_who_is_caught_by_the_trap_sees_it_and_gets_through(form):
    """Some browsers and password managers fill in a field that nobody sees."""
    address, typed = form
    ben = Client(**FROM_HERE)
    sent = typed | {"form_key": key_in(ben.get(address)), "x1": "https://jo.people.example"}
    page = ben.post(address, sent)
    assert page.status_code == 422
    assert "Your browser filled this in" in page.text
    field = page.text.partition('name="x1"')
    assert not re.search(r'aria-hidden="true">\s*<[^>]*>[^<]*<[^>]*>[^<]*$', field[0]), "it is seen"
    assert "jo.people.example" not in page.text, "it is empty"
    assert 'tabindex="-1"' not in field[2].partition(">")[0], "it is reached by the keyboard"
    assert "Thank you" not in page.text
    assert kept() == 0
    assert ben.post(address, sent | {"x1": ""}, follow=True).status_code == 200
    assert kept() == 1


@pytest.mark.parametrize("more", [{"x1": "https://cheap.example"}, {"form_key": ""}])
def test_a_program_and_a_form_without_its_key_are_refused(form, more):
    address, typed = form
    eve = Client(**FROM_HERE)
    sent = typed | {"form_key": key_in(eve.get(address))} | more
    assert eve.post(address, sent).status_code == 422
    assert kept() == 0
