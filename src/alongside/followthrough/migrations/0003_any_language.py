import alongside.core.languages
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("followthrough", "0002_where_it_came_from"),
    ]

    operations = [
        migrations.AlterField(
            model_name="concern",
            name="language",
            field=models.CharField(choices=alongside.core.languages.choices, default="en", max_length=8),
        ),
    ]
