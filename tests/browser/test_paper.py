"""What is printed: as few sheets as it takes, on both papers, without anything that only a screen can use."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from alongside.agencies.models import Agency, User
from alongside.followthrough.models import Concern
from alongside.season.models import Season
from alongside.walks.models import Route

pytestmark = pytest.mark.browser

PAPERS = ("A4", "Letter")


def sheets(page: Page, paper: str) -> int:
    """On how many pages of paper a page stands."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper)))


@pytest.mark.parametrize("paper", PAPERS)
def test_a_page_of_forms_prints_none_of_them(
    open_page: Callable[..., Page], riverbend: Agency, ada: User, paper: str
) -> None:
    page = open_page(user=ada)
    page.goto("/riverbend/workspace/gatherings/plan/")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for what in ("input:visible", "select:visible", "textarea:visible", "button:visible", "nav:visible"):
        expect(page.locator(what)).to_have_count(0)
    page.emulate_media(media="null")
    assert sheets(page, paper) == 1


def test_a_closed_table_stays_closed_and_an_open_one_is_printed(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto("/style/")
    page.get_by_text("The map as a table").first.click()
    page.emulate_media(media="print")
    expect(page.locator(".figure details table:visible")).to_have_count(1)


def test_what_moves_is_printed_as_it_is_in_the_end(open_page: Callable[..., Page]) -> None:
    """Whoever asks for less motion had the screen's sizes on paper: a change of sizes began, and was printed so."""
    page = open_page()
    page.goto("/style/")
    page.emulate_media(media="print")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") < 14


def papers() -> dict[str, int]:
    """What people print, and on how many sheets at most."""
    route = Route.objects.everywhere().order_by("pk").last()
    gathering = route.walk.gathering
    concern = Concern.objects.everywhere().filter(state="owned").first()
    season = Season.objects.everywhere().order_by("-version").first()
    desk = "/riverbend/workspace"
    return {
        "/riverbend/program/": 2,
        "/es/riverbend/program/": 2,
        f"{desk}/walks/{route.walk.public_id}/cues/": 1,
        f"/es{desk}/walks/{route.walk.public_id}/cues/": 1,
        f"{desk}/walks/{route.walk.public_id}/plan/": 1,
        f"{desk}/gatherings/{gathering.public_id}/roster/": 1,
        f"{desk}/gatherings/{gathering.public_id}/list/": 1,
        f"{desk}/concerns/{concern.public_id}/": 1,
        f"{desk}/seasons/{season.public_id}/": 2,
    }


@pytest.mark.heavy(minutes=1)
def test_papers_stand_on_few_sheets(city: Page) -> None:
    found = {}
    for address, most in papers().items():
        city.goto(address)
        for media in ("screen", "print"):
            city.emulate_media(media=media)
            assert city.locator("h1:visible").count() == 1, f"{address} for {media}"
        for paper in PAPERS:
            count = sheets(city, paper)
            if count > most:
                found[address, paper] = count
    assert found == {}


@pytest.mark.heavy
def test_what_is_handed_over_is_no_book(city: Page) -> None:
    """Ada answers for the whole city: all its partners and officers, and eight weeks."""
    city.goto("/riverbend/workspace/handover/")
    city.get_by_role("link", name="Ada Okafor").first.click()
    assert max(sheets(city, paper) for paper in PAPERS) <= 6
