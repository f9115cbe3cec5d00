"""Partners who walk with us: kept by staff, put right by themselves through a link, listed only if they agreed."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from alongside.agencies import bearers
from alongside.agencies.models import AuditEntry, Bearer
from alongside.core import clock
from alongside.people import actions, queries
from alongside.people.models import Partner
from alongside.people.tests.test_commanders import area
from alongside.places.models import AreaKind
from alongside.places.tests.cities import WEST


@pytest.fixture
def eastbank(riverbend):
    return area(riverbend, "Eastbank", AreaKind.NEIGHBORHOOD)


@pytest.fixture
def church(riverbend, eastbank, ada):
    partner = Partner(agency=riverbend, name="Grace Church", kind="clergy", contact_name="Rev. Hill")
    return actions.save_partner(partner, areas=[eastbank], by=ada)


def test_staff_keep_the_directory_and_a_twin_is_refused(riverbend, elsewhere, church, ada):
    assert [each.name for each in church.areas.all()] == ["Eastbank"]
    twin = Partner(agency=riverbend, name="GRACE CHURCH", kind="clergy")
    with pytest.raises(actions.PartnerRefused):
        actions.save_partner(twin, areas=[], by=ada)
    school = Partner(agency=riverbend, name="Grace Church", kind="school")
    assert actions.save_partner(school, areas=[], by=ada).pk
    assert actions.save_partner(
        Partner(agency=elsewhere, name="Grace Church", kind="clergy"), areas=[], by=None
    ).pk


def test_an_area_of_another_agency_is_refused(riverbend, elsewhere, church):
    theirs = area(elsewhere, "Far Hill", AreaKind.NEIGHBORHOOD)
    with pytest.raises(actions.PartnerRefused):
        actions.save_partner(church, areas=[theirs], by=None)


def test_the_public_sees_those_who_agreed_and_are_active(riverbend, church, ada):
    nobody = AnonymousUser()
    assert Partner.objects.visible_to(ada, at=riverbend).count() == 1
    assert not Partner.objects.visible_to(nobody, at=riverbend).exists()
    Partner.objects.update(listed=True)
    assert Partner.objects.visible_to(nobody, at=riverbend).get() == church
    Partner.objects.update(active=False)
    assert not Partner.objects.visible_to(nobody, at=riverbend).exists()


def test_partners_are_found_by_place_with_those_of_the_whole_city(riverbend, church, eastbank):
    far = area(riverbend, "Hill", AreaKind.NEIGHBORHOOD, west=WEST + 0.1)
    watch = actions.save_partner(
        Partner(agency=riverbend, name="Hill Watch", kind="watch"), areas=[far], by=None
    )
    mayor = actions.save_partner(Partner(agency=riverbend, name="Mayor", kind="mayor"), areas=[], by=None)
    quiet = Partner(agency=riverbend, name="Quiet", kind="business", invited=False)
    actions.save_partner(quiet, areas=[eastbank], by=None)
    assert set(queries.partners_of(riverbend, eastbank.shape)) == {church, mayor}
    assert set(queries.partners_of(riverbend, far.shape)) == {watch, mayor}


# -- by link --------------------------------------------------------------------------------------
OURS = {"HTTP_ORIGIN": "http://testserver"}


def entry(agency, token):
    return reverse("people:own-entry", args=[agency.slug, token])


def test_a_partner_puts_its_entry_right_without_an_account(riverbend, church, client):
    token = actions.link_partner(church, by=None)
    shown = client.get(entry(riverbend, token))
    assert shown.status_code == 200
    assert "Grace Church" in shown.text
    assert "Rev. Hill" in shown.text
    assert shown["Referrer-Policy"] == "same-origin"
    assert "no-store" in shown["Cache-Control"]
    assert Bearer.objects.get().used_at is None, "looking changes nothing"

    given = {"name": "Grace and Hope Church", "contact_name": "Rev. Young", "listed": "on"}
    done = client.post(entry(riverbend, token), given, **OURS)
    assert "up to date" in done.text
    now = Partner.objects.get()
    assert (now.name, now.contact_name, now.listed, now.invited) == (
        "Grace and Hope Church",
        "Rev. Young",
        True,
        False,
    )
    assert not now.areas.exists()
    assert (now.kind, now.active) == ("clergy", True), "kind and standing are the agency's to say"
    assert AuditEntry.objects.filter(verb="put its own entry right").exists()


def test_a_form_from_another_site_and_one_with_mistakes_change_nothing(riverbend, church, client):
    token = actions.link_partner(church, by=None)
    given = {"name": "Mine now", "listed": "on"}
    assert client.post(entry(riverbend, token), given, HTTP_ORIGIN="http://evil.example").status_code == 403
    assert client.post(entry(riverbend, token), {"name": ""}, **OURS).status_code == 422
    assert client.post(entry(riverbend, token), given | {"email": "no address"}, **OURS).status_code == 422
    assert Partner.objects.get().name == "Grace Church"


def test_a_forged_an_old_a_replaced_and_another_agencys_link_open_nothing(
    riverbend, elsewhere, church, client, monkeypatch
):
    first = actions.link_partner(church, by=None)
    second = actions.link_partner(church, by=None)
    assert client.get(entry(riverbend, "forged")).status_code == 404
    assert client.get(entry(riverbend, first)).status_code == 404
    assert client.get(entry(elsewhere, second)).status_code == 404
    assert client.get(entry(riverbend, second)).status_code == 200
    later = clock.now() + timedelta(days=actions.LINK_DAYS + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(entry(riverbend, second)).status_code == 404
    with pytest.raises(bearers.Useless):
        actions.correct_partner(second, actions.Entry("x", [], listed=True, invited=True), at=riverbend)


def test_only_the_digest_of_a_link_is_kept(church):
    token = actions.link_partner(church, by=None)
    link = Bearer.objects.get()
    assert token not in str(link.__dict__)
    assert len(link.digest) == 64


def test_a_partner_who_is_no_longer_active_cannot_come_back_by_link(riverbend, church, client):
    token = actions.link_partner(church, by=None)
    Partner.objects.update(active=False)
    assert client.get(entry(riverbend, token)).status_code == 404
