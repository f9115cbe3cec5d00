"""The main journeys in Firefox, where the machine has one."""

from collections.abc import Iterator
from typing import Any

import pytest

from alongside.agencies.models import Agency, User
from tests.browser import field as the
from tests.browser import firefox, journeys

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not firefox.executable(), reason="this machine has no Firefox"),
]


@pytest.fixture
def visitor(live_server: Any) -> Iterator[firefox.Visitor]:
    with firefox.opened(live_server.url) as opened:
        opened.size(500, 800)  # the narrowest that its window gets
        yield opened


def test_residents_come_along_read_a_promise_and_follow(visitor: firefox.Visitor, riverbend: Agency) -> None:
    journeys.come_along(visitor, riverbend)
    journeys.read_a_promise(visitor, riverbend)
    journeys.follow_an_area(visitor, riverbend)


def test_staff_sign_in_and_use_the_menu(visitor: firefox.Visitor, riverbend: Agency, ada: User) -> None:
    journeys.sign_in_and_use_the_menu(visitor, riverbend, ada.email)


def test_a_scribe_keeps_a_note_on_a_phone(visitor: firefox.Visitor, riverbend: Agency) -> None:
    journeys.note_on_a_phone(visitor, the.a_walk(riverbend))
