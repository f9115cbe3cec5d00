"""What came from a gathering shows its name in the languages in which that stands; another name stays."""

from typing import Any

from django.db import migrations


def name_again(apps: Any, schema_editor: Any) -> None:
    """The cost grows with the concerns and cards of gatherings."""
    titles = apps.get_model("gatherings", "Gathering").objects.values_list("public_id", "title")
    by_key = {f"gathering:{public_id}": title for public_id, title in titles.iterator(500)}
    for model in ("Concern", "Card"):
        rows = apps.get_model("followthrough", model).objects
        shown = rows.exclude(origin="").order_by().values_list("origin", "origin_label").distinct()
        for origin, label in list(shown):
            title = by_key.get(origin)
            if title and label.original == title.original:
                rows.filter(origin=origin, origin_label=label).update(origin_label=title)


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0009_bearers"),
        ("followthrough", "0004_authored_words"),
        ("gatherings", "0011_made_by_the_product"),
    ]

    operations = [migrations.RunPython(name_again)]
