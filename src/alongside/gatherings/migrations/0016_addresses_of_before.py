"""Who left an address before is known to those who keep strangers from choosing whom we write to.

Each address that was left with an answer or a concern had its first mail on that day; so what follows from it, such as
a cancellation of a whole series, still goes out. Mail of before that waits says which gathering it is about.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from alongside.core import clock, keys, tokens

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Left:
    """An address, about what, on which day, and until when something may follow."""

    address: str
    about: str
    day: date
    until: date


def known_to_the_limits(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    first_mail, today = apps.get_model("outreach", "FirstMail"), clock.now().date()
    known = set(first_mail.objects.values_list("digest", "about"))
    number = Counter[tuple[str, date]](first_mail.objects.values_list("digest", "day"))
    rows = []
    for each in (*with_answers(apps), *with_concerns(apps)):
        digest = tokens.digest("address", mailbox(each.address), ring=keys.ADDRESSES)
        if (digest, each.about) in known:
            continue
        known.add((digest, each.about))
        day, until = min(each.day, today), max(each.until, today + MONTH)
        place = {"day": day, "last_on": day, "number": number[digest, day], "until": until}
        rows.append(first_mail(digest=digest, about=each.about, **place))
        number[digest, day] += 1
    first_mail.objects.bulk_create(rows, batch_size=500)


def with_answers(apps: StateApps) -> Iterator[Left]:
    contacts = apps.get_model("gatherings", "Contact").objects.select_related("rsvp__gathering__agency")
    for contact in contacts.order_by("pk").iterator():
        gathering = contact.rsvp.gathering
        ends = gathering.on + timedelta(days=gathering.agency.contact_retention_days)
        about = f"rsvp:{contact.rsvp.public_id}"
        yield Left(contact.email, about, contact.rsvp.joined_at.date(), until=ends)


def with_concerns(apps: StateApps) -> Iterator[Left]:
    rows = apps.get_model("outreach", "Subscription").objects.filter(topic__startswith="concern:")
    for row in rows.filter(channel="email").order_by("pk").iterator():
        yield Left(row.address, row.topic, row.asked_at.date(), until=row.ends_on)


def mailbox(address: str) -> str:
    name, _at, domain = unicodedata.normalize("NFKC", address.strip()).casefold().rpartition("@")
    name = name.partition("+")[0]
    if domain in {"gmail.com", "googlemail.com"}:
        name = name.replace(".", "")
    return f"{name}@{domain}"


def about_their_gathering(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    mails = apps.get_model("outreach", "Mail").objects.filter(about="", whose__startswith="rsvp:")
    rsvps = apps.get_model("gatherings", "Rsvp").objects
    found = dict(rsvps.values_list("public_id", "gathering__public_id"))
    theirs = [mail for mail in mails.only("pk", "whose", "about") if mail.whose[5:] in found]
    for mail in theirs:
        mail.about = f"gathering:{found[mail.whose[5:]]}"
    mails.model.objects.bulk_update(theirs, ["about"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0015_what_is_arranged"),
        ("followthrough", "0006_mails_of_before"),
        ("outreach", "0006_subscriptions"),
    ]

    operations = [
        migrations.RunPython(known_to_the_limits, migrations.RunPython.noop),
        migrations.RunPython(about_their_gathering, migrations.RunPython.noop),
    ]
