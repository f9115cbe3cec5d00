"""What people say and leave: every such field says what it is for, when it goes, and who lets go of it.

A field of a model that takes words, an address, a number or a file of a resident or a partner is one of these, and
cannot be made without the three. So is what lies apart from its rows. The page *What we keep* is written from them; a
test holds every model to it, and another lets the clock run and looks whether the words are gone.

To the database and to migrations they are Django's own: a new purpose or another clock changes no table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from alongside.core.columns import Plain
from alongside.core.lines import OneLine

ON_REQUEST = _("Ask us, by the address at the end of this page.")


@dataclass(frozen=True)
class Ends:
    """The clock: when it goes, in words. `days`: the agency's setting of days, which stands in them as %(days)s.

    Which rows are past it, the model's QuerySet says: `out_of_keeping()`. The eraser empties these, and no others.
    """

    words: str | Promise
    days: str = ""

    def told(self, agency: Any, model: type[models.Model] | None = None) -> str:
        """In the reader's language, with the days that this agency has set for rows of this model."""
        days = self.days_at(agency, model)
        if self.days and math.isinf(days):
            return gettext("Until the law, or we, set a day for it: the law may want it kept.")
        return str(self.words) % ({"days": days} if self.days else {})

    def days_at(self, agency: Any, model: type[models.Model] | None = None) -> float:
        """How many days this agency has set; without end where something else than days decides."""
        days: float = agency.days_kept(self.days, model) if self.days else math.inf
        return days


@dataclass(frozen=True)
class Keeping:
    """Why something is kept, how long, and who lets go of it: what the public reads of a field."""

    purpose: str | Promise
    ends: Ends
    eraser: str  # dotted name of what the clock runs, without arguments
    what: str | Promise = ""  # in plain words; where none are given, the field's own name
    seen_by: str | Promise = ""  # empty: whoever the model's readers are
    sooner: str | Promise = ON_REQUEST  # how to have it deleted now


if TYPE_CHECKING:
    TextField = models.TextField[str | Combinable, str]
    CharField = models.CharField[str | int | Combinable, str]
    EmailField = models.EmailField[str | Combinable, str]
else:  # Django's take no types when they run
    TextField, CharField, EmailField = models.TextField, models.CharField, models.EmailField


class Said(Plain):
    """What makes a field one of somebody's words. `purpose`, `ends` and `eraser` are asked of every one."""

    def __init__(
        self,
        *args: Any,
        purpose: str | Promise,
        ends: Ends,
        eraser: str,
        what: str | Promise = "",
        seen_by: str | Promise = "",
        sooner: str | Promise = ON_REQUEST,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)  # Django's, which stands behind this one
        self.keeping = Keeping(purpose, ends, eraser, what, seen_by, sooner)


class SaidText(Said, TextField):
    """What somebody wrote, in sentences."""


class SaidLine(OneLine, Said, CharField):
    """A name, a phone number, a place: one line."""


class SaidEmail(OneLine, Said, EmailField):
    """Where somebody is reached."""


class SaidApart:
    """What lies apart from the rows that it belongs to, as a file or in a lower room: told like a field, no column."""

    def __init__(
        self,
        *,
        purpose: str | Promise,
        ends: Ends,
        eraser: str,
        what: str | Promise,
        seen_by: str | Promise = "",
        sooner: str | Promise = ON_REQUEST,
    ) -> None:
        self.keeping = Keeping(purpose, ends, eraser, what, seen_by, sooner)
        self.name, self.model = "", models.Model

    def contribute_to_class(self, model: type[models.Model], name: str) -> None:
        self.name, self.model = name, model
        APART.append(self)


APART: list[SaidApart] = []


def words_on(row: models.Model) -> dict[str, str]:
    """What somebody said or left that stands on a row now, by what each is called in the reader's language."""
    fields = [field for field in row._meta.concrete_fields if isinstance(field, Said)]
    found = {capfirst(str(field.verbose_name)): getattr(row, field.attname) for field in fields}
    return {name: str(value) for name, value in found.items() if value}


def told_of() -> Iterator[tuple[type[models.Model], str, Keeping]]:
    """Every such field, and what lies apart: its model, its name, and what is said of it. Room by room."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, Said):
                keeping = field.keeping
                yield model, field.name, replace(keeping, what=keeping.what or field.verbose_name)
        for apart in APART:
            if apart.model is model:
                yield model, apart.name, apart.keeping
