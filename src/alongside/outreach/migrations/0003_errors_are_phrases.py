"""Why a mail did not go is kept as a phrase, in nobody's language until it is read; texts of before stay as they were."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0002_mail_language")]

    operations = [
        migrations.AlterField(
            model_name="mail",
            name="error",
            field=models.TextField(blank=True),
        ),
    ]
