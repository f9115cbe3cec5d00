from django.db import migrations, models

import alongside.gatherings.kinds


class Migration(migrations.Migration):
    dependencies = [
        ("cadence", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="pause",
            name="kind",
            field=models.CharField(
                choices=alongside.gatherings.kinds.choices, default="walk", editable=False, max_length=12
            ),
        ),
    ]
