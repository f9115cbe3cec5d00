"""Addresses that somebody left are subscriptions (outreach), where the room that kept them has moved them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0002_bearers")]

    operations = [migrations.DeleteModel(name="Contact")]
