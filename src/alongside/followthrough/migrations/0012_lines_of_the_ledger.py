"""Which line of the ledger tells of a concern, and of each of its steps."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("followthrough", "0011_loaded_later")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="ledger_line",
            field=models.PositiveIntegerField(editable=False, null=True),
        )
        for name in ("concern", "step")
    ]
