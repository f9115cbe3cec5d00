"""The shell in a browser: every piece on the style page, as a visitor meets it."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from alongside.agencies.models import Agency
from tests.browser import driver

pytestmark = pytest.mark.browser

FIRST_VISIT = 90_000  # bytes over the wire, with fonts, without map


@pytest.mark.parametrize("size", driver.SIZES)
def test_every_piece_passes_axe_and_fits_its_screen(open_page: Any, by_day_and_night: Any, size: str) -> None:
    page = open_page(size)
    page.goto("/style/")
    by_day_and_night(page)


def test_axe_would_find_a_fault(desk: Page) -> None:
    desk.goto("/style/")
    desk.evaluate("document.querySelector('#id_name').labels[0].remove()")
    assert any(line.startswith("label") for line in driver.violations(desk, within="#forms"))


def test_the_page_reads_well_without_script(open_page: Callable[..., Page]) -> None:
    page = open_page("phone", script=False)
    page.goto("/style/")
    expect(page.get_by_role("img", name="Where we walk").first).to_be_visible()
    page.get_by_text("The map as a table").first.click()
    expect(page.get_by_role("cell", name="7").first).to_be_visible()
    expect(page.get_by_role("button", name="Zoom and move")).to_have_count(0)
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


def test_the_phone_menu_opens_without_script_and_stays_open_on_a_desk(
    open_page: Callable[..., Page], riverbend: Agency
) -> None:
    phone, desk = open_page("phone", script=False), open_page("desk", script=False)
    for page in (phone, desk):
        page.goto("/riverbend/")
    walks = phone.locator("#ways").get_by_role("link", name="Walks")
    expect(walks).to_be_hidden()
    phone.locator("summary", has_text="Menu").click()
    expect(walks).to_be_visible()
    expect(desk.locator("#ways").get_by_role("link", name="Walks")).to_be_visible()
    expect(desk.locator("summary", has_text="Menu")).to_be_hidden()


def test_keyboard_alone_reaches_the_page_and_the_menu(phone: Page, riverbend: Agency) -> None:
    phone.goto("/riverbend/")
    phone.keyboard.press("Tab")
    expect(phone.get_by_role("link", name="Skip to the page")).to_be_focused()
    menu = phone.locator("summary", has_text="Menu")
    menu.focus()
    phone.keyboard.press("Enter")
    expect(phone.locator("#ways")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(phone.locator("#ways")).to_be_hidden()
    expect(menu).to_be_focused()


def test_a_menu_lies_over_nothing_that_has_the_focus(phone: Page, riverbend: Agency) -> None:
    phone.goto("/riverbend/")
    phone.locator("summary", has_text="Menu").click()
    phone.locator("#ways a").last.focus()
    expect(phone.locator("#ways")).to_be_visible()
    phone.keyboard.press("Tab")
    expect(phone.locator("#ways")).to_be_hidden()


@pytest.mark.parametrize("size", driver.SIZES)
@pytest.mark.parametrize("address", ["/style/", "/riverbend/", "/accounts/login/", "/riverbend/nowhere/"])
def test_the_language_link_is_in_sight_and_leads_to_the_same_page(
    open_page: Callable[..., Page], riverbend: Agency, address: str, size: str
) -> None:
    page = open_page(size)
    page.goto(address)
    page.locator("header").get_by_role("link", name="Español", exact=True).click()
    assert page.url.endswith(f"/es{address}")
    assert page.locator("html").get_attribute("lang") == "es"
    page.locator("header").get_by_role("link", name="English", exact=True).click()
    assert page.url.endswith(address)
    assert "/es/" not in page.url


def test_whoever_asks_for_spanish_is_offered_it_once(
    open_page: Callable[..., Page], riverbend: Agency
) -> None:
    spanish = open_page("phone", locale="es-MX")
    spanish.goto("/riverbend/")
    offer = spanish.get_by_role("link", name="Lea esta página en español")
    expect(offer).to_be_visible()
    assert driver.violations(spanish) == []
    spanish.get_by_role("button", name="Ahora no").click()
    expect(offer).to_be_hidden()
    expect(spanish.locator("main")).to_be_focused()
    spanish.goto("/riverbend/walks/")
    expect(spanish.get_by_role("link", name="Español", exact=True)).to_be_visible()
    expect(offer).to_be_hidden()
    spanish.goto("/es/riverbend/")
    expect(spanish.get_by_role("link", name="Read this page in English")).to_be_hidden()


def test_whoever_does_not_is_offered_nothing(open_page: Callable[..., Page], riverbend: Agency) -> None:
    for page, count in ((open_page("phone"), 0), (open_page("phone", locale="fr-FR"), 0)):
        page.goto("/riverbend/")
        expect(page.locator("[data-offer]:visible")).to_have_count(count)


def test_without_script_each_language_is_offered(open_page: Callable[..., Page], riverbend: Agency) -> None:
    page = open_page("phone", script=False)
    page.goto("/riverbend/")
    expect(page.get_by_role("link", name="Lea esta página en español")).to_be_visible()
    expect(page.get_by_role("button", name="Ahora no")).to_have_count(0)


def test_a_map_wakes_only_when_asked(desk: Page) -> None:
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    desk.goto("/style/", wait_until="networkidle")
    assert not [url for url in asked if url.endswith("/map.js")]
    desk.get_by_role("button", name="Zoom and move").first.click()
    expect(desk.locator("#style-map .map-frame")).to_have_class("map-frame live")
    expect(desk.locator("#style-map canvas")).to_be_visible()
    expect(desk.locator("#style-map .map-written", has_text="Mill Row")).to_be_visible()


NO_WEBGL = "HTMLCanvasElement.prototype.getContext = () => null"


@pytest.mark.parametrize("lost", ["no module", "no WebGL"])
def test_a_map_that_cannot_live_says_so_and_leads_to_its_table(desk: Page, lost: str) -> None:
    if lost == "no module":
        desk.route("**/map*.js", lambda route: route.fulfill(status=404))
    else:
        desk.add_init_script(NO_WEBGL)
    desk.goto("/style/")
    figure = desk.locator("#style-map")
    figure.get_by_role("button", name="Zoom and move").press("Enter")
    expect(figure.get_by_role("status")).to_contain_text("cannot show the map that moves")
    expect(figure.locator("summary")).to_be_focused()
    expect(figure.get_by_role("cell", name="7").first).to_be_visible()
    expect(figure.locator("svg[role=img]")).to_be_visible()
    desk.locator(".draw").scroll_into_view_if_needed()
    expect(desk.locator(".draw").get_by_role("status").filter(has_text="Paste the shape")).to_have_count(1)


def test_an_area_is_drawn_with_the_keyboard(desk: Page) -> None:
    desk.goto("/style/")
    box = desk.locator(".draw")
    box.scroll_into_view_if_needed()
    expect(box.locator("[data-corners]")).to_contain_text("Corners: 0")
    add = box.get_by_role("button", name="Add a corner")
    for move in ("ArrowRight", "ArrowDown", None):
        add.press("Enter")
        if move:
            box.locator("canvas").press(move)
            desk.wait_for_timeout(400)  # the map glides to its next place
    field = json.loads(box.locator("textarea").input_value())
    assert field["type"] == "Polygon"
    assert len(field["coordinates"][0]) == 4
    assert len({tuple(corner) for corner in field["coordinates"][0]}) == 3
    box.get_by_role("button", name="Take the last one back").press("Enter")
    assert box.locator("textarea").input_value() == ""


def test_what_is_printed_has_no_menus(desk: Page, riverbend: Agency) -> None:
    desk.goto("/riverbend/")
    expect(desk.locator("#ways")).to_be_visible()
    desk.emulate_media(media="print")
    expect(desk.locator("#ways")).to_be_hidden()
    expect(desk.locator(".tongues")).to_be_hidden()
    expect(desk.get_by_role("heading", level=1).first).to_be_visible()


def test_a_first_visit_is_small(desk: Page, riverbend: Agency) -> None:
    sizes: dict[str, int] = {}
    desk.on("response", lambda answer: sizes.update({answer.url: over_the_wire(answer)}))
    riverbend.published = True
    riverbend.save(update_fields=["published"])
    desk.goto(f"/{riverbend.slug}/", wait_until="networkidle")
    assert any(url.endswith(".woff2") for url in sizes), "the fonts were not fetched: nothing was measured"
    assert sum(sizes.values()) <= FIRST_VISIT, sizes


def over_the_wire(answer: Any) -> int:
    """Styles and scripts travel compressed; fonts are already; a page is where it holds no secret."""
    body = answer.body()
    packed = answer.headers.get("content-encoding") == "gzip" or answer.url.endswith((".css", ".js", ".svg"))
    return len(gzip.compress(body, 9)) if packed else len(body)
