"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Command, Manifest, Part, Way

MANIFEST = Manifest(
    public_menu=(Way("season:program", _("Week by week"), 30),),
    workspace_menu=(
        Way(
            "season:seasons",
            _("Season"),
            70,
            ("coordinator", "commander", "analyst", "officer"),
            "walks",
        ),
        Way("season:pauses", _("Pauses"), 80, ("coordinator", "commander"), "walks"),
    ),
    public=("season:program",),
    data=("season.areas.AREAS",),
    commands=(Command("season", "season.commands", under="walks"),),
    parts=(
        Part(
            "this week",
            50,
            made_by="season.parts.published_all_the_same",
            template="season/_against.html",
            view="season:pauses",
        ),
        Part(
            "this week",
            60,
            made_by="season.parts.owing_a_reason",
            template="season/_owing.html",
            view="season:pauses",
        ),
    ),
)
