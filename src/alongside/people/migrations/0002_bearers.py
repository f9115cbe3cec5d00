"""The links of partners are bearers; the addresses that people have go on working."""

from datetime import timedelta
from typing import Any

from alongside.core.moves import made_of_rows

from django.db import migrations
from django.db.migrations.state import StateApps


DAYS = timedelta(days=90)


def bearer_of(apps: StateApps, link: Any) -> Any:
    """A partner has it, for its own entry: made ninety days before its end."""
    key = f"partner:{link.partner.public_id}"
    return apps.get_model("agencies.Bearer")(
        agency_id=link.agency_id,
        purpose="partner",
        digest=link.digest,
        who=key,
        opens=key,
        made_at=link.expires_at - DAYS,
        used_at=link.used_at,
        ends_at=link.expires_at,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_bearers"),
        ("people", "0001_initial"),
    ]

    operations = [
        made_of_rows("agencies.Bearer", "people.PartnerLink", bearer_of),
        migrations.DeleteModel(
            name="PartnerLink",
        ),
    ]
