"""Concerns and cards of before learn the key of the gathering they came from: of its notes, or of the page they name."""

import re
from typing import Any

from django.db import migrations

# /riverbend/walks/7fq2mz9k4b/, with or without a language before it.
PAGE = re.compile(r"(?:/[a-z]{2}(?:-[a-z]+)?)?/(?P<agency>[^/]+)/(?P<room>[a-z]+)/(?P<id>[^/]+)/")


def give_keys(apps: Any, schema_editor: Any) -> None:
    Gathering, Note = apps.get_model("gatherings", "Gathering"), apps.get_model("field", "Note")
    Concern, Card = apps.get_model("followthrough", "Concern"), apps.get_model("followthrough", "Card")
    known: dict[tuple[Any, ...], tuple[int, str]] = {}
    for gathering in Gathering.objects.select_related("agency").iterator():
        key, slug = f"gathering:{gathering.public_id}", gathering.agency.slug
        known[slug, "gatherings", gathering.public_id] = (gathering.agency_id, key)
        if gathering.page_id:  # only walks had pages of their own then
            known[slug, "walks", gathering.page_id] = (gathering.agency_id, key)
        noted = Note.objects.filter(gathering=gathering, concern__isnull=False)
        Concern.objects.filter(pk__in=noted.values("concern")).update(origin=key)
    for model in (Concern, Card):
        without = model.objects.filter(origin="").exclude(origin_link="")
        for link in set(without.order_by().values_list("origin_link", flat=True)):
            page = PAGE.fullmatch(link)
            found = known.get(page.group("agency", "room", "id")) if page else None
            if found is not None:
                agency, key = found
                without.filter(agency=agency, origin_link=link).update(origin=key)


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0001_initial"),
        ("followthrough", "0002_where_it_came_from"),
        ("gatherings", "0003_kinds_are_files"),
    ]
    operations = [migrations.RunPython(give_keys, migrations.RunPython.noop)]
