"""What everybody may do to what they read: say “me too”."""

from __future__ import annotations

from django.utils.translation import gettext as _

from alongside.core.origins import Origin
from alongside.followthrough.models import Concern
from alongside.followthrough.public import rules
from alongside.followthrough.writing import NotNow
from alongside.voices import actions as voices
from alongside.voices import queries

ME_TOO = "me-too"


def me_too(concern: Concern, *, device: str) -> None:
    """Whoever has the same concern says so, once a device. Nobody learns who, and nobody whether it was new."""
    if not concern.is_open:
        raise NotNow(_("It is answered. If you have the same concern today, tell us of it anew."))
    voices.speak(concern.agency, purpose=ME_TOO, about=about(concern), token=device)


def has_said(concern: Concern, *, device: str) -> bool:
    """Whether this device has said so already: told to nobody but it."""
    return voices.has_spoken(concern.agency, purpose=ME_TOO, about=about(concern), token=device)


def how_many(concern: Concern) -> int:
    """How many devices said “me too” until this morning, in steps; 0 where they are too few to be told."""
    until = rules.morning(concern.agency)
    said = queries.counts(concern.agency, purpose=ME_TOO, about=about(concern), until=until)
    number = sum(said.values())
    return number // rules.VOICES.step * rules.VOICES.step if rules.VOICES.enough(number) else 0


def about(concern: Concern) -> Origin:
    return Origin("concern", concern.public_id)
