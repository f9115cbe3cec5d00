"""What waits for a person: what nobody read, promises, what came back, who left, words to write or to keep.

A concern is read by whoever owns it and by the commander of the division in which it was told, which is no matter of
today's map: needs name both by their accounts. What was told in none is for whoever coordinates.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Case, F, OrderBy, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from alongside.agencies.models import Agency, Member
from alongside.core import clock
from alongside.core.needs import Need, Some, each_or_first
from alongside.followthrough import queries
from alongside.followthrough.models import Concern, ConcernQuerySet, Deed, Promise, State, Step, rules_of
from alongside.followthrough.promises.models import Kept, PromiseQuerySet
from alongside.followthrough.triage import handing_over

DUE_SOON = timedelta(days=3)
OWNED_WITHIN = timedelta(days=3)

BY_DAY = (F("due").asc(nulls_last=True), F("received_at").asc(), F("pk").asc())
LONGEST_HERE = (F("received_at").asc(), F("pk").asc())
LONGEST_OVER = (Coalesce("closed_at", "received_at").asc(), F("pk").asc())


# -- concerns -----------------------------------------------------------------------------------------
def late(agency: Agency) -> Iterator[Need]:
    """Promises whose day has passed: for whoever answers for them, and those who see to it."""
    return _to_answer(agency, Concern.objects.of(agency).late(agency.today()), show="late")


def due(agency: Agency) -> Iterator[Need]:
    """Promises whose day is near: for whoever owns them."""
    today = agency.today()
    rows = Concern.objects.of(agency).open().filter(due__gte=today, due__lte=today + DUE_SOON)
    for some in _some(rows, "owner_id"):
        yield _need(some, some.row.due, people=whose(some.row.owner), show="near", at="#deeds")


def unread(agency: Agency) -> Iterator[Need]:
    """What nobody has read within the days that the agency set itself."""
    days = timedelta(days=rules_of(agency).acknowledge_days)
    rows = Concern.objects.of(agency).unread().filter(received_at__lte=clock.now() - days)
    rows = rows.annotate(over=so(Q(received_at__lt=begin_of_today(agency) - days)))
    for some in _some(rows, "owner_id", "division_id", "over", order=LONGEST_HERE):
        by = agency.local(some.row.received_at).date() + days
        yield _need(some, by, people=whose(some.row.owner), lead=True, show="new", always=True, at="#deeds")


def reopened(agency: Agency) -> Iterator[Need]:
    """Whoever asked said that it is not so, and nobody of ours has done anything since."""
    rows = Concern.objects.of(agency).open().last_done(Deed.REOPENED)
    return _to_answer(agency, rows, show="reopened")


def corrected(agency: Agency) -> Iterator[Need]:
    """Those whose words somebody put right by their code, and nobody of ours has done anything since."""
    rows = Concern.objects.of(agency).exclude(state=State.WITHHELD).filter(redacted_at=None)
    return (_alone(each, people=whose(each.owner)) for each in _known(rows.last_done(Deed.CORRECTED)))


def unowned(agency: Agency) -> Iterator[Need]:
    """What people told us, and nobody answers for."""
    rows = Concern.objects.of(agency).open().filter(owner=None)
    rows = rows.annotate(over=so(Q(received_at__lt=begin_of_today(agency) - OWNED_WITHIN)))
    for some in _some(rows, "division_id", "over", order=LONGEST_HERE):
        by = agency.local(some.row.received_at).date() + OWNED_WITHIN
        yield _need(some, by, lead=True, show="nobody", always=True, at="#deeds")


def apart(agency: Agency) -> Iterator[Need]:
    """What words by its code have set apart, and nobody has looked at. What a phone set apart, its own room shows."""
    by_code = Step.objects.of(agency).filter(deed__in=[Deed.CORRECTED, Deed.REOPENED], by_name="")
    rows = Concern.objects.of(agency).filter(state=State.WITHHELD, pk__in=by_code.values("concern"))
    return (_alone(each) for each in _known(rows.last_done(Deed.WITHHELD)))


def unwritten(agency: Agency) -> Iterator[Need]:
    """Promises of which the public reads nothing yet, or not how they ended."""
    # What ended, or came back, and reads otherwise in public, is due at once.
    rows = Concern.objects.of(agency).unwritten().annotate(at_once=so(Q(cleared_at__isnull=False)))
    for some in _some(rows, "at_once"):
        yield _need(some, agency.today() if some.row.cleared_at else None, show="unwritten", always=True)


def ending(agency: Agency) -> Iterator[Need]:
    """Whose words the clock deletes soon: whoever keeps the records looks first whether something stands against it."""
    days = agency.days_kept("words_retention_days", Concern)
    if math.isinf(days):  # nothing is deleted: no day is set
        return
    kept = timedelta(days=days)
    for some in _some(queries.ending(agency), order=LONGEST_OVER):
        since = agency.local(some.row.closed_at or some.row.received_at).date()
        yield _need(some, max(since + kept, agency.today()), show="ending", always=True)


def left(agency: Agency) -> Iterator[Need]:
    """Who is not at work here any more, and still answers for something open."""
    for member in handing_over.who_left(agency):
        page = reverse("followthrough:hand-over", args=[agency.slug, member.public_id])
        yield Need(key=str(member.key), about=str(member), url=f"{page}#hand-over")


def _to_answer(agency: Agency, rows: ConcernQuerySet, *, show: str) -> Iterator[Need]:
    """By their day, for whoever answers for each: its owner, and the commander of its division."""
    rows = rows.annotate(over=so(Q(due__lt=agency.today())))
    for some in _some(rows, "owner_id", "division_id", "over"):
        yield _need(some, some.row.due, people=whose(some.row.owner), lead=True, show=show, at="#deeds")


def _some(rows: ConcernQuerySet, *alike: str, order: tuple[OrderBy, ...] = BY_DAY) -> Iterator[Some[Concern]]:
    return each_or_first(_known(rows), of="concern", alike=alike, order=order)


def _known(rows: ConcernQuerySet) -> ConcernQuerySet:
    known: ConcernQuerySet = rows.select_related("agency", "owner").defer("words", "place")
    return known.order_by(*BY_DAY)


def _alone(concern: Concern, people: Collection[int] = ()) -> Need:
    return _need(Some(concern), people=people)


def _need(
    some: Some[Concern],
    by: date | None = None,
    *,
    people: Collection[int] = (),
    lead: bool = False,
    show: str = "",
    always: bool = False,
    at: str = "",
) -> Need:
    """`lead`: whoever commands where it was told is named, too.

    `show`: the list of many, or `always` of several. `at`: a place on its own page.
    """
    concern = some.row
    own = f"{concern.get_absolute_url()}{at}"
    page = reverse("followthrough:concerns", args=[concern.agency.slug]) + f"?show={show}"
    return Need(
        key=f"concern:{concern.public_id}",
        about=concern.called,
        url=page if always or some.count > 1 else own,
        alone=own,
        by=by,
        people=people,
        led_in=concern.division_id if lead else None,
        count=some.count,
        keys=some.keys,
    )


# -- what was promised aloud ----------------------------------------------------------------------------
def late_promises(agency: Agency) -> Iterator[Need]:
    """What was promised aloud, and its day has passed: for whoever keeps it, and those who see to it."""
    rows = Promise.objects.of(agency).late(agency.today()).filter(concern=None)
    for some in _promises(rows, "owner_id", "area_id"):
        yield _to_keep(some, people=whose(some.row.owner), show="late")


def due_promises(agency: Agency) -> Iterator[Need]:
    """What was promised aloud for a day that is near: for whoever keeps it."""
    today = agency.today()
    rows = Promise.objects.of(agency).open().filter(concern=None, due__gte=today, due__lte=today + DUE_SOON)
    for some in _promises(rows, "owner_id"):
        yield _to_keep(some, people=whose(some.row.owner), show="mine")


def untold(agency: Agency) -> Iterator[Need]:
    """What was kept, or was not, and those who follow it do not know yet."""
    rows = (
        Promise.objects.of(agency)
        .exclude(state=Kept.OPEN)
        .filter(published_at__isnull=False, told_at=None, loaded_at=None)
    )
    order = (F("closed_on").asc(), F("pk").asc())
    return (_to_keep(some, show="untold", always=True) for some in _promises(rows, order=order))


def _promises(
    rows: PromiseQuerySet, *alike: str, order: tuple[OrderBy, ...] = (F("due").asc(), F("pk").asc())
) -> Iterator[Some[Promise]]:
    return each_or_first(rows.listed(), of="promise", alike=alike, order=order)


def _to_keep(some: Some[Promise], *, people: Collection[int] = (), show: str, always: bool = False) -> Need:
    """`show`: the list of many, or `always` of several."""
    promise = some.row
    own = reverse("followthrough:promise", args=[promise.agency.slug, promise.public_id]) + "#deeds"
    page = reverse("followthrough:promises", args=[promise.agency.slug]) + f"?show={show}"
    return Need(
        key=str(promise.topic),
        about=promise.what,
        url=page if always or some.count > 1 else own,
        alone=own,
        by=promise.due if promise.is_open else None,
        where=promise.area_id,
        people=people,
        count=some.count,
        keys=some.keys,
    )


# -- whose it is, and until when -------------------------------------------------------------------------
def whose(member: Member | None) -> tuple[int, ...]:
    """The account of whoever a need names, where they have one."""
    return (member.user_id,) if member is not None and member.user_id is not None else ()


def begin_of_today(agency: Agency) -> datetime:
    return datetime.combine(agency.today(), time.min, agency.zone)


def so(condition: Q) -> Case:
    """Whether it is so, in a column that holds yes or no and nothing else."""
    return Case(When(condition, then=Value(True)), default=Value(False))
