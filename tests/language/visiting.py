"""A city's pages in a language that nobody speaks: which there are, and what on them no catalogue could translate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import NoReverseMatch
from django.utils import translation

from alongside.core.authored.words import Words
from alongside.core.ids import ALPHABET
from alongside.demo.personas import SLUG
from tests.crawl import addresses
from tests.doors.routes import every_route
from tests.language.reading import phrases

LETTERS = re.compile(r"[A-Za-z]{2,}")
# Letters that are nobody's words, in every language the same: addresses, names of files, codes, licenses, holes that a
# script fills, time zones as the world's list calls them.
NO_WORDS = re.compile(
    r"https?://\S+|\S+@\S+|\{\w+\}|\*?\w*\.(?:csv|json|geojson|ics|pbf|osm)\b|\bCC BY\b"
    r"|\b(?:GeoJSON|CSV|JSON|PDF|ICS|QR|RSS)\b"
    r"|© OpenStreetMap contributors(?: \(ODbL\))?|\b[" + ALPHABET + r"]{10}\b|\b[A-Z0-9]{4}-[A-Z0-9]{4}\b"
    r"|\b(?:Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Brazil|Canada|Chile|Etc|Europe|Indian|Mexico|Pacific|US)"
    r"/[\w/ +-]+"
)
CUT = 40
CODE = re.compile(r"[a-z_]+")  # what a row calls something by is no word of a person
FEWEST = 3  # a shorter word of somebody's is looked for only where it stands alone


def everything(client: Client, code: str, *, start: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The first few pages of each kind that can be reached, each with its address: whatever answers with a page."""
    chosen = addresses.Choice(2)
    waiting = chosen.among(start)
    while waiting:
        found: set[str] = set()
        for address in waiting:
            with translation.override(None):
                answer = client.get(f"/{code}{address}", follow=True)
            if not answer.get("Content-Type", "").startswith("text/html"):
                continue
            html = answer.content.decode()
            yield address, html if answer.status_code == 200 else f"{answer.status_code} {html}"
            found |= addresses.leads_to(html, f"/{code}{address}")
        waiting = chosen.among(found)


def doors() -> tuple[str, ...]:
    """The addresses that need no knowledge of the city."""
    found = []
    for route in every_route():
        if route.of_agency and route.holes == ("agency",):
            try:
                found.append(route.address(SLUG, ""))
            except NoReverseMatch:
                continue
    return (*found, "/", "/style/")


def written_by_people() -> list[str]:
    """What stands in the rows as people typed it or a file brought it: names, titles, reasons. Longest first."""
    texts: set[str] = set()
    for model in apps.get_models():
        if not model.__module__.startswith("alongside."):
            continue
        for field in model._meta.get_fields():
            if (
                isinstance(field, models.CharField | models.TextField | models.JSONField)
                and not field.choices
            ):
                for value in model._base_manager.values_list(field.name, flat=True).distinct().iterator():
                    texts |= set(_texts(value))
    lines = {" ".join(line.split()) for text in texts for line in text.splitlines()}
    return sorted((line for line in lines if LETTERS.search(line)), key=len, reverse=True)


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Words():
            yield from (each.text for each in value.texts.values())
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)


class Known:
    """Takes out of a phrase what somebody typed; what is left must be in the language of the page."""

    def __init__(self, typed: list[str]) -> None:
        self.whole = frozenset(typed)
        self.long = [text for text in typed if len(text) >= FEWEST and not CODE.fullmatch(text)]
        self.left = cache(self._left)

    def _left(self, phrase: str) -> str:
        if phrase in self.whole:
            return ""
        phrase = NO_WORDS.sub(" ", phrase)
        for text in self.long:
            if text in phrase:
                phrase = re.sub(rf"(?<![A-Za-z]){re.escape(text)}(?![A-Za-z])", " ", phrase)
            elif len(text) > CUT and (at := phrase.find(text[:CUT])) >= 0:  # the beginning of it, then “…”
                phrase = phrase[:at] + phrase[at:].partition("…")[2]
        return phrase


def english(html: str, code: str, known: Known) -> list[str]:
    """What a reader of this language is given in plain letters, though nobody typed it."""
    return [
        f"{' '.join(LETTERS.findall(left))} | {phrase[:160]}"
        for phrase in phrases(html, code)
        if LETTERS.search(left := known.left(phrase))
    ]
