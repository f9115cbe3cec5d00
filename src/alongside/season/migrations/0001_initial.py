import alongside.core.clock
import alongside.core.ids
import datetime
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from alongside.core.moves import TakenOver


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0001_initial"),
        ("gatherings", "0001_initial"),
        ("hotspots", "0001_initial"),
        ("places", "0001_initial"),
        ("cadence", "0001_initial"),
        ("walks", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TakenOver(
            "program",
            "0002_season",
            name="Season",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", alongside.core.ids.PublicIdField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("start", models.DateField(verbose_name="From")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("approved", "Approved"),
                            ("superseded", "Replaced by a later version"),
                            ("discarded", "Discarded"),
                        ],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField(default=alongside.core.clock.now)),
                ("made_by", models.CharField(max_length=160)),
                ("change", models.JSONField(blank=True, default=dict)),
                ("at", models.TimeField(verbose_name="Time")),
                ("minutes", models.PositiveSmallIntegerField(verbose_name="Minutes")),
                ("objective", models.FloatField()),
                ("best", models.FloatField()),
                ("bound", models.FloatField()),
                ("seconds", models.FloatField()),
                ("inputs", models.JSONField(default=dict)),
                ("seed", models.CharField(editable=False, max_length=64)),
                ("commitment", models.CharField(editable=False, max_length=64)),
                ("coordinator", models.CharField(blank=True, max_length=160, verbose_name="Coordinator")),
                ("coordinator_at", models.DateTimeField(blank=True, null=True)),
                ("commander", models.CharField(blank=True, max_length=160, verbose_name="Commander")),
                ("commander_at", models.DateTimeField(blank=True, null=True)),
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
                    "commander_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "coordinator_user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="followers",
                        to="season.season",
                    ),
                ),
            ],
            options={
                "verbose_name": "season",
                "verbose_name_plural": "seasons",
                "ordering": ["-start", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("follows__isnull", False)),
                        fields=("follows",),
                        name="season_followed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("coordinator", ""), ("coordinator_at__isnull", True)),
                            models.Q(
                                models.Q(("coordinator", ""), _negated=True),
                                ("coordinator_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="season_coordinator_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("commander", ""), ("commander_at__isnull", True)),
                            models.Q(
                                models.Q(("commander", ""), _negated=True), ("commander_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="season_commander_who_and_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            models.Q(("commander_at__isnull", False), ("coordinator_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="season_approved_by_both",
                    ),
                ],
            },
        ),
        TakenOver(
            "program",
            "0002_season",
            name="Week",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("day", models.DateField()),
                ("where", models.CharField(blank=True, max_length=160)),
                ("neighborhood_name", models.CharField(blank=True, max_length=120)),
                ("division_name", models.CharField(blank=True, max_length=120)),
                ("venue_name", models.CharField(blank=True, max_length=120)),
                ("indoor", models.BooleanField(default=False)),
                ("because", models.JSONField(default=dict)),
                ("alternatives", models.JSONField(default=list)),
                ("fixed", models.BooleanField(default=False)),
                ("fixed_by", models.CharField(blank=True, max_length=160)),
                ("fixed_why", models.CharField(blank=True, max_length=300, verbose_name="Why")),
                ("closed", models.JSONField(blank=True, default=dict)),
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
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="hotspots.focusarea",
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="places.area",
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
                    ),
                ),
                (
                    "season",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="weeks", to="season.season"
                    ),
                ),
                (
                    "venue",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="places.venue",
                    ),
                ),
                (
                    "walk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="walks.walk",
                    ),
                ),
            ],
            options={
                "verbose_name": "week of a season",
                "verbose_name_plural": "weeks of a season",
                "ordering": ["season", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("season", "number"), name="week_once_per_season"),
                    models.UniqueConstraint(fields=("season", "day"), name="week_one_walk_a_day"),
                ],
            },
        ),
        TakenOver(
            "program",
            "0002_season",
            name="Rhythm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        help_text="Empty: the day of the week on which a season begins.",
                        null=True,
                        verbose_name="Usual day",
                    ),
                ),
                ("at", models.TimeField(default=datetime.time(10, 0), verbose_name="Usual time")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(20),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="Usual length in minutes",
                    ),
                ),
                (
                    "winter_first",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "January"),
                            (2, "February"),
                            (3, "March"),
                            (4, "April"),
                            (5, "May"),
                            (6, "June"),
                            (7, "July"),
                            (8, "August"),
                            (9, "September"),
                            (10, "October"),
                            (11, "November"),
                            (12, "December"),
                        ],
                        default=11,
                        verbose_name="First month indoors",
                    ),
                ),
                (
                    "winter_last",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "January"),
                            (2, "February"),
                            (3, "March"),
                            (4, "April"),
                            (5, "May"),
                            (6, "June"),
                            (7, "July"),
                            (8, "August"),
                            (9, "September"),
                            (10, "October"),
                            (11, "November"),
                            (12, "December"),
                        ],
                        default=3,
                        verbose_name="Last month indoors",
                    ),
                ),
                (
                    "winter_outdoors",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Used where no indoor place is open to us.",
                        validators=[django.core.validators.MaxValueValidator(52)],
                        verbose_name="Weeks of the winter that may be outdoors",
                    ),
                ),
                (
                    "spacing",
                    models.PositiveSmallIntegerField(
                        default=4,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(26),
                        ],
                        verbose_name="Weeks between two walks of one area, at the least",
                    ),
                ),
                (
                    "skip_holidays",
                    models.BooleanField(default=True, verbose_name="No walks on federal holidays"),
                ),
                (
                    "band",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="Among areas that are alike, a draw decides who comes first. 0 for no draw.",
                        validators=[django.core.validators.MaxValueValidator(20)],
                        verbose_name="Areas are alike within so many percent of a walk",
                    ),
                ),
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
                    "series",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="gatherings.series",
                    ),
                ),
            ],
            options={
                "verbose_name": "rhythm of walks",
                "verbose_name_plural": "rhythms of walks",
                "constraints": [models.UniqueConstraint(fields=("agency",), name="rhythm_once_per_agency")],
            },
        ),
    ]
