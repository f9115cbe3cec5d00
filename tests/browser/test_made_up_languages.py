"""Pages in two languages that nobody speaks: long words fit a phone, from left to right and from right to left."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from alongside.agencies.models import Agency
from alongside.core import languages
from alongside.gatherings import actions
from tests.browser import driver
from tests.language import pseudo

pytestmark = pytest.mark.browser

# Axe knows the codes that are in use, and of those for private use only the first.
NOT_IN_ITS_LIST = "not included in the list of valid languages"


@pytest.mark.usefixtures("spoken")
def test_a_phone_shows_them_whole(
    riverbend: Agency, open_page: Callable[..., Page], live_server: Any
) -> None:
    riverbend.published = True
    riverbend.languages = languages.codes()
    riverbend.save(update_fields=["published", "languages"])
    walk = actions.plan(
        riverbend,
        by=None,
        kind="coffee",
        title="Coffee on the square",
        on=riverbend.today() + timedelta(days=10),
        at=time(18),
        meeting_point="By the fountain",
    )
    actions.publish(walk, by=None)
    page = open_page("phone")
    for code, way in pseudo.DIRECTIONS.items():
        for path in (
            "",
            f"gatherings/{walk.public_id}/",
            f"gatherings/{walk.public_id}/join/",
            "ask-for-a-walk/",
        ):
            page.goto(f"{live_server.url}/{code}/riverbend/{path}")
            assert page.locator("html").get_attribute("dir") == way
            assert driver.overflow(page) <= 0, (code, path)
            assert [each for each in driver.violations(page) if NOT_IN_ITS_LIST not in each] == [], (
                code,
                path,
            )
