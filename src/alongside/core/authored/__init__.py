"""Authored words: what staff write for the public, in each language of their agency.

`Words` is the value, `Authored` the field of a model, `AuthoredField` the field of a form: one box for each language,
side by side. Each text says how it came: a person wrote it (and who), or a machine did and nobody has checked it. What
is missing in the reader's language is shown in the one it was written in, and says so.
"""

from alongside.core.authored.boxes import AuthoredField
from alongside.core.authored.field import Authored
from alongside.core.authored.hand import writes, writing
from alongside.core.authored.words import NO_LANGUAGE, How, Text, Words, marks, words_of

__all__ = [
    "NO_LANGUAGE",
    "Authored",
    "AuthoredField",
    "How",
    "Text",
    "Words",
    "marks",
    "words_of",
    "writes",
    "writing",
]
