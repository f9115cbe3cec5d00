from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def corrected_before(apps: Any, schema_editor: Any) -> None:
    """What was corrected so far had been told in its quarter."""
    corrections = apps.get_model("gatherings", "HeadsCorrected").objects.filter(gathering=OuterRef("pk"))
    told = Subquery(corrections.order_by("pk").values("told__told_on")[:1])
    gatherings = apps.get_model("gatherings", "Gathering").objects.filter(corrections__isnull=False)
    gatherings.update(heads_told_on=told)


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0020_cards_for_who_came"),
    ]

    operations = [
        migrations.AddField(
            model_name="gathering",
            name="heads_told_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="headscorrected",
            name="told",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="corrections",
                to="gatherings.toldquarters",
            ),
        ),
        migrations.RunPython(corrected_before, migrations.RunPython.noop, elidable=True),
    ]
