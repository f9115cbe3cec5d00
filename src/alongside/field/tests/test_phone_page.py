"""The phone's page is the same for everybody; what is not public comes by a pass, and by nothing else."""

import json
import re
from datetime import time, timedelta

import pytest
from django.urls import reverse

from alongside.agencies.models import Bearer
from alongside.core import clock
from alongside.field import passes
from alongside.field.models import Pass
from alongside.field.tests.cast import a_walk, in_the_middle_of
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.tests.cast import a_gathering


@pytest.fixture
def coffee(riverbend):
    return a_coffee(riverbend)


def a_coffee(agency):
    agency.published = True
    agency.save(update_fields=["published"])
    return a_gathering(
        agency,
        kind="coffee",
        title="Coffee on the square",
        on=agency.today(),
        at=time(23, 50),
        meeting_point="The fountain",
    )


def address(gathering, name="phone"):
    return reverse(f"field:{name}", args=[gathering.agency.slug, gathering.public_id])


def bearing(token):
    return {"headers": {"Authorization": f"Bearer {token}"}}


OURS = {"headers": {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}}


# -- the shell ------------------------------------------------------------------------------------
def test_everybody_gets_the_same_page_and_it_tells_nothing_of_the_gathering(
    client, client_for, coffee, officer
):
    stranger, staff = client.get(address(coffee)), client_for(officer).get(address(coffee))
    assert stranger.status_code == 200
    assert stranger.content == staff.content
    assert not stranger.cookies
    assert b"Coffee on the square" not in stranger.content


def test_only_this_page_may_ask_where_the_phone_is(client, coffee):
    assert "geolocation=(self)" in client.get(address(coffee))["Permissions-Policy"]
    assert "geolocation=()" in client.get(coffee.get_absolute_url())["Permissions-Policy"]


def test_a_draft_has_no_page_for_strangers(client, client_for, coffee, ada):
    Gathering.objects.update(status=Status.DRAFT, published_at=None)
    assert client.get(address(coffee)).status_code == 404
    assert client_for(ada).get(address(coffee)).status_code == 200


def test_the_worker_says_which_files_to_keep_and_they_are_there(client, coffee):
    answer = client.get(address(coffee, "phone-worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    shell = json.loads(re.search(r"self\.shell = (.*);", answer.content.decode())[1])
    assert shell["page"] == address(coffee)
    assert address(coffee, "phone-manifest") in shell["files"]
    page = client.get(shell["page"]).content.decode()
    for file in re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2))"', page):
        assert file in shell["files"], "what the page needs is kept for when there is no signal"


def test_a_changed_page_is_a_new_version(client, coffee, monkeypatch):
    before = client.get(address(coffee, "phone-worker")).content
    assert client.get(address(coffee, "phone-worker")).content == before
    monkeypatch.setattr("alongside.field.phone_page.FILES", ("phone.css",))
    assert client.get(address(coffee, "phone-worker")).content != before


def test_the_manifest_keeps_the_app_to_its_own_gathering(client, coffee):
    about = client.get(address(coffee, "phone-manifest")).json()
    assert about["scope"] == about["start_url"] == address(coffee)
    assert {icon["purpose"] for icon in about["icons"]} == {"any", "maskable"}


def test_in_spanish_the_app_stays_in_spanish(client, coffee):
    page, manifest = "/es" + address(coffee), "/es" + address(coffee, "phone-manifest")
    about = client.get(manifest).json()
    assert about["scope"] == page
    assert about["short_name"] == "En el encuentro"


def test_only_a_walk_is_spoken_of_as_a_walk(client, riverbend, coffee):
    walk = a_walk(riverbend, kind="walk")
    for gathering, name in ((walk, "On the walk"), (coffee, "At the gathering")):
        assert client.get(address(gathering, "phone-manifest")).json()["short_name"] == name
        assert f"<title>{name} · " in client.get(address(gathering)).content.decode()

    def said(gathering):
        page = client.get(address(gathering)).content.decode()
        whole_way = re.search(r'<section[^>]*data-name="way".*?</section>', page, re.S)[0]
        return page.replace(whole_way, "")  # which no gathering sees that has no way

    assert re.search(r"\bwalk\b", said(walk))
    assert re.findall(r".*\bwalk\b.*", said(coffee)) == []


# -- what a pass opens ----------------------------------------------------------------------------
def test_a_pass_brings_what_the_gathering_is(client, coffee):
    token = passes.open_pass(coffee, by=None)
    answer = client.get(address(coffee, "way"), **bearing(token))
    assert "no-store" in answer["Cache-Control"]
    said = answer.json()
    assert said["gathering"] == {
        "id": coffee.public_id,
        "title": "Coffee on the square",
        "at": "11:50 p.m.",
        "when": coffee.when,
        "place": "The fountain",
        "until": (coffee.ends + timedelta(days=3)).isoformat(),
    }
    assert said["way"] is None, "nobody walks"
    assert said["api"]["kit"].endswith(f"{coffee.public_id}/kit.json")


def test_without_a_pass_or_with_anothers_nothing_is_said(client, client_for, riverbend, coffee, ada):
    other = a_coffee(riverbend)
    for key in ("", "forged" * 8, "\0", passes.open_pass(other, by=None)):
        assert client.get(address(coffee, "way"), **bearing(key)).status_code == 401
    assert client_for(ada).get(address(coffee, "way")).status_code == 401, "a cookie is not looked at"
    token = passes.open_pass(coffee, by=None)
    assert client.get(address(coffee, "way"), **bearing(token)).status_code == 200
    Bearer.objects.update(ended_at=clock.now())
    assert client.get(address(coffee, "way"), **bearing(token)).status_code == 401


def test_a_pass_of_elsewhere_opens_nothing_here(client, coffee, elsewhere):
    theirs = a_coffee(elsewhere)
    token = passes.open_pass(theirs, by=None)
    assert client.get(address(theirs, "way"), **bearing(token)).status_code == 200
    assert client.get(address(coffee, "way"), **bearing(token)).status_code == 401


def test_a_pass_of_its_days_opens_the_page_of_its_days(client, riverbend):
    walk = a_walk(riverbend)
    token = passes.open_pass(walk, by=None)
    assert client.get(address(walk, "way"), **bearing(token)).status_code == 401
    with in_the_middle_of(walk):
        assert client.get(address(walk, "way"), **bearing(token)).status_code == 200


# -- a pass by sign-in ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"), [("officer", 200), ("dent", 200), ("ada", 200), ("analyst", 403), ("eve", 404)]
)
def test_those_who_lead_get_a_pass_by_their_sign_in(client_for, coffee, request, who, status):
    answer = client_for(request.getfixturevalue(who)).post(address(coffee, "phone-pass"), **OURS)
    assert answer.status_code == status
    assert Pass.objects.count() == (status == 200)
    if status == 200:
        assert passes.pass_behind(answer.json()["token"], at=coffee.agency).gathering == coffee


def test_strangers_and_other_sites_get_none(client, client_for, coffee, officer):
    assert client.post(address(coffee, "phone-pass"), **OURS).status_code == 302
    for headers in ({}, {"Origin": "https://eve.example"}, {"Origin": "null"}):
        assert client_for(officer).post(address(coffee, "phone-pass"), headers=headers).status_code == 403
    assert client_for(officer).get(address(coffee, "phone-pass")).status_code == 405
    assert not Pass.objects.exists()


def test_before_its_day_there_is_no_pass_yet_and_none_is_made(client_for, riverbend, officer):
    walk, scribe = a_walk(riverbend), client_for(officer)
    answer = scribe.post(address(walk, "phone-pass"), **OURS)
    assert answer.status_code == 200, "a page that asks has done nothing wrong"
    said = answer.json()
    assert said["token"] is None
    assert said["why"].startswith("This works from ")
    assert not Pass.objects.exists()
    with in_the_middle_of(walk):
        assert scribe.post(address(walk, "phone-pass"), **OURS).json()["token"]
    Gathering.objects.update(status=Status.CANCELLED, change_reason="Ice.")
    assert scribe.post(address(walk, "phone-pass"), **OURS).status_code == 409


def test_a_cancelled_gathering_gives_no_pass(client_for, coffee, officer):
    Gathering.objects.update(status=Status.CANCELLED, change_reason="Ice.")
    answer = client_for(officer).post(address(coffee, "phone-pass"), **OURS)
    assert answer.status_code == 409
    assert "cancelled" in answer.json()["error"]
