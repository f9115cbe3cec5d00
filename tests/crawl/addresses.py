"""Which addresses are visited: where a page leads, what kind of page that is, and the first few of each kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.urls import Resolver404, resolve

from alongside.core import languages

MOST = 3
# Pages that look otherwise at each stage of a walk's, a gathering's or a promise's life.
STAGES = {
    "walks:walk",
    "walks:detail",
    "gatherings:overview",
    "gatherings:detail",
    "field:heard",
    "followthrough:concern",
}
MOST_STAGES = 8
HERE = "localhost"  # on any port: letters lead to where the city was built
LEADING = ("href", "hx-get")
# Whoever asks how the house is hears “not ok”, rightly: the city is served without a worker.
NEVER = re.compile(r"^/accounts/logout/|^/static/|^/healthz")


class Links(HTMLParser):
    """What may be followed from a page. A form is never sent."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "link":
            self.links += [value for name, value in attrs if name in LEADING and value]


def leads_to(html: str, page: str) -> set[str]:
    """The addresses of this site that a page leads to, without their language and their place on the page."""
    ahead = (urlsplit(urljoin(f"http://{HERE}{page}", link)) for link in Links(html).links)
    ours = (each for each in ahead if each.scheme.startswith("http") and each.hostname == HERE)
    return {without_language(tidy(each.path, each.query)) for each in ours if not NEVER.match(each.path)}


def tidy(path: str, query: str) -> str:
    """One address for one page: what is asked for, in alphabetical order."""
    asked = urlencode(sorted(parse_qsl(query, keep_blank_values=True)))
    return f"{path or '/'}?{asked}" if asked else path or "/"


def without_language(address: str) -> str:
    first, _, rest = address.removeprefix("/").partition("/")
    return f"/{rest}" if first in languages.codes() else address


def in_language(address: str, language: str) -> str:
    return address if language == languages.ENGLISH else f"/{language}{address}"


def kind(address: str) -> str:
    """The route behind an address, and what it is asked for: pages of one kind are made by the same few lines."""
    parts = urlsplit(address)
    asked = sorted({name for name, _value in parse_qsl(parts.query, keep_blank_values=True)})
    return " ".join([route(parts.path), *asked])


def route(path: str) -> str:
    """The name of the route; the address itself where there is none, as of a link that leads nowhere."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return path


class Choice:
    """The first few addresses of each kind, in alphabetical order within each round: the same ones every time."""

    def __init__(self, most: int = MOST) -> None:
        self.most = most
        self.seen: set[str] = set()
        self.of_kind: Counter[str] = Counter()

    def among(self, addresses: Iterable[str]) -> list[str]:
        chosen = []
        for address in sorted(set(addresses) - self.seen):
            self.seen.add(address)
            like = kind(address)
            if self.of_kind[like] < (MOST_STAGES if like in STAGES else self.most):
                self.of_kind[like] += 1
                chosen.append(address)
        return chosen
