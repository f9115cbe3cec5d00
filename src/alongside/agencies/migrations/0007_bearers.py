"""One row for every link and pass. An invitation hands its own over, and keeps the address."""

import alongside.core.clock
import alongside.core.ids
import django.db.models.deletion
from django.conf import settings
from datetime import timedelta
from typing import Any

from alongside.core.moves import made_of_rows
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

DAYS = timedelta(days=7)


def bearer_of(apps: StateApps, invitation: Any) -> Any:
    """The link of an invitation: made a week before its end, and over once it was accepted."""
    return apps.get_model("agencies.Bearer")(
        agency_id=invitation.agency_id,
        purpose="invitation",
        digest=invitation.digest,
        member_id=invitation.member_id,
        opens=f"member:{invitation.member.public_id}",
        made_at=invitation.expires_at - DAYS,
        used_at=invitation.accepted_at,
        ends_at=invitation.expires_at,
        ended_at=invitation.accepted_at,
    )


def join(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Each with its own again, by the digest that both have."""
    made = dict(apps.get_model("agencies.Bearer").objects.values_list("digest", "pk"))
    for invitation in apps.get_model("agencies.Invitation").objects.all():
        invitation.bearer_id = made[invitation.digest]
        invitation.save(update_fields=["bearer"])
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0006_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bearer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_id", alongside.core.ids.PublicIdField()),
                ("purpose", models.CharField(editable=False, max_length=20)),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("who", models.CharField(blank=True, editable=False, max_length=40)),
                ("typed", models.CharField(blank=True, max_length=80)),
                ("opens", models.CharField(editable=False, max_length=40)),
                ("by_role", models.BooleanField(default=False, editable=False)),
                ("made_at", models.DateTimeField(default=alongside.core.clock.now)),
                ("used_at", models.DateTimeField(editable=False, null=True)),
                ("ends_at", models.DateTimeField(editable=False, null=True)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
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
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bearers",
                        to="agencies.member",
                    ),
                ),
            ],
            options={
                "verbose_name": "link or pass",
                "verbose_name_plural": "links and passes",
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="invitation",
            name="bearer",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="agencies.bearer",
            ),
        ),
        migrations.AddIndex(
            model_name="bearer",
            index=models.Index(fields=["agency", "purpose", "ended_at"], name="bearer_of_purpose"),
        ),
        migrations.AddIndex(
            model_name="bearer",
            index=models.Index(fields=["opens"], name="bearer_opens"),
        ),
        migrations.AddIndex(
            model_name="bearer",
            index=models.Index(fields=["who"], name="bearer_of_person"),
        ),
        migrations.AddConstraint(
            model_name="bearer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("member", None), ("who", "")),
                    models.Q(("member", None), ("typed", "")),
                    models.Q(("typed", ""), ("who", "")),
                    _connector="OR",
                ),
                name="bearer_of_one_person",
            ),
        ),
        made_of_rows("agencies.Bearer", "agencies.Invitation", bearer_of),
        migrations.RunPython(join),
        migrations.RemoveField(
            model_name="invitation",
            name="accepted_at",
        ),
        migrations.RemoveField(
            model_name="invitation",
            name="digest",
        ),
        migrations.RemoveField(
            model_name="invitation",
            name="expires_at",
        ),
    ]
