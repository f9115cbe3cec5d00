"""What is wrong takes the focus where it was made: by keyboard, without script, in two languages, day and night."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from alongside.agencies.models import Agency, User
from alongside.field.tests.cast import a_walk
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import a_gathering
from alongside.media.tests.test_pictures import a_picture

pytestmark = pytest.mark.browser
FOCUSED = "document.activeElement.matches('[data-trouble]')"


@pytest.fixture
def walk(riverbend: Agency) -> Gathering:
    return a_walk(riverbend)


def pictured(page: Page, name: str) -> None:
    """For whoever wants to look: ALONGSIDE_PICTURES names a folder."""
    if folder := os.environ.get("ALONGSIDE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("size", ["phone", "desk"])
def test_words_for_a_photo_are_mended_with_the_keyboard(
    open_page: Callable[..., Page],
    by_day_and_night: Callable[[Page], None],
    walk: Gathering,
    ada: User,
    size: str,
    language: str,
) -> None:
    photo = a_picture(walk.agency, origin=walk.key)
    page = open_page(size, user=ada)
    here = language + reverse("field:photos-desk", args=["riverbend", walk.public_id])
    page.goto(here)
    box = (
        page.locator(f'[name="{photo.public_id}-alt_en"]')
        .or_(page.locator(f'[name="{photo.public_id}-alt"]'))
        .first
    )
    box.fill("x")
    box.press("Enter")
    expect(page).to_have_title(re.compile("^Error: "))
    assert page.evaluate(FOCUSED)
    assert page.url.endswith(here), "loading it again asks for nothing a second time"
    pictured(page, f"photo-{size}{language.replace('/', '-')}")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(box).to_be_focused()
    expect(box).to_have_value("x")
    by_day_and_night(page)


@pytest.mark.parametrize("script", [True, False])
def test_a_number_of_people_is_mended_with_and_without_script(
    open_page: Callable[..., Page], riverbend: Agency, script: bool
) -> None:
    page = open_page("phone", script=script)
    page.goto(f"/riverbend/gatherings/{a_gathering(riverbend).public_id}/join/")
    page.get_by_label("How many of you come?").fill("many")
    page.get_by_label("Your name").fill("Ben")
    page.get_by_label("Your name").press("Enter")
    expect(page.locator("[data-trouble]")).to_be_focused()
    expect(page.get_by_label("Your name")).to_have_value("Ben")
    pictured(page, f"join-{'script' if script else 'none'}")


def test_a_late_head_count_is_mended_at_its_own_field(
    open_page: Callable[..., Page], walk: Gathering, ada: User
) -> None:
    Gathering.objects.filter(pk=walk.pk).update(on=walk.on - timedelta(days=30))
    page = open_page("desk", user=ada, dark=True)
    page.goto(reverse("field:heard", args=["riverbend", walk.public_id]))
    page.get_by_label("How many residents came").fill("")
    page.get_by_role("button", name="This is how many came").click()
    expect(page.locator("[data-trouble]")).to_be_focused()
    expect(page.get_by_label("How many residents came")).to_have_attribute("aria-invalid", "true")
    pictured(page, "count-dark")
