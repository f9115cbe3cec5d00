"""Reasons and answers in each of the agency's languages. What was written in one stays written in that one."""

from django.db import migrations

from alongside.core.authored import Authored
from alongside.core.moves import into_words


class Migration(migrations.Migration):
    dependencies = [("hotspots", "0003_any_language")]

    operations = [
        into_words("hotspots.Criteria", "why", language="language", by="published_by"),
        into_words("hotspots.Choice", "reason", language="language", by="decided_by"),
        into_words("hotspots.Petition", "answer", language="answer_language", by="answered_by"),
        migrations.AlterField(
            model_name="criteria",
            name="why",
            field=Authored(blank=True, max_length=1000, verbose_name="Why it is so"),
        ),
        migrations.AlterField(
            model_name="choice", name="reason", field=Authored(max_length=1000, verbose_name="Why here")
        ),
        migrations.AlterField(
            model_name="petition",
            name="answer",
            field=Authored(blank=True, max_length=2000, verbose_name="Our answer"),
        ),
        migrations.RemoveField(model_name="criteria", name="language"),
        migrations.RemoveField(model_name="choice", name="language"),
        migrations.RemoveField(model_name="petition", name="answer_language"),
    ]
