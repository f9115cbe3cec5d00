"""One device is counted once for a place; whoever asked before was counted, and stays so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hotspots", "0005_petitions_end"),
    ]

    operations = [
        migrations.AddField(
            model_name="petition",
            name="counts",
            field=models.BooleanField(default=True, editable=False),
        ),
    ]
