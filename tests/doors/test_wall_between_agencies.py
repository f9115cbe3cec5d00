"""No address and no query gives one agency, or a stranger, another's drafts. Asked of every address there is."""

from __future__ import annotations

import pytest
from django.test import Client

from alongside.agencies.models import Agency
from tests.doors.populated import SECRET, one_of_everything, owned_models, the_id
from tests.doors.routes import every_route

OF_AGENCY = [route for route in every_route() if route.of_agency]


@pytest.fixture
def drafts(riverbend):
    return one_of_everything(riverbend)


def content(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


def never_tells(client: Client, url: str, *, known: str) -> None:
    """Neither GET nor POST, neither plain nor with the id of every draft asked for in the query, says the word."""
    queries = dict.fromkeys(("area", "neighborhood", "q", "id", "page", "kind", "walk", "next"), known)
    for response in (client.get(url), client.get(url, queries), client.post(url, {"reason": "x" * 30})):
        assert response.status_code < 500, url
        assert SECRET.lower() not in content(response).lower(), (
            f"{url} tells a draft ({response.status_code})"
        )


def test_there_is_one_of_everything(drafts, riverbend):
    assert set(drafts) == {model._meta.label for model in owned_models()}
    assert len([row for row in drafts.values() if getattr(row, "public_id", "") == the_id(riverbend)]) > 8
    assert len(OF_AGENCY) > 50


@pytest.mark.heavy
def test_ada_sees_her_own_drafts(drafts, riverbend, ada, client_for):
    """The premise: the word is there to be seen, by those who may."""
    client = client_for(ada)
    closed = [route.address(riverbend.slug, the_id(riverbend)) for route in OF_AGENCY if not route.is_public]
    seen = [url for url in closed if SECRET in content(client.get(url))]
    assert len(seen) > 20


@pytest.mark.heavy
def test_strangers_see_no_draft(drafts, riverbend, client):
    for route in OF_AGENCY:
        never_tells(client, route.address(riverbend.slug, the_id(riverbend)), known=the_id(riverbend))


@pytest.mark.heavy
def test_eve_of_another_agency_sees_no_draft(drafts, riverbend, elsewhere, eve, client_for):
    """At Riverbend's address she is a stranger; at her own, Riverbend's ids mean nothing."""
    client = client_for(eve)
    for route in OF_AGENCY:
        for slug in (riverbend.slug, elsewhere.slug):
            never_tells(client, route.address(slug, the_id(riverbend)), known=the_id(riverbend))


def test_the_workspace_of_another_agency_is_not_there(riverbend, eve, client_for):
    client = client_for(eve)
    for route in (each for each in OF_AGENCY if not each.is_public):
        url = route.address(riverbend.slug, "x2x3x4x5x6")
        assert client.get(url).status_code in {404, 405}, url


@pytest.mark.parametrize(
    "slug", ["RIVERBEND", "riverbend ", "..", "riverbend%00", "riv🦊", "es", "workspace", "nobody"]
)
def test_a_forged_slug_is_no_agency(client, riverbend, slug):
    assert client.get(f"/{slug}/walks/").status_code in {404, 400}


def test_a_closed_agency_is_not_there_for_strangers(client, riverbend, ada, client_for):
    Agency.objects.filter(pk=riverbend.pk).update(published=False)
    assert client.get("/riverbend/").status_code == 404
    assert client_for(ada).get("/riverbend/").status_code == 200
