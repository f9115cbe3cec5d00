"""Why an import failed is kept as a phrase, in nobody's language until it is read; texts of before stay as they were."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0007_any_language")]

    operations = [
        migrations.AlterField(
            model_name="import",
            name="error",
            field=models.TextField(blank=True),
        ),
    ]
