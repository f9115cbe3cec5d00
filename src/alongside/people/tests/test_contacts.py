"""Addresses that people leave: for one purpose, no longer than promised, and never in a list of names."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from alongside.agencies.models import AuditEntry
from alongside.jobs import worker
from alongside.jobs.actions import enqueue
from alongside.people import actions
from alongside.people.models import Contact


def ben(agency, **fields):
    return actions.keep_contact(agency, **({"purpose": "news", "email": " Ben@Example.org "} | fields))


def test_an_address_is_kept_for_its_purpose_and_as_long_as_promised(riverbend):
    contact = ben(riverbend)
    assert contact.email == "ben@example.org"
    assert contact.expires_on == riverbend.today() + timedelta(days=riverbend.contact_retention_days)
    assert contact.consent
    assert "ben@" not in str(contact)


def test_a_wish_to_be_kept_longer_than_promised_is_not_granted_and_a_shorter_one_is(riverbend):
    today = riverbend.today()
    assert ben(riverbend, until=today + timedelta(days=9999)).expires_on == today + timedelta(days=30)
    assert ben(riverbend, until=today + timedelta(days=2)).expires_on == today + timedelta(days=2)


@pytest.mark.parametrize("fields", [{"email": ""}, {"email": "no address"}, {"email": " ", "phone": " "}])
def test_what_reaches_nobody_is_not_kept(riverbend, fields):
    with pytest.raises(actions.ContactRefused):
        ben(riverbend, **fields)
    assert ben(riverbend, email="", phone="502 555 0100").phone == "502 555 0100"


def test_what_has_run_out_is_deleted_by_the_daily_job_and_the_rest_stays(riverbend):
    today = riverbend.today()
    old, due, new = ben(riverbend), ben(riverbend), ben(riverbend)
    Contact.objects.filter(pk=old.pk).update(expires_on=today - timedelta(days=1))
    Contact.objects.filter(pk=due.pk).update(expires_on=today)
    enqueue("people.forget_contacts")
    worker.drain()
    assert set(Contact.objects.all()) == {due, new}, "the last day still counts"
    assert actions.forget_contacts() == 0


def test_its_owner_can_have_it_deleted_sooner_and_the_trail_does_not_keep_it(riverbend, ada):
    actions.erase_contact(ben(riverbend), by=ada)
    assert not Contact.objects.exists()
    entry = AuditEntry.objects.get(verb="erased")
    assert "ben" not in f"{entry.thing_name} {entry.detail}"


def test_only_a_coordinator_reads_addresses(riverbend, ada, analyst, officer, eve):
    contact = ben(riverbend)
    assert Contact.objects.visible_to(ada, at=riverbend).get() == contact
    for other in (analyst, officer, eve, AnonymousUser()):
        assert not Contact.objects.visible_to(other, at=riverbend).exists()
