"""The main journeys in the oldest Chromium that is promised; and menus for fingers, in the oldest and today's."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page

from alongside.agencies.models import Agency, User
from tests.browser import driver, journeys, oldest
from tests.browser import field as the
from tests.browser.conftest import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(oldest.missing()), reason=oldest.missing() or "it is here"),
]


MIDDLE = """
(selector) => {
  const element = document.querySelector(selector);
  element.scrollIntoView({block: "center"});
  const box = element.getBoundingClientRect();
  return [box.left + box.width / 2, box.top + box.height / 2];
}
"""


class Paged:
    """A visitor with a page. The driver's own ways to click and fill ask for what old browsers do not know."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def goto(self, address: str) -> None:
        self.page.goto(address)

    def fill(self, selector: str, words: str) -> None:
        self.press(selector)
        self.run(f"document.querySelector({selector!r}).select()")
        self.page.keyboard.insert_text(words)
        journeys.until(self, f"document.querySelector({selector!r}).value === {words!r}")

    def press(self, selector: str) -> None:
        journeys.until(self, f"document.querySelector({selector!r})")
        self.page.mouse.click(*self.page.evaluate(MIDDLE, selector))

    def run(self, script: str) -> Any:
        try:
            return self.page.evaluate(f"() => {{ {script} }}")
        except Error as moved:  # a page that goes while it is asked has not answered
            if "context was destroyed" not in str(moved):
                raise
            return None


@pytest.fixture
def old(chromium: Browser) -> Iterator[Browser]:
    """One for each test: it is one process, and goes with its first window."""
    with oldest.browser(chromium.browser_type) as opened:
        yield opened


@pytest.fixture
def visitor(live_server: Any, old: Browser) -> Paged:
    return opened(old, live_server.url)


def opened(browser: Browser, address: str, size: str = "phone") -> Paged:
    options = driver.context_options(size) | {"base_url": address, "service_workers": "allow"}
    context = browser.new_context(**options)
    context.set_default_timeout(15_000)
    return Paged(context.new_page())


def test_it_is_as_old_as_promised(old: Browser) -> None:
    assert old.version.split(".")[0] == "92"


def test_residents_come_along_read_a_promise_and_follow(visitor: Paged, riverbend: Agency) -> None:
    journeys.come_along(visitor, riverbend)
    journeys.read_a_promise(visitor, riverbend)
    journeys.follow_an_area(visitor, riverbend)


def test_staff_sign_in_and_use_the_menu(visitor: Paged, riverbend: Agency, ada: User) -> None:
    journeys.sign_in_and_use_the_menu(visitor, riverbend, ada.email)


def test_a_scribe_is_told_that_the_browser_is_old_and_keeps_notes_all_the_same(
    visitor: Paged, riverbend: Agency
) -> None:
    journeys.note_on_a_phone(visitor, the.a_walk(riverbend))
    journeys.reads(visitor, "This browser is older")


@pytest.mark.parametrize("which", ["old", "chromium"])
@pytest.mark.parametrize("size", driver.SIZES)
def test_every_link_of_a_menu_is_what_a_finger_hits(
    request: Any, live_server: Any, riverbend: Agency, ada: User, size: str, which: str
) -> None:
    the.a_walk(riverbend)
    visitor = opened(request.getfixturevalue(which), live_server.url, size)
    for address, menu, least in (("/riverbend/", "#ways", 4), ("/riverbend/workspace/", "#side", 8)):
        if menu == "#side":
            sign_in(visitor.page, ada, live_server.url)
        visitor.goto(address)
        if size == "phone":
            assert not journeys.fingers(visitor, f"{menu} a"), "closed, it covers nothing"
            visitor.press(".menu summary")
        hit = journeys.fingers(visitor, f"{menu} a")
        assert len(hit) >= least
        assert all(hit.values()), hit
    visitor.page.context.close()
