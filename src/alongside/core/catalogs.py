"""Words in other languages: gathered from code and templates, kept in .po files, compiled without system tools.

python -m alongside.core.catalogs gather             bring every .po file of ours up to date with the sources
python -m alongside.core.catalogs compile            make the .mo files of ours that Django reads
python -m alongside.core.catalogs compile FOLDER     the same for those of a city: a catalogue that cannot be used is
                                                     told of and left out, so that the site starts all the same
"""

from __future__ import annotations

import gettext
import io
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import allauth
import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, PoFileParser, write_po
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

from alongside.core.files import whole
from alongside.core.languages import CATALOGUES, ENGLISH, OURS, code_of, is_a_code

SOURCE = Path(__file__).resolve().parents[1]
# Django's own spellings, which templates use when they are read as Python, beside Babel's.
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
    "phrase": None,
}
ASKS = re.compile(r"gettext|\bphrase\(")
# A deed in the audit trail is written down in English and translated when it is shown, apart from other words that are
# spelled alike: “closed” is what Ada did, and what a list holds.
DEED = re.compile(r'(?:\bverb=|\bdeed\()"([^"]+)"')
DEED_CONTEXT = "deed"
# What must be the same in every language: placeholders, and whatever a page could take for markup: a tag, even one that
# does not end, a comment, an entity, and the sign that ends an attribute.
HOLE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?[a-zA-Z!?][^>]*>?|&#?\w+;|\"")
NAMED = re.compile(r"%\((\w+)\)[sd]")
FILLED = re.compile(r"%%|%\(\w+\)[sd]|%[sd]")
LARGEST_COUNT = 1200  # a rule for plurals that holds so far holds

# Ours are English already. This one holds what our libraries say, in our words.
OUR_ENGLISH = OURS / ENGLISH / "LC_MESSAGES" / "django.po"
# What others write on our pages, beside us: days and months, what is wrong with a form, the pages of accounts. Gathered
# for a language into which they have not been put by their authors.
BORROWED: Mapping[Path, Sequence[str]] = {
    Path(django.__file__).parent: (
        "contrib/auth/forms.py",
        "contrib/auth/password_validation.py",
        "contrib/humanize/templatetags/humanize.py",
        "core/validators.py",
        "db/models/fields/__init__.py",
        "forms/fields.py",
        "forms/formsets.py",
        "forms/models.py",
        "forms/widgets.py",
        "template/defaultfilters.py",
        "utils/dateformat.py",
        "utils/dates.py",
        "utils/text.py",
        "utils/timesince.py",
    ),
    Path(allauth.__file__).parent: (
        "account/**/*.py",
        "mfa/**/*.py",
        "templates/account/**/*.html",
        "templates/account/**/*.txt",
        "templates/mfa/**/*.html",
        "templates/mfa/**/*.txt",
    ),
}


class Words(Catalog):
    """A catalogue that also keeps what it says of its language: its name in itself, and which way it is written."""

    def __init__(self, code: str, *, name: str = "", direction: str = "") -> None:
        super().__init__(locale=to_locale(code), charset="utf-8", fuzzy=False)
        self.of_language = {"X-Name": name, "X-Direction": direction}

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        *usual, last = super()._get_mime_headers()
        if self.locale is None:  # Babel has no rule for its plurals; the catalogue has one
            usual.append(("Plural-Forms", self.plural_forms))
        return [*usual, *((name, value) for name, value in self.of_language.items() if value), last]

    @mime_headers.setter
    def mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        headers = list(headers)
        super()._set_mime_headers(headers)
        self.of_language |= {name: value for name, value in headers if name in self.of_language}


class Unreadable(Exception):
    """A catalogue that cannot be used at all. Its text says why."""


# -- gathering -------------------------------------------------------------------------------------
def gathered(code: str) -> Catalog:
    """Every phrase that code and templates ask to have translated, with where it stands.

    What the authors of our libraries say on our pages, too, where they do not have the language or we say it otherwise.
    """
    catalog = Catalog(charset="utf-8", fuzzy=False)
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and "tests" not in path.parts:
            _add(catalog, path, SOURCE)
    otherwise = _said_otherwise()
    for package in BORROWED:
        _borrow(catalog, package, only=otherwise if _has(package, code) else None)
    return catalog


def _said_otherwise() -> set[tuple[str | None, Any]]:
    """What our libraries say on our pages in words that are not ours, and we say in ours: named by our English file."""
    return {(message.context, key_of(message.id)) for message in phrases(read(OUR_ENGLISH))}


def _borrow(catalog: Catalog, package: Path, *, only: set[tuple[str | None, Any]] | None) -> None:
    for path in sorted({path for pattern in BORROWED[package] for path in package.glob(pattern)}):
        if "tests" not in path.parts and "migrations" not in path.parts:
            _add(catalog, path, package.parent, only=only)


def key_of(words: Any) -> Any:
    """A phrase with a plural is known by both its forms."""
    return words if isinstance(words, str) else tuple(words)


def _has(package: Path, code: str) -> bool:
    """Whether a library comes with a catalogue of this language."""
    return any(package.glob(f"**/locale/{to_locale(code)}/LC_MESSAGES/django.mo"))


def _add(
    catalog: Catalog, path: Path, root: Path, *, only: set[tuple[str | None, Any]] | None = None
) -> None:
    for _line, message, comments, context in _phrases(path):
        if only is not None and (context, key_of(message)) not in only:
            continue
        place = (path.relative_to(root).as_posix(), 0)
        catalog.add(message, None, locations=[place], auto_comments=comments, context=context)


Phrase = tuple[int, Any, list[str], str | None]  # its line, the words, comments for translators, its context


def _phrases(path: Path) -> Sequence[Phrase]:
    """What a file says. It is read once for all languages."""
    return _phrases_of(path, path.stat().st_mtime_ns)


@cache
def _phrases_of(path: Path, _changed: int) -> Sequence[Phrase]:
    return tuple(_read_phrases(path))


def _read_phrases(path: Path) -> Iterator[Phrase]:
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
        yield (
            0,
            verb,
            ["Translators: a deed in the audit trail; the thing it was done to comes next."],
            DEED_CONTEXT,
        )


def catalogs(folder: Path = OURS) -> list[Path]:
    """The .po file of each language."""
    return sorted(folder.glob(CATALOGUES))


def read(path: Path) -> Words:
    """A catalogue as it stands in its file."""
    code = code_of(path)
    if not is_a_code(code):
        raise Unreadable(
            f"“{path.parts[-3]}” is no code of a language, as so, ht or pt_BR are: name its folder so"
        )
    words = Words(code)
    try:
        with path.open("rb") as file:
            PoFileParser(words, abort_invalid=True).parse(file)
    except (PoFileError, ValueError, LookupError, OSError) as error:
        raise Unreadable(f"it cannot be read: {error}") from error
    return words


def begin(folder: Path, code: str, *, name: str, direction: str) -> Path:
    """The catalogue of a language that is new here: every phrase, and none has words yet."""
    path = folder / to_locale(code) / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog = Words(code, name=name, direction=direction)
    catalog.header_comment = f"# Alongside, in {name}"
    catalog.last_translator = catalog.language_team = ""
    catalog.update(gathered(code))
    write(catalog, path)
    return path


def gather(folder: Path = OURS) -> None:
    """Bring every .po file up to date: new phrases are empty, phrases that went are dropped, none is guessed.

    A second time changes nothing: dates stay as they were, so that a change in the file is a change of words.
    """
    for path in catalogs(folder):
        bring_up_to_date(path)


def bring_up_to_date(path: Path) -> None:
    catalog = read(path)
    template = resaid() if path == OUR_ENGLISH else gathered(code_of(path))
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    write(catalog, path)


def resaid() -> Catalog:
    """What our English file may name: phrases that our libraries still say."""
    catalog, otherwise = Catalog(charset="utf-8", fuzzy=False), _said_otherwise()
    for package in BORROWED:
        _borrow(catalog, package, only=otherwise)
    return catalog


def write(catalog: Catalog, path: Path) -> None:
    """The .po file, phrases in the order of the alphabet, under a header that says only what is known."""
    with path.open("wb") as file:
        write_po(file, catalog, width=110, sort_output=True, include_lineno=False, omit_header=False)


# -- compiling -------------------------------------------------------------------------------------
def compile_all(folder: Path = OURS) -> None:
    """Make the .mo file of each language. Whole or not at all: a page may be reading the old one, or two compile."""
    for path in catalogs(folder):
        try:
            compiled = _compiled(usable(path))
        except Unreadable as error:
            sys.stderr.write(f"{path}: {error}\n")  # at the start there is no log yet
            continue
        with whole(path.with_suffix(".mo")) as draft:
            draft.write(compiled)


def usable(path: Path) -> Words:
    """What can be shown of a catalogue. A phrase that would break its page is left out, and so is shown in English."""
    catalog = read(path)
    _ask_plurals(catalog)
    for message in unfit(catalog):
        catalog.delete(message.id, message.context)
    return catalog


def _compiled(catalog: Words) -> bytes:
    into = io.BytesIO()
    write_mo(into, catalog)
    return into.getvalue()


def _ask_plurals(catalog: Words) -> None:
    """Which plural belongs to which number is an expression in the header; Django would stumble over it on a page."""
    try:
        rule = gettext.c2py(catalog.plural_expr)
        fits = all(0 <= rule(n) < catalog.num_plurals for n in range(LARGEST_COUNT))
    except (ValueError, ZeroDivisionError, RecursionError):
        fits = False
    if not fits:
        raise Unreadable(f"its rule for plurals cannot be used: {catalog.plural_forms}")


def unfit(catalog: Words) -> list[Message]:
    """Phrases whose translation has other holes than the original, so that a page that fills them would fail."""
    return [
        message
        for message in phrases(catalog)
        if message.string
        and not all(_fits(forms(message.id), each) for each in forms(message.string) if each)
    ]


def _fits(english: tuple[str, ...], other: str) -> bool:
    allowed = Counter(HOLE.findall(english[-1]))
    for form in english:
        allowed |= Counter(HOLE.findall(form))
    return Counter(HOLE.findall(other)) <= allowed and _can_be_filled(english[-1]) <= _can_be_filled(other)


def _can_be_filled(text: str) -> bool:
    """Whether its holes can be filled by name, and stray signs are none."""
    try:
        text % dict.fromkeys(NAMED.findall(text), 1)
    except (KeyError, TypeError, ValueError):
        return False
    return "%" not in FILLED.sub("", text)


# -- what a catalogue lacks ------------------------------------------------------------------------
def phrases(catalog: Catalog) -> Iterator[Message]:
    """Every phrase but the header."""
    return (message for message in catalog if message.id)


def forms(words: str | Iterable[str] | None) -> tuple[str, ...]:
    """The one form of a phrase, or its singular and plural."""
    return (words or "",) if isinstance(words, str) or words is None else tuple(words)


def missing(path: Path) -> list[str]:
    """Phrases without a translation."""
    return [forms(message.id)[0] for message in phrases(read(path)) if not all(forms(message.string))]


def troubles(path: Path) -> Iterator[str]:
    """What is wrong with a city's own catalogue, each in one sentence."""
    try:
        usable(path)
    except Unreadable as error:
        yield f"{path}: {error}"
        return
    catalog = read(path)
    if misfits := unfit(catalog):
        yield (
            f"{path}: {len(misfits)} phrases have other %(names)s, {{holes}} or tags than the English, and are "
            f"shown in English; the first is “{forms(misfits[0].id)[0]}”"
        )
    if code_of(path) in {
        ENGLISH,
        *map(code_of, catalogs()),
    }:  # a city says some things in its own words, no more
        return
    said = {(message.context, message.id) for message in phrases(catalog) if all(forms(message.string))}
    asked = {(message.context, message.id) for message in phrases(gathered(code_of(path)))}
    if lacking := len(asked - said):
        yield f"{path}: {lacking} of {len(asked)} phrases have no words yet, and are shown in English"


if __name__ == "__main__":
    {"gather": gather, "compile": compile_all}[sys.argv[1]](*map(Path, sys.argv[2:]))
