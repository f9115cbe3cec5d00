"""The address that somebody left with a code is a subscription to news of that concern, until the same day.

One that no concern refers to any more is kept until its day, too, under a topic of its own; a phone number beside an
address is a second one.
"""

from typing import Any

from alongside.core.ids import public_id

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def moved(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    concerns = apps.get_model("followthrough", "Concern").objects.exclude(contact=None)
    topics: dict[int, list[str]] = {}
    for number, name in concerns.values_list("contact_id", "public_id"):
        topics.setdefault(number, []).append(f"concern:{name}")
    subscription: Any = apps.get_model("outreach", "Subscription")
    for contact in apps.get_model("people", "Contact").objects.order_by("pk").iterator():
        ways = [(channel, address) for channel, address in reached_by(contact) if address]
        for topic in topics.get(contact.pk, [f"contact:{contact.public_id}"]):
            for channel, address in ways:
                subscription.objects.create(
                    agency_id=contact.agency_id,
                    public_id=public_id(),
                    topic=topic,
                    channel=channel,
                    address=address,
                    language=contact.language,
                    consent=contact.consent,
                    asked_at=contact.kept_since,
                    confirmed_at=contact.kept_since,
                    ends_on=contact.expires_on,
                )


def reached_by(contact: Any) -> tuple[tuple[str, str], ...]:
    return (("email", contact.email), ("phone", contact.phone))


class Migration(migrations.Migration):
    dependencies = [
        ("followthrough", "0004_authored_words"),
        ("outreach", "0006_subscriptions"),
        ("people", "0002_bearers"),
    ]
    run_before = [("people", "0003_contacts_are_subscriptions")]

    operations = [
        migrations.RunPython(moved, migrations.RunPython.noop),
        migrations.RemoveField(model_name="concern", name="contact"),
    ]
