"""From Ada's decision to a real mail server, by the worker."""

from datetime import datetime, time, timedelta

import pytest

from alongside.core import clock
from alongside.gatherings import actions
from alongside.gatherings.tests.cast import a_gathering, answer, form_key
from alongside.jobs import worker

pytestmark = pytest.mark.django_db


def words_of(message):
    part = message.get_payload(0) if message.is_multipart() else message
    return part.get_payload(decode=True).decode()


def test_people_who_left_an_address_hear_of_the_last_that_is_true(riverbend, ada, post_office):
    walk = a_gathering(riverbend, title="Walk in Eastbank & Mill Row")
    answer(walk, email="ben@example.org")
    actions.join(
        walk, party=2, form_key=form_key(), guest=actions.Guest(email="luz@example.org", language="es")
    )
    answer(walk)  # Cleo, who left none
    worker.drain()
    assert len(post_office.taken) == 2  # the welcome

    actions.move(walk, at=time(17), reason="Rain", stand_in="Omar", by=ada)
    actions.cancel(walk, reason="Ice on the paths", by=ada)
    worker.drain()
    worker.drain()

    letters = post_office.taken[2:]
    assert sorted(to[0] for _from, to, _message in letters) == ["ben@example.org", "luz@example.org"], (
        "that it was moved is true no longer"
    )
    (cancelled,) = [
        message
        for _from, to, message in letters
        if to == ["ben@example.org"] and message["Subject"].startswith("Cancelled")
    ]
    body = words_of(cancelled)
    assert "Ice on the paths" in body
    assert "Walk in Eastbank & Mill Row" in body  # a mail is no web page
    assert "/riverbend/answer/" in cancelled["List-Unsubscribe"]


def test_who_read_of_a_move_in_another_mail_hears_that_it_was_moved_back(riverbend, ada, post_office):
    """At night a move waits until morning. A welcome does not, and says when it is as it leaves."""
    walk = a_gathering(riverbend, on=riverbend.today() + timedelta(days=9))
    night = datetime.combine(riverbend.today(), time(21), tzinfo=riverbend.zone)
    with clock.at(night):
        answer(walk, email="ben@example.org")
        moved = actions.move(walk, at=time(17), reason="Rain", stand_in="Omar", by=ada).gathering
        worker.drain()
        (welcome,) = (message for _from, _to, message in post_office.taken)
        assert moved.when in words_of(welcome), "the premise: it left after the move"
        back = actions.move(moved, at=time(18), reason="No rain", stand_in="Omar", by=ada).gathering
    with clock.at(night + timedelta(hours=12)):
        worker.drain()
    _welcome, told = (message for _from, _to, message in post_office.taken)
    assert back.when in words_of(told)
    assert f"Before: {moved.when}" in words_of(told)
