"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import THIS_WEEK, Detail, Manifest, MenuLine, Panel

MANIFEST = Manifest(
    workspace_menu=(MenuLine("weather:alerts", _("Weather"), 100, ("coordinator", "commander"), "walks"),),
    panels=(Panel(THIS_WEEK, 10, made_by="weather.panels.warned_here", template="weather/_warned.html"),),
    letters={"weather.alert": "weather.letters.alert"},
    hears={"gatherings.on_change": "weather.actions.follow"},
    details={
        "alerts": Detail(pgettext_lazy("detail", "forecast"), values=("weather.models.Hazard",)),
        "venue": Detail(pgettext_lazy("detail", "place"), as_typed=True),
    },
)
