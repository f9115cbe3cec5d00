"""Who reads it decides the language: of a mail, and of whatever else somebody is handed to read later."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import translation

from alongside.core import languages

_language: ContextVar[str] = ContextVar("language of who reads it", default="")


class NobodyReads(RuntimeError):
    """A letter was written without saying who reads it: a slip of ours, found by the first test that sends one."""


@contextmanager
def written_for(language: str) -> Iterator[None]:
    """All that is said inside is said in this language, links and days too; in our first, where we do not write it."""
    mark = _language.set(languages.ours(language))
    try:
        with translation.override(_language.get()):
            yield
    finally:
        _language.reset(mark)


def language() -> str:
    """In which language this is written; raises NobodyReads outside of `written_for`."""
    if not _language.get():
        raise NobodyReads("Say who reads it: with readers.written_for(language).")
    return _language.get()
