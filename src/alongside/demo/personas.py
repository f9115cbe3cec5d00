"""The people of the demo city whose shoes one can step into."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
        _("Chooses where to walk next, plans each walk, and publishes its page."),
    ),
    Persona(
        "Chief Ruth Calloway",
        "ruth@riverbend.example",
        _("Chief and administrator"),
        _("Hosts the walks, sees who stands in, and lets new people in."),
    ),
    Persona(
        "Assistant Chief Miguel Santos",
        "miguel@riverbend.example",
        _("Assistant chief"),
        _("Walks when the chief is away. Sees every division’s plans."),
    ),
    Persona(
        "Major Walter Dent",
        "dent@riverbend.example",
        _("Commander, First Division"),
        _("Brings the officers who normally work there, and answers for the neighborhood."),
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
        _("Sees the walks ahead and their cue sheets, and nothing about residents."),
    ),
    Persona(
        "Theo Lindqvist",
        "theo@riverbend.example",
        _("Public information officer"),
        _("Prints the flyer, pastes the post, and sees which mail went out."),
    ),
    Persona(
        "Grace Obi",
        "grace@riverbend.example",
        _("Records officer"),
        _("Reads the audit trail: who did what to which thing, and when."),
    ),
    Persona(
        "Rosa Delgado",
        "rosa@riverbend.example",
        _("Moderator from the community"),
        _("Is no employee. Helps to keep questions fair, and sees little else."),
    ),
]
