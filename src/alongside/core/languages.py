"""The languages that we write in."""

from django.conf import settings
from django.utils.translation import get_language


def ours(code: str) -> str:
    """This language, if we write in it; else our first."""
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def current() -> str:
    """The language in which somebody works: what they write now is written in it."""
    return ours(get_language() or "")
