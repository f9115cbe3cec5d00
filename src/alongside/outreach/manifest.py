"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import THIS_WEEK, Manifest, MenuLine, NeedKind, Panel, Purpose, Step

MANIFEST = Manifest(
    steps=(
        Step(
            _("Mail"),
            _("Without a mail server nobody hears of a change, and nobody can be invited by mail."),
            "outreach:mail",
            at=16,
            done="outreach.health.is_set_up",
        ),
    ),
    workspace_menu=(
        MenuLine("outreach:mail", _("Mail"), 130, ("coordinator", "information_officer"), "follow"),
        MenuLine("outreach:work", _("Background work"), 240, ("administrator",), "data"),
    ),
    needs=(
        NeedKind(
            "outreach.failed",
            "outreach.needs.failed",
            title=_("A mail could not be sent"),
            counted=ngettext_lazy("%(n)d mail not sent", "%(n)d mails not sent", "n"),
            button=pgettext_lazy("need", "See why"),
            view="outreach:mail",
            roles=("coordinator", "information_officer"),
        ),
        NeedKind(
            "outreach.dead",
            "outreach.needs.dead",
            title=_("Background work has failed"),
            counted=ngettext_lazy("%(n)d job failed", "%(n)d jobs failed", "n"),
            button=pgettext_lazy("need", "See why"),
            view="outreach:work",
            roles=("administrator",),
        ),
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
    readers={"mail that came back": "outreach.reports.REPORT"},
)
