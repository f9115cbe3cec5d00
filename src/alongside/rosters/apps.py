from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RostersConfig(AppConfig):
    name = "alongside.rosters"
    verbose_name = _("Rosters")

    def ready(self) -> None:
        """Whoever was asked to a draft hears when it is thrown away: with its row, ours would go unread."""
        from django.db.models.signals import pre_delete

        from alongside.gatherings.models import Gathering
        from alongside.rosters.actions import say_it_is_off

        pre_delete.connect(say_it_is_off, sender=Gathering, dispatch_uid="rosters.say_it_is_off")
