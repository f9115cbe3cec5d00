"""Series, gatherings, who is coming, and what they were told."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import AgencyOwned, AgencyQuerySet, Role
from alongside.core import clock, formats, keys, languages, spoken, tokens
from alongside.core.authored import NO_LANGUAGE, Authored, Words
from alongside.core.errors import Phrase, phrase
from alongside.core.forms import label_of
from alongside.core.ids import PublicIdField
from alongside.core.lines import Line
from alongside.core.origins import Origin
from alongside.core.phrases import PhraseField
from alongside.core.said import Ends, SaidApart, SaidLine, SaidText
from alongside.gatherings import access, kinds, telling, walltime
from alongside.gatherings.access import AccessChange
from alongside.gatherings.kind import Kind
from alongside.gatherings.kinds import KINDS
from alongside.gatherings.kinds.other import OTHER
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.telling import Room
from alongside.outreach.subscriptions.models import Subscription, left_with

LARGEST_PARTY = 20
PEOPLE_FOR_A_LEADER = 12
# For so long after a gathering one may say who came.
ASKS_FOR = timedelta(days=14)
# People arrive before the hour, and are counted as they come.
COUNTS_FROM = timedelta(minutes=45)
LONGEST_NEEDS = 1000
LONGEST_REASON = 400
# What is written of when it is, and the moments that follow from it.
WHEN, MOMENTS = frozenset({"on", "at", "minutes", "timezone"}), ("starts_at", "ends_at")
# Who leads, and reads what those who lead should know.
LEADERS = frozenset({Role.COORDINATOR, Role.COMMANDER, Role.OFFICER, Role.ANALYST})


if TYPE_CHECKING:
    Moment = models.DateTimeField[datetime, datetime]
else:
    Moment = models.DateTimeField


class MomentField(Moment):
    """A moment that follows from the row's date, hour and zone: written whenever they are, so that a query can ask.

    `of` is the property that says it. To a migration it is a moment like any other.
    """

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DateTimeField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> datetime:
        moment: datetime = getattr(model_instance, self.of)
        setattr(model_instance, self.attname, moment)
        return moment


class Weekday(models.IntegerChoices):
    """Numbered as Python numbers them."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class SeriesQuerySet(AgencyQuerySet["Series"]):
    def open_to_all(self) -> Self:
        return self.filter(active=True)


class Series(AgencyOwned):
    """Gatherings that come again: each date is a gathering of its own, and may differ."""

    public_id = PublicIdField()
    kind = models.CharField(_("Kind"), max_length=12, choices=kinds.choices, default=WALK.name)
    name = Line(_("Name"), max_length=120)
    description = Authored(_("What it is"), max_length=2000, blank=True)
    weekday = models.PositiveSmallIntegerField(_("Usual day"), choices=Weekday, null=True, blank=True)
    at = models.TimeField(_("Usual time"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("Usual length in minutes"), default=60)
    active = models.BooleanField(_("Goes on"), default=True)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["agency", "name"], name="series_once_per_agency")]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", pgettext_lazy("gathering", "Published")
    CANCELLED = "cancelled", pgettext_lazy("gathering", "Cancelled")
    HELD = "held", pgettext_lazy("gathering", "Held")


class Cause(models.TextChoices):
    """Why something does not take place as it was said, in one word that can be counted.

    Of one date and of a pause, that calls off many; the reason that people read stands beside it.
    """

    RAIN = "rain", _("Rain")
    STORM = "storm", _("Storm")
    HEAT = "heat", _("Heat")
    COLD = "cold", _("Cold or ice")
    WEATHER = "weather", _("Weather")
    INCIDENT = "incident", _("A critical incident nearby")
    MOURNING = "mourning", _("Mourning")
    HOLIDAY = "holiday", _("Holiday")
    STAFFING = "staffing", _("Nobody to lead it")
    INDOORS = "indoors", _("We go indoors")
    OTHER = "other", _("Another reason")


class GatheringQuerySet(AgencyQuerySet["Gathering"]):
    def open_to_all(self) -> Self:
        """All but drafts. What was cancelled stays to be seen, with its reason."""
        return self.exclude(status=Status.DRAFT)

    def published(self) -> Self:
        return self.filter(status=Status.PUBLISHED)

    def with_corrections(self) -> Self:
        """Each with whether its head count was corrected, for pages that say how many came to each of several."""
        theirs = HeadsCorrected.objects.belonging_to(gathering=OuterRef("pk"))
        return self.annotate(has_corrections=Exists(theirs))

    def run_here(self) -> Self:
        """Those that were kept here as they happened; what was loaded later is left out."""
        return self.filter(loaded_at=None)

    def loaded_later(self) -> Self:
        """Those from before, that were loaded later."""
        return self.filter(loaded_at__isnull=False)

    # -- when: by moments, since what began yesterday may go on, and what ended this morning is over --
    def coming(self, *, since: datetime | None = None) -> Self:
        """Not over yet, or not over at an earlier moment; soonest first, what goes on before all.

        Cancelled ones are among them, so that nobody waits at a closed door.
        """
        return self.filter(ends_at__gt=since or clock.now()).order_by("starts_at", "pk")

    def to_begin(self, *, within: timedelta | None = None) -> Self:
        """Not begun yet, soonest first."""
        now = clock.now()
        found = self.filter(starts_at__gt=now).order_by("starts_at", "pk")
        return found if within is None else found.filter(starts_at__lte=now + within)

    def past(self) -> Self:
        """Over, the latest first."""
        return self.filter(ends_at__lte=clock.now()).order_by("-starts_at", "-pk")

    def begun_before(self, moment: datetime) -> Self:
        return self.filter(starts_at__lt=moment)

    def at_the_hours_of(self, gathering: Gathering) -> Self:
        """Whose hours touch those of this one, itself among them."""
        return self.filter(starts_at__lt=gathering.ends, ends_at__gt=gathering.starts)

    def on_days(self, first: date | None, last: date | None) -> Self:
        """Those that begin on these days of the calendar: an account counts a night by the evening it begins on."""
        found = self if first is None else self.filter(on__gte=first)
        return found if last is None else found.filter(on__lte=last)

    def update(self, **columns: Any) -> int:
        """As ever; and where a date, an hour, a length or a zone is among the columns, their moments follow."""
        if not WHEN & columns.keys():
            return super().update(**columns)
        moved = list(self.values_list("pk", flat=True))
        count = super().update(**columns)
        for gathering in self.model._default_manager.filter(pk__in=moved):
            gathering.save(update_fields=MOMENTS)
        return count

    def with_places(self) -> Self:
        """With where they are; without the outline of the neighborhood, which weighs more than all the rest."""
        return self.select_related("agency", "venue", "neighborhood").defer("neighborhood__geometry")

    def with_hosts(self) -> Self:
        """With whom of ours the roster names."""
        return self.select_related("host_member__rank", "deputy_member__rank")

    def with_numbers(self) -> Self:
        """Each with how many come, hold an offer, and wait: people, not answers."""

        def people(*states: str) -> Coalesce:
            return Coalesce(Sum("rsvps__party", filter=Q(rsvps__state__in=states, rsvps__amends=None)), 0)

        return self.annotate(
            people_going=people(State.GOING),
            people_offered=people(State.OFFERED),
            people_waiting=people(State.WAITING),
        )


class Gathering(AgencyOwned):
    """One date: what, when, where, for how many, and what became of it."""

    public_id = PublicIdField()
    series = models.ForeignKey(
        Series, null=True, blank=True, on_delete=models.SET_NULL, related_name="gatherings"
    )
    kind = models.CharField(_("Kind"), max_length=12, choices=kinds.choices, default=OTHER.name)
    title = Authored(_("Title"), max_length=140, one_line=True)
    summary = Authored(
        _("What happens"), max_length=2000, blank=True, help_text=_("Two or three plain sentences.")
    )

    on = models.DateField(_("Date"))
    at = models.TimeField(_("Time"))
    timezone = models.CharField(_("Time zone"), max_length=60)
    minutes = models.PositiveSmallIntegerField(
        _("Minutes"), default=60, validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )
    starts_at = MomentField(of="starts", default=clock.now, editable=False)
    ends_at = MomentField(of="ends", default=clock.now, editable=False)

    venue = models.ForeignKey(
        "places.Venue", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    meeting_point = Authored(
        _("Where exactly"),
        max_length=200,
        one_line=True,
        blank=True,
        help_text=_("Such as “by the front steps”."),
    )
    neighborhood = models.ForeignKey(
        "places.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    # Who hosts it: one of ours, whom the roster names (`set_hosts`), or else whoever a person typed. Never both.
    host_member = models.ForeignKey(
        "agencies.Member", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    deputy_member = models.ForeignKey(
        "agencies.Member", null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    typed_host = Line(_("Host"), max_length=120, blank=True)
    typed_deputy = Line(_("Host when the first is away"), max_length=120, blank=True)
    access_notes = Authored(_("Access"), max_length=1000, blank=True)
    # Codes (core.spoken), in the order in which they were chosen, and words of before that are no code.
    languages = models.JSONField(_("Languages spoken"), default=list, blank=True)
    photo_notes = Authored(_("Photos"), max_length=300, one_line=True, blank=True)

    capacity = models.PositiveIntegerField(
        pgettext_lazy("for people", "Places"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Leave empty outdoors: then nobody is turned away."),
    )
    guide_low = models.PositiveSmallIntegerField(_("Works best from"), null=True, blank=True)
    guide_high = models.PositiveSmallIntegerField(_("Works best up to"), null=True, blank=True)
    rsvp_closes = models.DateTimeField(_("Answers until"), null=True, blank=True)
    needs_by = models.DateField(
        _("Ask for access help by"),
        null=True,
        blank=True,
        help_text=_("Until when you can surely arrange an interpreter or a ride. You still try after it."),
    )

    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)
    change_reason = Authored(max_length=LONGEST_REASON, blank=True, editable=False)
    cause = models.CharField(max_length=12, choices=Cause, blank=True, editable=False)
    changed_at = models.DateTimeField(default=clock.now, editable=False)
    # iCalendar's SEQUENCE: how often a calendar that has this event must look again.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    came = models.PositiveIntegerField(_("How many residents came"), null=True, editable=False)
    # Of those who came: who had not told us before. Counted there, without names, or not at all.
    walk_ups = models.PositiveIntegerField(_("How many of them just came by"), null=True, editable=False)
    # Since when everybody has read that number, in print that stays: another one is a correction.
    heads_told_on = models.DateField(null=True, editable=False)

    # It was over before it came here, and was loaded later.
    loaded_at = models.DateTimeField(null=True, editable=False)

    # Cards with a code for one person who came. Those that were used are gone, and this is how many there were.
    cards_made = models.PositiveIntegerField(default=0, editable=False)

    # How many places were taken when the public's clock last struck, kept by the first who changes it afterwards.
    looked_at = models.DateTimeField(null=True, editable=False)
    taken_then = models.PositiveIntegerField(default=0, editable=False)

    # Of one that was moved: where people may still turn up, and who stands there.
    previous_on = models.DateField(null=True, editable=False)
    previous_at = models.TimeField(null=True, editable=False)
    previous_place = Authored(max_length=600, blank=True, editable=False)
    # What was said of access (access.FACTS) where that is another now; empty where it is as it was first said.
    previous_access = models.JSONField(default=dict, blank=True, editable=False)
    stand_in = Line(max_length=120, blank=True, editable=False)

    # The id in the room above that has a page of its own for this kind, where it has given one.
    page_id = models.CharField(max_length=40, blank=True, editable=False)

    objects = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = _("gathering")
        verbose_name_plural = _("gatherings")
        ordering = ["on", "at", "pk"]
        indexes = [
            models.Index(fields=["agency", "on", "at"], name="gathering_by_date"),
            models.Index(fields=["agency", "ends_at"], name="gathering_by_end"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT, published_at__isnull=True)
                | (~Q(status=Status.DRAFT) & Q(published_at__isnull=False)),
                name="gathering_published_or_draft",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.CANCELLED) | ~Q(change_reason=""),
                name="gathering_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(capacity__gte=1), name="gathering_capacity_is_a_number"
            ),
            models.CheckConstraint(
                condition=Q(guide_low__isnull=True)
                | Q(guide_high__isnull=True)
                | Q(guide_low__lte=F("guide_high")),
                name="gathering_guide_low_to_high",
            ),
            models.CheckConstraint(
                condition=Q(previous_on__isnull=True, previous_at__isnull=True)
                | Q(previous_on__isnull=False, previous_at__isnull=False),
                name="gathering_previous_date_and_time",
            ),
            models.CheckConstraint(
                condition=Q(walk_ups__isnull=True) | (Q(came__isnull=False) & Q(walk_ups__lte=F("came"))),
                name="gathering_walk_ups_came",
            ),
            models.CheckConstraint(
                condition=Q(loaded_at__isnull=True) | Q(status__in=[Status.HELD, Status.CANCELLED]),
                name="gathering_loaded_once_over",
            ),
            models.CheckConstraint(
                condition=Q(host_member__isnull=True) | Q(typed_host=""), name="gathering_host_said_once"
            ),
            models.CheckConstraint(
                condition=Q(deputy_member__isnull=True) | Q(typed_deputy=""),
                name="gathering_deputy_said_once",
            ),
        ]

    @property
    def called(self) -> Phrase:
        return self.title.said

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        view, known_as = (
            (self.is_of.page, self.page_id) if self.has_own_page else ("gatherings:detail", self.public_id)
        )
        return reverse(view, args=[self.agency.slug, known_as])

    def get_desk_url(self) -> str:
        """Where staff work on it."""
        return reverse(self.desk_view, args=[self.agency.slug, self.page_id or self.public_id])

    @property
    def desk_view(self) -> str:
        """The view that shows it to staff."""
        return self.is_of.desk if self.has_own_page else "gatherings:overview"

    @property
    def is_of(self) -> Kind:
        """Its kind, with all that it says of itself. As text, its label."""
        return KINDS.get(self.kind, OTHER)

    @property
    def has_own_page(self) -> bool:
        """Whether a room above shows it: it has given its id."""
        return bool(self.page_id)

    # -- when ------------------------------------------------------------------------------------
    @property
    def starts(self) -> datetime:
        return walltime.moment(self.on, self.at, self.timezone)

    @property
    def ends(self) -> datetime:
        return walltime.later(self.starts, self.minutes)

    @property
    def when(self) -> str:
        """Day and hour as people say them, such as “Thursday, June 4, 6 p.m.”; with its year once that is over."""
        return formats.when(self.on, self.at, with_year=self.on.year < clock.now().year)

    @property
    def titled(self) -> str:
        """What it is and when, in a line of a list."""
        return f"{self.title}, {self.when}"

    @property
    def formerly(self) -> str:
        """The day and hour that the first flyers say, if it was moved to another, and not back."""
        if not self.previous_on or not self.previous_at:
            return ""
        moved_back = (self.previous_on, self.previous_at) == (self.on, self.at)
        return "" if moved_back else formats.when(self.previous_on, self.previous_at)

    @property
    def former_place(self) -> Words:
        """The place that the first flyers say, if it was moved to another, and not back."""
        return self.previous_place if self.previous_place.original != self.place.original else Words()

    @property
    def has_begun(self) -> bool:
        return clock.now() >= self.starts

    @property
    def is_over(self) -> bool:
        return clock.now() >= self.ends

    @property
    def answers_close(self) -> datetime:
        """Until when one can say “I’ll come”: to the end, if nobody set an hour. Walk-ups are welcome."""
        return min(self.rsvp_closes, self.ends) if self.rsvp_closes else self.ends

    @property
    def offers_end(self) -> datetime:
        """Until when a place can be offered: while one may still answer, and it has not begun."""
        return min(self.starts, self.answers_close)

    @property
    def takes_answers(self) -> bool:
        return self.status == Status.PUBLISHED and clock.now() < self.answers_close

    @property
    def help_is_sure(self) -> bool:
        """Whether there is still time to arrange an interpreter or a ride for certain."""
        return self.needs_by is not None and self.agency.today() <= self.needs_by

    @property
    def asks_for_help_before_it(self) -> bool:
        return self.needs_by is None or self.needs_by <= self.on

    @property
    def key(self) -> Origin:
        """By this it is known again, wherever its page is: by its concerns and photos, and by passes to it."""
        return Origin("gathering", self.public_id)

    @property
    def forget_on(self) -> date:
        """The day on which names, needs and addresses are deleted, and links of answers stop to work."""
        return self.on + timedelta(days=self.agency.contact_retention_days)

    @property
    def previously(self) -> datetime | None:
        """When it was to begin first, if it was moved to another time, and not back."""
        if self.previous_on is None or self.previous_at is None or not self.formerly:
            return None
        return walltime.moment(self.previous_on, self.previous_at, self.timezone)

    # -- what became of it -----------------------------------------------------------------------
    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def needs_plan_check(self) -> bool:
        """Whether somebody reads its plan first. One of another calendar has none here, and no page of its own."""
        return self.is_of.plan_is_checked and self.has_own_page

    @property
    def is_cancelled(self) -> bool:
        return self.status == Status.CANCELLED

    @property
    def is_published(self) -> bool:
        return self.status == Status.PUBLISHED

    @property
    def is_loaded(self) -> bool:
        """Whether it is from before, and was loaded later: wherever it is shown, that is said."""
        return self.loaded_at is not None

    @property
    def is_held(self) -> bool:
        return self.status == Status.HELD

    @property
    def may_take_place(self) -> bool:
        """Neither cancelled nor over: who comes may still change."""
        return not self.is_cancelled and not self.is_over

    @property
    def is_ahead(self) -> bool:
        """Published and not over: people count on it, and hear of what changes."""
        return self.is_published and not self.is_over

    @property
    def was_moved(self) -> bool:
        """To another time or place than the first flyers say, and not back."""
        return not self.is_cancelled and bool(self.formerly or self.former_place)

    @property
    def access_changes(self) -> list[AccessChange]:
        """What is another than the first flyers say of access, where people still may count on it."""
        return access.changes(self.previous_access, access.facts_of(self.venue)) if self.is_ahead else []

    @property
    def is_back(self) -> bool:
        """It was moved, and is again when and where the first flyers say: who heard of the move should see that."""
        return self.is_published and not self.was_moved and bool(self.change_reason)

    @property
    def look(self) -> str:
        """The color of its state on a page."""
        if self.is_cancelled:
            return "bad"
        if self.is_draft:
            return ""
        if self.was_moved:
            return "wait"
        return "good" if self.is_published else ""

    # -- where -----------------------------------------------------------------------------------
    @property
    def place(self) -> Words:
        """The place in one line, as a mail or a calendar says it. A venue's name and address are in no language."""
        parts = [part for part in (self.venue.name, self.venue.address) if part] if self.venue else []
        if not self.meeting_point:
            return Words.of(", ".join(parts), language=NO_LANGUAGE)
        return self.meeting_point.each(lambda point: ", ".join([*parts, point]))

    # -- in which languages ----------------------------------------------------------------------
    @property
    def spoken_there(self) -> str:
        """The languages spoken there, as the reader calls them."""
        return ", ".join(map(spoken.name_of, self.languages))

    # -- who hosts -------------------------------------------------------------------------------
    @property
    def host(self) -> str:
        """Who hosts it: of ours by the rank and name they have today."""
        return str(self.host_member) if self.host_member else self.typed_host

    @property
    def deputy_host(self) -> str:
        """Who hosts it when the first is away."""
        return str(self.deputy_member) if self.deputy_member else self.typed_deputy

    @property
    def roster_names(self) -> list[str]:
        """Which of the typed fields are the roster’s to say, and nobody’s to type."""
        named = {"typed_host": self.host_member_id, "typed_deputy": self.deputy_member_id}
        return [field for field, member in named.items() if member is not None]

    # -- how many --------------------------------------------------------------------------------
    people_going: int  # these three are there where the query set counted them with the rows
    people_offered: int
    people_waiting: int

    @cached_property
    def numbers(self) -> Numbers:
        """People who come, hold an offer, and wait. Counted, never stored."""
        if hasattr(self, "people_going"):
            going, offered, waiting = self.people_going, self.people_offered, self.people_waiting
        else:
            by_state = dict(
                self.rsvps.filter(amends=None).order_by().values_list("state").annotate(Sum("party"))
            )
            going, offered, waiting = (
                by_state.get(state, 0) for state in (State.GOING, State.OFFERED, State.WAITING)
            )
        return Numbers(going, offered, waiting, self.capacity)

    @property
    def last_look(self) -> datetime:
        """The moment of which the public is told."""
        return telling.last_look(clock.now(), self.timezone)

    @property
    def room(self) -> Room:
        """What everybody reads of the places: as it stood at the last look, whatever was answered since."""
        return Room.OPEN if self.capacity is None else Room.of(self.capacity, self.taken_at_last_look)

    @property
    def taken_at_last_look(self) -> int:
        """As it was kept; or, where nobody answered since, as it is."""
        if self.is_looked_at:
            return self.taken_then
        return self.numbers.taken

    @property
    def is_looked_at(self) -> bool:
        """Whether it is written down how many places were taken at the last look."""
        return self.looked_at is not None and self.looked_at >= self.last_look

    @property
    def told_came(self) -> int | None:
        """How many residents came, for everybody: once it is over, and nobody can watch it being counted.

        That is when somebody has said that it took place, or the next morning.
        """
        counted = self.is_over and (self.is_held or self.last_look >= self.ends)
        return self.came if counted else None

    @property
    def heads_corrected(self) -> list[HeadsCorrected]:
        """What everybody had read of how many came, and which number is right, the first first."""
        return [] if self.heads_told_on is None else list(self.corrections.all())

    has_corrections: bool  # there where the query set looked for them with the rows

    @property
    def is_corrected(self) -> bool:
        """Whether everybody had read another number of how many came."""
        return self.has_corrections if hasattr(self, "has_corrections") else bool(self.heads_corrected)

    @property
    def leaders_wanted(self) -> int:
        """How many should lead those who say they come."""
        return leaders_for(self.numbers.going)

    @property
    def needs_more_leaders(self) -> bool:
        """More people say they come than it works best with."""
        return self.is_a_crowd(self.numbers.going)

    def is_a_crowd(self, people: int) -> bool:
        """So many are more than it works best with, and nobody is turned away: more of us should lead."""
        high = self.guide_high if self.capacity is None else None
        return high is not None and people > high

    @property
    def may_be_counted(self) -> bool:
        """From when people arrive, for as long as somebody may still write down how many came."""
        open_to_count = self.status in {Status.PUBLISHED, Status.HELD}
        return open_to_count and clock.now() >= self.starts - COUNTS_FROM

    @property
    def asks_who_came(self) -> bool:
        """From when it begins, for two weeks: whoever came may say where they live and how old they are."""
        took_place = self.status in {Status.PUBLISHED, Status.HELD} and self.has_begun
        return took_place and self.agency.today() <= self.on + ASKS_FOR

    @property
    def may_have_cards(self) -> bool:
        """Whether cards for those who came can be made: once it is public, and while anybody may still use one."""
        public = self.status in {Status.PUBLISHED, Status.HELD}
        return public and self.agency.today() <= self.on + ASKS_FOR

    @property
    def cards_wanted(self) -> int:
        """For how many heads there is no card yet, as far as heads were counted, or people said that they come."""
        heads = self.numbers.going if self.came is None else self.came
        return max(0, heads - self.cards_made)

    @property
    def asks_until(self) -> datetime:
        """The end of the last day on which one may say it."""
        day = self.on + ASKS_FOR + timedelta(days=1)
        return datetime.combine(day, time(), tzinfo=self.agency.zone)

    @property
    def reach(self) -> dict[str, int]:
        """How many answers and people there are, and how many left an address: whoever decides sees no more."""
        counted = (
            self.rsvps.still_in()
            .with_addresses()
            .aggregate(
                answers=Count("pk"),
                people=Coalesce(Sum("party"), 0),
                reachable=Count("pk", filter=~Q(address="")),
            )
        )
        return dict(counted)


def leaders_for(people: int) -> int:
    """How many should lead so many people: one for about twelve, so that they can talk one on one; one at least.

    Outdoors nobody is turned away: with more people there are more of us, and never a patrol.
    """
    return max(1, (people + PEOPLE_FOR_A_LEADER // 2) // PEOPLE_FOR_A_LEADER)


class Numbers:
    """How many people: those who come, those an offer is kept for, those who wait, and the places left."""

    def __init__(self, going: int, offered: int, waiting: int, capacity: int | None) -> None:
        self.going, self.offered, self.waiting, self.capacity = going, offered, waiting, capacity

    @property
    def taken(self) -> int:
        """Places of those who come, and those that are kept for an offer."""
        return self.going + self.offered

    @property
    def left(self) -> int | None:
        """Places left; None where nobody is turned away."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)

    def fits(self, party: int) -> bool:
        return self.left is None or party <= self.left

    @property
    def is_full(self) -> bool:
        return self.left == 0


class State(models.TextChoices):
    """Where an answer stands."""

    GOING = "going", pgettext_lazy("answer", "Coming")
    WAITING = "waiting", _("On the waiting list")
    OFFERED = "offered", _("A place is offered")
    CANCELLED = "cancelled", pgettext_lazy("answer", "Not coming")
    EXPIRED = "expired", _("The offer ran out")


class RsvpQuerySet(AgencyQuerySet["Rsvp"]):
    readers = frozenset({Role.COORDINATOR})

    def with_addresses(self) -> Self:
        """Each with the address that was left with it (`Rsvp.address`)."""
        return self.annotate(
            address=Coalesce(Subquery(left_with(Rsvp.KIND).values("address")[:1]), Value(""))
        )

    def reachable(self) -> Self:
        """Who left an address to write to, each with it."""
        return self.with_addresses().exclude(address="")

    def left_at(self, address: str) -> Self:
        """Those with which this address was left, by whoever typed it."""
        return self.with_addresses().filter(address__iexact=address)

    def out_of_keeping(self) -> Self:
        """Whose gathering lies as far back as the agency keeps what people told it of themselves, and is over."""
        over = self.filter(gathering__ends_at__lte=clock.now())
        return over.out_of_time("contact_retention_days", day="gathering__on", always=True)

    def in_line(self) -> Self:
        """Who waits, first come first. Nobody's place in the line is ever lost to another."""
        return self.filter(amends=None, state=State.WAITING).order_by("waiting_since", "pk")

    def overdue(self, now: datetime) -> Self:
        return self.filter(amends=None, state=State.OFFERED, offer_ends__lte=now)

    def kept_out_by_nothing(self) -> Self:
        """Who waits though nobody is turned away, of gatherings that are not over."""
        ahead = Gathering.objects.everywhere().published().coming().filter(capacity=None)
        return self.filter(state=State.WAITING, gathering__in=ahead)

    def asking(self) -> Self:
        """Who told us what they need to take part, or in which language."""
        return self.exclude(access_needs="", interpreter="", without_steps=False)

    def relying_on_access(self) -> Self:
        """Who told us something that a place has, or has not."""
        return self.exclude(access_needs="", without_steps=False)

    def still_in(self) -> Self:
        """Who should hear when something changes."""
        return self.filter(amends=None, state__in=[State.GOING, State.WAITING, State.OFFERED])


AFTER_THE_DAY = Ends(
    _("%(days)s days after the day of the walk or meeting."),
    days="contact_retention_days",
)
FORGET = "gatherings.jobs.forget"


class Rsvp(AgencyOwned):
    """One answer “I’ll come”, for a party. No account, no need of a name; an address only if they want news."""

    KIND = "rsvp"

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="rsvps")
    public_id = PublicIdField()
    # A form is answered once: sent twice, it is the same answer. A digest, since the key opens the answer.
    form_digest = tokens.DigestField(
        ring=keys.FORMS, until="joined_at", lasts=tokens.FORM_LASTS, editable=False
    )
    name = SaidLine(
        _("Name"),
        max_length=80,
        blank=True,
        purpose=_("So that we know whom to greet, if you want to say."),
        ends=AFTER_THE_DAY,
        eraser=FORGET,
        what=_("Your name"),
    )
    party = models.PositiveSmallIntegerField(_("How many"))
    language = models.CharField(
        max_length=languages.LONGEST_CODE, choices=languages.choices, default=settings.LANGUAGE_CODE
    )
    interpreter = SaidLine(
        _("Language"),
        max_length=60,
        blank=True,
        purpose=_("So that somebody who speaks it comes along."),
        ends=AFTER_THE_DAY,
        eraser=FORGET,
        what=_("The language you ask for"),
    )
    access_needs = SaidText(
        _("Access"),
        max_length=LONGEST_NEEDS,
        blank=True,
        purpose=_("So that we can arrange what you need to take part."),
        ends=AFTER_THE_DAY,
        eraser=FORGET,
        what=_("What you need to take part"),
    )
    # Used for nothing else: it is a subscription (outreach) to this answer alone, and ends with it.
    email = SaidApart(
        purpose=_("To write to you about this one walk or meeting: a change, a reminder, a free place."),
        ends=AFTER_THE_DAY,
        eraser=FORGET,
        what=_("Your e-mail address, with “I’ll come”"),
        seen_by=_("Nobody. Staff see how many people left one; the program sends the mail."),
        sooner=_("On the page of your answer, press “Delete my e-mail address now”."),
    )
    # Forgotten with what they told us in words.
    without_steps = models.BooleanField(_("A way without steps"), default=False)
    no_photos = models.BooleanField(_("Please keep me out of photos"), default=False)
    # Somebody saw to what they asked for.
    arranged_at = models.DateTimeField(null=True, editable=False)
    arranged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    state = models.CharField(max_length=10, choices=State)
    joined_at = models.DateTimeField(default=clock.now, editable=False)
    waiting_since = models.DateTimeField(null=True, editable=False)
    offer_ends = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    forgotten_at = models.DateTimeField(null=True, editable=False)
    # An earlier answer with the same address, which counts until that address says that this one does instead.
    amends = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="+", editable=False)

    objects = RsvpQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["joined_at", "pk"]
        indexes = [models.Index(fields=["gathering", "state", "waiting_since"], name="rsvp_in_line")]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "form_digest"], name="rsvp_once_per_form"),
            models.CheckConstraint(
                condition=Q(party__gte=1, party__lte=LARGEST_PARTY), name="rsvp_party_is_a_party"
            ),
            models.CheckConstraint(
                condition=(Q(state=State.OFFERED) & Q(offer_ends__isnull=False))
                | (~Q(state=State.OFFERED) & Q(offer_ends__isnull=True)),
                name="rsvp_offer_has_an_end",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.WAITING, State.OFFERED]) | Q(waiting_since__isnull=False),
                name="rsvp_waits_since",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.CANCELLED, State.EXPIRED]) | Q(ended_at__isnull=False),
                name="rsvp_over_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party} → {self.gathering}"

    @property
    def asked_for(self) -> str:
        """The language they ask for, as the reader calls it."""
        return spoken.named(self.interpreter) if self.interpreter else ""

    @property
    def key(self) -> Origin:
        """What a link to it opens, and what the address that was left with it follows."""
        return Origin(self.KIND, self.public_id)

    @cached_property
    def address(self) -> str:
        """Where to write to them; empty where they left no address. A query that needs many brings them along."""
        left = Subscription.objects.of(self.agency_id).about(self.key).first()
        return left.address if left else ""

    @property
    def ahead(self) -> int:
        """How many people stand before this party in the line."""
        earlier = Q(waiting_since__lt=self.waiting_since) | Q(
            waiting_since=self.waiting_since, pk__lt=self.pk
        )
        return self.gathering.rsvps.in_line().filter(earlier).aggregate(n=Sum("party"))["n"] or 0

    @property
    def until(self) -> str:
        """When the offer ends, by the clock at the gathering."""
        if self.offer_ends is None:
            return ""
        local = self.offer_ends.astimezone(self.gathering.starts.tzinfo)
        return formats.when(local.date(), local.time())

    @property
    def is_too_large(self) -> bool:
        """More people than there are places at all, since the limit was lowered: as they are, nothing is ever free."""
        return self.gathering.capacity is not None and self.party > self.gathering.capacity

    @property
    def is_in(self) -> bool:
        return self.state in {State.GOING, State.WAITING, State.OFFERED}

    @property
    def asks_for_something(self) -> bool:
        """Whether they told us what they need, or in which language."""
        return bool(self.access_needs or self.interpreter or self.without_steps)

    @property
    def may_say_needs(self) -> bool:
        return self.may_change and not self.gathering.has_begun

    @property
    def may_change(self) -> bool:
        return self.is_in and self.gathering.may_take_place


class NoticeKind(models.TextChoices):
    CANCELLED = "cancelled", pgettext_lazy("gathering", "Cancelled")
    MOVED = "moved", pgettext_lazy("gathering", "Moved")
    WORD = "word", _("A word from the host")


class NoticeQuerySet(AgencyQuerySet["Notice"]):
    readers = frozenset({Role.COORDINATOR, Role.COMMANDER, Role.INFORMATION_OFFICER, Role.RECORDS_OFFICER})


class Notice(AgencyOwned):
    """What the people who come were told, and how many could be told."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=NoticeKind)
    text = Authored(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    told = models.PositiveIntegerField(help_text=_("Answers with a contact: a mail was written to each."))
    untold = models.PositiveIntegerField(help_text=_("Answers without a contact: nobody can reach them."))

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.gathering}"


# -- from another calendar ---------------------------------------------------------------------------
class ImportState(models.TextChoices):
    WAITING = "waiting", _("On its way")
    DONE = "done", pgettext_lazy("import", "Done")
    FAILED = "failed", pgettext_lazy("import", "Failed")


class Import(AgencyOwned):
    """A file of gatherings from another calendar, and what became of each of its rows."""

    public_id = PublicIdField()
    file_name = Line(max_length=160)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    staged = models.CharField(max_length=16, blank=True)
    announce = models.BooleanField(default=False)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    error = PhraseField(blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of gatherings")
        verbose_name_plural = _("imports of gatherings")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def look(self) -> str:
        """The color of its state on a page."""
        return {ImportState.FAILED: "bad", ImportState.WAITING: "wait"}.get(ImportState(self.state), "good")


class Imported(AgencyOwned):
    """Where a gathering came from: by this the same row is known again, and a newer one changes it."""

    gathering = models.OneToOneField(Gathering, on_delete=models.CASCADE, related_name="imported")
    # What the other calendar calls it, and what it says of it: digests, since both can be of any length.
    name_digest = models.CharField(max_length=64)
    row_digest = models.CharField(max_length=64)
    version = models.CharField(max_length=40, blank=True)
    said = models.JSONField(default=dict)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("origin of a gathering")
        verbose_name_plural = _("origins of gatherings")
        constraints = [
            models.UniqueConstraint(fields=["agency", "name_digest"], name="gathering_imported_once")
        ]
        indexes = [models.Index(fields=["agency", "row_digest"], name="gathering_imported_row")]

    def __str__(self) -> str:
        return str(self.gathering)


# -- who came, as far as they chose to say ------------------------------------------------------------
class Question(models.TextChoices):
    """What one may say of oneself after a gathering. Each is answered alone, or not at all."""

    TIE = "tie", _("What ties you to the place where we met?")
    HOME = "home", _("Where do you live?")
    AGE = "age", _("How old are you?")
    YEARS = "years", _("How long have you lived in the city?")
    BEFORE = "before", _("Have you met us like this before?")


class TallyQuerySet(AgencyQuerySet["Tally"]):
    """The bare numbers are for nobody's eyes: pages show `queries.who_came`, which keeps small ones back."""

    readers = frozenset()


class Tally(AgencyOwned):
    """How many people at one gathering gave one answer to one question.

    Not a row for each person: what somebody says is added to a number, so that nobody can put the answers of one
    person together again, find who gave them, or see at which minute.
    """

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="tallies")
    question = models.CharField(max_length=8, choices=Question)
    answer = models.CharField(max_length=40)
    people = models.PositiveIntegerField(default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tally of who came")
        verbose_name_plural = _("tallies of who came")
        constraints = [
            models.UniqueConstraint(fields=["gathering", "question", "answer"], name="tally_once_per_answer")
        ]

    def __str__(self) -> str:
        return f"{self.get_question_display()} {self.answer}: {self.people}"


class ToldQuartersQuerySet(AgencyQuerySet["ToldQuarters"]):
    def on(self, day: date) -> ToldQuarters | None:
        """What was published of this day, if anything was."""
        return self.filter(first_day__lte=day, last_day__gte=day).first()

    def with_corrections(self) -> Self:
        return self.prefetch_related("corrections__gathering")


class ToldQuarters(AgencyOwned):
    """What was published of who came in one or more whole quarters: drawn once, and never again.

    `facts`: how many gatherings, how many residents at those where at least the floor came (`came`), how many others
    were counted (`few`), how many were left out; for each question how many gave each answer, rounded, or None
    (`asked`); and how many live in each neighborhood, and what it was called (`homes`).
    """

    first_day = models.DateField()
    last_day = models.DateField()
    told_on = models.DateField()
    facts = models.JSONField(default=dict)

    objects = ToldQuartersQuerySet.as_manager()

    class Meta:
        verbose_name = _("quarters that were told")
        verbose_name_plural = _("quarters that were told")
        ordering = ["-first_day"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "first_day"], name="quarters_told_once"),
            models.CheckConstraint(
                condition=Q(first_day__lt=F("last_day"), last_day__lt=F("told_on")), name="quarters_told_late"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_day.isoformat()} – {self.last_day.isoformat()}"


class HeadsCorrected(AgencyOwned):
    """The head count of a gathering is another one than everybody had read: a line beside it, with a reason.

    The numbers that were published of its quarter stay; `told` is empty where only its own was published, as with its
    recap. `before` and `after` are told as any head count is.
    """

    told = models.ForeignKey(ToldQuarters, null=True, on_delete=models.CASCADE, related_name="corrections")
    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="corrections")
    before = models.PositiveIntegerField(null=True)
    after = models.PositiveIntegerField(null=True)
    reason = Authored(max_length=LONGEST_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    corrected_on = models.DateField()

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of a head count")
        verbose_name_plural = _("corrections of head counts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.gathering}: {self.before} → {self.after}"


# -- what holds everywhere, and who has read the plan ----------------------------------------------
PARTS = ("body_cameras", "crime_or_tip", "threat", "medical", "heat", "minors", "press")
LONGEST_RULE = 1000


class OperatingRulesQuerySet(AgencyQuerySet["OperatingRules"]):
    def in_force(self) -> OperatingRules | None:
        return self.order_by("-version").first()


class OperatingRules(AgencyOwned):
    """What holds on every walk of an agency. A version is never changed, only followed by the next."""

    version = models.PositiveIntegerField()
    body_cameras = Authored(_("Body-worn cameras"), max_length=LONGEST_RULE)
    crime_or_tip = Authored(_("A crime, or a tip"), max_length=LONGEST_RULE)
    threat = Authored(_("A threat"), max_length=LONGEST_RULE)
    medical = Authored(_("Somebody is hurt or ill"), max_length=LONGEST_RULE)
    heat = Authored(_("Heat, cold and storms"), max_length=LONGEST_RULE)
    minors = Authored(_("Children and young people"), max_length=LONGEST_RULE)
    press = Authored(_("Press and cameras"), max_length=LONGEST_RULE)
    set_at = models.DateTimeField(default=clock.now)
    set_by = Line(max_length=160)

    objects = OperatingRulesQuerySet.as_manager()

    class Meta:
        verbose_name = _("operating rules")
        verbose_name_plural = _("operating rules")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["agency", "version"], name="rules_once_per_version")]

    @property
    def called(self) -> Phrase:
        return phrase("operating rules, version %(number)s", number=self.version)

    def __str__(self) -> str:
        return str(self.called)

    @property
    def parts(self) -> list[tuple[str, str, Words]]:
        """Each part in the order of the page: its name in the database, its heading, its words."""
        return [(name, self.heading_of(name), getattr(self, name)) for name in PARTS]

    @classmethod
    def heading_of(cls, part: str) -> str:
        return str(label_of(cls, part))


class PlanCheckQuerySet(AgencyQuerySet["PlanCheck"]):
    readers = LEADERS


class PlanCheck(AgencyOwned):
    """Somebody with a name read the plan of a gathering and the rules in force, and said that it holds."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="checks")
    rules = models.ForeignKey(OperatingRules, on_delete=models.PROTECT, related_name="+")
    confirmed_by = Line(max_length=160)
    confirmed_at = models.DateTimeField(default=clock.now)
    # When, where and who it was about: what was changed since has to be read again.
    about = models.JSONField(default=dict)

    objects = PlanCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan check")
        verbose_name_plural = _("plan checks")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.gathering} ({self.confirmed_by})"
