"""One browser for all tests of a process, whichever folder they are in: a second driver in a thread does not start."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # whoever opens no page waits for no driver
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    from tests.browser import driver

    with driver.browser() as opened:
        yield opened
