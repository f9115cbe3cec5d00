"""A page waits for a lock as long on either database: for less than makes a house look stuck."""

import pytest
from django.conf import settings
from django.db import connection

from alongside.cli import children

pytestmark = [pytest.mark.django_db, pytest.mark.database]
STUCK = 30  # seconds, after which a house whose threads all wait is replaced
ASKS = {"postgresql": ("SHOW lock_timeout", f"{children.LOCKED}s"), "sqlite": ("PRAGMA busy_timeout", 20_000)}


def test_no_page_waits_longer():
    children.wait_no_longer(connection=connection)
    asks, told = ASKS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(asks)
        assert cursor.fetchone() == (told,)
    assert children.LOCKED == settings.SQLITE["OPTIONS"]["timeout"] < STUCK
