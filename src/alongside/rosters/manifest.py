"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import (
    CHIEF,
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
        MenuLine("rosters:coming", _("Who comes"), 70, ("coordinator", "commander", "officer"), "meet"),
        MenuLine("rosters:mine", _("My invitations"), 80, group="meet"),
    ),
    panels=(Panel(CHIEF, 50, made_by="rosters.panels.our_hours", template="rosters/panels/our_hours.html"),),
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
            button=pgettext_lazy("need", "Answer"),
            view="rosters:mine",
            names_people=True,
            has_own_mail=True,
        ),
        NeedKind(
            "rosters.silent",
            "rosters.needs.silent",
            title=_("Asked, and no answer yet"),
            counted=ngettext_lazy("%(n)d without an answer", "%(n)d without an answer", "n"),
            button=pgettext_lazy("need", "See who"),
            view="rosters:roster",
            roles=("coordinator", "commander"),
            only_where_commanded=True,
        ),
        NeedKind(
            "rosters.without_host",
            "rosters.needs.without_host",
            title=_("Nobody hosts it yet"),
            counted=ngettext_lazy("%(n)d without a host", "%(n)d without a host", "n"),
            button=_("Choose a host"),
            view="rosters:roster",
            roles=("coordinator", "commander"),
            only_where_commanded=True,
        ),
        NeedKind(
            "rosters.without_scribe",
            "rosters.needs.without_scribe",
            title=_("Nobody writes down what is heard"),
            counted=ngettext_lazy("%(n)d without a scribe", "%(n)d without a scribe", "n"),
            button=_("Choose a scribe"),
            view="rosters:roster",
            roles=("coordinator", "commander"),
            only_where_commanded=True,
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
    readers={"whole days": "rosters.tables.WHOLE_DAYS"},
    ticks=(Tick("scribe", _("Scribe"), 20, "rosters.needs.with_scribe", kinds=("walk",)),),
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
    records=(
        RecordKind(
            "rosters.posts",
            pgettext_lazy("records", "Rosters"),
            _("Who of our staff was asked to a walk or meeting, what they answered, and who came."),
            (
                Rows(
                    "rosters.Post",
                    since="asked_at",
                    ids={"gathering": "gathering__public_id", "member": "member__public_id"},
                ),
            ),
        ),
        RecordKind(
            "rosters.invitations",
            pgettext_lazy("records", "Invitations of partners"),
            _("Which partners were asked to a walk or meeting, and what they want to talk about."),
            (
                Rows(
                    "rosters.PartnerInvitation",
                    since="asked_at",
                    ids={"gathering": "gathering__public_id", "partner": "partner__public_id"},
                ),
            ),
            counted=_("the day of the walk or meeting"),
            clock="rosters.jobs.forget_words",
        ),
        RecordKind(
            "rosters.away",
            pgettext_lazy("records", "Days away"),
            _("When a member of staff is away, and why, if they say so."),
            (Rows("rosters.Away", since="last", ids={"member": "member__public_id"}),),
            counted=_("the last day away"),
            clock="rosters.jobs.forget_words",
        ),
    ),
)
