"""The languages that we write in."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise


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
    name: str = translation.get_language_info(code)["name_local"]
    return name[:1].upper() + name[1:]


def direction_of(code: str) -> str:
    """Which way it is written, as HTML says it."""
    return "rtl" if translation.get_language_info(code)["bidi"] else "ltr"


def in_each(text: Promise) -> dict[str, str]:
    """The same words in each language that has them, for whoever meets people of several."""
    said = {}
    for code in codes():
        with translation.override(code):
            said[code] = str(text)
    return {code: words for code, words in said.items() if code == codes()[0] or words != said[codes()[0]]}


def ours(code: str) -> str:
    """This language, if we write in it; else our first."""
    return code if code in codes() else settings.LANGUAGE_CODE


def current() -> str:
    """The language in which somebody works: what they write now is written in it."""
    return ours(translation.get_language() or "")
