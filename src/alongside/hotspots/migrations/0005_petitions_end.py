"""A petition can end: its words go, and why it was erased remains. The audit trail lets go of typed places."""

from typing import Any

from django.db import migrations, models


def without_typed_places(apps: Any, schema_editor: Any) -> None:
    """The audit trail called a petition by the place that a resident typed. It keeps only a neighborhood's name."""
    AuditEntry, Area = apps.get_model("agencies", "AuditEntry"), apps.get_model("places", "Area")
    for entry in AuditEntry.objects.filter(thing_kind="petition", thing_name__contains=": "):
        kind, _colon, where = entry.thing_name.partition(": ")
        if not Area.objects.filter(agency=entry.agency_id, name=where).exists():
            AuditEntry.objects.filter(pk=entry.pk).update(thing_name=kind)


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0004_how_long_words_are_kept"),
        ("hotspots", "0004_authored_words"),
        ("places", "0001_initial"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="petition",
            name="petition_answered_with_words",
        ),
        migrations.AddField(
            model_name="petition",
            name="erased_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="petition",
            name="erased_because",
            field=models.CharField(blank=True, editable=False, max_length=400),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at__isnull", True)),
                    models.Q(
                        ("answered_at__isnull", False),
                        models.Q(
                            models.Q(("answer", ""), _negated=True),
                            ("erased_at__isnull", False),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="petition_answered_with_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="petition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("erased_at__isnull", True), ("erased_because", "")),
                    models.Q(
                        ("answer", ""),
                        ("erased_at__isnull", False),
                        ("place", ""),
                        ("text", ""),
                        models.Q(("erased_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="petition_erased_for_a_reason",
            ),
        ),
        migrations.RunPython(without_typed_places, migrations.RunPython.noop),
    ]
