"""While somebody says a pause, residents still answer. On PostgreSQL: SQLite has one writer at a time anyway."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction

from alongside.cadence import pauses
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Rsvp
from alongside.gatherings.tests.cast import a_gathering, answer

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_a_pause_holds_up_nobody_who_answers_elsewhere(riverbend, ada):
    """A row that others point to is held without its key: else each new row of the agency waits for the pause, and
    a pause that wants a gathering whose answer waits for it ends in a deadlock."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    walk, first = a_gathering(riverbend), riverbend.today() + timedelta(days=40)

    def a_resident_answers():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '4s'")
            return answer(walk)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        pauses.pause(
            riverbend,
            of=WALK,
            first=first,
            last=first,
            cause="other",
            reason="The street is closed on this day.",
            by=ada,
        )
        pool.submit(a_resident_answers).result()
    assert Rsvp.objects.count() == 1
