"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import Command, Detail, Manifest, MenuLine, NeedKind, RecordKind, Rows, Statement

MANIFEST = Manifest(
    public_menu=(MenuLine("season:program", _("Week by week"), 30),),
    workspace_menu=(
        MenuLine(
            "season:seasons",
            _("Season"),
            20,
            ("coordinator", "commander", "analyst", "officer"),
            "plan",
        ),
        MenuLine("season:pauses", _("Pauses"), 30, ("coordinator", "commander"), "plan"),
    ),
    public=("season:program", "season:draws", "season:public-chances", "season:every-draw"),
    statements=(
        Statement(
            "every-week",
            _("We promised a walk every week."),
            "season:program",
            bears="season.pledge.has_begun",
            lacks=_("No walk was ever on the public calendar."),
        ),
    ),
    data=("season.areas.AREAS", "season.tables.CHANCES"),
    commands=(Command("season", "season.commands", under="walks"),),
    needs=(
        NeedKind(
            "season.to_draw",
            "season.needs.to_draw",
            title=_("The value that draws a season is known"),
            counted=ngettext_lazy("%(n)d season to draw", "%(n)d seasons to draw", "n"),
            button=_("Type it in"),
            view="season:season",
            roles=("coordinator", "commander"),
        ),
        NeedKind(
            "season.unpublished",
            "season.needs.unpublished",
            title=_("The first walk is near, and the draws are not published"),
            counted=ngettext_lazy("%(n)d season without its draws", "%(n)d seasons without their draws", "n"),
            button=_("Look at the season"),
            view="season:season",
            roles=("coordinator", "commander"),
        ),
        NeedKind(
            "season.coordinator_signature",
            "season.needs.for_the_coordinator",
            title=_("A season waits for the coordinator’s signature"),
            counted=ngettext_lazy("%(n)d to sign", "%(n)d to sign", "n"),
            button=_("Read and sign"),
            view="season:season",
            roles=("coordinator",),
        ),
        NeedKind(
            "season.commander_signature",
            "season.needs.for_the_commander",
            title=_("A season waits for a commander’s signature"),
            counted=ngettext_lazy("%(n)d to sign", "%(n)d to sign", "n"),
            button=_("Read and sign"),
            view="season:season",
            roles=("commander",),
        ),
        NeedKind(
            "season.without_draft",
            "season.needs.without_draft",
            title=_("A week of the season has no walk yet"),
            counted=ngettext_lazy("%(n)d week without a walk", "%(n)d weeks without a walk", "n"),
            button=_("Look at the season"),
            view="season:season",
            roles=("coordinator", "commander"),
        ),
        NeedKind(
            "season.against",
            "season.needs.against",
            title=_("Published for a day on which we said that nobody walks"),
            counted=ngettext_lazy("%(n)d walk in a pause", "%(n)d walks in a pause", "n"),
            button=_("Put one of them right"),
            view="season:pauses",
            roles=("coordinator", "commander"),
        ),
        NeedKind(
            "season.owing",
            "season.needs.owing",
            title=_("Nobody walked, and nobody said why"),
            counted=ngettext_lazy("%(n)d week without a reason", "%(n)d weeks without a reason", "n"),
            button=pgettext_lazy("need", "Say why"),
            view="season:pauses",
            roles=("coordinator", "commander"),
        ),
    ),
    letters={
        "season.signature": "season.letters.signature",
        "season.redrawn": "season.letters.redrawn",
    },
    details={
        "as": Detail(pgettext_lazy("detail", "as"), values=("agencies.models.Role",)),
        "day": pgettext_lazy("detail", "day"),
        "kind: chosen": pgettext_lazy("detail", "another place chosen"),
        "kind: drawn": pgettext_lazy("detail", "drawn"),
        "kind: fixed": pgettext_lazy("detail", "fixed"),
        "kind: released": pgettext_lazy("detail", "left to the plan again"),
        "kind: replanned": pgettext_lazy("detail", "with what is known now"),
        "known on": pgettext_lazy("detail", "known on"),
        "shape": Detail(pgettext_lazy("detail", "shape"), as_typed=True),
        "sha256": Detail(pgettext_lazy("detail", "SHA-256"), as_typed=True),
        "source": Detail(pgettext_lazy("detail", "what draws it"), as_typed=True),
        "value": Detail(pgettext_lazy("detail", "value"), as_typed=True),
        "weeks": pgettext_lazy("detail", "weeks"),
    },
    records=(
        RecordKind(
            "season.seasons",
            pgettext_lazy("records", "Seasons"),
            _("Which week walks where, with its reasons, who signed it, and by which value it was drawn."),
            (Rows("season.Season", since="made_at"), Rows("season.Draw", since="named_at")),
        ),
    ),
)
