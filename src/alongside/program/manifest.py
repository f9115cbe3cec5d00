"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Command, Manifest, Part, Way

MANIFEST = Manifest(
    public_menu=(Way("program:program", _("Week by week"), 30),),
    workspace_menu=(
        Way(
            "program:seasons",
            _("Season"),
            70,
            ("coordinator", "commander", "analyst", "officer"),
            "walks",
        ),
        Way("program:pauses", _("Pauses"), 80, ("coordinator", "commander"), "walks"),
        Way("program:handovers", _("Handing over"), 200, ("coordinator", "commander"), "places"),
    ),
    public=("program:program", "program:areas-geojson"),
    commands=(Command("season", "program.commands", under="walks"),),
    parts=(
        Part(
            "this week",
            50,
            made_by="program.parts.published_all_the_same",
            template="program/_against.html",
            view="program:pauses",
        ),
        Part(
            "this week",
            60,
            made_by="program.parts.owing_a_reason",
            template="program/_owing.html",
            view="program:pauses",
        ),
    ),
)
