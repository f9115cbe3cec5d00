"""*What we keep*: every field for what people say and leave, told in plain words from where it is declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency, AgencyQuerySet, Role
from alongside.core.said import Keeping, told_of


@dataclass
class Kept:
    """One thing that is kept, as the public reads it. Fields that say the same are one thing."""

    what: str
    how_long: str
    seen_by: str
    sooner: str
    purposes: list[str] = field(default_factory=list)


def kept(agency: Agency) -> list[Kept]:
    """All that is kept of people, in the reader's language and with this agency's days."""
    things: dict[tuple[str, ...], Kept] = {}
    for model, _name, keeping in told_of():
        what = capfirst(str(keeping.what))
        said = (what, keeping.ends.told(agency), _who_sees(model, keeping), str(keeping.sooner))
        thing = things.setdefault(said, Kept(*said))
        if str(keeping.purpose) not in thing.purposes:
            thing.purposes.append(str(keeping.purpose))
    return list(things.values())


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
