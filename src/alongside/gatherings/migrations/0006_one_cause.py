from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("gatherings", "0005_who_hosts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="gathering",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("rain", "Rain"),
                    ("storm", "Storm"),
                    ("heat", "Heat"),
                    ("cold", "Cold or ice"),
                    ("weather", "Weather"),
                    ("incident", "A critical incident nearby"),
                    ("mourning", "Mourning"),
                    ("holiday", "Holiday"),
                    ("staffing", "Nobody to lead it"),
                    ("indoors", "We go indoors"),
                    ("other", "Another reason"),
                ],
                editable=False,
                max_length=12,
            ),
        ),
    ]
