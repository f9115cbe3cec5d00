"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _

from alongside.core.manifest import THIS_WEEK, Manifest, MenuLine, Panel, Purpose

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine("outreach:mail", _("Mail"), 240, ("coordinator", "information_officer"), "agency"),
        MenuLine("outreach:work", _("Background work"), 250, ("administrator",), "agency"),
    ),
    letters={
        "outreach.own": "outreach.letters.own",
        "outreach.confirm": "outreach.subscriptions.letters.confirm",
        "outreach.news": "outreach.subscriptions.letters.news",
    },
    public=("outreach:follow", "outreach:asked", "outreach:subscriptions", "outreach:stop-news"),
    bearers=(
        Purpose("news", _("What a resident follows by mail"), "outreach.subscriptions.actions.behind_links"),
    ),
    panels=(Panel(THIS_WEEK, 5, made_by="outreach.panels.down", template="outreach/_down.html"),),
    checks={"mail": "outreach.health.mail"},
)
