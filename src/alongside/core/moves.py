"""For migrations: rows that go from the table of one room to the table of another, with their numbers and ids."""

from __future__ import annotations

from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F
from django.db.models.expressions import Combinable

AT_ONCE = 500
NEW = "new_"


def copy_rows(source: str, target: str, **columns: str | Combinable) -> migrations.RunPython:
    """Copy every row of a model to another: columns of the same name as they are, those named here from elsewhere.

    `copy_rows("walks.PlanCheck", "gatherings.PlanCheck", gathering_id="walk__gathering_id")`. Numbers are kept, since
    other rows may point to them; what is added later is numbered after the last. The cost grows with the rows.
    """

    def copy(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        before, after = apps.get_model(source), apps.get_model(target)
        names = [field.attname for field in after._meta.concrete_fields if field.attname not in columns]
        # Under names of their own, since what is asked for may be called as something else was.
        asked = {f"{NEW}{name}": F(it) if isinstance(it, str) else it for name, it in columns.items()}
        rows: Any = before._default_manager.order_by("pk").values(*names, **asked).iterator(AT_ONCE)
        while batch := [after(**_named(row)) for row in islice(rows, AT_ONCE)]:
            after._default_manager.bulk_create(batch)
        for statement in schema_editor.connection.ops.sequence_reset_sql(no_style(), [after]):
            schema_editor.execute(statement)

    return migrations.RunPython(copy)


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(NEW): value for name, value in row.items()}
