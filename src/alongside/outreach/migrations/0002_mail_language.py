"""A mail knows in which language it is. Of those of before nobody can tell."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="language",
            field=models.CharField(blank=True, max_length=8),
        ),
    ]
