"""When somebody leaves, what they promised does not: it goes to somebody at work, and both names stay in sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, Member, Role, User
from alongside.core.errors import Refusal
from alongside.followthrough import actions
from alongside.followthrough.models import (
    OPEN,
    Concern,
    ConcernQuerySet,
    Promise,
    days_to_answer,
    rules_of,
)
from alongside.followthrough.promises import actions as promising
from alongside.followthrough.promises.models import PromiseQuerySet
from alongside.followthrough.writing import lock_all
from alongside.places.models import Area

MAY_TAKE_OVER = (Role.COORDINATOR, Role.COMMANDER, Role.OFFICER)


class HandoverRefused(Refusal):
    """What is promised is handed to another active member of the same agency, who can open it."""


@dataclass(frozen=True)
class Left:
    """What one person still answers for, as far as the reader may see it."""

    concerns: ConcernQuerySet
    promises: PromiseQuerySet

    @property
    def count(self) -> int:
        return self.concerns.count() + self.promises.count()


def left_by(member: Member, *, reader: User, division: Area | None = None) -> Left:
    """Open concerns of theirs, and open promises that hang on none of those."""
    concerns = Concern.objects.visible_to(reader, at=member.agency).filter(owner=member, state__in=OPEN)
    promises = Promise.objects.visible_to(reader, at=member.agency).open().filter(owner=member)
    promises = promises.exclude(concern__owner=member)
    if division is not None:
        concerns = concerns.filter(division=division)
        promises = promises.filter(Q(area=division) | Q(concern__division=division))
    return Left(concerns.listed().soonest(), promises.listed().soonest())


def divisions_of(member: Member, *, reader: User) -> list[tuple[Area, int]]:
    """The divisions in which what they answer for lies, and how much of it in each."""
    concerns = left_by(member, reader=reader).concerns.order_by()
    counts = dict(concerns.exclude(division=None).values_list("division").annotate(n=Count("pk")))
    areas = Area.objects.of(member.agency).filter(pk__in=counts).listed().order_by("name")
    return [(area, counts[area.pk]) for area in areas]


def may_take_over(agency: Agency, *, but: Member) -> QuerySet[Member]:
    """Those at work here who can open the list."""
    rows = Member.objects.of(agency).active().filter(employee=True).exclude(pk=but.pk)
    return rows.holding(Role.ADMINISTRATOR, *MAY_TAKE_OVER).select_related("rank")


@transaction.atomic
def hand_over(member: Member, *, to: Member, by: User, division: Area | None = None) -> int:
    """Each open concern and promise gets its new owner and keeps its day; whoever asked is told. Returns how many.

    Only those that `by` may see: nobody comes to read what residents said elsewhere by taking it over. Done twice,
    the second time finds nothing left to hand over.
    """
    if to.agency_id != member.agency_id or not to.active or to.pk == member.pk:
        raise HandoverRefused(_("Choose another member of this agency who is at work."))
    if not to.holds(MAY_TAKE_OVER):
        raise HandoverRefused(_("Choose somebody who can open the list of promises: give them a role first."))
    left = left_by(member, reader=by, division=division)
    concerns, promises = list(left.concerns), list(left.promises)
    about = {each.concern_id for each in promises if each.concern_id is not None}
    lock_all(about.union(each.pk for each in concerns), (each.pk for each in promises))
    for concern in concerns:
        actions.assign(concern, owner=to, due=concern.due or _usual_day(concern), by=by)
    for promise in promises:
        promising.move(promise, due=promise.due, owner=to, why="", by=by)
    moved = len(concerns) + len(promises)
    if moved:
        audit.record(
            agency=member.agency,
            by=by,
            verb="handed over",
            thing=member,
            detail={"to": str(to), "promises": moved},
        )
    return moved


def _usual_day(concern: Concern) -> date:
    usual: timedelta = days_to_answer(concern, rules_of(concern.agency))
    return concern.agency.today() + usual


def who_left(agency: Agency) -> QuerySet[Member]:
    """Those who are not at work here any more, and still answer for something open."""
    still = Q(pk__in=Concern.objects.of(agency).filter(state__in=OPEN, owner__active=False).values("owner"))
    promised = Promise.objects.of(agency).open().filter(owner__active=False)
    still |= Q(pk__in=promised.values("owner"))
    return Member.objects.of(agency).filter(still, active=False).select_related("rank", "agency")
