"""Names, places, addresses: what is one line in every list, header, calendar and file, and is kept as one.

Whatever verb, page, import or command puts it on a row, it is made one line there: breaks and other marks that nobody
sees (`core.text.line`) would begin a line of a calendar, a header of a mail, a row of a table. Nobody is refused for
what came along when they pasted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.expressions import Combinable

from alongside.core.columns import Column, OnRow, Plain
from alongside.core.text import whole_line

if TYPE_CHECKING:
    CharField = models.CharField[str | int | Combinable, str]
    EmailField = models.EmailField[str | Combinable, str]
    URLField = models.URLField[str | Combinable, str]
else:  # Django's take no types when they run
    CharField, EmailField, URLField = models.CharField, models.EmailField, models.URLField


class OneLine(Column):
    """A field whose text is one line from the moment it stands on a row, and whenever the database is asked for it.

    Django hands to `to_python` what is saved, in whichever way, and what is looked for.
    """

    descriptor_class: type = OnRow

    def to_python(self, value: Any) -> Any:
        said = super().to_python(value)
        return whole_line(said) if isinstance(said, str) else said


class Line(OneLine, Plain, CharField):
    """A name or a place, as somebody typed it or a file had it."""


class EmailLine(OneLine, Plain, EmailField):
    """An address of e-mail."""


class UrlLine(OneLine, Plain, URLField):
    """An address of a page."""
