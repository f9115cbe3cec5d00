"""What stood before: the first day that was promised, and that what was at work had been read."""

from datetime import date
from typing import Any

from django.db import migrations
from django.db.models import F


def first_days(apps: Any, schema_editor: Any) -> None:
    concerns = apps.get_model("followthrough", "Concern").objects
    concerns.filter(first_due=None).update(first_due=F("due"))
    concerns.exclude(state__in=["received", "withheld"]).filter(acknowledged_at=None).update(
        acknowledged_at=F("received_at")
    )
    moved = apps.get_model("followthrough", "Step").objects.filter(deed="assigned").order_by("-at", "-pk")
    for concern, facts in moved.values_list("concern_id", "facts").iterator():
        if facts.get("was_due"):
            # From the last to the first: the earliest that moved has the first day.
            concerns.filter(pk=concern).update(first_due=date.fromisoformat(facts["was_due"]))


class Migration(migrations.Migration):
    dependencies = [("followthrough", "0007_follow_through_whole")]

    operations = [migrations.RunPython(first_days, migrations.RunPython.noop)]
