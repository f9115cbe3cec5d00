"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import Command, MainAct, Manifest, MenuLine, NeedKind, Step, Tab, Tick

MANIFEST = Manifest(
    public_menu=(MenuLine("walks:list", _("Walks"), 20),),
    workspace_menu=(MenuLine("walks:workspace", _("Walks"), 50, group="meet"),),
    public=(
        "walks:list",
        "walks:detail",
        "walks:old-phone",
        "walks:old-phone-worker",
    ),
    commands=(Command("walks", "walks.commands"),),
    needs=(
        NeedKind(
            "walks.unchecked",
            "walks.needs.unchecked",
            title=_("Walk the route beforehand: steps, curbs, crossings"),
            counted=ngettext_lazy("%(n)d route to check", "%(n)d routes to check", "n"),
            button=_("Check the route"),
            view="walks:walk",
            roles=("coordinator", "commander"),
        ),
        NeedKind(
            "walks.unconfirmed",
            "walks.needs.unconfirmed",
            title=_("Nobody has confirmed the plan as it is now"),
            counted=ngettext_lazy("%(n)d plan to confirm", "%(n)d plans to confirm", "n"),
            button=_("Read the plan"),
            view="walks:plan-page",
            roles=("coordinator", "commander"),
        ),
        NeedKind(
            "walks.cautioned",
            "walks.needs.cautioned",
            title=_("Something speaks against the walk as it is planned"),
            counted=ngettext_lazy("%(n)d walk to think over", "%(n)d walks to think over", "n"),
            button=_("Look at the plan"),
            view="walks:plan-page",
            roles=("coordinator", "commander"),
        ),
        NeedKind(
            "walks.unpublished",
            "walks.needs.unpublished",
            title=_("Not published yet"),
            counted=ngettext_lazy("%(n)d draft", "%(n)d drafts", "n"),
            button=_("Publish"),
            view="walks:walk",
            roles=("coordinator", "commander"),
        ),
        NeedKind(
            "walks.chosen",
            "walks.needs.chosen",
            title=_("Chosen, and no walk is planned there"),
            counted=ngettext_lazy("%(n)d walk to plan", "%(n)d walks to plan", "n"),
            button=_("Plan the walk"),
            view="walks:plan",
            roles=("coordinator", "commander"),
        ),
    ),
    ticks=(
        Tick("route", _("Route checked"), 30, "walks.needs.checked", kinds=("walk",)),
        Tick("plan", _("Plan confirmed"), 40, "walks.needs.confirmed", kinds=("walk",)),
    ),
    tabs=(
        Tab(
            "walks:walk",
            _("The walk"),
            10,
            pages=(
                "walks:lay-route",
                "walks:better-corner",
                "walks:check-route",
                "walks:publish",
                "walks:cue-sheet",
            ),
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
    readers={"area to walk": "walks.planning.AREA"},
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
