"""Many write at once: one chain, without a fork and without a gap, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from alongside.core import clock
from alongside.ledger import actions, chain, kinds
from alongside.ledger.models import Entry

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def a_kind_to_write(monkeypatch):
    said = {**kinds.kinds(), "bench.asked": "A bench was asked for"}
    monkeypatch.setattr(actions, "kinds", lambda: said)


def lines(agency):
    return [f"{line}\n".encode() for line in Entry.objects.of(agency).values_list("line", flat=True)]


def at_once(write, *, times, threads=12):
    def once(number):
        try:
            return write(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(once, range(times)))


def test_writers_at_once_make_one_chain(riverbend, elsewhere):
    def write(number):
        return actions.record(elsewhere if number % 4 == 0 else riverbend, "bench.asked", {"seats": number})

    at_once(write, times=80)
    assert chain.verify(lines(riverbend)).entries == 1 + 60
    assert chain.verify(lines(elsewhere)).entries == 1 + 20
    seats = {entry.body["seats"] for entry in Entry.objects.everywhere().filter(kind="bench.asked")}
    assert seats == set(range(80))


def test_of_writers_that_give_up_nothing_stays(riverbend):
    def write(number):
        try:
            with transaction.atomic():
                actions.record(riverbend, "bench.asked", {"seats": number})
                if number % 2:
                    raise ZeroDivisionError
        except ZeroDivisionError:
            pass

    at_once(write, times=40)
    found = chain.verify(lines(riverbend))
    assert found.entries == 1 + 20


def test_a_day_is_signed_once_whoever_asks(riverbend):
    with clock.at(datetime(2027, 6, 3, 12, tzinfo=UTC)):
        actions.begin(riverbend)

    def seal(_number):
        with clock.at(datetime(2027, 6, 4, 12, tzinfo=UTC)):
            return actions.seal(riverbend)

    signed = [each for each in at_once(seal, times=12) if each]
    assert len(signed) == 1
    assert chain.verify(lines(riverbend)).day == "2027-06-03"
