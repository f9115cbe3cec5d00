"""The operating rules in each of the agency's languages. What was written in one stays written in that one."""

from django.db import migrations

from alongside.core.authored import Authored
from alongside.core.moves import into_words

HEADINGS = {
    "body_cameras": "Body-worn cameras",
    "crime_or_tip": "A crime, or a tip",
    "threat": "A threat",
    "medical": "Somebody is hurt or ill",
    "heat": "Heat, cold and storms",
    "minors": "Children and young people",
    "press": "Press and cameras",
}


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0009_authored_words")]

    operations = [
        into_words("gatherings.OperatingRules", *HEADINGS, language="language", by="set_by"),
        *(
            migrations.AlterField("operatingrules", name, Authored(max_length=1000, verbose_name=heading))
            for name, heading in HEADINGS.items()
        ),
        migrations.RemoveField("operatingrules", "language"),
    ]
