"""Why we stay away, in each of the agency's languages. What was written in one stays written in that one."""

from django.db import migrations, models

from alongside.core.authored import Authored
from alongside.core.moves import into_words


class Migration(migrations.Migration):
    dependencies = [("cadence", "0005_any_language")]

    operations = [
        # Wide enough first: words are longer than their texts.
        migrations.AlterField(model_name="pause", name="reason", field=models.TextField()),
        into_words("cadence.Pause", "reason", language="language", by="said_by"),
        migrations.AlterField(
            model_name="pause",
            name="reason",
            field=Authored(
                help_text="Everybody reads it. Name nobody who did not agree to it.",
                max_length=400,
                verbose_name="Reason",
            ),
        ),
        migrations.RemoveField(model_name="pause", name="language"),
    ]
