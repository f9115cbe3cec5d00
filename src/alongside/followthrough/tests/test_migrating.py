"""Addresses of before are subscriptions to the same news until the same day, and none is lost."""

from datetime import date

import pytest
from tests.migrating import as_before, up_to_date

from alongside.outreach.models import Subscription

BEFORE = (
    ("followthrough", "0004_authored_words"),
    ("people", "0002_bearers"),
    ("outreach", "0005_messages"),
)


@pytest.mark.heavy
@pytest.mark.django_db(transaction=True)
def test_every_address_keeps_its_concern_its_day_and_its_language():
    apps = as_before(*BEFORE)
    agency = apps.get_model("agencies", "Agency").objects.create(slug="riverbend", name="R", timezone="UTC")
    contacts, day = apps.get_model("people", "Contact").objects, date(2031, 5, 1)
    facts = {"agency": agency, "purpose": "reply", "consent": "2026-11", "expires_on": day}
    ben = contacts.create(email="ben@people.example", language="es", **facts)
    contacts.create(phone="502 555 0100", email="cleo@people.example", **facts)
    concern = apps.get_model("followthrough", "Concern").objects.create(
        agency=agency, key="k", heard_on=day, contact=ben, public_id="bbbb222222"
    )
    up_to_date()
    rows = Subscription.objects.order_by("pk")
    assert [(row.channel, row.address) for row in rows] == [
        ("email", "ben@people.example"),
        ("email", "cleo@people.example"),
        ("phone", "502 555 0100"),
    ]
    assert (rows[0].topic, rows[0].language) == (f"concern:{concern.public_id}", "es")
    assert {row.ends_on for row in rows} == {day}
    assert all(row.confirmed_at and row.consent == "2026-11" for row in rows)
