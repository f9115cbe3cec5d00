import alongside.core.languages
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0006_one_cause"),
    ]

    operations = [
        migrations.AlterField(
            model_name="gathering",
            name="language",
            field=models.CharField(
                choices=alongside.core.languages.choices,
                default="en",
                max_length=8,
                verbose_name="Written in",
            ),
        ),
        migrations.AlterField(
            model_name="operatingrules",
            name="language",
            field=models.CharField(choices=alongside.core.languages.choices, default="en", max_length=8),
        ),
        migrations.AlterField(
            model_name="rsvp",
            name="language",
            field=models.CharField(choices=alongside.core.languages.choices, default="en", max_length=8),
        ),
    ]
