"""How long until an answer, with those that still wait: as of this morning, for everybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.agencies.models import Agency
from alongside.followthrough.models import Concern, ConcernKind, ConcernQuerySet, HowItCame
from alongside.followthrough.public import kept, rules
from alongside.methods.survival import curve


@dataclass(frozen=True)
class Morning:
    """What is looked at once a day: how long until an answer, and by which ways enough was told us to say so."""

    answered: int
    waiting: int
    median: float | None
    earliest: float | None
    latest: float | None
    ways: frozenset[str]

    @property
    def is_told(self) -> bool:
        """Of few, a middle is nothing that anybody should go by."""
        return rules.FROM_ONE_PLACE.enough(self.answered)

    @property
    def sentence(self) -> str:
        """In one sentence, with its counts."""
        counts = {"answered": self.answered, "waiting": self.waiting}
        if self.median is None:
            return (
                _(
                    "Fewer than half have an answer so far: %(answered)d do, %(waiting)d wait, so nobody can say how "
                    "long it usually takes."
                )
                % counts
            )
        days = ngettext("%(n)d day", "%(n)d days", round(self.median)) % {"n": round(self.median)}
        return _(
            "Of what stands on this list, half have an answer within %(days)s: %(answered)d have one, and the "
            "%(waiting)d that wait are counted for as long as they have waited."
        ) % {"days": days, **counts}

    @property
    def surely(self) -> str:
        """Between which days the middle lies, 95 times of 100."""
        if self.median is None or self.earliest is None:
            return ""
        if self.latest is None:
            return _("At least %(from)d days, as surely as 95 in 100.") % {"from": self.earliest}
        return _("Between %(from)d and %(to)d days, as surely as 95 in 100.") % {
            "from": self.earliest,
            "to": self.latest,
        }


def morning(agency: Agency) -> Morning:
    """Looked at once a day, and kept: it goes through all that is public."""
    return kept.for_the_day(agency, "morning", lambda: _look(agency))


def _look(agency: Agency) -> Morning:
    until = rules.morning(agency)
    rows = Concern.objects.of(agency).public(agency).exclude(kind=ConcernKind.THANKS)
    lasted = days_to_an_answer(rows, until)
    drawn = curve(*_apart(lasted))
    earliest, latest = drawn.interval()
    ways = rows.order_by().values_list("came").annotate(Count("pk"))
    enough = frozenset(way for way, n in ways if rules.FROM_ONE_PLACE.enough(n) and way in HowItCame.values)
    return Morning(drawn.answered, drawn.open, drawn.median, earliest, latest, enough)


def days_to_an_answer(rows: ConcernQuerySet, until: datetime) -> Counter[tuple[int, bool]]:
    """Of each length in days how many, answered or still waiting; loaded later are none: their days are not known."""
    zone, today = until.tzinfo, until.date()
    counted: Counter[tuple[int, bool]] = Counter()
    asked = rows.exclude(came=HowItCame.LOADED).order_by().values_list("heard_on", "closed_at")
    for heard_on, closed_at in asked.iterator():
        ended = closed_at if closed_at is not None and closed_at < until else None
        over, end = ended is not None, ended.astimezone(zone).date() if ended is not None else today
        counted[max(0, (end - heard_on).days), over] += 1
    return counted


def _apart(lasted: Counter[tuple[int, bool]]) -> tuple[list[int], list[bool], list[int]]:
    return [days for days, _over in lasted], [over for _days, over in lasted], list(lasted.values())
