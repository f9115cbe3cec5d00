"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Command, Manifest, Part, Way

MANIFEST = Manifest(
    public_menu=(Way("hotspots:how-we-choose", _("Where and why"), 40),),
    workspace_menu=(
        Way(
            "hotspots:focus-areas",
            _("Where to walk next"),
            20,
            ("coordinator", "analyst", "commander"),
            "walks",
        ),
        Way(
            "hotspots:petitions",
            _("What residents ask"),
            110,
            ("coordinator", "analyst", "commander", "information_officer"),
            "walks",
        ),
        Way("hotspots:runs", _("Hot spots"), 140, ("coordinator", "analyst"), "data"),
    ),
    public=("hotspots:how-we-choose", "hotspots:ask", "hotspots:object", "hotspots:petition"),
    commands=(Command("hotspots", "hotspots.commands"),),
    parts=(
        Part(
            "this week",
            90,
            made_by="hotspots.parts.residents_ask",
            template="hotspots/_residents_ask.html",
            view="hotspots:petitions",
        ),
        Part("home", 20, made_by="hotspots.parts.where_and_why", template="hotspots/_where_and_why.html"),
    ),
)
