"""The links of answers are bearers; the addresses that people have go on working."""

from typing import Any

from alongside.core.moves import made_of_rows

from django.db import migrations
from django.db.migrations.state import StateApps


def bearer_of(apps: StateApps, link: Any) -> Any:
    """Whoever has it looks after one answer."""
    return apps.get_model("agencies.Bearer")(
        agency_id=link.rsvp.agency_id,
        purpose="rsvp",
        digest=link.digest,
        opens=f"rsvp:{link.rsvp.public_id}",
        made_at=link.made_at,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_bearers"),
        ("gatherings", "0011_made_by_the_product"),
    ]

    operations = [
        made_of_rows("agencies.Bearer", "gatherings.RsvpLink", bearer_of),
        migrations.DeleteModel(
            name="RsvpLink",
        ),
    ]
