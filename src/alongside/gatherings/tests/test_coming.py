"""Neighbours say that they come, and change their minds."""

import pytest

from alongside.gatherings import actions
from alongside.gatherings.models import Rsvp, State
from alongside.gatherings.tests.cast import a_draft, a_gathering, answer, form_key

pytestmark = pytest.mark.django_db


def test_ben_comes_with_two_others_and_gives_no_name(riverbend):
    walk = a_gathering(riverbend)

    rsvp, token = actions.join(walk, party="3", form_key=form_key())

    assert rsvp.state == State.GOING
    assert (rsvp.name, rsvp.party) == ("", 3)
    assert actions.answer_behind(token, at=riverbend).thing == rsvp
    assert walk.numbers.going == 3
    assert walk.numbers.left is None  # outdoors nobody is turned away


def test_the_same_form_sent_twice_is_one_answer(riverbend):
    walk = a_gathering(riverbend)
    key = form_key()

    first, one = actions.join(walk, party=2, form_key=key)
    second, other = actions.join(walk, party=2, form_key=key)

    assert first == second
    assert Rsvp.objects.count() == 1
    assert actions.answer_behind(one, at=riverbend).thing == actions.answer_behind(other, at=riverbend).thing


@pytest.mark.parametrize("party", [0, -1, "", "two", "🙂", "٣", "1e3", "2.5", None, "१"])
def test_a_number_that_is_no_party_is_refused(riverbend, party):
    walk = a_gathering(riverbend)
    with pytest.raises(actions.BadParty):
        actions.join(walk, party=party, form_key=form_key())
    assert not Rsvp.objects.exists()


@pytest.mark.parametrize("party", [21, 10**9, "1000000000"])
def test_a_busload_is_asked_to_answer_apart(riverbend, party):
    with pytest.raises(actions.PartyTooLarge, match="20"):
        actions.join(a_gathering(riverbend), party=party, form_key=form_key())


def test_a_draft_takes_no_answers(riverbend):
    with pytest.raises(actions.NotOpen):
        answer(a_draft(riverbend))
