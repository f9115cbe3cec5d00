from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def _one_of_ours() -> Any:
    return models.ForeignKey(
        editable=False,
        null=True,
        on_delete=django.db.models.deletion.SET_NULL,
        related_name="+",
        to="agencies.member",
    )


class Migration(migrations.Migration):
    """Who hosts is one of ours, whom a roster names, or whoever a person typed."""

    dependencies = [("agencies", "0001_initial"), ("gatherings", "0004_rules_and_plan_checks")]

    operations = [
        migrations.RenameField("gathering", "host", "typed_host"),
        migrations.RenameField("gathering", "deputy_host", "typed_deputy"),
        migrations.AddField("gathering", "host_member", _one_of_ours()),
        migrations.AddField("gathering", "deputy_member", _one_of_ours()),
        migrations.AddConstraint(
            "gathering",
            models.CheckConstraint(
                condition=models.Q(("host_member__isnull", True), ("typed_host", ""), _connector="OR"),
                name="gathering_host_said_once",
            ),
        ),
        migrations.AddConstraint(
            "gathering",
            models.CheckConstraint(
                condition=models.Q(("deputy_member__isnull", True), ("typed_deputy", ""), _connector="OR"),
                name="gathering_deputy_said_once",
            ),
        ),
    ]
