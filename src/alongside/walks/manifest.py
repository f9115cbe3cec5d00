"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import THIS_WEEK, Command, MainAct, Manifest, MenuLine, Panel, Step, Tab

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
    tabs=(
        Tab(
            "walks:walk",
            _("The walk"),
            10,
            pages=("walks:lay-route", "walks:check-route", "walks:publish", "walks:cue-sheet"),
            kind="walk",
        ),
        Tab(
            "walks:plan-page",
            pgettext_lazy("of a walk", "Plan"),
            20,
            pages=("walks:confirm-plan",),
            kind="walk",
        ),
    ),
    main_acts=(
        MainAct(
            "walks:plan-page",
            _("Read the plan and publish"),
            20,
            when="gatherings.frame.waits_for_its_plan",
            kind="walk",
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
