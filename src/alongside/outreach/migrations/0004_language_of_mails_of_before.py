"""Mails of before say in which language they are, as far as their links tell: these lead to pages in it.

A mail that was sent has no words any more, and nobody can tell.
"""

from django.conf import settings
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from alongside.core import languages


def by_their_links(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    mails = apps.get_model("outreach", "Mail").objects.filter(language="").exclude(text="")
    site = settings.ALONGSIDE.url
    for code in languages.codes():
        if code != languages.ENGLISH:
            mails.filter(text__contains=f"{site}/{code}/").update(language=code)
    mails.filter(text__contains=f"{site}/").update(language=languages.ENGLISH)


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_errors_are_phrases")]

    operations = [migrations.RunPython(by_their_links, migrations.RunPython.noop)]
