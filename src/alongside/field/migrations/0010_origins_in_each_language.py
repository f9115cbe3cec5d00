"""What came from a gathering shows its name in the languages in which that stands."""

from typing import Any

from django.db import migrations


def name_again(apps: Any, schema_editor: Any) -> None:
    """The cost grows with the concerns and cards of gatherings."""
    titles = apps.get_model("gatherings", "Gathering").objects.values_list("public_id", "title")
    by_key = {f"gathering:{public_id}": title for public_id, title in titles.iterator(500)}
    for model in ("Concern", "Card"):
        rows = apps.get_model("followthrough", model).objects
        for origin in rows.exclude(origin="").order_by().values_list("origin", flat=True).distinct():
            if origin in by_key:
                rows.filter(origin=origin).update(origin_label=by_key[origin])


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0009_bearers"),
        ("followthrough", "0004_authored_words"),
        ("gatherings", "0009_authored_words"),
    ]

    operations = [migrations.RunPython(name_again)]
