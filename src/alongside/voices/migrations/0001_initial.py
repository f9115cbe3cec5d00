"""What is spoken about, and who has spoken."""

import alongside.core.clock
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Matter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("purpose", models.CharField(editable=False, max_length=20)),
                ("about", models.CharField(editable=False, max_length=40)),
                ("opened_at", models.DateTimeField(default=alongside.core.clock.now)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "matter",
                "ordering": ["-opened_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Voice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("what", models.CharField(blank=True, editable=False, max_length=40)),
                ("spoken_at", models.DateTimeField(default=alongside.core.clock.now)),
                ("ends_at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="voices", to="voices.matter"
                    ),
                ),
            ],
            options={
                "verbose_name": "voice",
                "ordering": ["matter", "pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="matter",
            constraint=models.UniqueConstraint(
                fields=("agency", "purpose", "about"), name="matter_once_per_purpose"
            ),
        ),
        migrations.AddIndex(
            model_name="voice",
            index=models.Index(
                condition=models.Q(("digest", ""), _negated=True), fields=["ends_at"], name="voice_ends"
            ),
        ),
        migrations.AddConstraint(
            model_name="voice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("digest", ""), _negated=True),
                fields=("matter", "digest"),
                name="voice_once_per_device",
            ),
        ),
    ]
