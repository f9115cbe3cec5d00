"""Login is required unless a view says otherwise. These are the views that do, and no others."""

import pytest

from alongside.core.manifest import follow, manifests
from tests.doors.routes import every_route

# Reading them is open to everybody; those that take a form say so themselves (core.doors.public_form).
OF_THE_SHELL = {"style", "method", "signs", "healthz"}
OF_ROOMS = {name for room in manifests().values() for name in room.public}
DATA = {
    f"{room}:{view}"
    for room, offers in manifests().items()
    for name in offers.data
    for view in follow(name).view_names.values()
}


def ours() -> list:
    return [route for route in every_route() if not route.name.startswith(("account_", "mfa_"))]


def test_the_public_pages_are_exactly_these():
    assert len(OF_ROOMS) > 40, "the premise"
    assert {route.name for route in ours() if route.is_public} == OF_THE_SHELL | OF_ROOMS | DATA


def test_nobody_can_sign_up(client, db):
    page = client.get("/accounts/signup/")
    assert page.status_code == 200
    assert b"password1" not in page.content


def test_a_stranger_is_asked_to_sign_in_at_every_other_page(client, riverbend):
    closed = [route for route in ours() if route.of_agency and not route.is_public]
    assert len(closed) > 20
    for route in closed:
        answer = client.get(route.address("riverbend", "x2x3x4x5x6"))
        assert answer.status_code in {302, 405}, route.name
        if answer.status_code == 302:
            assert answer["Location"].startswith("/accounts/login/"), route.name


KEYS = [route for route in every_route() if route.is_public and {"token", "code"} & set(route.holes)]


@pytest.mark.parametrize("route", KEYS, ids=lambda route: route.name)
def test_an_address_that_is_a_key_is_told_to_nobody(client, riverbend, route):
    """Not by a link to another site, not by a search engine, not from a cache; nor where the door refuses."""
    address = route.address(riverbend.slug, "7K2M-9QDX-4TB8W")
    from_another_site = client.post(address, headers={"Origin": "https://elsewhere.example"})
    for answer in (client.get(address), from_another_site):
        assert answer["Referrer-Policy"] == "same-origin"
        assert "noindex" in answer["X-Robots-Tag"]
        assert "no-store" in answer["Cache-Control"]
