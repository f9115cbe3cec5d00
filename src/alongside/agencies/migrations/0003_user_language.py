"""Who works here says in which language their mail comes. Whoever has not, has it in the first of their agency."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0002_languages")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, max_length=8, verbose_name="Language of your mail"),
        ),
    ]
