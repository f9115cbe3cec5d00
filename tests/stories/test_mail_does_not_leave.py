"""Where mail does not leave, those who can mend it or must tell people otherwise are told; and nobody else."""

import pytest
from django.urls import reverse

from alongside.core import formats
from alongside.core.errors import phrase
from alongside.gatherings.tests.cast import a_gathering
from alongside.outreach.tests.cast import a_mail
from alongside.outside import circuits, smtp
from alongside.outside.errors import Away
from alongside.outside.models import Circuit

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(post_office, riverbend, elsewhere):
    """The mail server has not answered for a while, and two mails of this agency wait; one of another."""
    for agency in (riverbend, riverbend, elsewhere):
        a_mail(agency, "ben@neighbors.example")
    silent(smtp.server().name, phrase("The mail server"))


def silent(server, what):
    for _ in range(circuits.OPENS_AFTER):
        with pytest.raises(Away), circuits.through(server, what=what):
            raise Away(phrase("Nobody is there."))


@pytest.fixture
def week(riverbend):
    a_gathering(riverbend)
    return reverse("front:workspace", args=["riverbend"])


@pytest.mark.parametrize("who", ["ada", "administrator"])
def test_those_who_can_mend_it_are_told(client, request, away, week, who):
    client.force_login(request.getfixturevalue(who))
    shown = client.get(week).text
    assert "Mail has not left since" in shown
    assert ": 2 wait." in shown
    assert "Nobody is there." in shown


def test_others_are_not(client, officer, away, week):
    client.force_login(officer)
    assert "Mail has not left" not in client.get(week).text


def test_the_page_of_mail_says_it(client, ada, away):
    client.force_login(ada)
    assert "Mail has not left since" in client.get(reverse("outreach:mail", args=["riverbend"])).text


def test_and_no_longer_once_it_leaves(client, ada, away, week, later):
    client.force_login(ada)
    later(minutes=2)
    with circuits.through(smtp.server().name, what=phrase("The mail server")):
        pass
    assert "Mail has not left" not in client.get(week).text


def test_another_server_is_named(client, ada, week):
    client.force_login(ada)
    silent("api.weather.gov:443", phrase("The weather service"))
    assert "The weather service: no answer since" in client.get(week).text


def test_an_hour_of_another_day_has_its_day(client, ada, away, week, later, riverbend):
    later(days=2)
    with pytest.raises(Away), circuits.through(smtp.server().name, what=phrase("The mail server")):
        raise Away(phrase("Still nobody."))
    client.force_login(ada)
    first = Circuit.objects.get().down_since.astimezone(riverbend.zone)
    assert f"since {formats.moment(first)}" in client.get(week).text
