from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("field", "0002_by_key")]
    operations = [
        migrations.AddField(
            model_name="note",
            name="held",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="note",
            name="held_words",
            field=models.TextField(blank=True, editable=False, max_length=1000),
        ),
    ]
