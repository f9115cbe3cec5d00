import alongside.core.clock
import alongside.core.ids
import django.db.models.deletion
from django.db import migrations, models

from alongside.core.moves import TakenOver


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_initial"),
        ("places", "0001_initial"),
    ]

    operations = [
        TakenOver(
            "program",
            "0002_season",
            name="Pause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", alongside.core.ids.PublicIdField()),
                ("first", models.DateField(verbose_name="From")),
                (
                    "last",
                    models.DateField(
                        blank=True,
                        help_text="Leave empty if nobody knows yet.",
                        null=True,
                        verbose_name="Until",
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("incident", "A critical incident nearby"),
                            ("mourning", "Mourning"),
                            ("weather", "Weather"),
                            ("holiday", "Holiday"),
                            ("staffing", "Nobody to lead it"),
                            ("other", "Another reason"),
                        ],
                        max_length=10,
                        verbose_name="Cause",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        help_text="Everybody reads it. Name nobody who did not agree to it.",
                        max_length=400,
                        verbose_name="Reason",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish")],
                        default="en",
                        max_length=8,
                        verbose_name="Written in",
                    ),
                ),
                ("said_by", models.CharField(editable=False, max_length=160)),
                ("said_at", models.DateTimeField(default=alongside.core.clock.now, editable=False)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="agency",
                    ),
                ),
                (
                    "neighborhood",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="places.area",
                        verbose_name="Only here",
                    ),
                ),
            ],
            options={
                "verbose_name": "pause",
                "verbose_name_plural": "pauses",
                "ordering": ["-first", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last", None), ("last__gte", models.F("first")), _connector="OR"),
                        name="pause_ends_after_beginning",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="pause_says_why"
                    ),
                ],
            },
        ),
    ]
