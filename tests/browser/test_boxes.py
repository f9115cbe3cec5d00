"""Ben writes to us: his browser warns beside the box while he types, and without script the form comes back once."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from alongside.agencies.models import Agency
from alongside.followthrough.models import Step
from alongside.followthrough.tests.cast import ben_says
from alongside.gatherings.models import Rsvp
from alongside.gatherings.tests.cast import a_gathering
from alongside.hotspots.models import Petition
from tests.browser import driver

pytestmark = pytest.mark.browser

SAID = "Call me at 615-555-0142, I live at 1412 Oak Street. Officer Diaz knows."
KEPT = "Call me at […], I live at 1400 block of Oak Street. Officer Diaz knows."
PHONE, MASKED = "This looks like a phone number. Leave it out here.", "[…] stands in their place."


@pytest.fixture
def ask(transactional_db: None, riverbend: Agency) -> str:
    return reverse("hotspots:ask", args=[riverbend.slug])


def tab_to(page: Page, what: str) -> None:
    """Tab on until this has the focus, as somebody without a mouse does."""
    for _step in range(40):
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {what}")


@pytest.mark.parametrize("size", driver.SIZES)
def test_the_browser_warns_beside_the_box_and_the_form_passes_at_once(
    open_page: Any, by_day_and_night: Any, ask: str, size: str
) -> None:
    page = open_page(size)
    page.goto(ask)
    tab_to(page, "[name=place]")
    page.keyboard.type("The skate park")
    tab_to(page, "[name=text]")
    page.keyboard.type(SAID)
    beside = page.locator("#id_text_care")
    expect(beside).to_contain_text(PHONE)
    expect(beside).to_contain_text("The block is enough")
    expect(beside).to_contain_text("This names an officer")
    expect(beside).to_contain_text(MASKED)
    assert beside.get_attribute("role") == "status", "it is read out as it comes"
    assert "id_text_care" in (page.locator("[name=text]").get_attribute("aria-describedby") or "")
    assert page.locator("#id_place_care").inner_text() == ""
    by_day_and_night(page)
    page.locator("[name=text]").fill("It is dark.")
    expect(beside).to_have_text("")
    page.locator("[name=text]").fill(SAID)
    expect(beside).to_contain_text(PHONE)
    tab_to(page, "form button")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("We left out what looked like a phone number")
    expect(page.locator("main")).to_contain_text("We keep the block, not the house number.")
    by_day_and_night(page)
    assert Petition.objects.get().text == KEPT


def test_without_script_the_form_comes_back_once_with_the_same_words(open_page: Any, ask: str) -> None:
    page = open_page("phone", script=False)
    page.goto(ask)
    page.locator("[name=place]").fill("The skate park")
    page.locator("[name=text]").fill(SAID)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#id_text_care")).to_contain_text(PHONE)
    expect(page.locator("#id_text_care")).to_contain_text(MASKED)
    assert page.locator("[name=text]").input_value() == SAID
    assert page.locator("[name=place]").input_value() == "The skate park"
    assert not Petition.objects.exists()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("We left out what looked like a phone number")
    assert Petition.objects.get().text == KEPT


def test_where_the_list_does_not_come_the_server_warns(open_page: Any, ask: str) -> None:
    page = open_page("desk")
    page.route("**/signs.json", lambda route: route.fulfill(status=429, body="later"))
    page.goto(ask)
    page.locator("[name=place]").fill("The skate park")
    page.locator("[name=text]").fill(SAID)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#id_text_care")).to_contain_text(PHONE)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("main")).to_contain_text("We left out what looked like a phone number")


def test_in_spanish_and_on_a_card_and_in_an_answer(
    open_page: Any, transactional_db: None, riverbend: Agency
) -> None:
    page = open_page("phone")
    walk = a_gathering(riverbend)
    page.goto("/es" + reverse("gatherings:join", args=[riverbend.slug, walk.public_id]))
    page.locator("[name=access_needs]").fill(SAID)
    expect(page.locator("#id_access_needs_care")).to_contain_text("Esto parece un número de teléfono")
    page.locator("button.go").click()
    expect(page.locator("main")).to_contain_text("Quitamos lo que parecía un número de teléfono")
    assert Rsvp.objects.get().access_needs.startswith("Call me at […], I live at")
    page.goto(reverse("followthrough:page", args=[riverbend.slug, ben_says(riverbend).code]))
    page.locator("main summary").first.click()
    page.locator("[name=text]").fill("It was plate ABC-1234")
    expect(page.locator("#id_text_care")).to_contain_text("license plate")
    page.get_by_role("button", name="Put it right").click()
    expect(page.locator("main")).to_contain_text("We left out what looked like a license plate")
    assert Step.objects.get(deed="corrected").words == "It was […]"
