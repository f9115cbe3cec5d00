"""Hot spots in a browser: analysts at a desk, a commander and residents on a phone, light and dark, two languages."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, expect

from alongside.agencies.models import Agency, User
from alongside.hotspots import actions
from alongside.hotspots.candidates import past
from alongside.hotspots.models import Petition, Run
from alongside.hotspots.tests import town
from tests.browser import driver

pytestmark = pytest.mark.browser

REASON = "Neighbors asked twice this spring, and we have not been here since last year."
PUBLIC = ["how-we-choose", "ask", "object", "petition"]
DESK = [
    "runs",
    "run",
    "focus-areas",
    "choose",
    "choose-elsewhere",
    "criteria",
    "petitions",
    "petition-answer",
]


def url(name: str, *args: str, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"hotspots:{name}", args=["riverbend", *args])


@pytest.fixture
def lived_in(transactional_db: None, riverbend: Agency, ada: User, tmp_path: Path) -> Run:
    """A town with a year of everything this room shows."""
    homes = town.draw(riverbend)
    town.the_mall(riverbend)
    town.fill_the_lake(riverbend, tmp_path)
    actions.set_criteria(riverbend, weights=town.WEIGHTS, why="Asked for first, then owed.", by=ada)
    made = actions.publish(actions.run(riverbend, by=ada), by=ada)
    town.a_petition(riverbend, homes["Shelby"], text="Come by the bus stop on a Saturday.")
    heard = town.a_petition(riverbend, homes["Eastbank"], text="Vengan al parque.", language="es")
    actions.answer(heard, text="We will come in May.", by=ada)
    actions.choose(riverbend, area=made.areas.walkable().first(), reason=REASON, by=ada)
    return made


def addresses(made: Run, names: list[str], language: str = "en") -> list[str]:
    waiting = Petition.objects.get(answered_at=None)
    ids = {
        "run": made.public_id,
        "choose": made.areas.walkable().first().public_id,
        "petition": Petition.objects.exclude(answered_at=None).get().public_id,
        "petition-answer": waiting.public_id,
    }
    return [url(name, *([ids[name]] if name in ids else []), language=language) for name in names]


def looks_well(page: Page, by_day_and_night: Any, address: str, size: str) -> None:
    page.goto(address)
    by_day_and_night(page)
    if folder := os.environ.get("ALONGSIDE_PICTURES"):
        name = address.strip("/").replace("/", "-")
        for look in driver.looks(page):
            page.screenshot(path=Path(folder) / f"{name}-{size}-{look}.png", full_page=True)


@pytest.mark.parametrize("size", driver.SIZES)
def test_every_page_passes_axe_and_fits(
    open_page: Any, by_day_and_night: Any, lived_in: Run, ada: User, size: str
) -> None:
    desk = open_page(size, user=ada)
    for address in addresses(lived_in, DESK):
        looks_well(desk, by_day_and_night, address, size)
    resident = open_page(size)
    for language in ("en", "es"):
        for address in addresses(lived_in, PUBLIC, language):
            looks_well(resident, by_day_and_night, address, size)
    for name in ("hot-spots", "rates", "stability"):
        looks_well(resident, by_day_and_night, f"/methods/{name}/", size)


def test_ben_asks_on_a_phone_without_script(open_page: Any, lived_in: Run) -> None:
    page = open_page("phone", script=False)
    page.goto(url("how-we-choose"))
    page.get_by_role("link", name="Ask for a walk").first.click()
    page.get_by_label("Neighborhood").select_option("Riverside")
    page.get_by_label("What should we know?").fill("There is a new playground.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("we will answer here")).to_be_visible()
    assert Petition.objects.filter(text="There is a new playground.").count() == 1


def test_major_dent_chooses_on_a_phone_by_keyboard(open_page: Any, lived_in: Run, dent: User) -> None:
    page = open_page("phone", user=dent)
    page.goto(url("focus-areas"))
    not_chosen_yet = page.locator(
        "a[href$='/choose/']"
    ).first  # a focus area, not a place that people asked for
    place = not_chosen_yet.inner_text().removeprefix("Choose").strip()
    not_chosen_yet.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Walk in {place}")).to_be_visible()
    why = page.get_by_role("group", name="Why here, and why now").get_by_label("English")
    why.focus()
    page.keyboard.type("Too short")
    page.get_by_role("button", name="Choose it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    why.fill(REASON)
    page.get_by_role("button", name="Choose it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Chosen. Now plan the walk.")).to_be_visible()
    expect(page.get_by_text("Major Harvey Dent, ")).to_be_visible()


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked') } })"


@pytest.mark.parametrize(
    ("without", "leaves"), [("", False), ("storage", True), ("script", True)], ids=lambda it: str(it)
)
def test_one_device_asks_twice_and_is_counted_once(
    open_page: Any, lived_in: Run, riverbend: Agency, without: str, leaves: bool
) -> None:
    """With a script the browser keeps the number; where it may not, or none runs, a cookie of this form does."""
    phone = open_page("phone", script=without != "script")
    if without == "storage":
        phone.add_init_script(BLOCKED)
    before = sum(past(riverbend).requests.values())
    for words in ("Come on a Saturday.", "Or on a Sunday."):
        phone.goto(url("ask"))
        if words.startswith("Come"):
            assert not phone.context.cookies(), "looking leaves nothing"
        phone.select_option("select[name=neighborhood]", label="Hilltop")
        phone.fill("textarea[name=text]", words)
        phone.get_by_role("button", name="Send").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text(re.compile("Thank you. We have it"))
        expect(phone.locator(".eyebrow")).to_contain_text("Hilltop")
    assert Petition.objects.filter(neighborhood__name="Hilltop").count() == 2
    assert sum(past(riverbend).requests.values()) == before + 1
    assert bool(phone.context.cookies()) is leaves
    phone.goto(url("ask"))
    assert all("/ask-for-a-walk/" in cookie["path"] for cookie in phone.context.cookies())
