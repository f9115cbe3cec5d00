"""What is read out before a note is taken: word for word, with its version."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

VERSION = "2026-11"

# Whoever holds the phone meets people of several languages: `languages.in_each(CONSENT)` goes there as one.
CONSENT = _(
    "May I write down what you say? I do not write your name, and the place only to the block. "
    "It helps us fix things. It is not used for enforcement or targeting. It is a public record and is "
    "released only under legal process or public records law. You can say no, and we just talk."
)
