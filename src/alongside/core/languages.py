"""The languages that we write in."""

from django.conf import settings
from django.utils.translation import get_language, get_language_info


def choices() -> list[tuple[str, str]]:
    """Each language's code and its name in itself. Models and forms ask when they are used, so that none lists them."""
    return [(code, name_of(code)) for code, _name in settings.LANGUAGES]


def name_of(code: str) -> str:
    """A language's name in that language: nobody should have to read English to leave it."""
    name: str = get_language_info(code)["name_local"]
    return name[:1].upper() + name[1:]


def ours(code: str) -> str:
    """This language, if we write in it; else our first."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def current() -> str:
    """The language in which somebody works: what they write now is written in it."""
    return ours(get_language() or "")
