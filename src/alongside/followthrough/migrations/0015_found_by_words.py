"""What was public before is found by its words, too."""

import re
import unicodedata
from typing import Any

from django.db import migrations

A_TIME, LONGEST, SHORTEST = 500, 40, 2


def words_of(written: Any) -> list[str]:
    text = " ".join(each.text for each in written.texts.values())
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(mark for mark in plain if not unicodedata.combining(mark))
    words = (word[:LONGEST] for word in re.findall(r"\w+", bare))
    return list(dict.fromkeys(word for word in words if len(word) >= SHORTEST))


def find(apps: Any, schema_editor: Any) -> None:
    concerns, promises, words = (
        apps.get_model("followthrough", name).objects for name in ("Concern", "Promise", "Word")
    )
    public = {
        "concern": concerns.filter(cleared_at__isnull=False).values_list("pk", "agency_id", "summary"),
        "promise": promises.filter(published_at__isnull=False, concern=None).values_list(
            "pk", "agency_id", "what"
        ),
    }
    for of, rows in public.items():
        for pk, agency, written in rows.iterator(A_TIME):
            each = [
                words.model(agency_id=agency, word=word, **{f"{of}_id": pk}) for word in words_of(written)
            ]
            words.bulk_create(each)


class Migration(migrations.Migration):
    dependencies = [("followthrough", "0014_public_list")]

    operations = [migrations.RunPython(find, migrations.RunPython.noop)]
