"""A recap in each of the agency's languages. What was written in one stays written in that one."""

from django.db import migrations

from alongside.core.authored import Authored
from alongside.core.moves import into_words


class Migration(migrations.Migration):
    dependencies = [("field", "0007_any_language")]

    operations = [
        into_words("field.Recap", "words", language="language"),
        migrations.AlterField(
            model_name="recap",
            name="words",
            field=Authored(
                blank=True,
                help_text=(
                    "What the walk was like, and what comes next. Nobody’s name, and nothing that tells who said what."
                ),
                max_length=3000,
                verbose_name="In a few sentences",
            ),
        ),
        migrations.RemoveField(model_name="recap", name="language"),
    ]
