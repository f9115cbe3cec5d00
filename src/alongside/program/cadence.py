"""Week by week: where we walked, what was called off, and when nobody walked; with the reason, if one was given.

The agency promised a walk every week. Whether it kept that is read off the calendar, never typed in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency, User
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Gathering, GatheringQuerySet, Status
from alongside.program import reasons
from alongside.program.models import Pause, Week

WEEK = timedelta(weeks=1)
LOOKS_BACK, LOOKS_AHEAD = 26, 12


class Became(models.TextChoices):
    """What became of a week."""

    HELD = "held", _("Held")
    UNREPORTED = "unreported", _("Not written up yet")
    COMING = "coming", _("Coming")
    CALLED_OFF = "called_off", _("Called off")
    PAUSED = "paused", _("Paused")
    MISSED = "missed", _("No walk")
    OPEN = "open", _("Not planned yet")


@dataclass(frozen=True)
class CadenceWeek:
    """Seven days from a Monday: the walks in them, what became of the promise, and why if it was not kept."""

    begins: date
    became: Became
    walks: list[Gathering] = field(default_factory=list)
    reason: str = ""
    language: str = ""

    @property
    def walk(self) -> Gathering | None:
        """The one that counts: what was held before what was only planned."""
        return self.walks[0] if self.walks else None

    @property
    def last(self) -> date:
        return self.begins + WEEK - timedelta(days=1)

    @property
    def owes_a_reason(self) -> bool:
        return self.became == Became.MISSED and not self.reason

    @property
    def came(self) -> int | None:
        """How many residents came in this week; None where nobody counted."""
        counted = [walk.came for walk in self.walks if walk.came is not None]
        return sum(counted) if counted else None


@dataclass(frozen=True)
class Cadence:
    """The weeks from the first that is shown to the last, in order, and how many became what until today."""

    weeks: list[CadenceWeek]
    today: date

    @property
    def past(self) -> list[CadenceWeek]:
        """Weeks that are over. The one we are in is not judged yet."""
        return [week for week in self.weeks if week.begins + WEEK <= self.today]

    @property
    def kept(self) -> int:
        return self.counts[Became.HELD] + self.counts[Became.UNREPORTED]

    @property
    def counts(self) -> Counter[str]:
        return Counter(week.became for week in self.past)

    @property
    def without_reason(self) -> list[CadenceWeek]:
        """Weeks that owe the public a reason, the latest first."""
        return [week for week in reversed(self.past) if week.owes_a_reason]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def cadence(user: User | AnonymousUser, agency: Agency, *, back: int = LOOKS_BACK) -> Cadence:
    """The account of the weeks, from the first walk on but no longer ago than `back`, to the end of what is planned."""
    walks = Gathering.objects.visible_to(user, at=agency).open_to_all().filter(kind=WALK.name)
    today = agency.today()
    this = monday(today)
    first = walks.aggregate(first=Min("on"))["first"]
    if first is None:
        return Cadence([], today)
    begins = max(monday(first), this - back * WEEK)
    ends = this + LOOKS_AHEAD * WEEK
    by_week = _by_week(walks, begins, ends)
    pauses = list(Pause.objects.visible_to(user, at=agency).touching(begins, ends))
    last = max([this, *by_week, *(monday(pause.first) for pause in pauses)])
    count = (last - begins) // WEEK + 1
    weeks = [begins + number * WEEK for number in range(count)]
    left_out = _left_out(agency, begins, ends)
    return Cadence(
        [_judged(week, by_week.get(week, []), pauses, left_out.get(week, ""), today) for week in weeks], today
    )


def _left_out(agency: Agency, begins: date, ends: date) -> dict[date, str]:
    """Weeks that the season in force left out, such as a holiday's: the reason is public, the plan itself is not."""
    rows = Week.objects.of(agency).filter(day__gte=begins, day__lt=ends).in_force().closed()
    return {monday(row.day): reasons.no_walk(row) for row in rows}


def _by_week(walks: GatheringQuerySet, begins: date, ends: date) -> dict[date, list[Gathering]]:
    by_week: dict[date, list[Gathering]] = defaultdict(list)
    for walk in walks.filter(on__gte=begins, on__lt=ends).with_places().order_by("on", "at", "pk"):
        by_week[monday(walk.on)].append(walk)
    return by_week


def _judged(
    begins: date, walks: list[Gathering], pauses: Iterable[Pause], left_out: str, today: date
) -> CadenceWeek:
    """One week. A walk that took place keeps the promise, whatever else was called off."""
    for became, matches in (
        (Became.HELD, [walk for walk in walks if walk.status == Status.HELD]),
        (Became.COMING, [walk for walk in walks if walk.status == Status.PUBLISHED and not walk.is_over]),
        (Became.UNREPORTED, [walk for walk in walks if walk.status == Status.PUBLISHED and walk.is_over]),
    ):
        if matches:
            return CadenceWeek(begins, became, matches)
    pause = _pause_of(begins, walks, pauses)
    if walks:
        off = walks[0]
        return CadenceWeek(begins, Became.CALLED_OFF, walks, off.change_reason, off.language)
    if pause is not None:
        return CadenceWeek(begins, Became.PAUSED, [], pause.reason, pause.language)
    if left_out:
        return CadenceWeek(begins, Became.PAUSED, [], left_out)
    return CadenceWeek(begins, Became.MISSED if begins + WEEK <= today else Became.OPEN)


def _pause_of(begins: date, walks: list[Gathering], pauses: Iterable[Pause]) -> Pause | None:
    """What was said of this week: of the whole agency before one neighborhood's."""
    ends = begins + WEEK - timedelta(days=1)
    here = [pause for pause in pauses if pause.first <= ends and (pause.last is None or pause.last >= begins)]
    return min(here, key=lambda pause: (pause.neighborhood_id is not None, pause.first), default=None)
