"""Cards for those who came: made at the desk, held out on a phone, opened by whoever holds one; long names fit."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from alongside.agencies.models import Agency, User
from alongside.gatherings import actions
from alongside.gatherings.models import Gathering
from alongside.gatherings.tests.cast import a_gathering
from tests.browser import driver
from tests.browser.test_large_letters import TWICE

pytestmark = pytest.mark.browser
LONG = "Walk with us from the Reverend Josephine Baker-Wellington Memorial Community Recreation Center"


@pytest.fixture
def walk(riverbend: Agency) -> Gathering:
    """It was yesterday."""
    riverbend.published = True
    riverbend.save(update_fields=["published"])
    walk = a_gathering(riverbend, title=LONG)
    Gathering.objects.filter(pk=walk.pk).update(on=riverbend.today() - timedelta(days=1))
    walk.refresh_from_db()
    return walk


def tall(part: Locator) -> float:
    return float(part.evaluate("part => part.getBoundingClientRect().height"))


def test_a_card_is_held_out_and_opened(
    walk: Gathering, ada: User, open_page: Callable[..., Page], by_day_and_night: Callable[[Page], None]
) -> None:
    hers, his = open_page("phone", user=ada), open_page("phone")
    hers.goto(f"/riverbend/workspace/gatherings/{walk.public_id}/cards/")
    by_day_and_night(hers)
    hers.get_by_label("How many cards").fill("3")
    hers.get_by_role("button", name="Make the sheet").click()
    by_day_and_night(hers)
    card = hers.locator(".card-sheet > li").first
    assert tall(card) >= 0.8 * driver.SIZES["phone"]["height"], "its neighbor is out of sight"
    assert tall(card.locator(".card-qr")) >= 200
    his.goto("/riverbend/was-there/")
    his.get_by_label("The code on your card").fill("ABCD-EFGH")
    his.keyboard.press("Enter")
    expect(his.locator("[data-trouble]")).to_be_focused()
    by_day_and_night(his)
    his.get_by_label("The code on your card").fill(card.locator(".card-code").inner_text())
    his.keyboard.press("Enter")
    expect(his.get_by_label("I live there")).to_be_visible()
    by_day_and_night(his)
    his.get_by_label("I live there").check()
    his.get_by_role("button", name="Add it").click()
    expect(his.get_by_role("heading", name="Thank you")).to_be_visible()
    his.go_back()
    his.reload()
    expect(his.get_by_role("link", name="Type the code")).to_be_visible()
    by_day_and_night(his)


@pytest.mark.parametrize("size", driver.SIZES)
def test_a_long_name_fits_in_letters_twice_as_large(
    walk: Gathering, ada: User, open_page: Callable[..., Page], size: str
) -> None:
    actions.mark_held(walk, came=12, by=None)
    page = open_page(size, user=ada)
    desk = f"/riverbend/workspace/gatherings/{walk.public_id}/"
    for address in (walk.get_absolute_url(), "/riverbend/gatherings/", f"{desk}cards/", f"{desk}held/"):
        page.goto(address)
        page.evaluate(TWICE)
        assert driver.overflow(page) <= 0, address
