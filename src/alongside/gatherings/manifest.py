"""What this room says of itself."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from alongside.core.manifest import (
    CHIEF,
    NEIGHBORHOOD,
    Command,
    Detail,
    MainAct,
    Manifest,
    MenuLine,
    NeedKind,
    Panel,
    Personal,
    Purpose,
    RecordKind,
    Rows,
    Step,
    Tab,
    Tick,
    Topic,
)

EVENTS = ("gatherings.published", "gatherings.moved", "gatherings.cancelled", "field.recap")
OF_PROMISES = ("followthrough.changed", "followthrough.told")

MANIFEST = Manifest(
    panels=(
        Panel(
            NEIGHBORHOOD,
            30,
            made_by="gatherings.panels.dates_here",
            template="gatherings/panels/dates_here.html",
        ),
        Panel(NEIGHBORHOOD, 60, made_by="gatherings.panels.feeds", template="gatherings/panels/feeds.html"),
        Panel(CHIEF, 40, made_by="gatherings.panels.who_came", template="gatherings/panels/who_came.html"),
    ),
    steps=(
        Step(
            _("Rules for walks"),
            _(
                "Who leads, who stays behind, what is done when something happens: one page that every host confirms."
            ),
            "gatherings:rules",
            at=45,
            done="gatherings.rules.are_set",
        ),
    ),
    public_menu=(MenuLine("gatherings:coming", _("Calendar"), 50),),
    workspace_menu=(
        MenuLine(
            "gatherings:desk",
            _("All gatherings"),
            60,
            group="meet",
        ),
    ),
    public=(
        "gatherings:coming",
        "gatherings:detail",
        "gatherings:join",
        "gatherings:ics",
        "gatherings:flyer",
        "gatherings:picture",
        "gatherings:share",
        "gatherings:answer",
        "gatherings:cannot-come",
        "gatherings:stop-mail",
        "gatherings:answer-again",
        "gatherings:follow",
        "gatherings:feed",
        "gatherings:rss",
        "gatherings:say-who-came",
        "gatherings:type-card",
        "gatherings:was-there",
        "gatherings:who-came",
        "gatherings:area-feed",
        "gatherings:area-rss",
    ),
    commands=(Command("gatherings", "gatherings.commands"),),
    needs=(
        NeedKind(
            "gatherings.uncounted",
            "gatherings.needs.uncounted",
            title=_("How many came?"),
            counted=ngettext_lazy("%(n)d to count", "%(n)d to count", "n"),
            button=_("Say how many"),
            view="gatherings:held",
            roles=("coordinator", "commander"),
        ),
        NeedKind(
            "gatherings.unarranged",
            "gatherings.needs.unarranged",
            title=_("Somebody needs help to take part"),
            counted=ngettext_lazy("%(n)d to arrange", "%(n)d to arrange", "n"),
            button=pgettext_lazy("need", "Arrange it"),
            view="gatherings:overview",
            roles=("coordinator",),
        ),
        NeedKind(
            "gatherings.unplaced",
            "gatherings.needs.unplaced",
            title=_("Its place is not in use any more"),
            counted=ngettext_lazy("%(n)d without a place", "%(n)d without a place", "n"),
            button=_("Say where"),
            view="gatherings:move",
            roles=("coordinator",),
        ),
        NeedKind(
            "gatherings.unreached",
            "gatherings.needs.unreached",
            title=_("Mail does not reach somebody who comes: tell them yourself"),
            counted=ngettext_lazy("%(n)d with somebody to tell", "%(n)d with somebody to tell", "n"),
            button=pgettext_lazy("need", "See who"),
            view="gatherings:overview",
            roles=("coordinator",),
        ),
        NeedKind(
            "gatherings.unpublished",
            "gatherings.needs.unpublished",
            title=_("Not published yet"),
            counted=ngettext_lazy("%(n)d draft", "%(n)d drafts", "n"),
            button=_("Publish"),
            view="gatherings:overview",
            roles=("coordinator",),
        ),
    ),
    tabs=(
        Tab(
            "gatherings:overview",
            _("Answers"),
            50,
            pages=("gatherings:word", "gatherings:roll", "gatherings:arrange", "gatherings:came-cards"),
            itself=(
                "gatherings:edit",
                "gatherings:publish",
                "gatherings:discard",
                "gatherings:cancel",
                "gatherings:move",
                "gatherings:held",
                "gatherings:heads",
            ),
            count="gatherings.frame.people_coming",
        ),
        Tab("gatherings:promised", _("Promised here"), 62, shown="gatherings.frame.is_public"),
    ),
    main_acts=(
        MainAct("gatherings:publish", _("Publish"), 10, when="gatherings.frame.may_be_published", posts=True),
        MainAct("gatherings:heads", _("Count heads"), 30, when="gatherings.frame.is_being_counted"),
        MainAct("gatherings:held", _("It took place"), 40, when="gatherings.frame.waits_to_be_closed"),
    ),
    readers={"gatherings": "gatherings.importing.files.GATHERINGS"},
    ticks=(Tick("host", _("Host"), 10, "gatherings.needs.hosted"),),
    hears={
        "places.on_change": "gatherings.elsewhere.follow_a_place",
        "agencies.on_change": "gatherings.elsewhere.follow_the_agency",
    },
    bearers=(
        Purpose("rsvp", _("A resident’s answer"), "gatherings.actions.behind_links"),
        Purpose("came", _("A card for who came"), "gatherings.actions.behind_cards"),
        Purpose("rsvp-again", _("A resident’s second answer"), "gatherings.actions.behind_links"),
    ),
    letters={
        f"gatherings.{letter}": f"gatherings.letters.{letter}"
        for letter in ("welcome", "again", "offer", "seated", "cancelled", "moved", "word", "reminder")
    },
    topics=(
        Topic("area", _("Everything in one neighborhood"), "gatherings.topics.areas", EVENTS + OF_PROMISES),
        Topic(
            "program", _("Everything of one kind, in the whole city"), "gatherings.topics.programs", EVENTS
        ),
    ),
    events={
        "gatherings.published": "gatherings.topics.published",
        "gatherings.moved": "gatherings.topics.moved",
        "gatherings.cancelled": "gatherings.topics.cancelled",
    },
    writes_to={
        "gatherings.moved": "gatherings.topics.answered",
        "gatherings.cancelled": "gatherings.topics.answered",
    },
    details={
        "capacity": pgettext_lazy("detail", "places"),
        "cards": pgettext_lazy("detail", "cards"),
        "cause": Detail(pgettext_lazy("detail", "cause"), values=("gatherings.models.Cause",)),
        "deputy_member": pgettext_lazy("detail", "deputy"),
        "fields": Detail(pgettext_lazy("detail", "fields"), values=("gatherings.models.Gathering",)),
        "fields: neighborhood": pgettext_lazy("detail", "neighborhood"),
        "fields: series": pgettext_lazy("detail", "series"),
        "fields: venue": pgettext_lazy("detail", "place"),
        "host_member": pgettext_lazy("detail", "host"),
        "name": Detail(pgettext_lazy("detail", "name"), as_typed=True),
        "rules": pgettext_lazy("detail", "version of the rules"),
        "told": pgettext_lazy("detail", "told"),
        "typed_deputy": pgettext_lazy("detail", "typed deputy"),
        "typed_host": pgettext_lazy("detail", "typed host"),
        "untold": pgettext_lazy("detail", "without an address"),
    },
    records=(
        RecordKind(
            "gatherings.gatherings",
            pgettext_lazy("records", "Walks and meetings"),
            _("When and where we met, who hosted it, what was said of it beforehand, and how many came."),
            (
                Rows("gatherings.Gathering", since="on", ids={"gathering": "public_id"}),
                Rows("gatherings.Notice", since="at", ids={"gathering": "gathering__public_id"}),
                Rows("gatherings.PlanCheck", since="confirmed_at", ids={"gathering": "gathering__public_id"}),
            ),
        ),
        RecordKind(
            "gatherings.answers",
            pgettext_lazy("records", "Answers “I’ll come”"),
            _("How many somebody came with, and what they need; their name if they gave one."),
            (
                Rows(
                    "gatherings.Rsvp",
                    since="joined_at",
                    ids={"rsvp": "public_id", "gathering": "gathering__public_id"},
                ),
            ),
            counted=_("the day of the walk or meeting"),
            clock="gatherings.jobs.forget",
        ),
    ),
    personal=(
        Personal(
            "rsvp",
            _("Your answer “I’ll come”"),
            told="gatherings.records.told",
            erase="gatherings.records.erase",
            behind="gatherings.records.behind",
            with_address="gatherings.records.with_address",
        ),
    ),
)
