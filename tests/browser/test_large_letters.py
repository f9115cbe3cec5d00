"""Whoever sets their letters twice as large reads down the page, never sideways."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Error, Page

from tests.browser import driver
from tests.crawl import addresses

pytestmark = pytest.mark.browser

TWICE = "document.documentElement.style.fontSize = '200%'"
STARTS = ["/riverbend/workspace/", "/riverbend/", "/style/"]


def too_wide(page: Page) -> Iterator[str]:
    """In which sizes the page is wider than its screen, once its letters have grown."""
    for size, screen in driver.SIZES.items():
        page.set_viewport_size(screen)
        page.evaluate(driver.COLORS_HAVE_CHANGED)
        if (by := driver.overflow(page)) > 0:
            yield f"{size}: {by} px"


def one_of_each_kind(page: Page) -> Iterator[str]:
    """Opens a page of each kind that links lead to."""
    ahead, kinds = list(STARTS), set()
    while ahead:
        address = ahead.pop(0)
        if (kind := addresses.kind(address)) in kinds:
            continue
        kinds.add(kind)
        if opens(page, address):
            yield address
            ahead += sorted(addresses.leads_to(page.content(), address))


def opens(page: Page, address: str) -> bool:
    """Whether it is a page of ours, and no file to keep."""
    if not address.startswith(("/riverbend/", "/accounts/", "/style/")):
        return False
    try:
        answer = page.goto(address)
    except Error as refused:
        if "Download is starting" not in refused.message:
            raise
        return False
    return bool(answer and answer.ok and "html" in answer.headers.get("content-type", ""))


@pytest.mark.parametrize("size", driver.SIZES)
def test_every_piece_fits_its_screen_in_letters_twice_as_large(
    open_page: Callable[..., Page], size: str
) -> None:
    page = open_page(size)
    page.goto("/style/")
    page.evaluate(TWICE)
    assert list(too_wide(page)) == []


@pytest.mark.heavy(minutes=1)
def test_no_page_scrolls_sideways_in_letters_twice_as_large(city: Page) -> None:
    found, opened = {}, 0
    for address in one_of_each_kind(city):
        opened += 1
        city.evaluate(TWICE)
        if wide := list(too_wide(city)):
            found[address] = wide
    assert opened > 90, "the premise"
    assert found == {}
