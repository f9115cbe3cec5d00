"""A pass is a bearer, and keeps what came by it. A name that was typed for it is a member where it is exactly one's."""

from typing import Any

import django.db.models.deletion
from alongside.core.moves import made_of_rows
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SCRIBES = {"officer", "commander", "coordinator", "administrator"}


def bearer_of(apps: StateApps, opened: Any) -> Any:
    """Under the id that the pass had. Of two members of one name nobody knows which is meant, so it stays typed."""
    bearer = apps.get_model("agencies.Bearer")(
        agency_id=opened.agency_id,
        public_id=opened.public_id,
        purpose="look-back" if opened.partner else "scribe",
        digest=opened.digest,
        opens=f"gathering:{opened.gathering.public_id}",
        made_at=opened.made_at,
        made_by_id=opened.made_by_id,
        used_at=opened.used_at,
        ended_at=opened.revoked_at,
    )
    if opened.partner:
        bearer.who = f"partner:{opened.partner.public_id}"
        return bearer
    meant = _named(apps, opened)
    if len(meant) != 1:
        bearer.typed = opened.holder
        return bearer
    bearer.member_id = meant[0].pk
    duties = apps.get_model("agencies.Duty").objects.filter(member=meant[0], role__in=SCRIBES)
    bearer.by_role = duties.exists()
    return bearer


def _named(apps: StateApps, opened: Any) -> list[Any]:
    """Active members whose name it is, with their rank or without, as a phone and a person write it."""
    typed = opened.holder.casefold()
    ours = apps.get_model("agencies.Member").objects.filter(agency=opened.agency_id, active=True)
    names = [
        (member, {member.name, f"{member.rank.name} {member.name}" if member.rank else ""})
        for member in ours.select_related("rank")
    ]
    return [member for member, known in names if typed and typed in {name.casefold() for name in known}]


def join(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Each with its own again, by the digest that both have."""
    made = dict(apps.get_model("agencies.Bearer").objects.values_list("digest", "pk"))
    for opened in apps.get_model("field.Pass").objects.only("digest"):
        opened.bearer_id = made[opened.digest]
        opened.save(update_fields=["bearer"])
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0007_bearers"),
        ("field", "0008_authored_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="pass",
            name="bearer",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="agencies.bearer",
            ),
        ),
        made_of_rows("agencies.Bearer", "field.Pass", bearer_of),
        migrations.RunPython(join),
        migrations.AlterModelOptions(
            name="pass",
            options={"ordering": ["-pk"], "verbose_name": "pass", "verbose_name_plural": "passes"},
        ),
        migrations.RemoveConstraint(
            model_name="pass",
            name="pass_of_a_partner_names_it",
        ),
        migrations.RemoveField(
            model_name="pass",
            name="digest",
        ),
        migrations.RemoveField(
            model_name="pass",
            name="holder",
        ),
        migrations.RemoveField(
            model_name="pass",
            name="made_at",
        ),
        migrations.RemoveField(
            model_name="pass",
            name="made_by",
        ),
        migrations.RemoveField(
            model_name="pass",
            name="partner",
        ),
        migrations.RemoveField(
            model_name="pass",
            name="public_id",
        ),
        migrations.RemoveField(
            model_name="pass",
            name="purpose",
        ),
        migrations.RemoveField(
            model_name="pass",
            name="revoked_at",
        ),
        migrations.RemoveField(
            model_name="pass",
            name="used_at",
        ),
    ]
