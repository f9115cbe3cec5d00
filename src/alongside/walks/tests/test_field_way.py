"""What a walk hands to a scribe's phone: the way, the corners and the rules. And where its page was before."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from alongside.core import clock
from alongside.field import passes
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.tests.cast import a_gathering
from alongside.walks import actions, field_way
from alongside.walks.models import Walk
from alongside.walks.tests.cast import a_draft, a_town


@pytest.fixture
def walk(riverbend):
    eastbank, _mill, library = a_town(riverbend)
    draft = a_draft(
        riverbend, eastbank, venue=library, on=riverbend.today() + timedelta(days=1), at=time(0, 0)
    )
    actions.lay_route(draft, by=None)
    return published(draft)


def published(draft: Walk) -> Walk:
    Gathering.objects.filter(pk=draft.gathering_id).update(status=Status.PUBLISHED, published_at=clock.now())
    draft.agency.published = True
    draft.agency.save(update_fields=["published"])
    return Walk.objects.get(pk=draft.pk)


def address(walk, name="phone"):
    return reverse(f"field:{name}", args=[walk.agency.slug, walk.gathering.public_id])


def old(walk, name="old-phone"):
    return reverse(f"walks:{name}", args=[walk.agency.slug, walk.public_id])


def bearing(token):
    return {"headers": {"Authorization": f"Bearer {token}"}}


# -- the way --------------------------------------------------------------------------------------
def test_the_page_tells_nothing_of_the_way(client, walk):
    page = client.get(address(walk))
    assert page.status_code == 200
    assert b"Street 3" not in page.content
    assert b"Eastbank" not in page.content


def test_a_pass_brings_the_way_the_corners_and_the_rules(client, walk):
    token = passes.open_pass(walk.gathering, by=None)
    answer = client.get(address(walk, "way"), **bearing(token)).json()
    way = answer["way"]
    assert way["area"] == "Eastbank"
    assert way["cues"][0]["turn"] == "start"
    assert way["cues"][-1]["turn"] == "finish"
    corners = way["map"]["corners"]
    assert len(corners) == len(way["cues"])
    assert [corner["at"] for corner in corners] == sorted(corner["at"] for corner in corners)
    for corner in corners:
        assert way["map"]["line"][corner["at"]] == pytest.approx([corner["x"], corner["y"]], abs=0.5)
    assert way["rules"], "what to do if something happens"
    assert answer["api"]["kit"].endswith(f"{walk.gathering.public_id}/kit.json")


def test_a_walk_without_a_route_has_a_page_all_the_same(client, riverbend):
    bare = published(
        a_draft(riverbend, meeting_point="The mill", on=riverbend.today() + timedelta(days=1), at=time(0, 0))
    )
    token = passes.open_pass(bare.gathering, by=None)
    way = client.get(address(bare, "way"), **bearing(token)).json()["way"]
    assert way["cues"] == []
    assert way["halfway"] is None


def test_a_gathering_that_no_walk_belongs_to_has_no_way(riverbend, walk):
    assert field_way.way_of(walk.gathering)["cues"]
    assert field_way.way_of(a_gathering(riverbend, kind="walk")) is None


# -- where it was before --------------------------------------------------------------------------
def test_a_link_of_before_leads_to_the_page_of_the_gathering(client, walk):
    before, now = old(walk), address(walk)
    for language in ("", "/es"):
        answer = client.get(language + before)
        assert answer.status_code == 301
        assert answer["Location"] == language + now


def test_a_phone_set_up_before_gets_the_same_worker_at_its_address(client, walk):
    worker = client.get(old(walk, "old-phone-worker"))
    assert worker.status_code == 200, "a browser takes no worker by a redirect"
    assert worker.content == client.get(address(walk, "phone-worker")).content
    assert worker["Cache-Control"] == "no-cache"


def test_a_draft_has_no_address_for_strangers(client, client_for, riverbend, walk, ada):
    draft = a_draft(riverbend, meeting_point="The mill", on=riverbend.today() + timedelta(days=8))
    for name in ("old-phone", "old-phone-worker"):
        assert client.get(old(draft, name)).status_code == 404
    assert client_for(ada).get(old(draft)).status_code == 301
