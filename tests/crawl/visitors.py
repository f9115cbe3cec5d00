"""Who visits: a stranger and everybody in whose shoes one can step. Pages are fetched plainly, without a browser."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import NoReverseMatch
from playwright.sync_api import Browser, BrowserContext

from alongside.demo.personas import PERSONAS, SLUG
from tests.browser.driver import context_options
from tests.browser.screens import become
from tests.crawl import addresses
from tests.doors.routes import Route, every_route

STRANGER = "stranger"
EMAILS = {each.email.partition("@")[0]: each.email for each in PERSONAS}
ROLES = [STRANGER, *EMAILS]
LANGUAGES = ["en", "es"]
# The two who ask for everything. The others leave out what is the same for all who are signed in (the public pages),
# and ask in Spanish only for what they may open.
THOROUGH = [STRANGER, "ada"]
PATIENCE = 120_000


@dataclass(frozen=True)
class Answer:
    """What the server said to one plain request."""

    status: int
    kind: str
    body: str
    leads: str

    @property
    def is_page(self) -> bool:
        return self.kind == "text/html" and not self.leads


class Site:
    """A running server of the demo city in a folder, asked plainly and over one connection."""

    def __init__(self, at: str, folder: Path) -> None:
        self.at, self.folder = at.rstrip("/"), folder
        self.host = urlsplit(self.at).netloc
        self.line = http.client.HTTPConnection(self.host, timeout=PATIENCE / 1000)

    def get(self, address: str, cookies: Mapping[str, str]) -> Answer:
        said = {"Cookie": "; ".join(f"{name}={value}" for name, value in sorted(cookies.items()))}
        try:
            self.line.request("GET", address, headers=said)
            answer = self.line.getresponse()
        except (
            http.client.RemoteDisconnected,
            ConnectionResetError,
        ):  # kept open for longer than the server would
            self.line.close()
            self.line.request("GET", address, headers=said)
            answer = self.line.getresponse()
        body = answer.read()
        kind = answer.headers.get_content_type()
        return Answer(
            status=answer.status,
            kind=kind,
            body=body.decode() if is_text(kind) else "",
            leads=answer.headers.get("Location", ""),
        )


def is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind.endswith(("json", "xml"))


class Visitor:
    """One role, with a browser of its own that is signed in."""

    def __init__(self, role: str, site: Site, context: BrowserContext) -> None:
        self.role = role
        self.site = site
        self.context = context
        context.set_default_timeout(PATIENCE)
        self.page = context.new_page()
        if role in EMAILS:
            become(self.page, site.at, EMAILS[role], site.folder)
        self.cookies = {each["name"]: each["value"] for each in context.cookies()}

    def get(self, address: str) -> Answer:
        return self.site.get(address, self.cookies)


@contextmanager
def visiting(
    browser: Browser, site: Site, role: str, size: str = "desk", **options: Any
) -> Iterator[Visitor]:
    context = browser.new_context(**context_options(size, **options))
    try:
        yield Visitor(role, site, context)
    finally:
        context.close()


def doors(role: str) -> list[str]:
    """The addresses that need no knowledge of the city: where each walk through it begins."""
    return [address for each in every_route() if (address := door(each)) and is_asked_by(role, address)]


def is_asked_by(role: str, address: str) -> bool:
    if addresses.NEVER.match(address):
        return False
    return role in THOROUGH or addresses.route(urlsplit(address).path) not in public()


@cache
def public() -> frozenset[str]:
    return frozenset(each.name for each in every_route() if each.is_public)


def door(route: Route) -> str:
    """The one address of a route; none where something must be known."""
    try:
        return "" if set(route.holes) - {"agency"} else route.address(SLUG, "")
    except NoReverseMatch:  # allauth has a pattern whose parts have no converter
        return ""


def rounds(visitor: Visitor, most: int = addresses.MOST) -> Iterator[tuple[str, Answer]]:
    """Every chosen address of the site and its answer, as this visitor finds them, page by page."""
    choice = addresses.Choice(most)
    ahead = choice.among(doors(visitor.role))
    while ahead:
        leads: set[str] = set()
        for address in ahead:
            answer = visitor.get(address)
            yield address, answer
            if answer.is_page:
                leads |= addresses.leads_to(answer.body, address)
            elif answer.leads:
                leads |= addresses.leads_to(f'<a href="{answer.leads}">', address)
        ahead = choice.among(address for address in leads if is_asked_by(visitor.role, address))


def in_languages(visitor: Visitor, plain: str, first: Answer) -> Iterator[tuple[str, str, Answer]]:
    """The language, address and answer of a page in each language that this visitor asks for; English came first."""
    yield "en", plain, first
    if visitor.role in THOROUGH or first.status == 200:
        address = addresses.in_language(plain, "es")
        yield "es", address, visitor.get(address)
