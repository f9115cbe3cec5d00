"""The twenty pages that say most about the looks, on a phone and on a desk, in the light."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.browser.driver import SIZES
from tests.crawl.addresses import route
from tests.crawl.visitors import STRANGER, Site, visiting
from tests.crawl.words import Said

# Who looks, and at which page; of pages with many addresses, the first that answers.
PAGES = [
    (STRANGER, "front:home"),
    (STRANGER, "walks:list"),
    (STRANGER, "walks:detail"),
    (STRANGER, "season:program"),
    (STRANGER, "hotspots:how-we-choose"),
    (STRANGER, "gatherings:coming"),
    (STRANGER, "gatherings:join"),
    (STRANGER, "followthrough:page"),
    (STRANGER, "hotspots:ask"),
    (STRANGER, "front:wall"),
    ("ada", "front:workspace"),
    ("ada", "walks:walk"),
    ("ada", "walks:plan-page"),
    ("ada", "walks:cue-sheet"),
    ("ada", "season:season"),
    ("ada", "followthrough:concern"),
    ("ada", "hotspots:focus-areas"),
    ("ines", "hotspots:run"),
    ("ines", "incidents:import"),
    ("ruth", "front:members"),
]

MAPS_DRAWN = (
    "() => [...document.querySelectorAll('.map-canvas')].every((map) => map.parentElement.matches('.live'))"
)


def chosen(pages: Mapping[str, Said]) -> list[tuple[str, str, str]]:
    """Who looks at which page, under what name: from what the words' crawl has met. A page not met is left out."""
    wanted = []
    for role, name in PAGES:
        addresses = (key.removeprefix(f"{role} ") for key in sorted(pages) if key.startswith(f"{role} /"))
        for address in addresses:
            if route(urlsplit(address).path) == name and shows(pages, f"{role} {address}"):
                wanted.append((role, address, f"{role}-{name.replace(':', '-')}"))
                break
    return wanted


def shows(pages: Mapping[str, Said], key: str) -> bool:
    said = pages[key]
    return (
        "title" in pages.get(said.get("same_as", key), {})
        and pages[said.get("same_as", key)]["status"] == 200
    )


def take(browser: Browser, site: Site, pages: Mapping[str, Said], into: Path) -> Iterator[str]:
    """A picture of each page in each size; their names."""
    by_role = [(role, list(group)) for role, group in groupby(chosen(pages), key=lambda each: each[0])]
    for size in SIZES:
        for role, group in by_role:
            with visiting(browser, site, role, size) as visitor:
                for _role, address, name in group:
                    picture = f"{name}-{SIZES[size]['width']}.png"
                    still(visitor.page, site.at + address)
                    visitor.page.screenshot(path=into / picture, full_page=True, animations="disabled")
                    yield picture


def still(page: Page, address: str) -> None:
    """Open a page and wait until nothing on it moves any more."""
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_function(MAPS_DRAWN)
