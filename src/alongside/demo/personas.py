"""The people of the demo city whose shoes one can step into."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SLUG = "riverbend"


@dataclass(frozen=True)
class Persona:
    """Somebody with an account in the demo city: who they are, and what one sees in their shoes."""

    name: str
    email: str
    role: str | Promise
    line: str | Promise


PERSONAS: list[Persona] = [
    Persona(
        "Ada Okafor",
        "ada@riverbend.example",
        _("Coordinator"),
        _(
            "Plans the season and each walk, asks people along, says what came of it, and keeps promises in sight."
        ),
    ),
    Persona(
        "Chief Ruth Calloway",
        "ruth@riverbend.example",
        _("Chief and administrator"),
        _("Hosts the walks, says when she is away, changes the operating rules, and lets new people in."),
    ),
    Persona(
        "Assistant Chief Miguel Santos",
        "miguel@riverbend.example",
        _("Assistant chief"),
        _("Hosts when the chief is away. Sees every division’s plans."),
    ),
    Persona(
        "Major Walter Dent",
        "dent@riverbend.example",
        _("Commander, First Division"),
        _("Signs the season, approves recaps, and answers for what people asked for in his division."),
    ),
    Persona(
        "Ines Park",
        "ines@riverbend.example",
        _("Analyst"),
        _("Reads incident files in, checks what was lost, and looks for hot spots. Every export is logged."),
    ),
    Persona(
        "Officer Sam Whitaker",
        "sam@riverbend.example",
        _("Officer"),
        _("Is the scribe: opens the phone page of a walk, where notes are kept even without a signal."),
    ),
    Persona(
        "Theo Lindqvist",
        "theo@riverbend.example",
        _("Public information officer"),
        _(
            "Writes the words for the public, clears photos of places, prints the flyer, and sees which mail went out."
        ),
    ),
    Persona(
        "Grace Obi",
        "grace@riverbend.example",
        _("Records officer"),
        _("Reads the audit trail and what is held apart, and erases words that may not be kept."),
    ),
    Persona(
        "Rosa Delgado",
        "rosa@riverbend.example",
        _("Moderator from the community"),
        _("Is no employee. Helps to keep questions fair, and sees little else."),
    ),
]
