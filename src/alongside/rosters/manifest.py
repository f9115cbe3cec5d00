"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import Detail, Manifest, MenuLine, NeedKind, Purpose, Tab

MANIFEST = Manifest(
    workspace_menu=(
        MenuLine("rosters:coming", _("Who comes"), 30, ("coordinator", "commander", "officer"), "walks"),
        MenuLine("rosters:mine", _("My invitations"), 40, group="walks"),
    ),
    public=("rosters:answer", "rosters:partner", "rosters:stop-mail"),
    bearers=(
        Purpose("roster", _("An answer to a roster"), "rosters.actions.behind_posts"),
        Purpose("partner-roster", _("A partner’s answer"), "rosters.actions.behind_invitations"),
    ),
    proposes={"scribe": "rosters.queries.scribes_of"},
    hears={
        "gatherings.on_change": "rosters.actions.tell_what_changed",
        "people.on_let_go": "rosters.letters.forget",
    },
    tabs=(
        Tab("rosters:roster", _("Roster"), 30, pages=("rosters:roster-act",)),
        Tab("rosters:partners", _("Partners"), 40, pages=("rosters:partners-act",)),
    ),
    needs=(
        NeedKind(
            "rosters.unanswered",
            "rosters.needs.unanswered",
            title=_("Can you come?"),
            counted=ngettext_lazy("%(n)d to answer", "%(n)d to answer", "n"),
            button=_("Answer"),
            view="rosters:mine",
        ),
    ),
    letters={
        f"rosters.{news}": f"rosters.letters.{news}"
        for news in (
            "asked",
            "reminder",
            "host",
            "changed",
            "cancelled",
            "called_off",
            "released",
            "thanks",
        )
    },
    writes_to={
        "gatherings.moved": "rosters.letters.written_to",
        "gatherings.cancelled": "rosters.letters.written_to",
    },
    details={
        "away": pgettext_lazy("detail", "away in these days"),
        "by mail": pgettext_lazy("detail", "by mail"),
        "cohost": pgettext_lazy("detail", "speaks beside the host"),
        "coming": pgettext_lazy("detail", "coming"),
        "days": pgettext_lazy("detail", "days"),
        "deputy": pgettext_lazy("detail", "deputy"),
        "heard": Detail(pgettext_lazy("detail", "heard"), values=("rosters.models.Heard",)),
        "host": pgettext_lazy("detail", "host"),
        "leader": pgettext_lazy("detail", "leader"),
        "mails": pgettext_lazy("detail", "mails"),
        "named": pgettext_lazy("detail", "named in public"),
        "part": Detail(pgettext_lazy("detail", "part"), values=("rosters.models.Part",)),
        "partners": pgettext_lazy("detail", "partners"),
        "party": pgettext_lazy("detail", "party"),
        "posts": pgettext_lazy("detail", "posts"),
        "scribe": pgettext_lazy("detail", "scribe"),
        "seats": pgettext_lazy("detail", "seats"),
    },
)
