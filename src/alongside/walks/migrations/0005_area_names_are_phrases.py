"""What the area of a walk is called is a phrase where the product named it; names of before stay as they were."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("walks", "0004_rules_go_to_gatherings")]

    operations = [
        migrations.AlterField(
            model_name="walk",
            name="area_name",
            field=models.TextField(blank=True, verbose_name="Area"),
        ),
    ]
