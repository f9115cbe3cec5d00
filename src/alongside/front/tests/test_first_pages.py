"""The first page of the public and the first of the staff ask the database as often for much as for little."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alongside.core import clock
from alongside.followthrough import actions as followthrough
from alongside.followthrough.tests.cast import ben_says
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.tests.cast import a_draft, a_gathering, answer
from alongside.walks.tests import cast as walks
from alongside.walks.tests.cast import a_town, an_area, box
from alongside.weather import actions as weather

LITTLE, MUCH = 2, 7


@pytest.fixture
def town(riverbend):
    a_town(riverbend)
    return riverbend


def lived(agency, user, times):
    """So many walks to come, walked, not closed and in draft, each in a place of its own; so many late promises."""
    today = agency.today()
    already = Gathering.objects.count()
    for n in range(already, already + times):
        home = an_area(agency, f"Quarter {n}", box(1000 * n + 2000, 0, 1000 * n + 2900, 900))
        answer(a_gathering(agency, on=today + timedelta(days=3 + n), neighborhood=home, capacity=9))
        a_draft(agency, on=today + timedelta(days=4 + n), neighborhood=home)
        walks.published(walks.a_draft(agency, on=today + timedelta(days=5 + n), meeting_point="The fountain"))
        for status, ago in ((Status.HELD, 20), (Status.PUBLISHED, 2)):
            walk = a_draft(agency, neighborhood=home)
            Gathering.objects.filter(pk=walk.pk).update(
                status=status, on=today - timedelta(days=ago + n), published_at=clock.now()
            )
        concern = ben_says(agency, key=f"note:{n}", neighborhood=home).concern
        followthrough.assign(
            concern, owner=user.membership_at(agency), due=today + timedelta(days=1), by=user
        )


def queries_of(client, page):
    client.get(page)  # what a process learns once
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(page)
    assert answer.status_code == 200
    return len(asked), answer.text


@pytest.mark.parametrize(
    ("name", "staff", "pinned"), [("front:home", False, 15), ("front:workspace", True, 72)]
)
def test_what_the_first_pages_cost_does_not_grow(town, ada, client_for, later, name, staff, pinned):
    client = client_for(ada) if staff else Client()
    page = reverse(name, args=["riverbend"])
    lived(town, ada, LITTLE)
    later(days=2)
    little, short = queries_of(client, page)
    lived(town, ada, MUCH)
    later(days=2)
    much, long = queries_of(client, page)
    assert len(long) > len(short), "the premise: it shows more"
    assert (little, much) == (pinned, pinned)


def test_the_trail_is_read_in_the_language_of_whoever_reads_it(client_for, ada, riverbend):
    """What the product named itself, too; and the command line, which did it."""
    weather.set_thresholds(riverbend, by=None, wind_mph=40)
    page = reverse("front:audit", args=["riverbend"])
    assert "Weather thresholds" in client_for(ada).get(page).text
    spanish = client_for(ada).get(f"/es{page}").text
    assert "Límites de clima" in spanish
    assert "línea de comandos" in spanish
    assert "Weather thresholds" not in spanish
