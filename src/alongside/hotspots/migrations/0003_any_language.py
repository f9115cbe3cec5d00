import alongside.core.languages
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("hotspots", "0002_language_of_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="choice",
            name="language",
            field=models.CharField(choices=alongside.core.languages.choices, default="en", max_length=8),
        ),
        migrations.AlterField(
            model_name="criteria",
            name="language",
            field=models.CharField(choices=alongside.core.languages.choices, default="en", max_length=8),
        ),
        migrations.AlterField(
            model_name="petition",
            name="answer_language",
            field=models.CharField(choices=alongside.core.languages.choices, default="en", max_length=8),
        ),
        migrations.AlterField(
            model_name="petition",
            name="language",
            field=models.CharField(choices=alongside.core.languages.choices, default="en", max_length=8),
        ),
    ]
