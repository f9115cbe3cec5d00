"""The languages that we write in: English, and each whose catalogue is found. None is named in code.

A catalogue is `<folder>/<language>/LC_MESSAGES/django.po`, in the product's own folder or in `locale/` of the data
folder, where a city puts its own. Its header says how the language is called by those who speak it, and which way it
is written, where Django does not know it: `X-Name: Soomaali`, `X-Direction: rtl`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import locale, settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst

from alongside.core.errors import Phrase

ENGLISH = "en"
OURS = Path(__file__).resolve().parents[1] / "locale"
OF_A_CITY = "locale"  # in the data folder
CATALOGUES = "*/LC_MESSAGES/django.po"
LONGEST_CODE = 8
CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,5})?")
# The first message of a .po file: no words, and the header as its translation.
HEADER = re.compile(r'^msgid ""\s+msgstr ""\s+((?:"[^\n]*"\s+)*)', re.M)
SAID = re.compile(r'^"([\w-]+):\s*(.*?)\s*(?:\\n)?"$', re.M)


@dataclass(frozen=True)
class Language:
    """One that we write in: its code, its name in itself, which way it is written."""

    code: str
    name: str
    right_to_left: bool


def found(data: Path) -> list[Language]:
    """English, then each language with a catalogue. One of a city's counts once it is compiled, so that it can be read.

    Asked by the settings: Django and this module know of them from then on.
    """
    ours = {code_of(path): path for path in sorted(OURS.glob(CATALOGUES))}
    of_the_city = {
        code_of(path): path
        for path in sorted((data / OF_A_CITY).glob(CATALOGUES))
        if is_a_code(code_of(path)) and path.is_file() and path.with_suffix(".mo").is_file()
    }
    others = ours | {code: path for code, path in of_the_city.items() if code not in ours}
    others.pop(ENGLISH, None)  # a city may say things otherwise in English, too
    languages = [
        Language(ENGLISH, "English", False),
        *(_language(code, path) for code, path in others.items()),
    ]
    for each in languages:
        _introduce(each)
    return languages


def is_a_code(code: str) -> bool:
    """Whether a language can be called so in an address and in a row."""
    return bool(CODE.fullmatch(code)) and len(code) <= LONGEST_CODE


def begins_an_address(word: str) -> bool:
    """Whether pages in some language stand under this word, or may once: no other address begins with it."""
    return word in codes() or word in locale.LANG_INFO


def code_of(path: Path) -> str:
    """The language of a catalogue, as addresses say it, where its folder is named as Django looks for it."""
    named = path.parts[-3]
    code = translation.to_language(named)
    return code if translation.to_locale(code) == named else named


def _language(code: str, path: Path) -> Language:
    header = HEADER.search(path.read_text(encoding="utf-8", errors="replace"))
    said = dict(SAID.findall(header[1])) if header else {}
    known = locale.LANG_INFO.get(code, {})
    way = said.get("X-Direction", "rtl" if known.get("bidi") else "ltr")
    return Language(code, said.get("X-Name") or known.get("name_local") or code, way == "rtl")


def _introduce(language: Language) -> None:
    """Django lists the languages that it knows something of; whatever asks there is answered for ours, too."""
    english = locale.LANG_INFO.get(language.code, {}).get("name", language.name)
    locale.LANG_INFO[language.code] = {
        "bidi": language.right_to_left,
        "code": language.code,
        "name": english,
        "name_local": language.name,
    }


def codes() -> list[str]:
    """The product's own language first."""
    return [code for code, _name in settings.LANGUAGES]


def choices() -> list[tuple[str, str]]:
    """Each language's code and its name in itself. Models and forms ask when they are used, so that none lists them."""
    return [(code, name_of(code)) for code in codes()]


def among(wanted: Iterable[str]) -> list[str]:
    """Those of the languages asked for that we write in, in their order; our first where none is left."""
    known = codes()
    return [code for code in dict.fromkeys(wanted) if code in known] or [settings.LANGUAGE_CODE]


def name_of(code: str) -> str:
    """A language's name in that language: nobody should have to read English to leave it."""
    name: str = locale.LANG_INFO.get(code, {}).get("name_local", code)
    return capfirst(name)


def direction_of(code: str) -> str:
    """Which way it is written, as HTML says it."""
    return "rtl" if locale.LANG_INFO.get(code, {}).get("bidi") else "ltr"


def in_each(text: Promise | Phrase, wanted: Sequence[str] = ()) -> dict[str, str]:
    """The same words in each of these languages that has them, for whoever meets people of several."""
    said = {}
    for code in dict.fromkeys([ENGLISH, *(wanted or codes())]):
        with translation.override(code):
            said[code] = str(text)
    whole = {code: words for code, words in said.items() if code == ENGLISH or words != said[ENGLISH]}
    asked = [code for code in wanted or codes() if code in whole]
    return {code: whole[code] for code in asked or [ENGLISH]}


def ours(code: str) -> str:
    """This language, if we write in it; else our first."""
    return code if code in codes() else settings.LANGUAGE_CODE


def current() -> str:
    """The language in which somebody works: what they write now is written in it."""
    return ours(translation.get_language() or "")
