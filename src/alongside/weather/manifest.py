"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import Detail, Manifest, MenuLine, NeedKind, Step

MANIFEST = Manifest(
    steps=(
        Step(
            _("Weather"),
            _("From which heat, cold, wind or rain on you are warned of a walk."),
            "weather:thresholds",
            at=55,
            done="weather.queries.has_thresholds",
            needed=False,
        ),
    ),
    workspace_menu=(MenuLine("weather:alerts", _("Weather"), 40, ("coordinator", "commander"), "plan"),),
    needs=(
        NeedKind(
            "weather.warned",
            "weather.needs.warned",
            title=_("The forecast stands against it"),
            counted=ngettext_lazy("%(n)d warning of the weather", "%(n)d warnings of the weather", "n"),
            button=_("Decide"),
            view="weather:alerts",
            roles=("coordinator", "commander"),
            has_own_mail=True,
        ),
    ),
    letters={"weather.alert": "weather.letters.alert"},
    hears={"gatherings.on_change": "weather.actions.follow"},
    details={
        "alerts": Detail(pgettext_lazy("detail", "forecast"), values=("weather.models.Hazard",)),
        "venue": Detail(pgettext_lazy("detail", "place"), as_typed=True),
    },
)
