"""Every page of one gathering at the desk stands in its frame, whichever room draws it, and whoever looks."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import Role
from alongside.core import clock
from alongside.gatherings.frame import every_tab
from alongside.gatherings.models import Gathering, Status
from tests.cast import staff_member
from tests.doors.populated import one_of_everything
from tests.doors.routes import every_route

STAFF = [role for role in Role if role != Role.PARTNER]
ROUTES = {
    route.name: route
    for route in every_route()
    if route.of_agency and "/workspace/" in route.address("a", "b")
}
Frame = tuple[str, str, tuple[str, ...], tuple[str, ...]]
# The row, and its links with what they say of this page.
ROW = re.compile(r'<nav class="tabs"[^>]*>(.*?)</nav>', re.S)
LINK = re.compile(r'<a\s+href="([^"]*)"\s*(?:aria-current="(\w+)")?')
CRUMBS = re.compile(r'<nav class="crumbs".*?</nav>', re.S)
# The title, when, where, and how it stands.
HEAD = re.compile(r"<h1>.*?</h1>\s*<p>.*?</p>", re.S)
SIDE = re.compile(r'<nav class="rail".*?</nav>', re.S)


def prefix(name: str) -> str:
    """An address of the workspace up to the id of the gathering."""
    return reverse(name, args=["a", "ID"]).partition("ID/")[0]


def of_one_gathering() -> list[str]:
    """Views whose address holds one gathering: those below where any tab leads to, and those that say so in it."""
    below = {prefix(tab.view) for tab in every_tab()}
    return sorted(
        name
        for name, route in ROUTES.items()
        if "gathering_id" in route.fits
        or any(route.address("a", "ID").startswith(f"{each}ID/") for each in below)
    )


def test_each_of_them_stands_below_one_tab():
    """A page that a room adds below a gathering, and does not say below which tab, fails here."""
    named = [page for tab in every_tab() for page in (tab.view, *tab.pages, *tab.itself)]
    assert len(of_one_gathering()) > 30, "the premise"
    assert sorted(named) == of_one_gathering()


@pytest.fixture
def rows(riverbend):
    return one_of_everything(riverbend)


@pytest.fixture(params=["walk", "coffee"])
def gathering(request, rows):
    """One that began an hour ago, so that every page of it is of use: of a room above, and of none."""
    begun = clock.now() - timedelta(minutes=20)
    own_page = {"page_id": rows["walks.Walk"].public_id} if request.param == "walk" else {"page_id": ""}
    Gathering.objects.everywhere().filter(pk=rows["gatherings.Gathering"].pk).update(
        kind=request.param, on=begun.date(), at=begun.time(), timezone="UTC", minutes=60,
        status=Status.PUBLISHED, published_at=begun, **own_page,
    )  # fmt: skip
    return Gathering.objects.everywhere().get(pk=rows["gatherings.Gathering"].pk)


@pytest.mark.heavy  # a page of each room, for each role, of a gathering with a room of its own and of one without
def test_its_frame_is_the_same_on_each_for_each_role(riverbend, gathering, client_for):
    for role in STAFF:
        frames = drawn(client_for(staff_member(riverbend, f"Robin {role.name}", role)), gathering)
        assert "gatherings:overview" in frames, role
        assert len(set(frames.values())) == 1, f"another frame for {role}: {frames}"
        _crumbs, _head, row, menu = next(iter(frames.values()))
        assert row, "the premise"
        assert menu == (reverse(listed_in(gathering), args=[riverbend.slug]),), role


def drawn(client: Client, gathering: Gathering) -> dict[str, Frame]:
    """The frame of each page that this member may open. No tab leads to one that they may not."""
    frames = {}
    for name in of_one_gathering():
        if name.startswith("walks:") and gathering.kind != "walk":
            continue
        answer = client.get(ROUTES[name].address(gathering.agency.slug, gathering.public_id))
        if answer.status_code != 200:
            assert answer.status_code in {403, 405}, name
            continue
        frames[name], marked = frame_of(answer.text)
        assert marked == 1, f"{name} marks {marked} tabs"
    for url in next(iter(frames.values()))[2]:
        assert client.get(url).status_code == 200, f"a tab leads to {url}"
    return frames


def frame_of(page: str) -> tuple[Frame, int]:
    """The way back, the header, the row and the line of the menu; and how many tabs are marked."""
    links = LINK.findall(ROW.search(page)[1])
    menu = re.findall(r'href="([^"]*)"\s+aria-current="page"', SIDE.search(page)[0])
    frame = (CRUMBS.search(page)[0], HEAD.search(page)[0], tuple(url for url, _mark in links), tuple(menu))
    return frame, sum(bool(mark) for _url, mark in links)


def listed_in(gathering: Gathering) -> str:
    return "walks:workspace" if gathering.kind == "walk" else "gatherings:desk"
