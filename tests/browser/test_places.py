"""Ada brings her city in by page: with the keyboard alone, without script, on any screen."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from alongside.agencies.models import Agency, Member, User
from alongside.people import actions as people
from alongside.people.models import Partner
from alongside.places import actions
from alongside.places.models import Area, Venue
from alongside.places.tests.cities import SOUTH, WEST, column, row, square, two_neighborhoods, write_streets
from tests.browser import driver

pytestmark = pytest.mark.browser


@pytest.fixture
def city(riverbend: Agency, dent: User, tmp_path: Path) -> Agency:
    """Two neighborhoods in one division, streets, a venue, a partner and a commander."""
    for kind in ("neighborhood", "division"):
        read = actions.read_areas(two_neighborhoods(), file_name="city.geojson", kind=kind, name="name")
        actions.keep_areas(riverbend, read, by=None)
    ways = [(row(n), {"highway": "residential"}) for n in range(10)]
    ways += [(column(n), {"highway": "residential"}) for n in range(10)]
    file = write_streets(tmp_path / "city.osm.pbf", ways=ways)
    actions.import_streets(riverbend, file, file_name=file.name, by=None)
    Venue.objects.create(agency=riverbend, name="Eastbank Library", kind="library", lat=SOUTH, lon=WEST)
    people.save_partner(Partner(agency=riverbend, name="Block Watch", kind="watch"), areas=[], by=None)
    division = Area.objects.get(kind="division", name="Eastbank")
    people.give_command(division, to=Member.objects.get(user=dent), since=date(2026, 1, 1), by=None)
    return riverbend


def pages(agency: Agency) -> list[str]:
    ids = {
        "areas": Area.objects.filter(kind="division")[0].public_id,
        "venues": Venue.objects.get().public_id,
        "partners": Partner.objects.get().public_id,
    }
    own = [f"{room}/{public_id}/" for room, public_id in ids.items()]
    lists = [
        "areas/",
        "areas/draw/",
        "areas/words/",
        "areas/import/",
        "streets/",
        "venues/",
        "venues/import/",
    ]
    of_people = ["staff/", f"staff/command/{ids['areas']}/", "partners/", "partners/import/"]
    return [f"/{agency.slug}/workspace/{path}" for path in [*lists, *own, *of_people]]


@pytest.mark.parametrize("size", driver.SIZES)
def test_nothing_stands_in_anybodys_way(
    size: str,
    city: Agency,
    ada: User,
    open_page: Callable[..., Page],
    by_day_and_night: Callable[[Page], None],
) -> None:
    page = open_page(size, user=ada)
    for address in pages(city):
        page.goto(address)
        by_day_and_night(page)


def test_a_partner_reads_its_own_page_on_a_phone(
    city: Agency, open_page: Callable[..., Page], axe: Callable[..., None]
) -> None:
    token = people.link_partner(Partner.objects.get(), by=None)
    phone = open_page("phone")
    phone.goto(f"/{city.slug}/partner/{token}/")
    axe(phone)
    phone.get_by_label("Name", exact=True).fill("Eastbank Block Watch")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_role("status").filter(has_text="up to date")).to_be_visible()
    assert Partner.objects.get().name == "Eastbank Block Watch"


def test_ada_draws_an_area_with_the_keyboard_alone(
    city: Agency, ada: User, open_page: Callable[..., Page]
) -> None:
    page = open_page("desk", user=ada)
    page.goto(f"/{city.slug}/workspace/areas/draw/")
    page.get_by_label("Name").focus()
    page.keyboard.type("Dock")
    page.locator(".draw.live canvas").wait_for()
    add = page.get_by_role("button", name="Add a corner at the cross")
    canvas = page.locator(".draw canvas")
    for arrow in ("ArrowRight", "ArrowDown", "ArrowLeft"):
        add.focus()
        page.keyboard.press("Enter")
        canvas.focus()
        page.keyboard.press(arrow)
        page.wait_for_timeout(600)  # the map glides, and a corner is taken where it stands
    expect(page.get_by_label("The area, as GeoJSON")).to_have_value(re.compile("Polygon"))
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Dock")
    assert Area.objects.get(name="Dock").source == "drawn"


def test_without_script_an_area_is_pasted_and_a_file_is_previewed_and_kept(
    city: Agency, ada: User, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page("desk", user=ada, script=False)
    page.goto(f"/{city.slug}/workspace/areas/draw/")
    page.get_by_label("Name").fill("Dock")
    page.get_by_label("The area, as GeoJSON").fill(
        json.dumps({"type": "Polygon", "coordinates": square(WEST, SOUTH)})
    )
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dock")

    file = tmp_path / "beats.geojson"
    file.write_bytes(two_neighborhoods())
    page.goto(f"/{city.slug}/workspace/areas/import/?kind=beat")
    page.get_by_label("Boundary file").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("Nothing is kept yet.")).to_be_visible()
    page.get_by_role("button", name="Keep these areas").click()
    expect(page.get_by_text("2 areas are kept: 2 new, 0 changed.")).to_be_visible()
    assert Area.objects.filter(kind="beat").count() == 2
