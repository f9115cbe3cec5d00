"""The address that somebody left with an answer is a subscription to news of that answer, and ends with it.

It stays as it was typed: mail that waits for it is known by it.
"""

from typing import Any

from alongside.core.ids import public_id

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

AT_ONCE = 500


def moved(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    subscription: Any = apps.get_model("outreach", "Subscription")
    contacts = apps.get_model("gatherings", "Contact").objects.select_related("rsvp").order_by("pk")
    rows = (
        subscription(
            agency_id=contact.rsvp.agency_id,
            public_id=public_id(),
            reader=public_id(),
            topic=f"rsvp:{contact.rsvp.public_id}",
            channel="email",
            address=contact.email,
            language=contact.rsvp.language,
            asked_at=contact.rsvp.joined_at,
            confirmed_at=contact.rsvp.joined_at,
            ends_on=None,
        )
        for contact in contacts.iterator()
    )
    subscription.objects.bulk_create(rows, batch_size=AT_ONCE)


def moved_back(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    contact: Any = apps.get_model("gatherings", "Contact")
    left = apps.get_model("outreach", "Subscription").objects.filter(topic__startswith="rsvp:")
    known = dict(apps.get_model("gatherings", "Rsvp").objects.values_list("public_id", "pk"))
    rows = [
        contact(rsvp_id=known[name], email=address)
        for name, address in ((topic[5:], address) for topic, address in left.values_list("topic", "address"))
        if name in known
    ]
    contact.objects.bulk_create(rows, batch_size=AT_ONCE)
    left.delete()


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0016_addresses_of_before"),
        ("outreach", "0008_ends_with_its_thing"),
    ]

    operations = [
        migrations.RunPython(moved, moved_back),
        migrations.DeleteModel(name="Contact"),
    ]
