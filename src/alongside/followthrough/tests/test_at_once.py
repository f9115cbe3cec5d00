"""Twenty phones send one note at once, and two people hold one card: on both databases, once is once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from alongside.followthrough import actions, queries
from alongside.followthrough.models import Card, Concern
from alongside.followthrough.tests.cast import ben_says

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def at_once(deeds):
    def guarded(deed):
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(guarded, deeds))


def test_twenty_times_one_note_is_one_concern(riverbend):
    [code] = actions.issue_cards(riverbend, count=1, by=None)
    answers = at_once([lambda: ben_says(riverbend, code=code)] * 20)
    assert Concern.objects.count() == 1
    assert sum(answer.new for answer in answers) == 1
    assert {answer.code for answer in answers} == {code}
    assert Concern.objects.get().steps.count() == 1


def test_twenty_times_one_note_without_a_card(riverbend):
    answers = at_once([lambda: ben_says(riverbend)] * 20)
    concern = Concern.objects.get()
    assert sum(answer.new for answer in answers) == 1
    given = [answer.code for answer in answers if answer.code]
    assert given
    assert all(queries.by_code(riverbend, code) == concern for code in given)


def test_one_card_for_two_concerns_goes_to_one(riverbend):
    [code] = actions.issue_cards(riverbend, count=1, by=None)
    answers = at_once([lambda n=n: ben_says(riverbend, key=f"note:{n}", code=code) for n in range(8)])
    assert Concern.objects.count() == 8
    assert [answer.code for answer in answers].count(code) == 1
    assert len({answer.code for answer in answers}) == 8
    assert sum(answer.replaced for answer in answers) == 7
    assert Card.objects.filter(concern=None).count() == 0
