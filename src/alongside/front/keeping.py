"""*What we keep*: every field for what people say and leave, told in plain words from where it is declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency, AgencyQuerySet, Role
from alongside.core.said import Keeping, told_of


@dataclass
class Kept:
    """What is kept together, as the public reads it: each thing and what it is for, and how all of it goes."""

    how_long: str
    seen_by: str
    sooner: str
    things: dict[str, str] = field(default_factory=dict)


def kept(agency: Agency) -> list[Kept]:
    """All that is kept of people, in the reader's language and with this agency's days; what goes soonest, first."""
    together: dict[tuple[Any, ...], Kept] = {}
    for model, _name, keeping in sorted(told_of(), key=lambda told: told[2].ends.days_at(agency, told[0])):
        said = (keeping.ends.told(agency, model), _who_sees(model, keeping), str(keeping.sooner))
        entry = together.setdefault((model, *said), Kept(*said))
        entry.things[capfirst(str(keeping.what))] = str(keeping.purpose)
    return list(together.values())


def _who_sees(model: type[models.Model], keeping: Keeping) -> str:
    if keeping.seen_by:
        return str(keeping.seen_by)
    rows = model._default_manager.all()
    readers = rows.readers if isinstance(rows, AgencyQuerySet) else frozenset(Role)
    if readers is None:
        return _("All our staff.")
    return _("Of our staff: %(roles)s.") % {"roles": ", ".join(_labels(readers))}


def _labels(readers: frozenset[Role]) -> Iterator[str]:
    """In the order in which the roles are declared. An administrator may always."""
    for role in Role:
        if role in readers | {Role.ADMINISTRATOR}:
            yield str(role.label).lower()
