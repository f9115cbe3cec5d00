"""Markup is code: whoever reviews a page reads its lines."""

import re
from pathlib import Path

from django.template import engines

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"
WIDEST = 120
TEMPLATES = sorted(path for path in SOURCE.glob("*/templates/**/*.*") if path.is_file())
NAMES = {path.as_posix().partition("/templates/")[2]: path.read_text() for path in TEMPLATES}
STYLED = [path for path in SOURCE.rglob("assets/**/*.*") if path.suffix in {".css", ".js"}]


def short(path):
    return str(path.relative_to(SOURCE))


def test_there_is_something_to_read():
    assert len(TEMPLATES) > 200
    assert len(STYLED) > 50


def test_a_line_fits_on_a_screen():
    """The formatters break elements and declarations; what they leave long, a tag, wants a name.

    Measured in bytes: a typographic quote is three of them, for `awk` and `wc` as for whoever reads with those.
    """
    wide = [
        f"{short(path)}:{number}"
        for path in [*TEMPLATES, *STYLED]
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line.encode()) > WIDEST
    ]
    assert wide == []


def test_a_comment_ends_on_its_line():
    """One that goes on is no comment: it stands on the page, before everything else."""
    open_ones = [
        f"{short(path)}:{number}"
        for path in TEMPLATES
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if line.count("{#") != line.count("#}")
    ]
    assert open_ones == []


def test_what_is_translated_is_trimmed():
    """A sentence may be broken where the line ends, and translators see it whole."""
    loose = re.compile(r"\{% blocktranslate (?!trimmed)")
    assert [short(path) for path in TEMPLATES if loose.search(path.read_text())] == []


def test_a_page_loads_what_it_uses():
    """The first lines of a page say whose tags and filters stand in it, and nobody else's."""
    known = engines["django"].engine.template_libraries
    loaded = [
        (name, library, text)
        for name, text in NAMES.items()
        for line in re.findall(r"\{% load ([^%]*) %\}", text)
        for library in line.split()
    ]
    assert len(loaded) > 100, "the premise"
    spare = [
        f"{name}: {library}"
        for name, library, text in loaded
        if not any(re.search(rf"\{{% {tag}\b", text) for tag in known[library].tags)
        and not any(re.search(rf"\|{each}\b", text) for each in known[library].filters)
    ]
    assert spare == []


def test_a_cell_that_may_be_empty_is_empty():
    """On a phone `td:empty` is left out; white space in it would be something."""
    cell = re.compile(r"<td\b[^>]*>\s*\{% if [^%]*%\}(?:(?!\{% else|<td|</td>).)*\{% endif %\}\s*</td>", re.S)
    loose = [short(path) for path in TEMPLATES if cell.search(path.read_text())]
    assert loose == []


def test_a_table_that_stays_wide_is_scrolled_by_keys():
    """On a phone it either becomes a list (`stack`), or scrolls: a region that takes the focus, with a name."""
    table = re.compile(r'<div class="table(?: [\w-]+)*"[^>]*>')
    wide = [
        (path, tag) for path in TEMPLATES for tag in table.findall(path.read_text()) if "stack" not in tag
    ]
    assert len(wide) > 3, "the premise"
    assert [f"{short(path)}: {tag}" for path, tag in wide if 'tabindex="0"' not in tag] == []


def drawn_on(*, base: str) -> set[str]:
    """Every page that stands on a base, and every fragment that one of them includes."""
    found = {name for name in NAMES if base in _bases(name)}
    assert len(found) > 20, "the premise"
    ahead = list(found)
    while ahead:
        for each in re.findall(r'\{% include "([^"]+)"', NAMES[ahead.pop()]):
            if each in NAMES and each not in found:
                found.add(each)
                ahead.append(each)
    return found


def _bases(name: str) -> list[str]:
    """What a page extends, and what that extends."""
    said = re.search(r'\{% extends "([^"]+)"', NAMES.get(name, ""))
    return [said[1], *_bases(said[1])] if said else []


def test_marigold_is_the_publics():
    """In the workspace the next thing has the `main` look; `go` is for the public and the field."""
    go = re.compile(r"""\bbtn\b[^"]*\bgo\b(?!')|look=["']?go\b""")
    assert [
        name for name in sorted(drawn_on(base="core/base_workspace.html")) if go.search(NAMES[name])
    ] == []


def test_a_page_of_one_gathering_at_the_desk_stands_in_its_frame():
    """Also one that is only drawn as the answer to a form, which no crawl asks for."""
    told = re.compile(r"\{#[^#]*Needs[^#]*`gathering`")
    bare = [
        name
        for name, text in sorted(NAMES.items())
        if {"core/base_workspace.html", "core/base_print.html"} & set(_bases(name))
        and told.search(text.partition("{% block")[0])
        and "gatherings/base_gathering.html" not in [name, *_bases(name)]
    ]
    assert bare == ["gatherings/came_sheet.html", "gatherings/flyer.html"], "the public’s, and cut into cards"


def test_a_title_says_among_what_a_name_stands():
    """A partner, a venue and a file may be called alike: a tab is told apart by the list that it came from."""
    alone = re.compile(r"\{% block title %\}\s*(?:\{% if \w+ %\}\s*)?\{\{ [^}]+ \}\}\s*\{% (?:else|endblock)")
    bare = [name for name in sorted(drawn_on(base="core/base_workspace.html")) if alone.search(NAMES[name])]
    assert bare == [
        "people/import.html",  # these three say what is imported
        "rosters/import.html",
        "rosters/import_preview.html",
        "season/week.html",  # a day of the season
        "walks/walk.html",  # a gathering's own page: no other thing bears a day
    ]
