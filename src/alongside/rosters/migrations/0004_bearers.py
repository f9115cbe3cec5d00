"""The links of answers to a roster are bearers; the addresses that people have go on working."""

from typing import Any

from alongside.core.moves import made_of_rows

from django.db import migrations
from django.db.migrations.state import StateApps


def bearer_of(apps: StateApps, link: Any) -> Any:
    """A member answers for their post, a partner for its invitation."""
    invitee = link.post or link.invitation
    bearer = apps.get_model("agencies.Bearer")(
        agency_id=invitee.agency_id, digest=link.digest, made_at=link.made_at
    )
    if link.post:
        bearer.purpose, bearer.member_id, bearer.opens = (
            "roster",
            invitee.member_id,
            f"post:{invitee.public_id}",
        )
    else:
        bearer.purpose, bearer.opens = "partner-roster", f"invited:{invitee.public_id}"
        bearer.who = f"partner:{invitee.partner.public_id}"
    return bearer


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_bearers"),
        ("rosters", "0003_one_vocabulary"),
    ]

    operations = [
        made_of_rows("agencies.Bearer", "rosters.AnswerLink", bearer_of),
        migrations.DeleteModel(
            name="AnswerLink",
        ),
    ]
