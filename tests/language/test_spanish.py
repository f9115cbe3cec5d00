"""Spanish is whole: every phrase has its words, none is guessed, and what stands in a phrase stands in both."""

import re
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from datetime import date, time

import pytest
from django.utils import formats, translation
from django.utils.translation import gettext, ngettext

from alongside.core import catalogs
from alongside.core.catalogs import forms
from alongside.core.catalogs import phrases as messages
from alongside.core.tables import number
from tests.language.reading import SPANISH, holes

CATALOG = catalogs.read(SPANISH)


@pytest.fixture(scope="module")
def sources():
    """What code and templates say, gathered once; a copy, where it is changed."""
    return catalogs.gathered("es")


def test_every_phrase_has_its_spanish():
    assert len(CATALOG) > 1500
    assert catalogs.missing(SPANISH) == []


def test_a_phrase_without_words_would_be_found(tmp_path):
    """The premise of the test above."""
    catalog = catalogs.read(SPANISH)
    catalog.add("A phrase that nobody has translated")
    path = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    catalogs.write(catalog, path)
    assert "A phrase that nobody has translated" in catalogs.missing(path)


def test_the_catalogue_holds_what_the_sources_say_and_nothing_else(sources):
    """Out of step? Run `python -m alongside.core.catalogs gather`, then translate what is new."""
    here, there = (
        {(message.context, message.id) for message in messages(catalog)} for catalog in (CATALOG, sources)
    )
    assert here - there == set(), "nobody says these any more"
    assert there - here == set(), "these are not in the catalogue"


def test_nothing_is_guessed():
    assert not [message.id for message in messages(CATALOG) if message.fuzzy]
    assert not CATALOG.obsolete


def test_names_tags_and_percents_are_the_same_in_both():
    for message in messages(CATALOG):
        english, spanish = forms(message.id), forms(message.string)
        assert len(english) == len(spanish), message.id
        for one, other in zip(english, spanish, strict=True):
            assert holes(one) == holes(other), one


def test_edges_and_lines_are_kept():
    """A sentence is put together with its neighbor by the space at its end, a mail by its empty lines."""
    for message in messages(CATALOG):
        for one, other in zip(forms(message.id), forms(message.string), strict=True):
            assert _edges(one) == _edges(other), one
            assert one.count("\n") == other.count("\n"), one


def _edges(text: str) -> tuple[str, str]:
    """The white space around it."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_questions_and_quotes_are_written_as_in_spanish():
    for message in messages(CATALOG):
        for spanish in forms(message.string):
            assert spanish.count("?") == spanish.count("¿"), spanish
            assert spanish.count("!") == spanish.count("¡"), spanish
            assert not re.search(r'(?<![=\w])"\w', re.sub(r"<[^>]+>", "", spanish)), spanish


def test_nobody_is_addressed_as_tu():
    """Usted throughout: an agency speaks to people whom it does not know."""
    familiar = re.compile(r"\b(tú|tu|tus|ti|contigo|puedes|quieres|tienes|vienes)\b", re.I)
    for message in messages(CATALOG):
        for spanish in forms(message.string):
            assert not familiar.search(spanish), spanish


def test_two_who_compile_at_once_do_not_meet():
    with ThreadPoolExecutor(4) as several:
        for done in [several.submit(catalogs.compile_all) for _ in range(4)]:
            done.result()
    assert SPANISH.with_suffix(".mo").exists()
    assert not list(SPANISH.parent.glob("draft-*"))


def test_gathering_twice_changes_nothing(tmp_path, monkeypatch, sources):
    path = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(SPANISH.read_bytes())
    monkeypatch.setattr(catalogs, "gathered", lambda code: sources)
    catalogs.gather(tmp_path)
    first = path.read_bytes()
    catalogs.gather(tmp_path)
    assert path.read_bytes() == first
    assert b"FIRST AUTHOR" not in first
    assert b"EMAIL@ADDRESS" not in first


def test_a_phrase_that_went_is_dropped_and_a_new_one_is_left_empty(tmp_path, monkeypatch, sources):
    path = tmp_path / "es" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True)
    catalog = catalogs.read(SPANISH)
    catalog.add("We said this once", "Esto lo dijimos una vez")
    catalogs.write(catalog, path)
    grown = deepcopy(sources)
    grown.add("We say this from today")
    monkeypatch.setattr(catalogs, "gathered", lambda code: grown)
    catalogs.gather(tmp_path)
    assert "We say this from today" in catalogs.missing(path)
    assert catalogs.read(path).get("We said this once") is None


def test_the_compiled_catalogue_is_what_people_read():
    with translation.override("es"):
        assert gettext("Peace Walk") == "Caminata por la Paz"
        assert ngettext("%(n)s person", "%(n)s people", 1) % {"n": 1} == "1 persona"
        assert ngettext("%(n)s person", "%(n)s people", 2) % {"n": 2} == "2 personas"
    with translation.override("en"):
        assert gettext("Peace Walk") == "Peace Walk"


@pytest.mark.parametrize(
    ("language", "day", "short", "hour", "many"),
    [
        ("es", "4 de junio de 2026", "4 jun 2026", "6:30 p.m.", "1,234.5"),
        ("en", "June 4, 2026", "06/04/2026", "6:30 p.m.", "1,234.5"),
    ],
)
def test_days_hours_and_numbers_are_written_as_readers_here_write_them(language, day, short, hour, many):
    with translation.override(language):
        assert formats.date_format(date(2026, 6, 4), "DATE_FORMAT") == day
        assert formats.date_format(date(2026, 6, 4), "SHORT_DATE_FORMAT") == short
        assert formats.time_format(time(18, 30)) == hour
        assert number(1234.5, 1) == many
