"""What the agency calls its areas, in each of its languages. It was written in the first, in which its pages open."""

from django.db import migrations, models
from django.db.models import Value

from alongside.core.authored import Authored
from alongside.core.moves import into_words


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        # Wide enough first: words are longer than their texts.
        migrations.AlterField(model_name="arealabel", name="singular", field=models.TextField()),
        migrations.AlterField(model_name="arealabel", name="plural", field=models.TextField()),
        into_words("places.AreaLabel", "singular", "plural", language=Value("en")),
        migrations.AlterField(
            model_name="arealabel",
            name="singular",
            field=Authored(max_length=40, verbose_name="One of them"),
        ),
        migrations.AlterField(
            model_name="arealabel", name="plural", field=Authored(max_length=40, verbose_name="Several")
        ),
    ]
