"""A city with a calendar that can be turned, its mail and its weather, and the phones of those who walk."""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.demo.build import SLUG, TIMEZONE
from alongside.outreach.tests.conftest import post_office
from alongside.weather.tests.conftest import sky
from tests.browser import field
from tests.browser.conftest import axe, open_page, static_files_as_visitors_get_them
from tests.demo_city import BUILT_ON

__all__ = ["axe", "open_page", "post_office", "sky", "static_files_as_visitors_get_them"]


class Calendar:
    """What day it is, for every thread of this process: those that answer pages, too."""

    def __init__(self, turn: Callable[[timedelta], None]) -> None:
        self.turn = turn

    def it_is(self, day: date, hour: int = 9, minute: int = 0) -> None:
        local = datetime.combine(day, time(hour, minute), ZoneInfo(TIMEZONE))
        self.turn(local - datetime.now(local.tzinfo))


@pytest.fixture
def calendar(monkeypatch: pytest.MonkeyPatch) -> Calendar:
    """A thread begins with the default of a context variable: to turn it is to turn it for all."""
    return Calendar(lambda by: monkeypatch.setattr(clock, "_shift", ContextVar("shift", default=by)))


@pytest.fixture
def city(
    calendar: Calendar, live_server: Any, settings: Any, post_office: Any, sky: Any, in_the_demo_city: Any
) -> Agency:
    """Riverbend as the demo builds it, on a day in October; its links lead to this test's server."""
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"url": live_server.url})
    calendar.it_is(BUILT_ON)
    return Agency.objects.get(slug=SLUG)


@pytest.fixture
def phones(live_server: Any, chromium: Browser) -> Iterator[Callable[[], Page]]:
    """phones(): another scribe's phone. It keeps what it is given, and its clock is the city's."""
    contexts, heard = [], []

    def phone() -> Page:
        context = chromium.new_context(**field.options(live_server.url))
        context.set_default_timeout(15_000)
        context.clock.install(time=clock.now())
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
        return page

    yield phone
    for context in contexts:
        context.close()
    assert not heard, "\n".join(heard)
