"""Languages that people speak, each by its name in the reader's language, as it stands inside a sentence.

More than we write in: an officer or an interpreter may speak any. Codes are those of BCP 47, so that a page, a
calendar and another program mean the same language.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from django.conf import locale
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language_info, pgettext_lazy

from alongside.core import languages
from alongside.core.typed import bare

NAMES: dict[str, Promise] = {
    "en": pgettext_lazy("language", "English"),
    "es": pgettext_lazy("language", "Spanish"),
    "ase": pgettext_lazy("language", "American Sign Language (ASL)"),
    "am": pgettext_lazy("language", "Amharic"),
    "ar": pgettext_lazy("language", "Arabic"),
    "bn": pgettext_lazy("language", "Bengali"),
    "bs": pgettext_lazy("language", "Bosnian"),
    "my": pgettext_lazy("language", "Burmese"),
    "yue": pgettext_lazy("language", "Cantonese"),
    "chr": pgettext_lazy("language", "Cherokee"),
    "fa": pgettext_lazy("language", "Farsi"),
    "fr": pgettext_lazy("language", "French"),
    "de": pgettext_lazy("language", "German"),
    "gu": pgettext_lazy("language", "Gujarati"),
    "ht": pgettext_lazy("language", "Haitian Creole"),
    "hi": pgettext_lazy("language", "Hindi"),
    "hmn": pgettext_lazy("language", "Hmong"),
    "it": pgettext_lazy("language", "Italian"),
    "ja": pgettext_lazy("language", "Japanese"),
    "kar": pgettext_lazy("language", "Karen"),
    "km": pgettext_lazy("language", "Khmer"),
    "rw": pgettext_lazy("language", "Kinyarwanda"),
    "ko": pgettext_lazy("language", "Korean"),
    "ku": pgettext_lazy("language", "Kurdish"),
    "lo": pgettext_lazy("language", "Lao"),
    "cmn": pgettext_lazy("language", "Mandarin"),
    "nv": pgettext_lazy("language", "Navajo"),
    "ne": pgettext_lazy("language", "Nepali"),
    "om": pgettext_lazy("language", "Oromo"),
    "ps": pgettext_lazy("language", "Pashto"),
    "pl": pgettext_lazy("language", "Polish"),
    "pt": pgettext_lazy("language", "Portuguese"),
    "pa": pgettext_lazy("language", "Punjabi"),
    "ru": pgettext_lazy("language", "Russian"),
    "sm": pgettext_lazy("language", "Samoan"),
    "so": pgettext_lazy("language", "Somali"),
    "sw": pgettext_lazy("language", "Swahili"),
    "tl": pgettext_lazy("language", "Tagalog"),
    "ti": pgettext_lazy("language", "Tigrinya"),
    "uk": pgettext_lazy("language", "Ukrainian"),
    "ur": pgettext_lazy("language", "Urdu"),
    "vi": pgettext_lazy("language", "Vietnamese"),
}


# How people write some of them beside their names.
ALSO = {
    "asl": "ase",
    "american sign language": "ase",
    "sign language": "ase",
    "lengua de senas": "ase",
    "lengua de senas americana": "ase",
    "lenguaje de senas": "ase",
    "castellano": "es",
    "chinese": "cmn",
    "mandarin chinese": "cmn",
    "creole": "ht",
    "kreyol": "ht",
    "persian": "fa",
    "swahili": "sw",
    "tagalog": "tl",
}

# Those that are asked for most, in this order.
FIRST = ("en", "es", "ase")


def choices(also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Codes and names to choose from, the most common first; `also` what stands on a row and is in no list."""
    names = {code: name_of(code) for code in [*FIRST, *NAMES, *also]}
    others = sorted((code for code in names if code not in FIRST), key=names.__getitem__)
    return [(code, capfirst(names[code])) for code in [*FIRST, *others]]


def name_of(code: str) -> str:
    """The language's name for whoever reads. What stands in no list, such as a word that somebody typed, as it is."""
    if code in NAMES:
        return str(NAMES[code])
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def code_of(typed: str) -> str:
    """The code of a language that somebody typed, by any name we know; what is none is kept as it was typed.

    “Spanish”, “español” and “ESPANOL” are one language, whatever the reader of it reads.
    """
    typed = typed.strip()
    return typed if typed in NAMES else _codes(tuple(languages.codes())).get(bare(typed), typed)


def named(typed: str) -> str:
    """The language that somebody typed, as the reader calls it."""
    return name_of(code_of(typed))


@cache
def _codes(written: tuple[str, ...]) -> dict[str, str]:
    """Every name that we know, in each language that we write in and in the language itself."""
    known = dict(ALSO)
    for code in NAMES:
        known[bare(str(locale.LANG_INFO.get(code, {}).get("name_local", code)))] = code
    for code, name in NAMES.items():
        known |= dict.fromkeys(map(bare, languages.in_each(name, written).values()), code)
    return known
