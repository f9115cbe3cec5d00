"""What a picture shows, in each of the agency's languages. It was written in the first one, in which their pages open."""

from django.db import migrations, models
from django.db.models import Value

from alongside.core.authored import Authored
from alongside.core.moves import into_words


class Migration(migrations.Migration):
    dependencies = [("media", "0001_initial")]

    operations = [
        # Wide enough first: words are longer than their texts.
        migrations.AlterField(model_name="picture", name="alt", field=models.TextField(blank=True)),
        into_words("media.Picture", "alt", language=Value("en")),
        migrations.AlterField(
            model_name="picture",
            name="alt",
            field=Authored(blank=True, max_length=250, verbose_name="What it shows"),
        ),
    ]
