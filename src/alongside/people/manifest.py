"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import Command, Manifest, MenuLine, Purpose

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine("people:staff", _("Staff"), 330, ("coordinator",), "setup"),
        MenuLine("people:partners", _("Partners"), 90, ("coordinator",), "meet"),
    ),
    public=("people:own-entry",),
    commands=(Command("partners", "people.commands"), Command("staff", "people.commands")),
    bearers=(Purpose("partner", _("A partner’s own entry"), "people.actions.behind_entries"),),
)
