"""Photos are pictures, and know by a key which gathering they came from. Their files stay where they are."""

from django.db import migrations, models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from alongside.core.moves import copy_rows


def key(kind: str, public_id: str) -> Concat:
    return Concat(Value(f"{kind}:"), F(public_id), output_field=models.CharField())


# Nothing where the pass is gone: joined to nothing, the whole would be nothing on one database and half a key on another.
PASS = models.Case(models.When(came_by=None, then=Value("")), default=key("pass", "came_by__public_id"))
ORIGIN = key("gathering", "gathering__public_id")
SHOWN = models.ExpressionWrapper(~Q(gathering__status="draft"), output_field=models.BooleanField())


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0005_words_in_one_place"),
        ("gatherings", "0002_other_gatherings"),
        ("media", "0001_initial"),
    ]

    operations = [
        copy_rows("field.Photo", "media.Picture", origin=ORIGIN, came_by=PASS, published=SHOWN),
        migrations.DeleteModel("Photo"),
    ]
