"""Where a walk turns back is a phrase where the product proposed it; words of before stay as they were."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("walks", "0005_area_names_are_phrases")]

    operations = [
        migrations.AlterField(
            model_name="walk",
            name="turn_back",
            field=models.TextField(
                blank=True,
                help_text="If it gets late, or somebody needs to stop. Such as “at the school, corner of Mill Row”.",
                verbose_name="Where we turn back",
            ),
        ),
    ]
