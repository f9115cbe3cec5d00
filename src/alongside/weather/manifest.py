"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Manifest, Part, Way

MANIFEST = Manifest(
    workspace_menu=(Way("weather:alerts", _("Weather"), 100, ("coordinator", "commander"), "walks"),),
    parts=(Part("this week", 10, made_by="weather.parts.warned_here", template="weather/_warned.html"),),
)
