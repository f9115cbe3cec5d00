"""The ledger: its entries, and the database refuses to change or delete one."""

import django.db.models.deletion
from django.db import migrations, models

from alongside.core.only_added import only_added


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("agencies", "0009_how_far_a_roof_may_be"),
    ]

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("n", models.PositiveIntegerField(editable=False)),
                ("kind", models.CharField(editable=False, max_length=40)),
                ("about", models.CharField(blank=True, editable=False, max_length=40)),
                ("hash", models.CharField(editable=False, max_length=64)),
                ("line", models.TextField(editable=False)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agencies.agency",
                        verbose_name="agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of the ledger",
                "verbose_name_plural": "entries of the ledger",
                "ordering": ["agency", "n"],
                "indexes": [
                    models.Index(fields=["agency", "kind", "n"], name="ledger_of_kind"),
                    models.Index(fields=["agency", "about", "n"], name="ledger_about"),
                    models.Index(fields=["hash"], name="ledger_by_hash"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("agency", "n"), name="ledger_entry_never_forks"),
                    models.CheckConstraint(
                        condition=models.Q(("n__gte", 1)), name="ledger_entry_counts_from_one"
                    ),
                ],
            },
        ),
        only_added("ledger_entry", once=["agency_id", "n"]),
    ]
