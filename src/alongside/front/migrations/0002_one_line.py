"""Names, places and addresses of before are made one line, as rows are kept from now on (`core.lines`)."""

from collections.abc import Iterator
from typing import Any

from django.db import IntegrityError, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from alongside.core.authored import Words
from alongside.core.text import whole_line

# What staff write for the public in one line; every other short text is known by its column.
AUTHORED = {
    "concern": ["origin_label", "redacted_because"],
    "card": ["origin_label"],
    "gathering": ["title", "meeting_point", "photo_notes"],
    "picture": ["alt"],
    "arealabel": ["singular", "plural"],
}
OF_BEFORE = {
    "agencies": "0008_statements",
    "cadence": "0006_authored_words",
    "field": "0010_origins_in_each_language",
    "followthrough": "0006_mails_of_before",
    "gatherings": "0017_addresses_are_subscriptions",
    "hotspots": "0006_one_voice_a_device",
    "incidents": "0001_initial",
    "media": "0002_authored_words",
    "outreach": "0009_what_was_told",
    "people": "0004_addresses_by_link",
    "places": "0002_authored_words",
    "rosters": "0004_bearers",
    "season": "0002_authored_words",
    "walks": "0006_turn_back_is_a_phrase",
    "weather": "0002_sky",
}


def make_one_line(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for room in OF_BEFORE:
        for model in apps.get_app_config(room).get_models():
            names = list(_lines_of(model))
            if names:
                _mend(model, names)


def _lines_of(model: type[models.Model]) -> Iterator[str]:
    authored = AUTHORED.get(str(model._meta.model_name), [])
    for field in model._meta.concrete_fields:
        if field.name in authored or (isinstance(field, models.CharField) and not field.choices):
            yield field.name


def _mend(model: type[models.Model], names: list[str]) -> None:
    rows = model._base_manager.all()
    broken = {}
    for pk, *kept in rows.values_list("pk", *names).iterator():
        changed = {name: _in_one(value) for name, value in zip(names, kept, strict=True)}
        changed = {name: value for name, value in changed.items() if value != kept[names.index(name)]}
        if changed:
            broken[pk] = changed
    for pk, changed in broken.items():
        try:
            with transaction.atomic():
                rows.filter(pk=pk).update(**changed)
        except IntegrityError:  # another row has that name: both stay, and a person sees which are two
            rows.filter(pk=pk).update(**{name: _beside(value, pk) for name, value in changed.items()})


def _in_one(value: Any) -> Any:
    if isinstance(value, Words):
        return value.each(whole_line)
    return whole_line(value) if isinstance(value, str) else value


def _beside(value: Any, pk: object) -> Any:
    return f"{value} ({pk})".strip() if isinstance(value, str) else value


class Migration(migrations.Migration):
    dependencies = [("front", "0001_initial"), *OF_BEFORE.items()]

    operations = [migrations.RunPython(make_one_line, migrations.RunPython.noop)]
