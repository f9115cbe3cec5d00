"""The people of the demo city whose shoes one can step into."""

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
        _("Plans the walks and keeps every promise in view."),
    ),
]
