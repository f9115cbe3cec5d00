"""For migrations: rows that go from one room to another, with their numbers and ids; texts that get their languages.

Between two rooms that stand rows are copied (`copy_rows`); of a room that is gone the whole table is taken over
(`TakenOver`). A text in one language becomes words where it stands (`into_words`).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import CreateModel
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState, StateApps
from django.db.models import F, Model, Value
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from alongside.core.authored import Words
from alongside.core.errors import Refusal

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


def made_of_rows(target: str, source: str, made: Callable[[StateApps, Any], Model]) -> migrations.RunPython:
    """Make a row of a model of each row of another, which then goes or changes: `made(apps, row)` makes it, unsaved."""

    def make(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        before, after = apps.get_model(source), apps.get_model(target)
        rows = before._default_manager.order_by("pk").iterator(AT_ONCE)
        while batch := [made(apps, row) for row in islice(rows, AT_ONCE)]:
            after._default_manager.bulk_create(batch)
        look_at_what_was_written(schema_editor)

    return migrations.RunPython(make)


def look_at_what_was_written(schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Now and not at the end, before tables change: PostgreSQL changes none that has something to look at.

    It has, where a row was made, or was written twice.
    """
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {name.removeprefix(NEW): value for name, value in row.items()}


def into_words(model: str, *texts: str, language: str | Combinable, by: str = "") -> migrations.RunPython:
    """Texts in one language become authored words: `into_words("hotspots.Choice", "reason", language="language")`.

    `language` and `by` are the columns that say in which and by whom each was written. Stands between what makes the
    columns wide enough and what makes them `Authored`. The cost grows with the rows.
    """
    known = [F(language) if isinstance(language, str) else language, F(by) if by else Value("")]

    def become(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        rows: Any = apps.get_model(model)._default_manager
        for text in texts:
            written = rows.exclude(**{text: ""}).order_by("pk").values_list("pk", text, *known)
            for pk, words, code, hand in written.iterator(AT_ONCE):
                rows.filter(pk=pk).update(**{text: Words.of(words, language=code, by=hand).stored})
        look_at_what_was_written(schema_editor)

    return migrations.RunPython(become)


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
                _(
                    "This data folder is older than the version before this one (%(room)s.%(last)s is "
                    "missing in it). Open it with that version first, then with this one."
                )
                % {"room": self.room, "last": self.last}
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
