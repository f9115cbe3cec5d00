import alongside.core.languages
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cadence", "0004_pause_of_a_series"),
    ]

    operations = [
        migrations.AlterField(
            model_name="pause",
            name="language",
            field=models.CharField(
                choices=alongside.core.languages.choices,
                default="en",
                max_length=8,
                verbose_name="Written in",
            ),
        ),
    ]
