"""What was promised: a walk every week. The account of it is the cadence's; its words and its plan are ours."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alongside.agencies.models import Agency
from alongside.cadence.periods import Every, Pledge
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Gathering, Status
from alongside.season import reasons
from alongside.season.models import Week


def _kept(walks: int, weeks: int) -> str:
    """How often it was kept. A number, and no praise."""
    held = ngettext("A walk in %(n)d of", "Walks in %(n)d of", walks) % {"n": walks}
    of = ngettext("%(n)d week.", "%(n)d weeks.", weeks) % {"n": weeks}
    return f"{held} {of}"


def _off(walks: int) -> str:
    return ngettext("%(n)d walk was called off.", "%(n)d walks were called off.", walks) % {"n": walks}


def _left_out(agency: Agency, begins: date, ends: date) -> dict[date, str]:
    """Days that the season in force left out, such as a holiday: the reason is public, the plan itself is not."""
    rows = Week.objects.of(agency).filter(day__gte=begins, day__lt=ends).in_force().closed()
    return {row.day: reasons.no_walk(row) for row in rows}


def has_begun(agency: Agency) -> bool:
    """Whether there is anything to promise a walk every week on: one that the public was told of."""
    return Gathering.objects.of(agency).filter(kind=WALK.name).exclude(status=Status.DRAFT).exists()


WALKS = Pledge(
    of=WALK,
    every=Every.WEEK,
    name=_("Peace Walks"),
    missed=_("No walk"),
    kept=_kept,
    off=_off,
    left_out=_left_out,
)
