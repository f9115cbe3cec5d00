"""No job ever wrote a note beside how far it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="job", name="note"),
    ]
