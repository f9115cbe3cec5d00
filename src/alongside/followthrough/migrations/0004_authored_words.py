"""What staff write of a concern in each of the agency's languages; what its teller puts right in a column of its own.

Nobody wrote down in which language staff wrote so far: it was the first one, in which their pages open.
"""

from typing import Any

from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F, Value

from alongside.core.authored import Authored
from alongside.core.moves import into_words

FIRST, UNKNOWN = Value("en"), Value("und")  # a label is a copy of a title, in whichever language


def corrections_apart(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """They are not staff's words."""
    steps: Any = apps.get_model("followthrough", "Step")._default_manager
    steps.filter(deed="corrected").update(words=F("text"), text="")


class Migration(migrations.Migration):
    dependencies = [("followthrough", "0003_any_language")]

    operations = [
        migrations.AddField(
            model_name="step", name="words", field=models.TextField(blank=True, max_length=1000)
        ),
        migrations.RunPython(corrections_apart),
        # Wide enough first: words are longer than their texts.
        migrations.AlterField(model_name="card", name="origin_label", field=models.TextField(blank=True)),
        migrations.AlterField(model_name="concern", name="origin_label", field=models.TextField(blank=True)),
        migrations.AlterField(model_name="concern", name="summary", field=models.TextField(blank=True)),
        migrations.AlterField(
            model_name="concern", name="redacted_because", field=models.TextField(blank=True)
        ),
        into_words("followthrough.Card", "origin_label", language=UNKNOWN),
        into_words("followthrough.Concern", "origin_label", language=UNKNOWN),
        into_words("followthrough.Concern", "outcome", "redacted_because", language=FIRST),
        into_words("followthrough.Concern", "summary", language=FIRST, by="cleared_by"),
        into_words("followthrough.Step", "text", language=FIRST, by="by_name"),
        into_words("followthrough.Rules", "complaints", "reports", language=FIRST),
        migrations.AlterField(
            model_name="card", name="origin_label", field=Authored(blank=True, max_length=160)
        ),
        migrations.AlterField(
            model_name="concern", name="origin_label", field=Authored(blank=True, max_length=160)
        ),
        migrations.AlterField(
            model_name="concern",
            name="outcome",
            field=Authored(blank=True, editable=False, max_length=2000, verbose_name="What came of it"),
        ),
        migrations.AlterField(
            model_name="concern",
            name="summary",
            field=Authored(blank=True, editable=False, max_length=280, verbose_name="Words for the public"),
        ),
        migrations.AlterField(
            model_name="concern",
            name="redacted_because",
            field=Authored(blank=True, editable=False, max_length=400),
        ),
        migrations.AlterField(model_name="step", name="text", field=Authored(blank=True, max_length=2000)),
        migrations.AlterField(
            model_name="rules",
            name="complaints",
            field=Authored(
                blank=True,
                help_text=(
                    "In plain words: the office, its phone number, its hours. Not the people the complaint is about."
                ),
                max_length=600,
                verbose_name="Where complaints about staff go",
            ),
        ),
        migrations.AlterField(
            model_name="rules",
            name="reports",
            field=Authored(
                blank=True,
                help_text="The number for reports that are no emergency, and where to go.",
                max_length=600,
                verbose_name="How to report a crime",
            ),
        ),
    ]
