"""What staff of Riverbend write for the public: in both of its languages, or in one alone."""

from __future__ import annotations

from alongside.core.authored import Words


def written(english: str = "", spanish: str = "") -> Words:
    """English first, where there is any. What is missing stays so: the pages say it."""
    return Words.of(english, language="en").written(spanish, language="es")
