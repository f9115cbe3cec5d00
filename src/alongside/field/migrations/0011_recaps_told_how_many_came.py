from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.functions import TruncDate


def told_with_recaps(apps: Any, schema_editor: Any) -> None:
    """How many came was published with each recap that is published."""
    recaps = apps.get_model("field", "Recap").objects.filter(published_at__isnull=False)
    told = recaps.filter(gathering=OuterRef("pk")).annotate(day=TruncDate("published_at")).values("day")
    gatherings = apps.get_model("gatherings", "Gathering").objects.filter(
        pk__in=recaps.values("gathering"), came__isnull=False, heads_told_on=None
    )
    gatherings.update(heads_told_on=Subquery(told[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0010_origins_in_each_language"),
        ("gatherings", "0021_heads_are_told"),
    ]

    operations = [
        migrations.RunPython(told_with_recaps, migrations.RunPython.noop, elidable=True),
    ]
