"""Days and numbers that slip off a keyboard: each is refused in a sentence, and no page breaks over it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from alongside.gatherings.models import Gathering, Rsvp
from alongside.hotspots.forms import NewRun
from alongside.people.models import Commander
from alongside.people.tests.test_commanders import area
from alongside.places.models import AreaKind

PLAN = {
    "kind": "forum",
    "title": "An evening",
    "language": "en",
    "at": "18:00",
    "minutes": "60",
    "meeting_point": "The gate",
}


@pytest.mark.database
class TestDays:
    @pytest.mark.parametrize(
        "on", ["0001-01-01", "1900-02-28", "9999-12-31", "2100-02-29", "10000-01-01", "🦊"]
    )
    def test_no_gathering_is_planned_at_the_ends_of_time(self, client_for, ada, on):
        client = client_for(ada)
        page = client.post(reverse("gatherings:plan", args=["riverbend"]), {**PLAN, "on": on})
        assert page.status_code == 422
        assert not Gathering.objects.exists()

    def test_next_month_is_planned(self, client_for, ada, next_month):
        page = client_for(ada).post(
            reverse("gatherings:plan", args=["riverbend"]), {**PLAN, "on": next_month}
        )
        assert page.status_code == 302
        assert Gathering.objects.exists()

    @pytest.mark.parametrize("on", ["0001-01-01", "9999-12-31"])
    def test_nothing_moves_there(self, client_for, ada, open_forum, on):
        said = {"on": on, "at": "18:00", "meeting_point": "x", "reason": "Rain", "stand_in": "Ada"}
        address = reverse("gatherings:move", args=["riverbend", open_forum.public_id])
        assert client_for(ada).post(address, said).status_code == 422
        assert Gathering.objects.get().on == open_forum.on

    @pytest.mark.parametrize("minutes", ["0", "-5", "32768", "99999999999999999999"])
    def test_no_gathering_lasts_so_long(self, client_for, ada, next_month, minutes):
        said = {**PLAN, "on": next_month, "minutes": minutes}
        assert client_for(ada).post(reverse("gatherings:plan", args=["riverbend"]), said).status_code == 422

    @pytest.mark.parametrize(
        ("since", "status"), [("0001-01-01", 422), ("9999-12-31", 422), ("2026-11-22", 302)]
    )
    def test_no_command_begins_before_the_town(self, client_for, ada, dent, riverbend, since, status):
        """Days of command are days of this life: a slip of the keyboard is no history."""
        first = area(riverbend, "First Division", AreaKind.DIVISION)
        page = reverse("people:command", args=["riverbend", first.public_id])
        said = {"member": dent.membership_at(riverbend).pk, "since": since}
        assert client_for(ada).post(page, said).status_code == status
        assert Commander.objects.exists() == (status == 302)

    def test_a_window_to_the_ends_of_time_is_understood(self):
        form = NewRun(
            {"window_from": "0001-01-01", "window_to": "9999-12-31", "layer": "both"},
            units="miles",
        )
        assert form.is_valid(), form.errors


@pytest.mark.database
class TestHowMany:
    @pytest.mark.parametrize(
        "party", ["0", "-1", "1000000000", "1e9", "٣", "1.5", "²", "🦊", "", " ", "9" * 5000]
    )
    def test_a_party_that_is_none_is_told_so(self, client, open_forum, party):
        page = answer(client, open_forum, party=party)
        assert page.status_code == 422
        assert not Rsvp.objects.exists()

    def test_two_come(self, client, open_forum):
        assert answer(client, open_forum, party="2").status_code == 302

    def test_sent_twice_is_once(self, client, open_forum):
        for _again in range(3):
            assert answer(client, open_forum, party="2").status_code == 302
        assert Rsvp.objects.count() == 1

    @pytest.mark.parametrize(
        "field", ["name", "interpreter", "access_needs", "email", "form_key", "x1", "party"]
    )
    def test_a_megabyte_in_a_field_is_refused(self, client, open_forum, field):
        page = answer(client, open_forum, **{"party": "2", field: "a" * 1_000_000})
        assert page.status_code == 422
        assert not Rsvp.objects.exists()

    @pytest.mark.parametrize("field", ["name", "interpreter", "access_needs", "email", "form_key"])
    def test_nul_is_no_letter(self, client, open_forum, field):
        assert answer(client, open_forum, **{"party": "2", field: "a\x00" * 20}).status_code == 422

    def test_five_thousand_fields_are_refused(self, client, open_forum):
        page = answer(client, open_forum, party="2", **{f"more{n}": "x" for n in range(5000)})
        assert page.status_code == 400


def answer(client, gathering, **said):
    address = reverse("gatherings:join", args=["riverbend", gathering.public_id])
    return client.post(
        address,
        {"form_key": "k" * 32, **said},
        headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"},
    )
