"""What a thing is called in the audit trail is a phrase where the product made its name; names of before stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agencies", "0004_how_long_words_are_kept")]

    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="thing_name",
            field=models.TextField(),
        ),
    ]
