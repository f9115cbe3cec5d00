"""An address that was left with one thing may end with it, whenever its day comes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0007_mails_stand_in_line")]

    operations = [
        migrations.AlterField(
            model_name="subscription",
            name="ends_on",
            field=models.DateField(editable=False, null=True, verbose_name="Deleted after"),
        ),
    ]
