"""The demo city in two languages that nobody speaks: each page answers, runs the right way, and is in them throughout.

An English word there is one that no catalogue can translate: text that stands in code, in a template or in a script.
"""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from alongside.agencies.models import Agency, User
from alongside.core import languages
from alongside.demo.personas import SLUG
from tests.language import pseudo, visiting

# What is left in English on purpose, by its page.
EXCUSED = {
    r"^/methods/": "the pages on methods are written once, in English, and say so",
    r"^/riverbend/workspace/incidents/rules/": "words of incident files, as cities write them there",
    r"^/riverbend/workspace/incidents/\w{10}/": "columns of a city's file, by their own names",
    r"\?reason=": "a reason proposed for the public, in the language of the page that proposed it",
}
# No page of anybody's: a link that is over, a deed that takes a form, what this person may not open.
NO_PAGE = re.compile(r"^(403|404|405) ")
HEAD = re.compile(r'<html lang="([^"]*)" dir="([^"]*)"')
FEWEST = {"": 90, "ruth": 200, "ada": 200}


@pytest.fixture
def riverbend(in_the_demo_city: Path, spoken: tuple[str, ...], settings: Any) -> Agency:
    """The agency, which writes in all four."""
    settings.ALLOWED_HOSTS = ["localhost"]
    agency = Agency.objects.get(slug=SLUG)
    Agency.objects.filter(pk=agency.pk).update(languages=languages.codes())
    return agency


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("code", "who"), [(pseudo.LONG, ""), (pseudo.LONG, "ruth"), (pseudo.TURNED, ""), (pseudo.TURNED, "ada")]
)
def test_every_page_is_in_its_language_throughout(riverbend: Agency, code: str, who: str) -> None:
    client = Client(SERVER_NAME="localhost")
    if who:
        client.force_login(User.objects.get(email=f"{who}@riverbend.example"))
    typed = visiting.written_by_people()
    assert len(typed) > 1000, "the premise: what people typed is known"
    known = visiting.Known([*typed, *(languages.name_of(each) for each in languages.codes())])
    pages = {
        address: html
        for address, html in visiting.everything(client, code, start=visiting.doors())
        if not NO_PAGE.match(html)
    }
    assert len(pages) >= FEWEST[who], "the premise: they are many"
    for address, html in pages.items():
        head = HEAD.search(html)
        assert head is not None, (address, html[:80])
        assert head.groups() == (code, pseudo.DIRECTIONS[code]), address
    left = {
        (address, each)
        for address, html in pages.items()
        if not any(re.search(pattern, address) for pattern in EXCUSED)
        for each in visiting.english(html, code, known)
    }
    assert left == set()


def test_english_by_hand_would_be_found() -> None:
    """The premise of the test above."""
    known = visiting.Known(["Walk with us in Eastbank", "Eastbank"])
    said = pseudo.said(pseudo.LONG, "See all walks")
    page = f'<main><p>{said}</p><p>Walk with us in Eastbank</p><p lang="en">Hello</p><p>{said}: km</p></main>'
    assert visiting.english(page, pseudo.LONG, known) == [f"km | {said}: km"]


@pytest.mark.heavy
def test_what_is_filled_in_stays(made_up: Path) -> None:
    """Holes, tags and plural forms of every phrase are those of the original, in both."""
    from alongside.core import catalogs

    for path in catalogs.catalogs(made_up / languages.OF_A_CITY):
        assert catalogs.missing(path) == []
        assert catalogs.unfit(catalogs.read(path)) == []
        assert list(catalogs.troubles(path)) == []
    long, turned = (pseudo.said(code, "%(n)s <b>people</b> met") for code in (pseudo.LONG, pseudo.TURNED))
    assert long.startswith("[%(n)s <b>")
    assert len(long) > 1.2 * len("%(n)s <b>people</b> met")
    assert turned.startswith("%(n)s") or turned.startswith(pseudo.TURN)
    assert "</b>" in turned
