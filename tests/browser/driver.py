"""One way to open pages, for tests and for screenshots."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import chromium

AXE = chromium.ROOT / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"phone": {"width": 360, "height": 780}, "desk": {"width": 1280, "height": 900}}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def browser() -> Iterator[Browser]:
    """The pinned Chromium, started once and closed at the end."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=chromium.executable(), args=chromium.FLAGS, env=dict(chromium.environment())
        )
        yield opened
        opened.close()


def context_options(
    size: str = "desk", *, dark: bool = False, script: bool = True, locale: str = "en-US"
) -> dict[str, Any]:
    """What a visitor's browser is like."""
    return {
        "viewport": SIZES[size],
        "color_scheme": "dark" if dark else "light",
        "reduced_motion": "reduce",
        "locale": locale,
        "java_script_enabled": script,
        "has_touch": size == "phone",
        "service_workers": "block",
    }


RUN_AXE = """
([part, tags]) => axe.run(part ?? document, {
  runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'],
})
"""


def violations(page: Page, *, within: str | None = None) -> list[str]:
    """What axe finds wrong with the page (or the part of it that `within` selects), one readable line each."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())  # evaluated by the driver, so the page's own policy stays strict
    rules = page.evaluate(RUN_AXE, [within, RULES])["violations"]
    return [_in_words(rule, node) for rule in rules for node in rule["nodes"]]


@cache
def axe() -> str:
    return AXE.read_text()


# With reduced motion a change of color takes a millisecond, and each element waits for the one around it.
COLORS_HAVE_CHANGED = """
async () => {
  const changing = () => document.getAnimations().some((each) => each instanceof CSSTransition);
  do await new Promise(requestAnimationFrame); while (changing());
}
"""


def looks(page: Page) -> Iterator[str]:
    """The page by day and by night, without opening it twice: a visitor's device changes while they read."""
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(COLORS_HAVE_CHANGED)
        yield scheme


def _in_words(rule: dict[str, Any], node: dict[str, Any]) -> str:
    summary = " ".join(node["failureSummary"].split())
    return f"{rule['id']} ({rule['impact']}): {rule['help']}\n    {node['html'][:200]}\n    {summary}"


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its screen."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
