"""What somebody needs can be seen and changed on their own page; what leaving costs is said before."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alongside.core import clock
from alongside.gatherings import actions
from alongside.gatherings.models import Rsvp, State
from alongside.gatherings.tests.cast import a_gathering, answer, form_key
from alongside.outreach.models import Subscription

FROM_HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(riverbend):
    return a_gathering(riverbend, capacity=2)


def own_page(rsvp, name="answer"):
    return reverse(f"gatherings:{name}", args=["riverbend", actions.new_link(rsvp)])


def in_the_box(text):
    """The language that stands in the box; the list below it offers every one."""
    (box,) = re.findall(r'<input[^>]*name="interpreter"[^>]*>', text)
    return re.search(r'value="([^"]*)"', box)[1]


def now(rsvp):
    return Rsvp.objects.get(pk=rsvp.pk)


def test_what_was_said_is_seen_and_changed_until_it_begins(walk):
    ben, client = answer(walk, access_needs="A chair", interpreter="Spanish", name="Ben"), Client(**FROM_HERE)
    page = own_page(ben)
    text = client.get(page).text
    assert "A chair" in text
    assert in_the_box(text) == "Spanish"
    said = {
        "act": "needs",
        "access_needs": "No steps",
        "interpreter": "Somali",
        "name": "Ben",
        "no_photos": "on",
    }
    assert client.post(page, said).status_code == 302
    ben = now(ben)
    assert (ben.access_needs, ben.interpreter, ben.no_photos, ben.party) == ("No steps", "so", True, 1)
    assert "No steps" in client.get(page).text


def test_the_desk_sees_the_need_as_it_is_now(walk, ada, client_for):
    ben = answer(walk, access_needs="A chair")
    actions.change_needs(ben, actions.Guest(access_needs="No steps"))
    page = client_for(ada).get(reverse("gatherings:overview", args=["riverbend", walk.public_id])).text
    assert "No steps" in page
    assert "A chair" not in page


def test_who_waits_says_what_they_need_and_keeps_their_place(walk):
    answer(walk, 2)
    cleo, _dora = answer(walk, 1), answer(walk, 1)
    actions.change_needs(cleo, actions.Guest(access_needs="A ride"))
    assert (now(cleo).state, now(cleo).ahead) == (State.WAITING, 0)


def test_who_reads_another_language_now_is_known_by_it_where_the_address_is(walk):
    ben = answer(walk, email="ben@people.example")
    assert Subscription.objects.get().language == "en"
    actions.change_needs(ben, actions.Guest(language="es"))
    assert (now(ben).language, Subscription.objects.get().language) == ("es", "es")


def test_once_it_has_begun_it_is_said_there(walk):
    ben = answer(walk, access_needs="A chair")
    with clock.at(walk.starts + timedelta(minutes=5)):
        with pytest.raises(actions.NotNow, match="tell us there"):
            actions.change_needs(ben, actions.Guest(access_needs="No steps"))
        text = Client(**FROM_HERE).get(own_page(ben)).text
    assert "A chair" in text, "and can still be seen"
    assert 'name="access_needs"' not in text


def test_what_may_not_be_kept_is_left_out_here_too(walk):
    ben, client = answer(walk), Client(**FROM_HERE)
    page = client.post(own_page(ben), {"act": "needs", "access_needs": "Call 502-555-0147"})
    assert page.status_code == 422, "asked once"
    assert now(ben).access_needs == ""


def test_what_leaving_costs_is_said_before(walk):
    ben, _line = answer(walk, 2), [answer(walk, 1), answer(walk, 1)]
    page = Client(**FROM_HERE).get(own_page(ben)).text
    assert 'value="leave"' not in page
    text = Client(**FROM_HERE).get(own_page(ben, "cannot-come")).text
    assert "your places are offered to whoever waits" in text
    assert "2 people" not in text, "how many wait is for staff"
    waits = Client(**FROM_HERE).get(own_page(_line[0], "cannot-come")).text
    assert "your place in it is lost" in waits


def test_who_left_by_mistake_comes_back_while_the_place_is_free_or_reads_what_it_costs(walk):
    ben, client = answer(walk, 2), Client(**FROM_HERE)
    page = own_page(ben)
    client.post(page, {"act": "leave"})
    assert "We’ll come after all" in client.get(page).text
    client.post(page, {"act": "rejoin"})
    assert now(ben).state == State.GOING
    answer(walk, 1)
    client.post(page, {"act": "leave"})
    refused = client.post(page, {"act": "rejoin"})
    assert refused.status_code == 422
    assert "Your places may have gone to others meanwhile" in refused.text
    assert 'value="wait"' in refused.text
    client.post(page, {"act": "wait"})
    assert now(ben).state == State.WAITING


def test_a_language_is_kept_by_its_code_and_shown_by_its_name(walk):
    guest, key = actions.Guest(interpreter="español"), form_key()
    ben, _token = actions.join(walk, party=1, form_key=key, guest=guest)
    again, _token = actions.join(walk, party=1, form_key=key, guest=guest)
    assert again == ben, "the same form with the same words is the same answer"
    client, page = Client(**FROM_HERE), own_page(ben)
    assert in_the_box(client.get(page).text) == "Spanish"
    assert client.post(page, {"act": "needs", "interpreter": "Somali"}).status_code == 302
    assert now(ben).interpreter == "so", "counted with those who chose it in another language"
    assert in_the_box(client.get(page).text) == "Somali"
    with clock.at(walk.starts + timedelta(minutes=1)):
        assert '<p dir="auto">Somali</p>' in client.get(own_page(ben)).text


def test_what_was_arranged_for_another_party_or_another_answer_is_arranged_anew(walk, ada):
    def arranged(rsvp):
        actions.arrange(rsvp, by=ada)
        return now(rsvp)

    ben = arranged(answer(walk, access_needs="A ride", email="ben@example.org"))
    actions.change_party(ben, party=2)
    assert now(ben).arranged_at is None, "a ride for one is none for two"
    arranged(ben)
    actions.change_party(ben, party=1)
    assert now(ben).arranged_at is not None
    actions.leave(ben)
    actions.rejoin(now(ben))
    assert now(ben).arranged_at is None, "it was let go"
    arranged(ben)
    second = answer(walk, access_needs="A ride", email="ben@example.org")
    actions.let_count(second)
    assert now(second).arranged_at is None
