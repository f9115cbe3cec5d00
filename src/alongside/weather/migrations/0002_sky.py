"""What the sky does is kept as a fact, said in the reader's language; the service's English words go into it.

Words that we do not know again were those of one hour, and are forecast anew.
"""

import re

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# By what each was known then, the worst first.
KNOWN_BY = {
    "thunder": r"thunder|t-storm",
    "ice": r"freezing|sleet|\bice\b|wintry mix",
    "snow": r"snow|flurries|blizzard",
    "showers": r"shower",
    "rain": r"rain|drizzle|sprinkle",
    "fog": r"fog",
    "smoke": r"smoke|haze|dust",
    "mostly_cloudy": r"mostly cloudy|considerable cloud",
    "partly_cloudy": r"partly (sunny|cloudy|clear)",
    "cloudy": r"cloudy|overcast",
    "mostly_clear": r"mostly (sunny|clear)",
    "clear": r"sunny|clear|fair",
}


def sky_of(words: str) -> str:
    return next((sky for sky, by in KNOWN_BY.items() if re.search(by, words, re.IGNORECASE)), "")


def know_again(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rows = apps.get_model("weather", "Outlook").objects
    for words in rows.exclude(words="").values_list("words", flat=True).distinct():
        rows.filter(words=words).update(sky=sky_of(words))


class Migration(migrations.Migration):
    dependencies = [("weather", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="outlook",
            name="sky",
            field=models.CharField(
                blank=True,
                choices=[
                    ("thunder", "Thunderstorms"),
                    ("ice", "Freezing rain or sleet"),
                    ("snow", "Snow"),
                    ("showers", "Showers"),
                    ("rain", "Rain"),
                    ("fog", "Fog"),
                    ("smoke", "Smoke or haze"),
                    ("cloudy", "Cloudy"),
                    ("mostly_cloudy", "Mostly cloudy"),
                    ("partly_cloudy", "Partly cloudy"),
                    ("mostly_clear", "Mostly clear"),
                    ("clear", "Clear"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunPython(know_again, migrations.RunPython.noop),
        migrations.RemoveField(model_name="outlook", name="words"),
    ]
