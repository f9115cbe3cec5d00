"""What a page says, line by line: seen, hidden, read aloud, and where it leads.

Only a browser knows where a line ends, so its own `innerText` is what is kept. A page that another role has been
given already, but for its menu, is not opened again: its entry names the one that is the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from tests.browser.driver import SIZES
from tests.crawl.visitors import ROLES, Answer, Site, Visitor, in_languages, rounds, visiting

Said = dict[str, Any]

READ = (Path(__file__).parent / "read.js").read_text()
# Another page in place of this one, under the same styles; its scripts stay asleep.
LAY_OUT = r"""
(html) => {
  const next = new DOMParser().parseFromString(html, "text/html");
  for (const each of [...document.documentElement.attributes]) document.documentElement.removeAttribute(each.name);
  for (const { name, value } of next.documentElement.attributes) document.documentElement.setAttribute(name, value);
  document.querySelectorAll("head meta").forEach((each) => each.remove());
  document.head.append(...next.querySelectorAll("head meta:not([http-equiv])"));
  document.title = next.title;
  document.body.replaceWith(document.adoptNode(next.body));
}
"""
STYLES = re.compile(r'<link\b[^>]*\brel="stylesheet"[^>]*>|<style\b.*?</style>', re.S)

SLIT = {
    **SIZES["desk"],
    "height": 8,
}  # as wide as a desk, so that lines are the same, and next to nothing to paint
HEAVY = ["*.woff2", "*.png", "*.jpg", "*.jpeg", "*.js"]

TOKEN = re.compile(r'name="(csrfmiddlewaretoken|form_key)"\s+value="[^"]*"|value="[^"]*"\s+name="form_key"')
MAIN = re.compile(r"<main\b.*</main>", re.S)
OWN_ADDRESS = re.compile(r'<link\b[^>]*>|\s(?:href|aria-current)="[^"]*"')


def without_heaviness(page: Page) -> None:
    """Words need no pictures, no letters' shapes and no scripts, of which one would open a scribe's pass.

    (A route in the browser would switch its cache off.)
    """
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.setBlockedURLs", {"urls": HEAVY})


class Known:
    """The pages opened so far, by what is in them and by what is around them. Blanks do not count."""

    def __init__(self) -> None:
        self.insides: dict[tuple[str, int, str], str] = {}
        self.frames: set[str] = set()

    def twin(self, key: str, language: str, answer: Answer) -> str | None:
        """The page that said the same within the same frame; None if this one must be opened."""
        inside, frame = parts(answer.body)
        first = self.insides.setdefault((language, answer.status, inside), key)
        new_frame = frame not in self.frames
        self.frames.add(frame)
        return None if first == key or new_frame else first


def parts(html: str) -> tuple[str, str]:
    """A page's inside and its frame, each without what differs whenever it is asked for, and without blanks."""
    settled = TOKEN.sub("", html)
    inside = " ".join(MAIN.findall(settled)) or settled
    title = "".join(re.findall(r"<title>.*?</title>", settled, re.S))
    frame = OWN_ADDRESS.sub("", MAIN.sub("", settled).replace(title, ""))
    head = re.compile(r"<meta\b[^>]*>")
    return tight(title + "".join(head.findall(settled)) + inside), tight(head.sub("", frame))


def tight(html: str) -> str:
    return re.sub(r"\s+", "", html)


def plain_words(answer: Answer) -> Said:
    """What needs no browser: where it leads on, what kind of file it is, the lines of a calendar or a feed."""
    said: Said = {"status": answer.status}
    if answer.leads:
        return said | {"leads": answer.leads}
    lines = (" ".join(unescape(line).split()) for line in answer.body.splitlines())
    return said | {"kind": answer.kind, "text": [line for line in lines if line]}


class Desk:
    """One page of a browser on which the site's pages are laid out to be read, one after the other.

    Opening each anew would take ten times as long. Scripts do not run: what a page says, its server wrote.
    """

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.looks: list[str] = []
        without_heaviness(visitor.page)
        visitor.page.set_viewport_size(SLIT)

    def read(self, address: str, answer: Answer) -> Said:
        """A page's words, under its own styles."""
        looks = STYLES.findall(answer.body)
        if looks != self.looks:
            self.visitor.page.goto(self.visitor.site.at + address, wait_until="load")
            self.looks = looks
        self.visitor.page.evaluate(LAY_OUT, answer.body)
        return {"status": answer.status, **self.visitor.page.evaluate(READ)}


def of_role(visitor: Visitor, known: Known) -> Iterator[tuple[str, Said]]:
    """Each address in each language: what it says, or which page said it before."""
    desk = Desk(visitor)
    for plain, first in rounds(visitor):
        for language, address, answer in in_languages(visitor, plain, first):
            key = f"{visitor.role} {address}"
            if not answer.is_page:
                yield key, plain_words(answer)
            elif twin := known.twin(key, language, answer):
                yield key, {"same_as": twin}
            else:
                yield key, desk.read(address, answer)


def everything(browser: Browser, site: Site) -> Iterator[tuple[str, Said]]:
    known = Known()
    for role in ROLES:
        with visiting(browser, site, role) as visitor:
            yield from of_role(visitor, known)
