"""Mails of before name the concern that they are about, so that an address taken back is found in them.

Their keys began with its number.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def by_their_keys(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    mails = apps.get_model("outreach", "Mail").objects
    ids = dict(apps.get_model("followthrough", "Concern").objects.values_list("pk", "public_id"))
    theirs = []
    for mail in mails.filter(key__startswith="concern:", whose="").exclude(to="").iterator():
        number = mail.key.split(":")[1]
        if number.isdecimal() and int(number) in ids:
            mail.whose = mail.about = f"concern:{ids[int(number)]}"
            theirs.append(mail)
    mails.bulk_update(theirs, ["whose", "about"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("followthrough", "0005_contacts_are_subscriptions"),
        ("outreach", "0005_messages"),
    ]

    operations = [migrations.RunPython(by_their_keys, migrations.RunPython.noop)]
