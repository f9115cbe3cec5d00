"""What a mail said when it left, to be held against what is true when a later one leaves. Of mails of before: unknown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0008_ends_with_its_thing")]

    operations = [
        migrations.AddField(
            model_name="mail",
            name="told",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
