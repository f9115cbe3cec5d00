"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import THIS_WEEK, Detail, Manifest, MenuLine, Panel, Purpose, Tab

MANIFEST = Manifest(
    workspace_menu=(MenuLine("field:desk", _("What was heard"), 50, ("coordinator", "commander"), "walks"),),
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
    panels=(Panel(THIS_WEEK, 40, made_by="field.panels.to_settle", template="field/_to_settle.html"),),
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
)
