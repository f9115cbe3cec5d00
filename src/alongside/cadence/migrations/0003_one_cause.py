"""A pause and the gatherings that it called off say the same cause: some of these had only “other”, or “storm”."""

from typing import Any

from django.apps.registry import Apps as StateApps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def as_the_pause_says(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What a pause called off is known by its reason, word for word, and by its day."""
    gatherings: Any = apps.get_model("gatherings", "Gathering").objects
    pauses: Any = apps.get_model("cadence", "Pause").objects
    for pause in pauses.exclude(cause="other").order_by("pk"):
        off = gatherings.filter(
            agency=pause.agency_id, kind=pause.kind, status="cancelled", on__gte=pause.first
        )
        if pause.last is not None:
            off = off.filter(on__lte=pause.last)
        off.filter(change_reason=pause.reason, cause__in=["other", "storm"]).update(cause=pause.cause)


class Migration(migrations.Migration):
    dependencies = [
        ("cadence", "0002_pause_kind"),
        ("gatherings", "0006_one_cause"),
    ]

    operations = [
        migrations.AlterField(
            model_name="pause",
            name="cause",
            field=models.CharField(
                choices=[
                    ("rain", "Rain"),
                    ("storm", "Storm"),
                    ("heat", "Heat"),
                    ("cold", "Cold or ice"),
                    ("weather", "Weather"),
                    ("incident", "A critical incident nearby"),
                    ("mourning", "Mourning"),
                    ("holiday", "Holiday"),
                    ("staffing", "Nobody to lead it"),
                    ("indoors", "We go indoors"),
                    ("other", "Another reason"),
                ],
                max_length=12,
                verbose_name="Cause",
            ),
        ),
        migrations.RunPython(as_the_pause_says, migrations.RunPython.noop),
    ]
