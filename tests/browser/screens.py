"""Pictures of pages to look at: each address on a phone and a desk, light and dark, into build/screens.

bin/screens http://localhost:8000 /style/ /riverbend/ [--as ada@riverbend.example]

To be somebody of the demo city takes the key of its door, in its data folder: `ALONGSIDE_DATA`, else var/demo.
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from alongside.core.demo import way_in
from tests.browser import chromium
from tests.browser.driver import browser, context_options, overflow, violations

FOLDER = chromium.ROOT / "build" / "screens"
PAGES = ["/style/"]
ITS_FOLDER = Path(os.environ.get("ALONGSIDE_DATA", chromium.ROOT / "var" / "demo"))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def file_name(path: str, look: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home"
    return f"{words}-{look}.png"


def visitors(sizes: list[str]) -> Iterator[tuple[str, Page]]:
    """A page for each size and mode; its console is ours to hear."""
    with browser() as opened:
        for size in sizes:
            for dark in (False, True):
                context = opened.new_context(**context_options(size, dark=dark))
                page = context.new_page()
                page.on(
                    "console",
                    lambda message: say(f"  console: {message.text}") if message.type == "error" else None,
                )
                page.on("pageerror", lambda error: say(f"  script: {error}"))
                yield f"{size}-{'dark' if dark else 'light'}", page
                context.close()


def become(page: Page, prefix: str, email: str, folder: Path) -> None:
    """Sign in by the demo's one click, with the key in its folder."""
    page.goto(prefix + way_in(folder))
    page.locator("form", has=page.locator(f'input[value="{email}"]')).locator("button").click()
    page.wait_for_load_state("networkidle")


def take(page: Page, address: str, picture: str, *, axe: bool) -> list[str]:
    """One picture; what is wrong with the page, one line each."""
    answer = page.goto(address, wait_until="networkidle")
    page.screenshot(path=FOLDER / picture, full_page=True)
    wide = overflow(page)
    say(f"{answer.status if answer else '-'} build/screens/{picture}")
    return [f"wider than the screen by {wide} px"] * (wide > 0) + (violations(page) if axe else [])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("prefix", nargs="?", default="http://localhost:8000")
    parser.add_argument("paths", nargs="*", default=PAGES)
    parser.add_argument("--as", dest="person", metavar="EMAIL", help="somebody of the demo city to be")
    parser.add_argument("--data", type=Path, default=ITS_FOLDER, help="that city's data folder")
    parser.add_argument("--size", action="append", choices=["phone", "desk"])
    parser.add_argument("--no-axe", action="store_true")
    chosen = parser.parse_args()
    prefix = chosen.prefix.rstrip("/")
    FOLDER.mkdir(parents=True, exist_ok=True)
    faults = 0
    for look, page in visitors(chosen.size or ["phone", "desk"]):
        if chosen.person:
            become(page, prefix, chosen.person, chosen.data)
        for path in chosen.paths:
            for fault in take(page, prefix + path, file_name(path, look), axe=not chosen.no_axe):
                faults += 1
                say(f"  {fault}")
    say(f"{faults} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
