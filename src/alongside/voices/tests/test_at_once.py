"""A hundred devices at once, and one of them twice at once: on both databases, once is once."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from alongside.core import keys
from alongside.core.origins import Origin
from alongside.voices import actions, queries
from alongside.voices.models import Matter, Voice

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

BENCH = Origin("thread", "7fq2mz9k4b")


def at_once(agency, tokens, *, threads=20, between=lambda: None):
    def speak(token):
        try:
            between()
            return actions.speak(agency, purpose="me-too", about=BENCH, token=token)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(speak, tokens))


def test_a_hundred_at_once_are_a_hundred(riverbend):
    spoken = at_once(riverbend, [secrets.token_urlsafe(16) for _ in range(100)])
    assert all(each.new for each in spoken)
    assert queries.counts(riverbend, purpose="me-too", about=BENCH) == {"": 100}
    assert Matter.objects.count() == 1


def test_one_device_in_many_tabs_at_once_is_one(riverbend):
    token = secrets.token_urlsafe(16)
    spoken = at_once(riverbend, [token] * 40)
    assert sum(each.new for each in spoken) == 1
    assert Voice.objects.count() == 1


def test_one_device_in_many_tabs_while_keys_are_turned_is_one(riverbend, settings):
    keys.ring(settings.DATA, keys.VOICES)
    token = secrets.token_urlsafe(16)
    spoken = at_once(
        riverbend, [token] * 20, threads=10, between=lambda: keys.rotate(settings.DATA, keys.VOICES)
    )
    assert sum(each.new for each in spoken) == 1
    assert Voice.objects.count() == 1
