"""A kind of gathering is a file, and names the page that a room above has for it; a gathering keeps only its id there."""

from typing import Any

from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import alongside.gatherings.kinds


def as_its_page_says(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Whoever called a walk by another kind moved it out of every account of walks; its page remained a walk's."""
    Gathering: Any = apps.get_model("gatherings", "Gathering")
    Gathering.objects.filter(page_view="walks:detail").exclude(kind="walk").update(kind="walk")


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0002_other_gatherings")]

    operations = [
        migrations.AlterField(
            model_name="gathering",
            name="kind",
            field=models.CharField(
                choices=alongside.gatherings.kinds.choices,
                default="other",
                max_length=12,
                verbose_name="Kind",
            ),
        ),
        migrations.AlterField(
            model_name="series",
            name="kind",
            field=models.CharField(
                choices=alongside.gatherings.kinds.choices, default="walk", max_length=12, verbose_name="Kind"
            ),
        ),
        migrations.RunPython(as_its_page_says, migrations.RunPython.noop),
        migrations.RemoveField(model_name="gathering", name="page_view"),
    ]
