"""Ben and Luz say that they come: with the keyboard alone, without script, in Spanish, on any screen."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from alongside.agencies.models import Agency, User
from alongside.gatherings import actions
from alongside.gatherings.models import Gathering, Rsvp, State
from alongside.jobs import worker
from alongside.places.models import Known, Venue, VenueKind
from tests.browser import driver

pytestmark = pytest.mark.browser


@pytest.fixture
def walk(riverbend: Agency) -> Gathering:
    riverbend.published = True
    riverbend.save(update_fields=["published"])
    library = Venue.objects.create(
        agency=riverbend,
        name="Eastbank Library",
        address="12 River Street",
        lat=38.25,
        lon=-85.75,
        kind=VenueKind.LIBRARY,
        step_free=Known.YES,
    )
    planned = actions.plan(
        riverbend,
        by=None,
        kind="walk",
        title="Walk with us in Eastbank",
        summary="An hour around the neighborhood with Chief Moreno, the Second Division and your neighbors.",
        on=riverbend.today() + timedelta(days=10),
        at=time(18),
        venue=library,
        meeting_point="By the front steps",
        typed_host="Chief Moreno",
        languages=["en", "es"],
        capacity=30,
        needs_by=riverbend.today() + timedelta(days=6),
    )
    return actions.publish(planned, by=None)


def join_page(walk: Gathering) -> str:
    return f"/{walk.agency.slug}/gatherings/{walk.public_id}/join/"


def test_ben_joins_changes_and_cancels_with_the_keyboard_alone(desk: Page, walk: Gathering) -> None:
    desk.goto(walk.get_absolute_url())
    press_until(desk, "link", "I’ll come")
    party = desk.get_by_label("How many of you come?")
    tab_to(desk, party)
    desk.keyboard.press("ControlOrMeta+A")
    desk.keyboard.type("3")
    tab_to(desk, desk.get_by_label("What you need to take part"))
    desk.keyboard.type("A place to sit")
    press_until(desk, "button", "We’ll come")
    expect(desk.get_by_role("heading", level=1)).to_have_text("You’re coming, 3 people")
    assert (Rsvp.objects.get().party, Rsvp.objects.get().access_needs) == (3, "A place to sit")
    press_until(desk, "link", "We can’t come")
    expect(desk.get_by_role("heading", level=1)).to_have_text("You can’t come?")
    press_until(desk, "button", "We can’t come")
    expect(desk.get_by_role("heading", level=1)).to_have_text("You’re not coming")
    assert Rsvp.objects.get().state == State.CANCELLED


def press_until(page: Page, role: Any, name: str) -> None:
    """Tab to what is named so, and press Enter there."""
    tab_to(page, page.get_by_role(role, name=name))
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def tab_to(page: Page, wanted: Any) -> None:
    for _ in range(40):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not reach {wanted}")


def test_cleo_joins_without_script_and_keeps_what_she_typed(
    open_page: Callable[..., Page], walk: Gathering
) -> None:
    page = open_page("phone", script=False)
    page.goto(walk.get_absolute_url())
    page.get_by_role("link", name="I’ll come").click()
    page.get_by_label("How many of you come?").fill("0")
    page.get_by_label("Your name").fill("Cleo")
    page.get_by_role("button", name="We’ll come").click()
    expect(page.get_by_role("alert")).to_contain_text("At least one person comes")
    expect(page.get_by_label("Your name")).to_have_value("Cleo")
    page.get_by_label("How many of you come?").fill("2")
    page.get_by_role("button", name="We’ll come").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You’re coming, 2 people")


def test_luz_joins_in_spanish(open_page: Callable[..., Page], walk: Gathering) -> None:
    page = open_page("phone", locale="es-MX")
    page.goto(f"/es{join_page(walk)}")
    assert page.locator("html").get_attribute("lang") == "es"
    page.locator("[name=party]").fill("2")
    page.locator("main form button").click()
    page.wait_for_url("**/es/**/answer/**")
    assert Rsvp.objects.get().language == "es"


@pytest.mark.parametrize("size", driver.SIZES)
def test_the_way_to_come_passes_axe_and_fits_its_screen(
    open_page: Callable[..., Page], by_day_and_night: Any, walk: Gathering, size: str
) -> None:
    page = open_page(size)
    here = f"/{walk.agency.slug}/gatherings/"
    for address in (
        here,
        walk.get_absolute_url(),
        f"{here}{walk.public_id}/share/",
        f"/{walk.agency.slug}/calendar/",
        f"/{walk.agency.slug}/who-came/",
        f"{here}{begun(walk).public_id}/who-came/",
    ):
        look(page, by_day_and_night, address)
    look(page, by_day_and_night, f"{here}{walk.public_id}/flyer/")
    look(page, by_day_and_night, join_page(walk))
    page.locator("[name=party]").fill("two")
    page.get_by_role("button", name="We’ll come").click()
    expect(page.get_by_role("alert")).to_be_visible()
    by_day_and_night(page)
    page.locator("[name=party]").fill("2")
    page.get_by_role("button", name="We’ll come").click()
    page.wait_for_url("**/answer/**")
    by_day_and_night(page)


@pytest.mark.parametrize("size", driver.SIZES)
def test_the_desk_passes_axe_and_fits_its_screen(
    open_page: Callable[..., Page], axe: Any, walk: Gathering, ada: User, size: str
) -> None:
    ben = actions.Guest("Ben", interpreter="Spanish", access_needs="A ride")
    actions.join(walk, party=2, form_key="a" * 22, guest=ben)
    page = open_page(size, user=ada)
    here = f"/{walk.agency.slug}/workspace/gatherings/"
    for name in ("", "plan/", "series/", "series/new/", "import/"):
        look(page, axe, f"{here}{name}")
    look(page, axe, f"{here}{begun(walk).public_id}/heads/")
    series = actions.set_series(walk.agency, by=ada, kind="walk", name="Weekly walk")
    actions.change(walk, by=ada, series=series)
    look(page, axe, f"{here}series/{series.public_id}/dates/")
    for name in ("", "edit/", "cancel/", "move/", "word/", "list/"):
        look(page, axe, f"{here}{walk.public_id}/{name}")


def begun(walk: Gathering) -> Gathering:
    """Another walk of the same agency, to which people came yesterday."""
    other = actions.plan(
        walk.agency, by=None, title="Yesterday", on=walk.on, at=walk.at, meeting_point="There"
    )
    actions.publish(other, by=None)
    Gathering.objects.filter(pk=other.pk).update(on=walk.agency.today() - timedelta(days=1))
    return other


@pytest.mark.parametrize("size", driver.SIZES)
def test_a_calendar_is_brought_along_and_its_pages_pass_axe(
    open_page: Callable[..., Page], axe: Any, walk: Gathering, ada: User, size: str
) -> None:
    page = open_page(size, user=ada)
    on = walk.agency.today() + timedelta(days=20)
    table = f"title,start,end,place\nCoffee,{on} 09:00,{on} 10:00,Various\nTea,{on} 09:00,{on} 08:00,Hall\n"
    page.goto(f"/{walk.agency.slug}/workspace/gatherings/import/")
    page.locator("[name=file]").set_input_files(
        files=[{"name": "dates.csv", "mimeType": "text/csv", "buffer": table.encode()}]
    )
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("dates.csv")
    axe(page)
    assert driver.overflow(page) <= 0
    page.get_by_label("Kind of Coffee").select_option("listening")
    page.get_by_role("button", name="Keep this gathering").click()
    page.wait_for_url("**/import/*/")
    axe(page)
    worker.drain()
    expect(page.get_by_text("1 are new")).to_be_visible(timeout=20_000)  # the page asks again by itself
    axe(page)
    assert Gathering.objects.get(title="Coffee").kind == "listening"


def look(page: Page, nothing_wrong: Callable[[Page], None], address: str) -> None:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    nothing_wrong(page)
    assert driver.overflow(page) <= 0, address
