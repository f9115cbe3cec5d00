"""Whether whoever has the link to a partner's entry chose its address. Of those of before, nobody knows: they stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_contacts_are_subscriptions")]

    operations = [
        migrations.AddField(
            model_name="partner",
            name="email_by_link",
            field=models.BooleanField(default=False, editable=False),
        ),
    ]
