"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import (
    NEIGHBORHOOD,
    Detail,
    Manifest,
    MenuLine,
    NeedKind,
    Panel,
    Purpose,
    RecordKind,
    Rows,
    Tab,
    Tick,
)

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine("field:desk", _("What was heard"), 100, ("coordinator", "commander"), "follow"),
    ),
    panels=(
        Panel(NEIGHBORHOOD, 20, made_by="field.panels.heard_here", template="field/panels/heard_here.html"),
    ),
    public=(
        "field:phone",
        "field:phone-worker",
        "field:phone-manifest",
        "field:way",
        "field:kit",
        "field:items",
        "field:photos",
        "field:partner-look-back",
        "field:recap",
    ),
    tabs=(
        Tab(
            "field:heard",
            _("What was heard"),
            60,
            pages=(
                "field:settle",
                "field:came",
                "field:open-pass",
                "field:open-partner-pass",
                "field:revoke",
            ),
            shown="gatherings.frame.is_public",
        ),
        Tab("field:photos-desk", _("Photos of places"), 65, shown="gatherings.frame.has_taken_place"),
        Tab("field:cards", _("Paper cards"), 70, shown="gatherings.frame.has_taken_place"),
        Tab(
            "field:look-back",
            _("Look back"),
            80,
            pages=("field:say-exception",),
            shown="gatherings.frame.has_taken_place",
        ),
        Tab("field:recap-desk", _("Recap"), 90, shown="gatherings.frame.has_taken_place"),
    ),
    needs=(
        NeedKind(
            "field.held",
            "field.needs.held",
            title=_("A note is held until somebody has looked"),
            counted=ngettext_lazy("%(n)d note held", "%(n)d notes held", "n"),
            button=_("Look at it"),
            view="field:heard",
            roles=("coordinator", "commander"),
        ),
        NeedKind(
            "field.held_apart",
            "field.needs.held_apart",
            title=_("A note is held until a coordinator has looked"),
            counted=ngettext_lazy("%(n)d note held apart", "%(n)d notes held apart", "n"),
            button=_("Look at it"),
            view="field:heard",
            roles=("coordinator",),
        ),
        NeedKind(
            "field.photos",
            "field.needs.photos",
            title=_("A photo waits to be looked at"),
            counted=ngettext_lazy("%(n)d photo to look at", "%(n)d photos to look at", "n"),
            button=_("Look at it"),
            view="field:photos-desk",
            roles=("coordinator", "commander", "information_officer"),
        ),
        NeedKind(
            "field.recap",
            "field.needs.recaps",
            title=_("We promised to say what came of it"),
            counted=ngettext_lazy("%(n)d recap due", "%(n)d recaps due", "n"),
            button=_("Write the recap"),
            view="field:recap-desk",
            roles=("coordinator", "commander"),
        ),
    ),
    ticks=(Tick("scribe", _("Scribe"), 20, "field.needs.with_pass", kinds=("walk",)),),
    bearers=(
        Purpose(
            "scribe",
            _("A scribe’s phone"),
            "field.passes.behind_passes",
            roles=("officer", "commander", "coordinator"),
            digested="field",
        ),
        Purpose("look-back", _("A partner’s look back"), "field.passes.behind_passes", digested="field"),
    ),
    hears={
        "followthrough.on_erase": "field.actions.nobody_must_look",
        "followthrough.on_release": "field.actions.nobody_must_look",
        "gatherings.on_change": "field.origins.follow",
    },
    events={"field.recap": "field.news.recaps"},
    details={
        "for": pgettext_lazy("detail", "for"),
        "for: look-back": pgettext_lazy("detail", "a partner’s look back"),
        "for: scribe": pgettext_lazy("detail", "the scribe’s phone"),
        "how": pgettext_lazy("detail", "how"),
        "how: erase": pgettext_lazy("detail", "words erased"),
        "how: keep": pgettext_lazy("detail", "stays apart"),
        "how: mask": pgettext_lazy("detail", "goes on, with what looks like a record left out"),
        "how: release": pgettext_lazy("detail", "goes on as it is"),
        "kind": Detail(pgettext_lazy("detail", "kind"), values=("field.models.ExceptionKind",)),
        "partner": Detail(pgettext_lazy("detail", "partner"), as_typed=True),
    },
    records=(
        RecordKind(
            "field.notes",
            pgettext_lazy("records", "Notes from the field"),
            _("How what was said came in; and words that wait for a person to look at them."),
            (
                Rows(
                    "field.Note",
                    since="heard_at",
                    ids={
                        "note": "public_id",
                        "gathering": "gathering__public_id",
                        "concern": "concern__public_id",
                    },
                ),
            ),
            counted=_("the moment at which it was heard"),
            clock="field.jobs.forget_words",
            least=30,
        ),
        RecordKind(
            "field.observations",
            pgettext_lazy("records", "Observations"),
            _("What partners and observers say about how officers spoke with people."),
            (
                Rows("field.Observation", since="at", ids={"gathering": "gathering__public_id"}),
                Rows("field.ContactQuality", since="at", ids={"gathering": "gathering__public_id"}),
            ),
            counted=_("the day on which it was written"),
            clock="field.jobs.forget_words",
            least=30,
        ),
        RecordKind(
            "field.recaps",
            pgettext_lazy("records", "Recaps"),
            _(
                "What was heard and counted on a walk, as it was published; and any exception to “no enforcement”."
            ),
            (
                Rows("field.Recap", since="drawn_at", ids={"gathering": "gathering__public_id"}),
                Rows("field.HeadCount", since="at", ids={"gathering": "gathering__public_id"}),
                Rows(
                    "field.EnforcementException", since="said_at", ids={"gathering": "gathering__public_id"}
                ),
            ),
        ),
    ),
)
