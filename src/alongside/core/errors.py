"""How a refusal is said: one sentence that tells a person what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class Refusal(Exception):
    """Something asked for cannot be done. Its text is shown to the person who asked, in their language.

    Each room names its own kinds. The command line prints the text on one line and exits with 2; a page shows it.
    """


@dataclass(frozen=True)
class Phrase:
    """A sentence as the catalogs know it, and what goes into it; in the reader's language once it is read as text."""

    words: str
    parts: Mapping[str, object]

    def __str__(self) -> str:
        # Django is asked when there is something to say: keys are made, and files read, without its settings.
        from django.conf import settings
        from django.utils.translation import gettext

        words = gettext(self.words) if settings.configured else self.words
        return words % self.parts if self.parts else words


def phrase(words: str, /, **parts: object) -> Phrase:
    """What a room that knows nothing of Django hands to a refusal: `phrase("%(file)s is empty.", file=name)`."""
    return Phrase(words, parts)
