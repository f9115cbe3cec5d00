from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldConfig(AppConfig):
    name = "alongside.field"
    verbose_name = _("The field")

    def ready(self) -> None:
        """Words that are erased where they are followed are erased where they were heard, in that transaction."""
        from django.db.models.signals import post_save

        from alongside.field.actions import erase_with_its_concern
        from alongside.followthrough.models import Concern

        post_save.connect(erase_with_its_concern, sender=Concern, dispatch_uid="field.erase_with_its_concern")
