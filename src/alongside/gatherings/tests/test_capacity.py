"""Where there are places for thirty, thirty are promised: under a crowd that all answers at once, on both databases."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from alongside.core import clock
from alongside.gatherings.models import Rsvp
from alongside.gatherings.tests.cast import a_gathering, form_key
from alongside.gatherings.tests.crowd import Crowd, LeapingClock

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def a_crowd(agency, monkeypatch, **size):
    leaping = LeapingClock()
    monkeypatch.setattr(clock, "now", leaping.now)
    walk = a_gathering(agency, on=agency.today().replace(year=agency.today().year + 1, day=1), capacity=30)
    crowd = Crowd(walk, leaping, **size)
    crowd.listen(monkeypatch)
    return crowd


def test_a_small_crowd_is_never_promised_more_than_there_is(riverbend, monkeypatch):
    crowd = a_crowd(riverbend, monkeypatch, operations=240, threads=4, seed=1)
    crowd.run()
    crowd.check()
    assert crowd.done.total() == 240


@pytest.mark.heavy(minutes=3)
def test_ten_thousand_operations_at_once(riverbend, monkeypatch):
    crowd = a_crowd(riverbend, monkeypatch, operations=10_400, threads=8, seed=4711)
    crowd.run()
    crowd.check()
    assert crowd.done.total() == 10_400
    assert crowd.done["busy"] <= 20
    assert crowd.looks > 300, crowd.done
    # The premise: everything that can happen did happen.
    happened = {name.split(":")[0] for name in crowd.done} - {"busy"}
    assert happened == {
        "join",
        "leave",
        "change",
        "accept",
        "decline",
        "rejoin",
        "expire",
        "quarrel",
        "resize",
    }
    assert crowd.done["join: GatheringIsFull"] > 50
    assert crowd.done["accept"] > 50
    assert crowd.done["accept: OfferIsOver"] > 0
    assert crowd.ran_out > 0
    endings = [fate for fate in crowd.fates.values() if "ended" in fate]
    assert len(endings) > 500
    assert any("came back" in fate for fate in endings)


@pytest.mark.heavy
def test_a_hall_behind_one_address_answers_at_once_and_thirty_come(riverbend):
    walk = a_gathering(riverbend, capacity=30)
    page = reverse("gatherings:join", args=[riverbend.slug, walk.public_id])

    def send(_number):
        try:
            client = Client(HTTP_ORIGIN="http://testserver")
            return client.post(page, {"party": "1", "form_key": form_key()}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as hall:
        answers = Counter(hall.map(send, range(100)))

    assert answers == {302: 30, 422: 70}
    assert Rsvp.objects.count() == 30
