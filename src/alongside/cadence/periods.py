"""Week by week or month by month: what took place, what was called off, and when nobody met; with the reason, if given.

A walk every week was promised, or a forum every month. Whether that was kept is read off the calendar, never typed in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Min, Q
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency, User
from alongside.cadence.models import Pause, PauseQuerySet
from alongside.core import calendar, formats
from alongside.core.authored import Words
from alongside.gatherings.kind import Kind
from alongside.gatherings.models import Gathering, GatheringQuerySet, Series, Status
from alongside.gatherings.telling import Together

DAY = timedelta(days=1)


class Every(Enum):
    """How often one meets, as promised; how far an account of it looks back, and how far ahead."""

    WEEK = 26, 12
    MONTH = 12, 3

    @property
    def back(self) -> int:
        return self.value[0]

    @property
    def ahead(self) -> int:
        return self.value[1]

    def first_day(self, day: date) -> date:
        """Where the week or month of a date begins."""
        return calendar.week_of(day) if self is Every.WEEK else calendar.month_of(day)

    def after(self, begins: date) -> date:
        """Where the next one begins."""
        return calendar.next_week(begins) if self is Every.WEEK else calendar.next_month(begins)

    def earlier(self, begins: date, count: int) -> date:
        """Where the one `count` before begins."""
        for _each in range(count):
            begins = self.first_day(begins - DAY)
        return begins

    def later(self, begins: date, count: int) -> date:
        """Where the one `count` after begins."""
        for _each in range(count):
            begins = self.after(begins)
        return begins


@dataclass(frozen=True)
class Pledge:
    """What an agency promised: which gatherings, how often, and in whose words it is told.

    of        gatherings of a kind, or of one series
    name      of all of them together
    missed    in words: none took place
    kept      in words: so many of so many weeks or months
    off       in words: so many were called off
    left_out  an agency, a first day, the day after the last: days for which nobody planned one → why, for everybody
    """

    of: Kind | Series
    every: Every
    name: str | Lazy
    missed: str | Lazy
    kept: Callable[[int, int], str]
    off: Callable[[int], str]
    left_out: Callable[[Agency, date, date], Mapping[date, str]] | None = None

    def among(self, gatherings: GatheringQuerySet) -> GatheringQuerySet:
        """Those of them that were promised."""
        return (
            gatherings.filter(series=self.of)
            if isinstance(self.of, Series)
            else gatherings.filter(kind=self.of.name)
        )


class Became(models.TextChoices):
    """What became of a week or a month."""

    HELD = "held", pgettext_lazy("week", "Held")
    LOADED = "loaded", pgettext_lazy("week", "Held, loaded later")
    UNREPORTED = "unreported", _("Not written up yet")
    COMING = "coming", pgettext_lazy("week", "Coming")
    CALLED_OFF = "called_off", pgettext_lazy("week", "Called off")
    PAUSED = "paused", pgettext_lazy("week", "Paused")
    MISSED = "missed", pgettext_lazy("week", "None")
    OPEN = "open", _("Not planned yet")


@dataclass(frozen=True)
class Period:
    """One week or month: the gatherings in it, what became of the pledge, and why if it was not kept."""

    pledge: Pledge
    begins: date
    became: Became
    gatherings: list[Gathering] = field(default_factory=list)
    reason: Words = field(default_factory=Words)

    def __str__(self) -> str:
        if self.pledge.every is Every.MONTH:
            return formats.month(self.begins)
        return str(_("Week of %(day)s") % {"day": formats.day(self.begins)})

    @property
    def gathering(self) -> Gathering | None:
        """The one that counts: what was held before what was only planned."""
        return self.gatherings[0] if self.gatherings else None

    @property
    def ends(self) -> date:
        """The day after its last."""
        return self.pledge.every.after(self.begins)

    @property
    def last(self) -> date:
        return self.ends - DAY

    @property
    def label(self) -> str:
        """What became of it, in words."""
        return str(self.pledge.missed if self.became == Became.MISSED else self.became.label)

    @property
    def owes_a_reason(self) -> bool:
        return self.became == Became.MISSED and not self.reason

    @property
    def came(self) -> Together | None:
        """How many residents came in it, as far as that is told; None where nobody counted."""
        counted = [each.told_came for each in self.gatherings if each.told_came is not None]
        return Together.of(counted) if counted else None

    @property
    def is_corrected(self) -> bool:
        """Whether everybody had read another number."""
        return any(each.is_corrected for each in self.gatherings)


@dataclass(frozen=True)
class Cadence:
    """The weeks or months from the first that is shown to the last, and how many became what until today."""

    pledge: Pledge
    periods: list[Period]
    today: date

    @property
    def past(self) -> list[Period]:
        """Those that are over. The one we are in is not judged yet, nor one whose last night still goes on."""
        over = [period for period in self.periods if period.ends <= self.today]
        return [period for period in over if period.became not in {Became.COMING, Became.LOADED}]

    @property
    def has_loaded(self) -> bool:
        """Whether some of them are from before, and were loaded later."""
        return any(period.became == Became.LOADED for period in self.periods)

    @property
    def kept(self) -> int:
        return self.counts[Became.HELD] + self.counts[Became.UNREPORTED]

    @property
    def counts(self) -> Counter[str]:
        return Counter(period.became for period in self.past)

    @property
    def without_reason(self) -> list[Period]:
        """Those that owe the public a reason, the latest first."""
        return [period for period in reversed(self.past) if period.owes_a_reason]


def cadence(
    user: User | AnonymousUser | None, agency: Agency, pledge: Pledge, *, back: int | None = None
) -> Cadence:
    """The account of a pledge, from the first gathering on to the end of what is planned; for nobody, the agency's own.

    It looks back no longer than is usual for weeks or for months, or over `back` of them.
    """
    every, today = pledge.every, agency.today()
    promised = pledge.among(_gatherings(user, agency).open_to_all())
    this = every.first_day(today)
    kept_here = Q(loaded_at=None)
    days = promised.aggregate(first=Min("on"), account=Min("on", filter=kept_here))
    first, account = days["first"], days["account"]
    if first is None:
        return Cadence(pledge, [], today)
    begins = max(every.first_day(first), every.earlier(this, every.back if back is None else back))
    ends = every.later(this, every.ahead)
    found = _by_period(promised, every, begins, ends)
    pauses = list(_pauses(user, agency).about(pledge.of).touching(begins, ends))
    left_out = _left_out(pledge, agency, begins, ends)
    last = max([this, *found, *(every.first_day(pause.first) for pause in pauses)])
    periods = []
    while begins <= last:
        why = left_out.get(begins, "")
        before = account is None or begins < every.first_day(account)
        if before and begins not in found:  # nobody kept account then: nothing was missed
            begins = every.after(begins)
            continue
        periods.append(_judged(pledge, begins, found.get(begins, []), pauses, why, today))
        begins = every.after(begins)
    return Cadence(pledge, periods, today)


def _gatherings(user: User | AnonymousUser | None, agency: Agency) -> GatheringQuerySet:
    return Gathering.objects.of(agency) if user is None else Gathering.objects.visible_to(user, at=agency)


def _pauses(user: User | AnonymousUser | None, agency: Agency) -> PauseQuerySet:
    return Pause.objects.of(agency) if user is None else Pause.objects.visible_to(user, at=agency)


def _left_out(pledge: Pledge, agency: Agency, begins: date, ends: date) -> dict[date, str]:
    """Where nobody planned one, such as in a holiday's week: why."""
    days = pledge.left_out(agency, begins, ends) if pledge.left_out else {}
    return {pledge.every.first_day(day): why for day, why in days.items()}


def _by_period(
    promised: GatheringQuerySet, every: Every, begins: date, ends: date
) -> dict[date, list[Gathering]]:
    found: dict[date, list[Gathering]] = defaultdict(list)
    for each in (
        promised.on_days(begins, ends - DAY).with_places().with_corrections().order_by("starts_at", "pk")
    ):
        found[every.first_day(each.on)].append(each)
    return found


def _judged(
    pledge: Pledge,
    begins: date,
    gatherings: list[Gathering],
    pauses: Iterable[Pause],
    left_out: str,
    today: date,
) -> Period:
    """One week or month. A gathering that took place keeps the pledge, whatever else was called off.

    What was loaded later is shown, and keeps nothing: nobody kept account of it then.
    """
    loaded = [each for each in gatherings if each.is_loaded and each.status == Status.HELD]
    gatherings = [each for each in gatherings if each not in loaded]
    if loaded and not gatherings:
        return Period(pledge, begins, Became.LOADED, loaded)
    published = [each for each in gatherings if each.status == Status.PUBLISHED]
    for became, matches in (
        (Became.HELD, [each for each in gatherings if each.status == Status.HELD]),
        (Became.COMING, [each for each in published if not each.is_over]),
        (Became.UNREPORTED, [each for each in published if each.is_over]),
    ):
        if matches:
            return Period(pledge, begins, became, matches)
    if gatherings:
        off = gatherings[0]
        return Period(pledge, begins, Became.CALLED_OFF, gatherings, off.change_reason)
    ends = pledge.every.after(begins)
    pause = _pause_of(begins, ends, pauses)
    if pause is not None:
        return Period(pledge, begins, Became.PAUSED, [], pause.reason)
    if left_out:
        return Period(pledge, begins, Became.PAUSED, [], Words.of(left_out))
    return Period(pledge, begins, Became.MISSED if ends <= today else Became.OPEN)


def _pause_of(begins: date, ends: date, pauses: Iterable[Pause]) -> Pause | None:
    """What was said of these days: of the whole agency before one neighborhood's."""
    here = [pause for pause in pauses if pause.first < ends and (pause.last is None or pause.last >= begins)]
    return min(here, key=lambda pause: (pause.neighborhood_id is not None, pause.first), default=None)
