"""When a gathering begins and ends, as moments, so that a query can ask for what goes on past midnight."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from alongside.core import clock

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

AT_ONCE = 500


def tell_the_moments(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    gatherings = apps.get_model("gatherings.Gathering").objects
    rows = gatherings.only("on", "at", "timezone", "minutes").order_by("pk").iterator(AT_ONCE)
    while some := list(islice(rows, AT_ONCE)):
        for row in some:
            begins = datetime.combine(row.on, row.at, tzinfo=ZoneInfo(row.timezone)).astimezone(UTC)
            row.starts_at, row.ends_at = begins, begins + timedelta(minutes=row.minutes)
        gatherings.bulk_update(some, ["starts_at", "ends_at"])


class Migration(migrations.Migration):
    dependencies = [("gatherings", "0012_bearers")]

    operations = [
        migrations.AddField(
            "gathering", "starts_at", models.DateTimeField(default=clock.now, editable=False)
        ),
        migrations.AddField("gathering", "ends_at", models.DateTimeField(default=clock.now, editable=False)),
        migrations.RunPython(tell_the_moments, migrations.RunPython.noop),
        migrations.AddIndex("gathering", models.Index(fields=["agency", "ends_at"], name="gathering_by_end")),
    ]
