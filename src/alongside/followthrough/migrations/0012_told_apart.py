"""What the ledger calls a concern until its words are released: an id for each, of its own."""

from typing import Any

from django.db import migrations, models

import alongside.core.ids


def one_each(apps: Any, schema_editor: Any) -> None:
    concerns = apps.get_model("followthrough", "Concern").objects
    for pk in concerns.values_list("pk", flat=True).iterator():
        concerns.filter(pk=pk).update(told_as=alongside.core.ids.public_id())


class Migration(migrations.Migration):
    dependencies = [("followthrough", "0011_loaded_later")]

    operations = [
        migrations.AddField(
            model_name="concern",
            name="told_as",
            field=models.CharField(default=alongside.core.ids.public_id, editable=False, max_length=16),
        ),
        migrations.RunPython(one_each, migrations.RunPython.noop),
    ]
