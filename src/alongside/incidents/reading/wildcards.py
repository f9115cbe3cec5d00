"""Words in which * stands for anything, as an agency writes them for kinds and for addresses."""

import re
from collections.abc import Iterable


def pattern(words: Iterable[str]) -> str:
    """All of them as one regular expression; "" where there is no word. Blanks around a word do not count."""
    return "|".join(re.escape(word.strip()).replace(r"\*", ".*") for word in words if word.strip())
