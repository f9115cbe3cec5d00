"""Every page of a demo city, opened as everybody, and what is wrong with any of them.

What is asked of which, since asking everything of everything would take hours:

- each chosen address, in every role and both languages: that the server answers without an error;
- each route that nothing leads to, as the coordinator, with some of its room's ids: that it answers, or takes a form;
- each link on these pages, in every role (up to twelve of a kind): that it leads somewhere;
- each page that differs by more than its menu, in both languages: once opened on a desk and narrowed to a phone, it
  complains of nothing in the console and is no wider than either screen; in Spanish, no English is left over;
- each shape of page (the same elements, however many rows or words): axe, on a desk and on a phone.

Each route that is visited by none of it is listed with its reason.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, ConsoleMessage, Page

from alongside.demo.personas import SLUG
from tests.browser.driver import SIZES, overflow, violations
from tests.crawl import addresses, visitors
from tests.crawl.addresses import kind, leads_to, route
from tests.crawl.visitors import ROLES, Answer, Site, Visitor, visiting
from tests.crawl.words import Known
from tests.doors.routes import Route, every_route
from tests.language.reading import leftovers

LINKS = 12
# As wide as a desk and a phone, and next to nothing to paint: axe alone needs to see the whole of a screen.
SLITS = {size: {**SIZES[size], "height": 8} for size in ("desk", "phone")}
LONGEST = 200
# What people wrote, in whatever language: letters as they were sent, and things by their names. And the pages on
# methods, which are written once, in English, and say so.
NOT_OURS = {"outreach:mail", "front:audit", "method"}
GUIDE, KNOCKS = "ada", 12

# The elements of a page and how they lie in each other: neither words nor the number of rows make another shape.
SHAPE = """
() => [...new Set([...document.querySelectorAll("body *")].map((each) => {
  const name = (node) => [node.localName, ...[...node.classList].sort(), node.getAttribute("role") ?? "",
    node.type ?? "", node.disabled ? "off" : "", node.hidden ? "hidden" : ""].join(".");
  return `${name(each.parentElement)}>${name(each)}`;
}))].sort().join(" ")
"""

NO_CHANCE = re.compile(
    r"the server responded with a status of [45]"
)  # said of the page itself, and counted there


@dataclass
class Result:
    """What was visited, and what was found; addresses without what is particular to this city."""

    forms: set[str] = field(default_factory=set)
    answers: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    opened: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    fetched: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    shapes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SIZES, 0))
    links: int = 0
    findings: dict[tuple[str, str], dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )

    def find(self, what: str, who: str, address: str, said: object) -> None:
        """Of this kind, and said in these words: where, and by whom it was met."""
        self.findings[what, str(said)[:LONGEST]][general(address)].add(who)


def is_whole(answer: Answer) -> bool:
    """A page with all around it; a piece of one belongs to the page that asks for it."""
    return answer.is_page and "<html" in answer.body


def general(address: str) -> str:
    """An address as its route is written: the same in every city."""
    parts = urlsplit(address)
    plain = addresses.without_language(parts.path)
    spoken = "/es" if plain != parts.path else ""
    try:
        return f"{spoken}/{resolve(plain).route}" + ("?…" if parts.query else "")
    except Resolver404:
        return address


@dataclass
class Inspection:
    """One walk through the whole city, role by role."""

    site: Site
    result: Result = field(default_factory=Result)
    known: Known = field(default_factory=Known)
    shapes: dict[str, set[str]] = field(default_factory=lambda: {size: set() for size in SIZES})
    heard: list[str] = field(default_factory=list)

    def walk(self, browser: Browser, role: str) -> None:
        with visiting(browser, self.site, role) as visitor:
            visitor.page.on("pageerror", lambda error: self.heard.append(str(error)))
            visitor.page.on("console", self.hear)
            statuses, links = {}, defaultdict(set)
            for plain, first in visitors.rounds(visitor):
                statuses[plain] = first.status
                for language, address, answer in visitors.in_languages(visitor, plain, first):
                    self.note(visitor, language, address, answer)
                    if language == "en" and answer.is_page:
                        self.result.forms |= forms(answer.body)
                        for link in leads_to(answer.body, address) - {plain}:
                            links[link].add(plain)
            self.follow(visitor, links, statuses)
            if role == GUIDE:
                self.knock(visitor, set(statuses))

    def note(self, visitor: Visitor, language: str, address: str, answer: Answer) -> None:
        """An answer; its page too, where it is not like another."""
        self.result.fetched[visitor.role, language] += 1
        self.result.answers[route(urlsplit(addresses.without_language(address)).path)].add(answer.status)
        if answer.status >= 500:
            self.result.find("server errors", visitor.role, address, answer.status)
        if is_whole(answer) and not self.known.twin(f"{visitor.role} {address}", language, answer):
            self.result.opened[visitor.role, language] += 1
            self.open(visitor, language, address, answer)

    def open(self, visitor: Visitor, language: str, address: str, answer: Answer) -> None:
        page, find = visitor.page, self.result.find
        self.heard.clear()
        page.set_viewport_size(SLITS["desk"])
        page.goto(visitor.site.at + address, wait_until="load")
        for size in SLITS:
            page.set_viewport_size(SLITS[size])
            if overflow(page) > 0:
                find("wider than the screen", visitor.role, address, f"on a {size}")
            for violation in self.axe(page, size):
                find("axe", visitor.role, address, f"on a {size}: {violation}")
        for error in self.heard:
            find("console", visitor.role, address, error)
        if language == "es" and route(urlsplit(addresses.without_language(address)).path) not in NOT_OURS:
            for words in leftovers(answer.body):
                find("English left over", visitor.role, address, words)

    def axe(self, page: Page, size: str) -> list[str]:
        """What axe finds, unless it has seen a page of this shape."""
        shape = hashlib.sha256(page.evaluate(SHAPE).encode()).hexdigest()
        if shape in self.shapes[size]:
            return []
        self.shapes[size].add(shape)
        page.set_viewport_size(SIZES[size])
        return [" ".join(each.splitlines()[0].split()) for each in violations(page)]

    def hear(self, said: ConsoleMessage) -> None:
        itself = said.location.get("url", "") == said.page.url if said.page else False
        if said.type == "error" and not (itself and NO_CHANCE.search(said.text)):
            self.heard.append(said.text)

    def follow(self, visitor: Visitor, links: dict[str, set[str]], statuses: dict[str, int]) -> None:
        """Each link, up to some of a kind, leads somewhere."""
        asked: dict[str, int] = defaultdict(int)
        for link in sorted(links):
            if link not in statuses and asked[kind(link)] < LINKS:
                asked[kind(link)] += 1
                statuses[link] = visitor.get(link).status
            if statuses.get(link, 0) >= 400:
                self.result.find(
                    "dead links", visitor.role, min(links[link]), f"{general(link)} answers {statuses[link]}"
                )
        self.result.links += len(links.keys() & statuses.keys())

    def knock(self, visitor: Visitor, known: set[str]) -> None:
        """Doors that no link leads to, tried with the ids of their own room."""
        ids = ids_by_room(known)
        for each in every_route():
            if 200 in self.result.answers.get(each.name, ()) or not each.of_agency:
                continue
            for word in fitting(each, ids[room(each.name)])[:KNOCKS]:
                address = each.address(SLUG, word)
                answer = visitor.get(address)
                if answer.status in {200, 405}:
                    self.note(visitor, "en", address, answer)
                    break


def room(name: str) -> str:
    return name.partition(":")[0]


def ids_by_room(known: set[str]) -> dict[str, dict[str, set[str]]]:
    """What the addresses of a room call its things by, each with the holes that it was seen to fill."""
    rooms: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for address in known:
        try:
            match = resolve(urlsplit(address).path)
        except Resolver404:
            continue
        for hole, value in match.kwargs.items():
            if hole != "agency":
                rooms[room(match.view_name)][str(value)].add(hole)
    return rooms


def fitting(door: Route, ids: Mapping[str, set[str]]) -> list[str]:
    """A room's ids, those first that fill such a hole elsewhere: a code or a key of a letter among many others."""
    return sorted(ids, key=lambda word: (ids[word].isdisjoint(door.holes), word))


ACTION = re.compile(r'\s(?:form)?action="(/[^"?#]*)')


def forms(html: str) -> set[str]:
    """The routes that a page sends forms to."""
    return {route(addresses.without_language(path)) for path in ACTION.findall(html)}


def inspect(browser: Browser, site: Site, tell: Callable[[str], None]) -> Result:
    inspection = Inspection(site)
    for role in ROLES:
        inspection.walk(browser, role)
        tell(f"{role}: {sum(inspection.result.opened.values())} pages opened so far")
    inspection.result.shapes = {size: len(shapes) for size, shapes in inspection.shapes.items()}
    return inspection.result
