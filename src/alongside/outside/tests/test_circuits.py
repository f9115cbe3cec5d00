"""A server that does not answer is left alone, asked again by one at a time, and back at its first answer."""

from datetime import timedelta

import pytest

from alongside.core.errors import phrase
from alongside.outside import circuits, health
from alongside.outside.errors import Away, Resting
from alongside.outside.models import Circuit

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SERVER = "mail.example:25"


def call(*, answers=True, server=SERVER):
    with circuits.through(server, what=phrase("The mail server")):
        if not answers:
            raise Away(phrase("Nobody is there."))


def fail(times=1):
    for _ in range(times):
        with pytest.raises(Away):
            call(answers=False)


def test_one_failure_is_forgiven():
    fail(circuits.OPENS_AFTER - 1)
    assert circuits.down() == []
    call()
    fail(circuits.OPENS_AFTER - 1)
    assert circuits.down() == [], "only failures in a row count"


def test_after_several_in_a_row_nobody_is_asked(later):
    fail(circuits.OPENS_AFTER)
    with pytest.raises(Resting) as resting:
        call()
    assert resting.value.until > circuits.clock.now()
    assert str(resting.value) == "The mail server does not answer at the moment."
    call(server="another.example:25")


def test_it_is_down_since_the_first_failure(later):
    fail()
    first = Circuit.objects.get().failing_since
    later(minutes=10)
    fail(circuits.OPENS_AFTER - 1)
    (circuit,) = circuits.down()
    assert circuit.down_since == first
    (said,) = health.calls()
    assert f"mail.example:25 has not answered since {first:%Y-%m-%d %H:%M} UTC: Nobody is there." == said


def test_a_server_that_nobody_asks_any_more_is_not_told_of(later):
    fail(circuits.OPENS_AFTER)
    later(hours=1)
    assert circuits.down()
    later(hours=2)
    assert circuits.down() == []


def test_then_one_asks_for_all_and_the_others_wait(later):
    fail(circuits.OPENS_AFTER)
    later(seconds=circuits.SHORTEST.total_seconds() + 1)
    with circuits.through(SERVER, what=phrase("The mail server")):
        for _other in range(3):
            with pytest.raises(Resting):
                call()
    assert circuits.down() == []
    call()


def test_who_asked_for_all_and_died_holds_nobody_back_for_long(later):
    fail(circuits.OPENS_AFTER)
    later(minutes=1)
    assert circuits.through(SERVER, what=phrase("The mail server")).__enter__() is None
    with pytest.raises(Resting):
        call()
    later(seconds=circuits.PROBE.total_seconds() + 1)
    call()


def test_each_rest_is_longer_up_to_a_quarter_of_an_hour(later):
    fail(circuits.OPENS_AFTER)
    rests = []
    for _ in range(8):
        left = Circuit.objects.get().ask_after - circuits.clock.now()
        rests.append(timedelta(seconds=round(left.total_seconds())))
        later(seconds=left.total_seconds() + 1)
        fail()
    assert rests[0] == circuits.SHORTEST
    assert rests[1] == 2 * circuits.SHORTEST
    assert rests == sorted(rests)
    assert rests[-1] == circuits.LONGEST == timedelta(minutes=15)


def test_many_that_fail_together_make_one_rest():
    """Four hands that were at it when it went away are no four times the reason to wait."""
    fail(circuits.OPENS_AFTER - 1)
    hands = [circuits.through(SERVER, what=phrase("The mail server")) for _ in range(4)]
    for hand in hands:
        hand.__enter__()
    for hand in hands:
        with pytest.raises(Away):
            hand.gen.throw(Away(phrase("Gone.")))
    assert Circuit.objects.get().failures == circuits.OPENS_AFTER


def test_a_no_is_an_answer():
    fail(circuits.OPENS_AFTER - 1)
    with pytest.raises(ZeroDivisionError), circuits.through(SERVER, what=phrase("The mail server")):
        raise ZeroDivisionError
    assert Circuit.objects.get().failures == 0
