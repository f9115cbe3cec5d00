"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import (
    THIS_WEEK,
    Manifest,
    MenuLine,
    NeedKind,
    Panel,
    Personal,
    Purpose,
    RecordKind,
    Rows,
    Step,
)

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
    records=(
        RecordKind(
            "outreach.mail",
            pgettext_lazy("records", "Mail that we sent"),
            _("To whom we wrote, about what, when, and whether it arrived."),
            (
                Rows(
                    "outreach.Mail",
                    since="created_at",
                    keys=("about", "whose"),
                    never=("facts", "key", "told", "message_id"),
                ),
            ),
            counted=_("the day on which it was written"),
            clock="outreach.jobs.erase",
        ),
        RecordKind(
            "outreach.news",
            pgettext_lazy("records", "Addresses for news"),
            _("Which address asked to hear of what."),
            (
                Rows(
                    "outreach.Subscription",
                    since="asked_at",
                    keys=("topic",),
                    ids={"subscription": "public_id", "reader": "reader"},
                    never=("reader",),
                ),
            ),
            clock="outreach.jobs.forget_subscriptions",
            by_days=False,
        ),
    ),
    personal=(
        Personal(
            "reader",
            _("The news that you asked for"),
            told="outreach.records.told_of_reader",
            erase="outreach.records.erase_reader",
            behind="outreach.records.reader_behind",
            with_address="outreach.records.readers_at",
        ),
        Personal(
            "mail",
            _("Mail that we sent you"),
            told="outreach.records.told_of_mail",
            erase="outreach.records.erase_mail",
            with_address="outreach.records.mail_to",
        ),
    ),
)
