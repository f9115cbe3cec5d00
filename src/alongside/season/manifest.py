"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import THIS_WEEK, Command, Detail, Manifest, MenuLine, Panel

MANIFEST = Manifest(
    public_menu=(MenuLine("season:program", _("Week by week"), 30),),
    workspace_menu=(
        MenuLine(
            "season:seasons",
            _("Season"),
            70,
            ("coordinator", "commander", "analyst", "officer"),
            "walks",
        ),
        MenuLine("season:pauses", _("Pauses"), 80, ("coordinator", "commander"), "walks"),
    ),
    public=("season:program",),
    data=("season.areas.AREAS",),
    commands=(Command("season", "season.commands", under="walks"),),
    panels=(
        Panel(
            THIS_WEEK,
            50,
            made_by="season.panels.published_all_the_same",
            template="season/_against.html",
            view="season:pauses",
        ),
        Panel(
            THIS_WEEK,
            60,
            made_by="season.panels.owing_a_reason",
            template="season/_owing.html",
            view="season:pauses",
        ),
    ),
    details={
        "as": Detail(pgettext_lazy("detail", "as"), values=("agencies.models.Role",)),
        "day": pgettext_lazy("detail", "day"),
        "kind: chosen": pgettext_lazy("detail", "another place chosen"),
        "kind: fixed": pgettext_lazy("detail", "fixed"),
        "kind: released": pgettext_lazy("detail", "left to the plan again"),
        "kind: replanned": pgettext_lazy("detail", "with what is known now"),
        "weeks": pgettext_lazy("detail", "weeks"),
    },
)
