"""A phone that comes late: on the fourth day, after a month, after a move, after the gathering was called off."""

from datetime import timedelta

import pytest

from alongside.core import clock
from alongside.field.models import Note
from alongside.field.passes import NoPass
from alongside.field.tests.cast import Phone, a_note, a_walk
from alongside.gatherings import actions as gatherings

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", [4, 30, 80])
def test_a_new_link_lets_in_what_a_late_phone_holds(riverbend, days):
    walk = a_walk(riverbend)
    with clock.at(walk.ends - timedelta(minutes=20)):
        first = Phone(walk)
    with clock.at(walk.ends + timedelta(days=days)):
        assert first.post({"items": [a_note()]}).status_code == 401, "the premise: its own link is over"
        second = Phone(walk)
        second.send(a_note())
        assert Note.objects.count() == 1
    with clock.at(walk.ends + timedelta(days=days + 4)):
        assert second.post({"items": [a_note()]}).status_code == 401, "and that one ends"


def test_a_phone_of_a_walk_that_was_moved_meanwhile(riverbend, ada):
    walk = a_walk(riverbend)
    with clock.at(walk.starts - timedelta(hours=3)):
        phone = Phone(walk)
        gatherings.move(walk, reason="Storm", stand_in="Ada", by=ada, on=walk.on + timedelta(days=7))
    walk.refresh_from_db()
    with clock.at(walk.starts + timedelta(minutes=10)):
        assert phone.post({"items": [a_note()]}).status_code == 200, "a pass goes with its gathering"


def test_what_was_heard_before_it_was_called_off_is_still_handed_in(riverbend, ada):
    walk = a_walk(riverbend)
    with clock.at(walk.starts + timedelta(minutes=30)):
        phone = Phone(walk)
        gatherings.cancel(walk, reason="Lightning", stand_in="Ada", by=ada)
        assert phone.post({"items": [a_note()]}).status_code == 200
    with clock.at(walk.starts + timedelta(days=30)):
        walk.refresh_from_db()
        assert Phone(walk).post({"items": [a_note()]}).status_code == 200


def test_nobody_writes_at_what_is_called_off_before_it_began(riverbend, ada):
    walk = a_walk(riverbend)
    gatherings.cancel(walk, reason="Lightning", stand_in="Ada", by=ada)
    walk.refresh_from_db()
    with pytest.raises(NoPass):
        Phone(walk)
