"""Why nobody walks in a week: what staff wrote, as they wrote it, with its language."""

from typing import Any

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from alongside.core.authored import NO_LANGUAGE, Words


def with_its_language(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """A pause said in which; of the title of another walk nobody knows."""
    weeks: Any = apps.get_model("season", "Week")._default_manager
    for pk, closed in weeks.exclude(closed={}).order_by("pk").values_list("pk", "closed").iterator(500):
        language = closed.pop("language", NO_LANGUAGE)
        words = {
            name: Words.of(closed[name], language=language).stored
            for name in ("reason", "title")
            if name in closed
        }
        weeks.filter(pk=pk).update(closed=closed | words)


class Migration(migrations.Migration):
    dependencies = [("season", "0001_initial")]

    operations = [migrations.RunPython(with_its_language)]
