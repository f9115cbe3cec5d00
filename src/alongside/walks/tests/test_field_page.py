"""The phone's page is the same for everybody; the way comes by a pass, and by nothing else."""

import json
import re
from datetime import time, timedelta

import pytest
from django.urls import reverse

from alongside.core import clock
from alongside.field import actions as field
from alongside.field.models import Pass
from alongside.gatherings.models import Gathering, Status
from alongside.walks import actions
from alongside.walks.models import Walk
from alongside.walks.tests.cast import a_draft, a_town


@pytest.fixture
def walk(riverbend):
    eastbank, _mill, library = a_town(riverbend)
    draft = a_draft(riverbend, eastbank, venue=library, on=riverbend.today(), at=time(18, 0))
    actions.lay_route(draft, by=None)
    return published(draft)


def published(draft: Walk) -> Walk:
    Gathering.objects.filter(pk=draft.gathering_id).update(status=Status.PUBLISHED, published_at=clock.now())
    draft.agency.published = True
    draft.agency.save(update_fields=["published"])
    return Walk.objects.get(pk=draft.pk)


def address(walk, name="field"):
    return reverse(f"walks:{name}", args=[walk.agency.slug, walk.public_id])


def bearing(token):
    return {"headers": {"Authorization": f"Bearer {token}"}}


OURS = {"headers": {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}}


# -- the shell ------------------------------------------------------------------------------------
def test_everybody_gets_the_same_page_and_it_tells_nothing_of_the_way(client, client_for, walk, officer):
    stranger, staff = client.get(address(walk)), client_for(officer).get(address(walk))
    assert stranger.status_code == 200
    assert stranger.content == staff.content
    assert not stranger.cookies
    assert b"Street 3" not in stranger.content
    assert b"Eastbank" not in stranger.content


def test_only_this_page_may_ask_where_the_phone_is(client, walk):
    assert "geolocation=(self)" in client.get(address(walk))["Permissions-Policy"]
    assert "geolocation=()" in client.get(walk.get_absolute_url())["Permissions-Policy"]


def test_a_draft_has_no_page_for_strangers(client, client_for, riverbend, walk, ada):
    draft = a_draft(riverbend, meeting_point="The mill", on=riverbend.today() + timedelta(days=8))
    assert client.get(address(draft)).status_code == 404
    assert client_for(ada).get(address(draft)).status_code == 200


def test_the_worker_says_which_files_to_keep_and_they_are_there(client, walk):
    answer = client.get(address(walk, "field-worker"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    shell = json.loads(re.search(r"self\.shell = (.*);", answer.content.decode())[1])
    assert shell["page"] == address(walk)
    assert address(walk, "field-manifest") in shell["files"]
    page = client.get(shell["page"]).content.decode()
    for file in re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2))"', page):
        assert file in shell["files"], "what the page needs is kept for when there is no signal"


def test_a_changed_page_is_a_new_version(client, walk, monkeypatch):
    before = client.get(address(walk, "field-worker")).content
    assert client.get(address(walk, "field-worker")).content == before
    monkeypatch.setattr("alongside.walks.field_views.FILES", ("phone.css",))
    assert client.get(address(walk, "field-worker")).content != before


def test_the_manifest_keeps_the_app_to_its_own_walk(client, walk):
    about = client.get(address(walk, "field-manifest")).json()
    assert about["scope"] == about["start_url"] == address(walk)
    assert {icon["purpose"] for icon in about["icons"]} == {"any", "maskable"}


def test_in_spanish_the_app_stays_in_spanish(client, walk):
    page, manifest = "/es" + address(walk), "/es" + address(walk, "field-manifest")
    assert client.get(manifest).json()["scope"] == page


# -- the way --------------------------------------------------------------------------------------
def test_a_pass_brings_the_way_the_corners_and_the_rules(client, walk):
    token = field.open_pass(walk.gathering, by=None)
    answer = client.get(address(walk, "field-way"), **bearing(token))
    assert "no-store" in answer["Cache-Control"]
    answer = answer.json()
    assert answer["cues"][0]["turn"] == "start"
    assert answer["cues"][-1]["turn"] == "finish"
    corners = answer["map"]["corners"]
    assert len(corners) == len(answer["cues"])
    assert [corner["at"] for corner in corners] == sorted(corner["at"] for corner in corners)
    for corner in corners:
        assert answer["map"]["line"][corner["at"]] == pytest.approx([corner["x"], corner["y"]], abs=0.5)
    assert answer["rules"], "what to do if something happens"
    assert answer["api"]["kit"].endswith(f"{walk.gathering.public_id}/kit.json")


def test_a_walk_without_a_route_has_a_page_all_the_same(client, riverbend):
    bare = published(a_draft(riverbend, meeting_point="The mill", on=riverbend.today()))
    token = field.open_pass(bare.gathering, by=None)
    answer = client.get(address(bare, "field-way"), **bearing(token)).json()
    assert answer["cues"] == []
    assert answer["halfway"] is None


def test_without_a_pass_or_with_another_walks_there_is_no_way(client, client_for, riverbend, walk, ada):
    other = published(a_draft(riverbend, meeting_point="The mill", on=riverbend.today()))
    for key in ("", "forged" * 8, "\0", field.open_pass(other.gathering, by=None)):
        assert client.get(address(walk, "field-way"), **bearing(key)).status_code == 401
    assert client_for(ada).get(address(walk, "field-way")).status_code == 401, "a cookie is not looked at"
    token = field.open_pass(walk.gathering, by=None)
    assert client.get(address(walk, "field-way"), **bearing(token)).status_code == 200
    Pass.objects.update(revoked_at=clock.now())
    assert client.get(address(walk, "field-way"), **bearing(token)).status_code == 401


def test_a_pass_of_elsewhere_opens_nothing_here(client, walk, elsewhere):
    theirs = published(a_draft(elsewhere, meeting_point="Their mill", on=elsewhere.today()))
    token = field.open_pass(theirs.gathering, by=None)
    assert client.get(address(theirs, "field-way"), **bearing(token)).status_code == 200
    assert client.get(address(walk, "field-way"), **bearing(token)).status_code == 401


# -- a pass by sign-in ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"), [("officer", 200), ("dent", 200), ("ada", 200), ("analyst", 403), ("eve", 404)]
)
def test_those_who_lead_get_a_pass_by_their_sign_in(client_for, walk, request, who, status):
    answer = client_for(request.getfixturevalue(who)).post(address(walk, "field-pass"), **OURS)
    assert answer.status_code == status
    assert Pass.objects.count() == (status == 200)
    if status == 200:
        assert field.pass_behind(answer.json()["token"], at=walk.agency).gathering == walk.gathering


def test_strangers_and_other_sites_get_none(client, client_for, walk, officer):
    assert client.post(address(walk, "field-pass"), **OURS).status_code == 302
    for headers in ({}, {"Origin": "https://eve.example"}, {"Origin": "null"}):
        assert client_for(officer).post(address(walk, "field-pass"), headers=headers).status_code == 403
    assert client_for(officer).get(address(walk, "field-pass")).status_code == 405
    assert not Pass.objects.exists()


def test_a_cancelled_walk_gives_no_pass(client_for, walk, officer):
    Gathering.objects.update(status=Status.CANCELLED, change_reason="Ice.")
    answer = client_for(officer).post(address(walk, "field-pass"), **OURS)
    assert answer.status_code == 409
    assert "cancelled" in answer.json()["error"]
