"""A table that another room takes over: the rows stay where they are, and only the table's name changes."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from alongside.core.errors import Refusal


class OpenWithTheVersionBefore(Refusal):
    """The old room's tables are older than what can be taken over."""


class TakenOver(CreateModel):
    """A model of another room, which is gone: `TakenOver("hall", "0002_its_last_migration", name=…, fields=…)`.

    In a new database the table is made. In one of the version before it is there, full of rows, and gets its new name.
    What hangs on it stays as it is, under the names it has: keys, constraints, indexes, the next row's number.

    Fields and options are those that the old room left behind; what shall be otherwise, the next migration changes.
    A table between two models (a many-to-many field's) is not taken along.
    """

    def __init__(self, room: str, last: str, **model: Any) -> None:
        self.room, self.last = room, last
        super().__init__(**model)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        name, _nothing, model = super().deconstruct()
        return name, [self.room, self.last], model

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        connection, before = schema_editor.connection, f"{self.room}_{self.name_lower}"
        tables = connection.introspection.table_names()
        if before not in tables:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        if (self.room, self.last) not in MigrationRecorder(connection).applied_migrations():
            raise OpenWithTheVersionBefore(
                f"This data folder is older than the version before this one ({self.room}.{self.last} is missing in "
                "it). Open it with that version first, then with this one."
            )
        model = to_state.apps.get_model(app_label, self.name)
        schema_editor.alter_db_table(model, before, model._meta.db_table)
        if "django_content_type" in tables:
            schema_editor.execute(
                "UPDATE django_content_type SET app_label = %s WHERE app_label = %s AND model = %s",
                [app_label, self.room, self.name_lower],
            )

    def describe(self) -> str:
        return f"Take {self.name} over from {self.room}"
