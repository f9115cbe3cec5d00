"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import THIS_WEEK, Command, Manifest, MenuLine, Panel, Step

MANIFEST = Manifest(
    public_menu=(MenuLine("walks:list", _("Walks"), 20),),
    workspace_menu=(MenuLine("walks:workspace", _("Walks"), 10, group="walks"),),
    public=(
        "walks:list",
        "walks:detail",
        "walks:old-phone",
        "walks:old-phone-worker",
    ),
    commands=(Command("walks", "walks.commands"),),
    panels=(
        Panel(
            THIS_WEEK,
            70,
            made_by="walks.panels.to_check",
            template="walks/_to_check.html",
            view="walks:walk",
        ),
    ),
    steps=(
        Step(
            _("A first walk"),
            _("A place, a day and an hour are enough. Incident data can come later, or never."),
            "walks:plan",
            at=40,
            done="walks.panels.has_begun",
        ),
    ),
)
