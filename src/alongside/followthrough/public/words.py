"""A text as it is looked for: its words, in small letters, without accents."""

from __future__ import annotations

import re
import unicodedata

from alongside.core.authored import Words

LONGEST_WORD, SHORTEST_WORD = 40, 2
WORD = re.compile(r"\w+")


def words_in(text: str) -> list[str]:
    """Each word once, in their order."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in plain if not unicodedata.combining(mark))
    words = (word[:LONGEST_WORD] for word in WORD.findall(bare))
    return list(dict.fromkeys(word for word in words if len(word) >= SHORTEST_WORD))


def words_of(written: Words) -> list[str]:
    """Every word of what staff wrote, in whatever language it stands there."""
    return words_in(" ".join(each.text for each in written.texts.values()))
