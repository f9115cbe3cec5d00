import alongside.core.languages
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0006_photos_go_to_media"),
    ]

    operations = [
        migrations.AlterField(
            model_name="recap",
            name="language",
            field=models.CharField(choices=alongside.core.languages.choices, default="en", max_length=8),
        ),
    ]
