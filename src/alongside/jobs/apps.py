from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "alongside.jobs"
    verbose_name = _("Background work")

    def ready(self) -> None:
        """Every room's `jobs.py` is read once, so that a name can be refused where it is mistyped."""
        autodiscover_modules("jobs")
