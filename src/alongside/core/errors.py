"""How a refusal is said: one sentence that tells a person what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time


class Refusal(Exception):
    """Something asked for cannot be done. Its text is shown to the person who asked, in their language.

    Each room names its own kinds. The command line prints the text on one line and exits with 2; a page shows it.
    `passing`: nothing is wrong with what was asked, and the same can be done in a while.
    """

    passing = False


@dataclass(frozen=True)
class Phrase:
    """A sentence as the catalogs know it, and what goes into it; in the reader's language once it is read as text.

    Words of others (a mail server's no, a traceback) are a phrase that no catalog knows: they stay as they came.
    """

    words: str
    parts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        # Django is asked when there is something to say: keys are made, and files read, without its settings.
        from django.conf import settings
        from django.utils.translation import gettext

        words = gettext(self.words) if settings.configured and self.words else self.words
        return words % {name: _said(part) for name, part in self.parts.items()} if self.parts else words

    def __bool__(self) -> bool:
        return bool(self.words)

    def __hash__(self) -> int:
        return hash((self.words, *self.parts))


def _said(part: object) -> object:
    """An hour or a day as its reader writes them; all else as it is."""
    from alongside.core import formats

    if isinstance(part, time):
        return formats.hour(part)
    return formats.day(formats.by_the_clock_here(part)) if isinstance(part, date) else part


def phrase(words: str, /, **parts: object) -> Phrase:
    """A sentence that somebody reads later, or that a room says which knows nothing of Django:
    `phrase("%(file)s is empty.", file=name)`.
    """
    return Phrase(words, parts)


def said_by(problem: BaseException) -> Phrase:
    """What somebody reads later of a problem: its phrase, where it has one; else its text as it came."""
    (first, *others) = problem.args or ("",)
    return first if isinstance(first, Phrase) and not others else Phrase(str(problem))
