from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agencies", "0005_names_in_the_trail"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="member",
            options={"ordering": ["rank__level", "name"], "verbose_name": "member"},
        ),
        migrations.AddField(
            model_name="agency",
            name="units",
            field=models.CharField(
                choices=[("miles", "Miles and feet"), ("kilometers", "Kilometers and meters")],
                default="miles",
                max_length=10,
                verbose_name="Lengths are told in",
            ),
        ),
    ]
