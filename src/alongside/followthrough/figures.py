"""Whether promises are kept, and how long an answer takes: of an agency, a neighborhood or a division, and a time.

Counted by the database, a few questions each; what the days mean together is `methods.survival`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.agencies.models import Agency, Member
from alongside.core.calendar import next_quarter, quarter_of
from alongside.followthrough.models import (
    Concern,
    ConcernKind,
    ConcernQuerySet,
    HowItCame,
    State,
)
from alongside.followthrough.promises.models import Kept, Promise, PromiseQuerySet
from alongside.methods import survival
from alongside.methods.survival import Curve
from alongside.people.queries import commanders
from alongside.places.models import Area, AreaKind
from alongside.places.queries import divisions_of

FEWEST = 10
"""Of fewer questions one more would move the middle: no median is told in public."""
HALF_A_YEAR = timedelta(weeks=26)
DAY = timedelta(days=1)


def _public(agency: Agency, area: Area | None) -> ConcernQuerySet:
    rows = Concern.objects.of(agency).public(agency).exclude(kind=ConcernKind.THANKS)
    return rows if area is None else rows.filter(neighborhood=area)


# -- how long an answer takes -----------------------------------------------------------------------
def days_to_answer(
    agency: Agency,
    *,
    since: date | None = None,
    until: date | None = None,
    area: Area | None = None,
) -> Curve:
    """Days from hearing of a concern to its first answer that held, of those heard on these days.

    What was loaded from before is left out: of that only what somebody still knew of was typed in. Of a neighborhood
    everybody reads it: so it is of what everybody reads, as of this morning.
    """
    today = agency.today()
    rows = _asked(agency) if area is None else _public(agency, area)
    rows = rows.exclude(came=HowItCame.LOADED)
    if since is not None:
        rows = rows.filter(heard_on__gte=since)
    if until is not None:
        rows = rows.filter(heard_on__lte=until)
    counted = list(
        rows.order_by()
        .annotate(answered_on=TruncDate("closed_at", tzinfo=agency.zone))
        .values_list("heard_on", "answered_on")
        .annotate(n=Count("pk"))
    )
    if area is not None:
        counted = [(heard, _by_the_morning(answered, today), n) for heard, answered, n in counted]
    return survival.curve(
        [max(0, ((answered or today) - heard).days) for heard, answered, _n in counted],
        [answered is not None for _heard, answered, _n in counted],
        [n for _heard, _answered, n in counted],
    )


def _asked(agency: Agency) -> ConcernQuerySet:
    return Concern.objects.of(agency).exclude(kind=ConcernKind.THANKS).exclude(state=State.WITHHELD)


def _by_the_morning(answered: date | None, today: date) -> date | None:
    """What was answered since the day began is answered tomorrow, for everybody."""
    return answered if answered is not None and answered < today else None


def median_in_words(curve: Curve) -> str:
    """“12 days”; in words where nobody can say it."""
    if not curve.answered and not curve.open:
        return _("nobody has asked yet")
    if curve.median is None:
        return _("more than half still wait")
    return in_days(curve.median)


def doubt_in_words(curve: Curve) -> str:
    """Between what the median lies, so surely as 95 of 100."""
    low, high = curve.interval()
    if low is None:
        return ""
    if high is None:
        return _("likely at least %(days)s") % {"days": in_days(low)}
    return _("likely between %(low)d and %(high)d days") % {"low": low, "high": high}


def range_in_words(curve: Curve) -> str:
    """The same for a cell."""
    low, high = curve.interval()
    if low is None:
        return "–"
    return f"{low:.0f} – {high:.0f}" if high is not None else _("%(n)d and more") % {"n": low}


def in_days(days: float) -> str:
    return ngettext("%(n)d day", "%(n)d days", round(days)) % {"n": days}


# -- for those who lead -------------------------------------------------------------------------------
@dataclass(frozen=True)
class KeptOnTime:
    """Promises whose first day lay in a stretch of time that is over: what became of them.

    What was passed on is another body's to do: it is neither kept nor not kept, and no share is of it.
    """

    on_time: int
    later: int
    not_kept: int
    still_open: int
    passed_on: int = 0

    @property
    def all(self) -> int:
        return self.on_time + self.later + self.not_kept + self.still_open


def kept_on_time(agency: Agency, *, since: date, until: date) -> KeptOnTime:
    """By the day that was promised first, however often it moved since."""
    due = Promise.objects.of(agency).filter(first_due__gte=since, first_due__lte=until, loaded_at=None)
    counted = due.aggregate(
        on_time=Count("pk", filter=Q(pk__in=Promise.objects.of(agency).kept_on_time().values("pk"))),
        kept=Count("pk", filter=Q(state=Kept.KEPT)),
        not_kept=Count("pk", filter=Q(state=Kept.NOT_KEPT)),
        still_open=Count("pk", filter=Q(state=Kept.OPEN)),
        passed_on=Count("pk", filter=Q(state=Kept.PASSED_ON)),
    )
    later = counted["kept"] - counted["on_time"]
    return KeptOnTime(
        on_time=counted["on_time"],
        later=later,
        not_kept=counted["not_kept"],
        still_open=counted["still_open"],
        passed_on=counted["passed_on"],
    )


@dataclass(frozen=True)
class Late:
    """Of one division, or of one person: how many are open, and how many of these late."""

    name: str
    open: int
    late: int


def late_by_division(agency: Agency) -> list[Late]:
    """Every division, in the order of the alphabet; then what lies in none, where something does."""
    names = dict(
        Area.objects.of(agency).active().of_kind(AreaKind.DIVISION).order_by("name").values_list("pk", "name")
    )
    asked, said = _open(agency)
    counted = _by(agency, asked, "division")
    aloud = _by(agency, said, "area")
    lie_in = divisions_of(agency, aloud)
    for area, each in aloud.items():
        _add(counted, lie_in.get(area) if area else None, each)
    rows = [Late(name, *counted.pop(pk, (0, 0))) for pk, name in names.items()]
    return [*rows, *_rest(_("In no division"), counted)]


def late_by_commander(agency: Agency) -> list[Late]:
    """Whoever commands today, by name, none of them left out who has none late; then all that is with others."""
    leading: dict[int, Member] = {each.pk: each for each in commanders(agency, on=agency.today()).values()}
    if not leading:
        return []
    asked, said = _open(agency)
    counted = _by(agency, asked, "owner")
    for owner, each in _by(agency, said, "owner").items():
        _add(counted, owner, each)
    rows = [
        Late(str(each), *counted.pop(pk, (0, 0)))
        for pk, each in sorted(leading.items(), key=lambda pair: pair[1].name)
    ]
    return [*rows, *_rest(_("With others, or with nobody yet"), counted)]


def _open(agency: Agency) -> tuple[ConcernQuerySet, PromiseQuerySet]:
    """All that may be late: what was asked, and what was promised aloud. A promise of a concern is late with that."""
    return Concern.objects.of(agency).open(), Promise.objects.of(agency).open().filter(concern=None)


def _by(agency: Agency, rows: QuerySet[Any], what: str) -> dict[int | None, tuple[int, int]]:
    """By the number of a division, an area or a member: how many, and how many of these late."""
    late = Count("pk", filter=Q(due__lt=agency.today()))
    counted = rows.order_by().values_list(what).annotate(n=Count("pk"), late=late)
    return {of: (n, behind) for of, n, behind in counted}


def _add(counted: dict[int | None, tuple[int, int]], to: int | None, more: tuple[int, int]) -> None:
    n, late = counted.get(to, (0, 0))
    counted[to] = (n + more[0], late + more[1])


def _rest(name: str, counted: dict[int | None, tuple[int, int]]) -> list[Late]:
    """What is left in one line, so that a table adds up to what stands above it."""
    n, late = (sum(each) for each in zip((0, 0), *counted.values(), strict=True))
    return [Late(name, n, late)] if n else []


@dataclass(frozen=True)
class Alone:
    """What nobody answers for: how many, and for how many days the longest has waited."""

    count: int
    days: int


def nobody_answers(agency: Agency) -> Alone:
    found: dict[str, Any] = (
        Concern.objects.of(agency).open().filter(owner=None).aggregate(n=Count("pk"), first=Min("heard_on"))
    )
    return Alone(found["n"], (agency.today() - found["first"]).days if found["n"] else 0)


def long_late(agency: Agency, *, by: timedelta) -> int:
    """How many are late by more than this."""
    before = agency.today() - by
    return sum(rows.filter(due__lt=before).count() for rows in _open(agency))


@dataclass(frozen=True)
class Quarter:
    """The concerns that were heard in one quarter, as they stand today."""

    first: date
    curve: Curve

    @property
    def last(self) -> date:
        return next_quarter(self.first) - DAY


def quarters(agency: Agency, *, back: int) -> list[Quarter]:
    """The last of them, the one we are in at the end; those before anything was heard are left out."""
    first = quarter_of(agency.today())
    found: list[Quarter] = []
    for _each in range(back):
        found.insert(0, Quarter(first, days_to_answer(agency, since=first, until=next_quarter(first) - DAY)))
        first = quarter_of(first - DAY)
    known = [bool(each.curve.answered or each.curve.open) for each in found]
    return found[known.index(True) :] if any(known) else []


def trend_in_words(told: Sequence[Quarter]) -> str:
    """Whether answers became quicker from one whole quarter to the next, where the doubt leaves room to say so."""
    ends = [each.curve.interval() for each in told[:-1] if each.curve.answered + each.curve.open >= FEWEST]
    if len(ends) < 2:
        return _("Too little is known to say whether answers become quicker.")
    (low, high), (next_low, next_high) = ends[-2:]
    if high is not None and next_low is not None and next_low > high:
        return _("Answers take longer than a quarter before.")
    if next_high is not None and low is not None and next_high < low:
        return _("Answers come sooner than a quarter before.")
    return _("Whether answers come sooner or later than a quarter before is too close to call.")
