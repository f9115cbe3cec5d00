"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import Command, Manifest, MenuLine

MANIFEST = Manifest(
    workspace_menu=(MenuLine("incidents:imports", _("Incidents"), 130, ("coordinator", "analyst"), "data"),),
    commands=(Command("incidents", "incidents.commands"),),
    keys={"incident-ids": "incidents.lake_keys.uses"},
    checks={"lake": "incidents.health.parts_of_the_lake"},
    details={
        "kept": pgettext_lazy("detail", "kept"),
        "merged": pgettext_lazy("detail", "merged"),
        "read": pgettext_lazy("detail", "read"),
        "set_aside": pgettext_lazy("detail", "set aside"),
    },
)
