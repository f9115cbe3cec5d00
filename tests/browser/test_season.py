"""The season in a browser: proposed without script, read on a phone, changed at its price, signed by two people."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.hotspots.models import FocusArea
from alongside.season import actions, draws, redraws
from alongside.season.models import Draw, Redraws, Season
from alongside.season.tests.season_town import a_value, build
from alongside.walks.models import Walk
from tests.browser import driver

pytestmark = pytest.mark.browser


def url(name: str, *args: object) -> str:
    return reverse(f"season:{name}", args=["riverbend", *args])


@pytest.fixture
def spring() -> date:
    return date(clock.now().year + 1, 4, 3)


@pytest.fixture
def season(transactional_db: None, riverbend: Agency, ada: User, spring: date) -> Season:
    build(riverbend)
    a_value(riverbend, spring)
    first = actions.propose(riverbend, start=spring, weeks=4, by=ada)
    shelby = FocusArea.objects.get(name="Shelby")
    return actions.set_week(first, 2, area=shelby, why="Their fair is on this day.", by=ada)


def made_and_published(season: Season) -> None:
    """As the job leaves them, after a few draws."""
    Redraws.objects.update(draws=20)
    asked = Redraws.objects.get(season=season)
    redraws.make(asked)
    asked.published_at = clock.now()
    asked.save()


@pytest.mark.parametrize("size", driver.SIZES)
def test_every_page_of_the_season_passes_axe_and_fits(
    open_page: Any, by_day_and_night: Any, season: Season, ada: User, size: str
) -> None:
    made_and_published(season)
    page = open_page(size, user=ada)
    for address in (
        url("seasons"),
        url("season", season.public_id),
        url("week", season.public_id, 2),
        url("chances", season.public_id),
        url("draws"),
        url("public-chances", Redraws.objects.get(season=season).public_id),
        url("rhythm"),
        "/methods/season/",
    ):
        page.goto(address)
        for summary in page.locator("details:not([open]) > summary").all():
            if summary.is_visible():
                summary.click()
        by_day_and_night(page)


def test_a_season_is_planned_changed_and_signed_without_script(
    transactional_db: None, open_page: Any, riverbend: Agency, ada: User, dent: User, spring: date
) -> None:
    build(riverbend)
    page: Page = open_page("phone", script=False, user=ada)
    page.goto(url("seasons"))
    page.get_by_label("From").fill(spring.isoformat())
    page.get_by_label("Weeks").fill("3")
    page.get_by_label("Which public value draws it").fill("A lottery, evening draw")
    page.get_by_label("It is known on").fill((clock.now().date() + timedelta(days=1)).isoformat())
    page.get_by_label("How it is written").fill("00-00-00")
    page.get_by_role("button", name="Propose a plan").click()
    expect(page.get_by_text("This season is not drawn yet")).to_be_visible()
    with clock.at(clock.now() + timedelta(days=1)):
        draws.type_value(Draw.objects.get(), "3 12 15", by=ada)
    page.reload()
    page.get_by_role("button", name="Draw the season").click()
    expect(page.get_by_role("heading", name="Eastbank")).to_be_visible()
    page.get_by_role("link", name="Change").first.click()
    page.get_by_label("Where").select_option("Old Market")
    page.get_by_role("button", name="See what it costs").click()
    expect(page.get_by_text("% of a walk.")).to_be_visible()
    page.get_by_role("button", name="Choose it").click()
    expect(page.get_by_text("Old Market instead of")).to_be_visible()
    page.get_by_role("button", name="Approve as Coordinator").click()
    expect(page.get_by_text("One signature is missing")).to_be_visible()
    assert not Walk.objects.exists()
    major: Page = open_page("desk", user=dent)
    major.goto(url("season", Season.objects.get(version=3).public_id))
    major.get_by_role("button", name="Approve as Commander").click()
    expect(major.get_by_text("The walks are drafted")).to_be_visible()
    assert Walk.objects.count() == 3
