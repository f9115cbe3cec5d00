"""What came on paper, by phone or by a partner is written down by one of us, who hands the code on."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from alongside.agencies.models import AuditEntry
from alongside.core.forms import fresh_key
from alongside.followthrough.models import Concern, State
from alongside.followthrough.tests.cast import WORDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(riverbend):
    return reverse("followthrough:hand-in", args=[riverbend.slug])


def heard(riverbend, **also):
    usual = {
        "came": "phone",
        "heard_on": riverbend.today() - timedelta(days=2),
        "words": WORDS,
        "kind": "concern",
        "category": "lighting",
        "language": "en",
        "form_key": fresh_key(),
    }
    return {**usual, **also}


@pytest.mark.parametrize("came", ["paper", "phone", "partner"])
def test_ada_writes_down_what_came_and_has_the_code_once(client_for, ada, riverbend, page, came):
    client = client_for(ada)
    answer = client.post(page, heard(riverbend, came=came))
    assert answer.status_code == 200
    code = re.search(r'code-big"[^>]*>\s*([0-9A-Z-]{15})', answer.text)[1]
    concern = Concern.objects.get()
    assert (concern.came, concern.heard_on) == (came, riverbend.today() - timedelta(days=2))
    assert WORDS in client.get(reverse("followthrough:page", args=[riverbend.slug, code])).text
    assert "no-store" in answer["Cache-Control"]
    assert code not in client.get(page).text
    assert code not in str(list(AuditEntry.objects.values()))
    assert AuditEntry.objects.get(verb="received").actor == ada


def test_sent_twice_is_once(client_for, ada, riverbend, page):
    form, client = heard(riverbend), client_for(ada)
    for _time in range(2):
        assert client.post(page, form).status_code == 200
    assert Concern.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"heard_on": date(1900, 1, 1)}, "over a year ago"),
        ({"heard_on": date(2999, 1, 1)}, "on a day to come"),
        ({"came": "web"}, "Select a valid choice"),
        ({"came": "heard"}, "Select a valid choice"),
        ({"words": "👍"}, "Say it in a few words"),
    ],
)
def test_what_cannot_be_comes_back_with_a_sentence(client_for, ada, riverbend, page, wrong, why):
    answer = client_for(ada).post(page, heard(riverbend, **wrong))
    assert answer.status_code == 422
    assert why in answer.text
    assert not Concern.objects.exists()


def test_what_belongs_elsewhere_is_set_apart_after_a_second_look(client_for, dent, riverbend, page):
    client, words = client_for(dent), "Officer Krumbein was rude to her."
    first = client.post(page, heard(riverbend, words=words))
    assert first.status_code == 422
    assert not Concern.objects.exists()
    answer = client.post(page, heard(riverbend, words=words, **{"words-warned": "officer-by-name"}))
    assert Concern.objects.get().state == State.WITHHELD
    assert "It was set apart" in answer.text
    assert Concern.objects.get().get_absolute_url() not in answer.text, "those it may be about do not read it"


def test_strangers_and_members_without_a_part_in_it_do_not(client, client_for, eve, riverbend, page):
    assert client.get(page).status_code == 302
    assert client_for(eve).post(page, heard(riverbend)).status_code in {403, 404}
    assert not Concern.objects.exists()
