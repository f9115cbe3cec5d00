"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.core.manifest import (
    NEIGHBORHOOD,
    Command,
    Manifest,
    MenuLine,
    Panel,
    Personal,
    Purpose,
    RecordKind,
    Rows,
)

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine("people:staff", _("Staff"), 330, ("coordinator",), "setup"),
        MenuLine("people:partners", _("Partners"), 90, ("coordinator",), "meet"),
    ),
    panels=(
        Panel(
            NEIGHBORHOOD, 40, made_by="people.panels.who_answers", template="people/panels/who_answers.html"
        ),
    ),
    public=("people:own-entry",),
    commands=(Command("partners", "people.commands"), Command("staff", "people.commands")),
    bearers=(Purpose("partner", _("A partner’s own entry"), "people.actions.behind_entries"),),
    records=(
        RecordKind(
            "people.partners",
            pgettext_lazy("records", "Partners"),
            _("Organizations that walk with us, and whom one asks for there."),
            (Rows("people.Partner", ids={"partner": "public_id"}),),
            clock="people.jobs.forget_contacts",
            by_days=False,
        ),
    ),
    personal=(
        Personal(
            "partner",
            _("The entry of your organization"),
            told="people.records.told",
            erase="people.records.erase",
            behind="people.records.behind",
            with_address="people.records.with_address",
        ),
    ),
)
