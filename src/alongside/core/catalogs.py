"""Words in other languages: gathered from code and templates, kept in .po files, compiled without system tools.

python -m alongside.core.catalogs gather    bring every .po file up to date with the sources
python -m alongside.core.catalogs compile   make the .mo files that Django reads
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from alongside.core.files import whole

SOURCE = Path(__file__).resolve().parents[1]
LOCALES = SOURCE / "locale"
# Django's own spellings, which templates use when they are read as Python, beside Babel's.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "phrase": None,
}
ASKS = re.compile(r"gettext|\bphrase\(")
# A deed in the audit trail is written down in English and translated when it is shown.
DEED = re.compile(r'\bverb="([^"]+)"')


def gathered() -> Catalog:
    """Every phrase that code and templates ask to have translated, with where it stands."""
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "tests" in path.parts:
            continue
        for _line, message, comments, context in _phrases(path):
            place = (path.relative_to(SOURCE).as_posix(), 0)
            catalog.add(message, None, locations=[place], auto_comments=comments, context=context)
    return catalog


Phrase = tuple[int, Any, list[str], str | None]  # its line, the words, comments for translators, its context


def _phrases(path: Path) -> Iterator[Phrase]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        if "templates" not in path.parts:
            return
        # It is read as Python, which takes the indentation of markup for its own.
        text = re.sub(r"^[ \t]+", "", templatize(text), flags=re.M)
    elif not ASKS.search(text) and not DEED.search(text):
        return
    yield from extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=["Translators"])
    for verb in DEED.findall(text):
        yield 0, verb, ["Translators: a deed in the audit trail; the thing it was done to comes next."], None


def catalogs() -> list[Path]:
    """The .po file of each language."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def gather() -> None:
    """Bring every .po file up to date: new phrases are empty, phrases that went are dropped, none is guessed.

    A second time changes nothing: dates stay as they were, so that a change in the file is a change of words.
    """
    template = gathered()
    for path in catalogs():
        catalog = read(path)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        write(catalog, path)


def write(catalog: Catalog, path: Path) -> None:
    """The .po file, phrases in the order of the alphabet, under a header that says only what is known."""
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, include_lineno=False, omit_header=False)


def compile_all() -> None:
    """Make the .mo file of each language. Whole or not at all: a page may be reading the old one, or two compile."""
    for path in catalogs():
        with whole(path.with_suffix(".mo")) as draft:
            write_mo(draft, read(path))


def missing(path: Path) -> list[str]:
    """Phrases without a translation."""
    return [_first(message.id) for message in read(path) if message.id and not _is_translated(message.string)]


def _first(phrase: str | Sequence[str]) -> str:
    return phrase if isinstance(phrase, str) else phrase[0]


def _is_translated(string: str | Sequence[str] | None) -> bool:
    return bool(string) and all(string or "")


if __name__ == "__main__":
    {"gather": gather, "compile": compile_all}[sys.argv[1]]()
