"""The operating rules, and who confirmed which plan, belong to the gathering: a forum is confirmed as a walk is."""

from django.db import migrations

from alongside.core.moves import copy_rows


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0004_rules_and_plan_checks"),
        ("walks", "0003_rules_and_plan_checks"),
    ]

    operations = [
        copy_rows("walks.OperatingRules", "gatherings.OperatingRules"),
        copy_rows("walks.PlanCheck", "gatherings.PlanCheck", gathering_id="walk__gathering_id"),
        migrations.DeleteModel("PlanCheck"),
        migrations.DeleteModel("OperatingRules"),
    ]
