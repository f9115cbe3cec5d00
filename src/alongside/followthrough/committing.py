"""What of our words the ledger commits to."""

from __future__ import annotations

from alongside.core.authored import Words


def committed(words: Words) -> str:
    """A line for each language, by its code: “en: It is done.”."""
    return "\n".join(f"{language}: {text.text}" for language, text in sorted(words.texts.items()))
