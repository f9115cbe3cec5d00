"""Real pages, served by the real app, in a real browser that listens for every error."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from alongside.agencies.models import User
from alongside.walks.tests.conftest import few_rounds
from tests.browser import driver

__all__ = ["few_rounds"]

# Playwright's driver keeps an event loop in this thread, and Django then refuses its database here. Nothing in
# these tests is asynchronous: the loop only waits for the browser.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
expect.set_options(timeout=15_000)  # a busy machine draws maps without a graphics card


@pytest.fixture(autouse=True)
def static_files_as_visitors_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test server would look files up in the sources; ours are served by name of content, by the app itself."""
    monkeypatch.setattr(StaticFilesHandler, "_should_handle", lambda *_: False)


@pytest.fixture(autouse=True)
def links_lead_to_this_server(request: pytest.FixtureRequest, settings: Any) -> None:
    """As on any install: cards and mails lead to the server that made them."""
    if "live_server" in request.fixturenames:
        url = request.getfixturevalue("live_server").url
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"url": url})


@pytest.fixture
def open_page(live_server: Any, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """open_page(size="phone", dark=True, script=False, user=ada): a visitor's page. Its addresses begin with "/".

    A script error or a refused load (the content policy at work) fails the test, unless it clears `page.heard`.
    """
    contexts, heard = [], []

    def opened(size: str = "desk", *, user: User | None = None, **options: Any) -> Page:
        context = chromium.new_context(base_url=live_server.url, **driver.context_options(size, **options))
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
        page.on("console", lambda said: heard.append(f"{page.url}: {said.text}") if is_fault(said) else None)
        if user:
            sign_in(page, user, live_server.url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not heard, "the browser complained:\n" + "\n".join(heard)


def is_fault(said: Any) -> bool:
    """Errors of script and policy. A page that answers 4xx is the test's own business."""
    return said.type == "error" and "the server responded with a status of 4" not in said.text


def sign_in(page: Page, user: User, address: str) -> None:
    """Signed in without the form: by a session's cookie."""
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    return open_page("phone")


@pytest.fixture
def desk(open_page: Callable[..., Page]) -> Page:
    return open_page("desk")


@pytest.fixture
def city(in_the_demo_city: Path, chromium: Browser) -> Iterator[Page]:
    """The demo city at Ada's desk, asked for without a server."""
    ada = Client()
    ada.force_login(User.objects.get(email="ada@riverbend.example"))

    def answered(route: Route) -> None:
        address = route.request.url.removeprefix("http://localhost")
        answer = ada.get(address, headers={"host": "localhost"}, follow=True)
        body = b"".join(answer) if answer.streaming else answer.content
        route.fulfill(status=answer.status_code, headers=dict(answer.items()), body=body)

    context = chromium.new_context(base_url="http://localhost", **driver.context_options())
    context.route("**/*", answered)
    yield context.new_page()
    context.close()


@pytest.fixture
def axe() -> Callable[..., None]:
    """axe(page): nothing stands in anybody's way, as far as a machine can tell."""

    def nothing_found(page: Page, *, within: str | None = None) -> None:
        problems = driver.violations(page, within=within)
        assert not problems, f"{page.url}:\n" + "\n".join(problems)

    return nothing_found


@pytest.fixture
def by_day_and_night(axe: Callable[..., None]) -> Callable[[Page], None]:
    """by_day_and_night(page): axe finds nothing and all fits the screen, in the dark look and in the light one."""

    def looks_well(page: Page) -> None:
        for scheme in driver.looks(page):
            axe(page)
            assert driver.overflow(page) <= 0, f"{page.url} is wider than the screen ({scheme})"

    return looks_well
