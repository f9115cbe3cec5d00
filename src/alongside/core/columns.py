"""What fields of our own have in common: which of them migrations know, and what stands on a row.

To migrations and to the database most are Django's own: what a field says beside its column may change any day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.query_utils import DeferredAttribute

if TYPE_CHECKING:

    class Column:
        """What is asked of the field that stands behind one of these."""

        descriptor_class: type

        def deconstruct(self) -> Any: ...
        def to_python(self, value: Any) -> Any: ...

else:
    Column = object


class Plain(Column):
    """A field that migrations know as Django's, by what it inherits from it. Stands before that one."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self._plain().__name__}", args, kwargs

    def clone(self) -> Any:
        """What migrations compare."""
        _name, _path, args, kwargs = self.deconstruct()
        return self._plain()(*args, **kwargs)

    def _plain(self) -> Any:
        return next(kind for kind in type(self).__mro__ if kind.__module__.startswith("django."))


class OnRow(DeferredAttribute):
    """Whatever is put on a row is the field's own value from then on (`to_python`)."""

    def __set__(self, row: models.Model, value: Any) -> None:
        kept = value if is_expression(value) else self.field.to_python(value)
        row.__dict__[self.field.attname] = kept


def is_expression(value: object) -> bool:
    """Whether the database makes the value: nothing that we could read."""
    return isinstance(value, BaseExpression | Combinable)
