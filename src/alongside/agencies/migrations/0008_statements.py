"""Statements in the agency's name are accepted by a person. What was public before goes on being said."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.utils import timezone

BEFORE = ("every-week", "enforcement-first")


def keep_what_was_said(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    said = {name: {"by": "", "at": timezone.now().isoformat()} for name in BEFORE}
    apps.get_model("agencies", "Agency").objects.update(statements=said)


class Migration(migrations.Migration):
    dependencies = [("agencies", "0007_bearers")]

    operations = [
        migrations.AddField(
            "agency", "statements", models.JSONField(blank=True, default=dict, editable=False)
        ),
        migrations.RunPython(keep_what_was_said, migrations.RunPython.noop),
    ]
