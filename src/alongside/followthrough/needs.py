"""What waits for a person: what nobody read, promises, what came back, who left, words to write or to keep."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import F
from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.needs import Need
from alongside.followthrough import queries
from alongside.followthrough.models import Concern, ConcernQuerySet, Deed, Promise, State, rules_of
from alongside.followthrough.promises.models import Kept
from alongside.followthrough.triage import handing_over

DUE_SOON = timedelta(days=3)
OWNED_WITHIN = timedelta(days=3)


def late(agency: Agency) -> Iterator[Need]:
    """Promises whose day has passed: for whoever answers for them, and those who see to it."""
    rows = Concern.objects.of(agency).late(agency.today())
    return (_to_answer(concern) for concern in _known(rows))


def due(agency: Agency) -> Iterator[Need]:
    """Promises whose day is near: for whoever answers for them."""
    today = agency.today()
    rows = Concern.objects.of(agency).open().filter(due__gte=today, due__lte=today + DUE_SOON)
    return (_to_answer(concern) for concern in _known(rows))


def unread(agency: Agency) -> Iterator[Need]:
    """What nobody has read within the days that the agency set itself."""
    days = timedelta(days=rules_of(agency).acknowledge_days)
    page = reverse("followthrough:concerns", args=[agency.slug]) + "?show=new"
    for concern in _known(Concern.objects.of(agency).unread().filter(received_at__lte=clock.now() - days)):
        by = agency.local(concern.received_at).date() + days
        yield _need(concern, by, owned=True, page=page, at="#deeds")


def reopened(agency: Agency) -> Iterator[Need]:
    """Whoever asked said that it is not so, and nobody of ours has done anything since."""
    rows = Concern.objects.of(agency).open().last_done(Deed.REOPENED)
    return (_to_answer(concern) for concern in _known(rows))


def late_promises(agency: Agency) -> Iterator[Need]:
    """What was promised aloud, and its day has passed: for whoever keeps it, and those who see to it."""
    rows = Promise.objects.of(agency).late(agency.today()).filter(concern=None)
    return (_to_keep(promise) for promise in rows.listed().soonest())


def due_promises(agency: Agency) -> Iterator[Need]:
    """What was promised aloud for a day that is near: for whoever keeps it."""
    today = agency.today()
    rows = Promise.objects.of(agency).open().filter(concern=None, due__gte=today, due__lte=today + DUE_SOON)
    return (_to_keep(promise) for promise in rows.listed().soonest())


def untold(agency: Agency) -> Iterator[Need]:
    """What was kept, or was not, and those who follow it do not know yet."""
    rows = (
        Promise.objects.of(agency)
        .exclude(state=Kept.OPEN)
        .filter(published_at__isnull=False, told_at=None, loaded_at=None)
    )
    page = reverse("followthrough:promises", args=[agency.slug]) + "?show=untold"
    return (_to_keep(promise, page=page) for promise in rows.listed().order_by("closed_on", "pk"))


def left(agency: Agency) -> Iterator[Need]:
    """Who is not at work here any more, and still answers for something open."""
    for member in handing_over.who_left(agency):
        page = reverse("followthrough:hand-over", args=[agency.slug, member.public_id])
        yield Need(key=str(member.key), about=str(member), url=f"{page}#hand-over")


def _to_keep(promise: Promise, *, page: str = "") -> Need:
    own = reverse("followthrough:promise", args=[promise.agency.slug, promise.public_id]) + "#deeds"
    return Need(
        key=str(promise.topic),
        about=promise.what,
        url=page or own,
        alone=own,
        by=None if page else promise.due,
        where=promise.area_id,
        people=(promise.owner.user_id,) if promise.owner else (),
    )


def corrected(agency: Agency) -> Iterator[Need]:
    """Those whose words somebody put right by their code, and nobody of ours has done anything since."""
    rows = Concern.objects.of(agency).exclude(state=State.WITHHELD).filter(redacted_at=None)
    return (_need(concern, owned=True) for concern in _known(rows.last_done(Deed.CORRECTED)))


def unowned(agency: Agency) -> Iterator[Need]:
    """What people told us, and nobody answers for."""
    page = reverse("followthrough:concerns", args=[agency.slug]) + "?show=nobody"
    for concern in _known(Concern.objects.of(agency).open().filter(owner=None)):
        by = agency.local(concern.received_at).date() + OWNED_WITHIN
        yield _need(concern, by, page=page, at="#deeds")


def apart(agency: Agency) -> Iterator[Need]:
    """What a correction has set apart, and nobody has looked at. What a phone set apart, its own room shows."""
    rows = Concern.objects.of(agency).filter(state=State.WITHHELD, steps__deed=Deed.CORRECTED)
    return (_need(concern) for concern in _known(rows.last_done(Deed.WITHHELD).distinct()))


def unwritten(agency: Agency) -> Iterator[Need]:
    """Promises of which the public reads nothing yet, or not how they ended."""
    page = reverse("followthrough:concerns", args=[agency.slug]) + "?show=unwritten"
    for concern in _known(Concern.objects.of(agency).unwritten()):
        # What ended, or came back, and reads otherwise in public, is due at once.
        yield _need(concern, agency.today() if concern.cleared_at else None, page=page)


def ending(agency: Agency) -> Iterator[Need]:
    """Whose words the clock deletes soon: whoever keeps the records looks first whether something stands against it."""
    page = reverse("followthrough:concerns", args=[agency.slug]) + "?show=ending"
    days = agency.days_kept("words_retention_days", Concern)
    if math.isinf(days):  # nothing is deleted: no day is set
        return
    kept = timedelta(days=days)
    for concern in _known(queries.ending(agency)):
        since = agency.local(concern.closed_at or concern.received_at).date()
        yield _need(concern, max(since + kept, agency.today()), page=page)


def _known(rows: ConcernQuerySet) -> ConcernQuerySet:
    known: ConcernQuerySet = rows.select_related("agency", "owner").defer("words", "place")
    return known.order_by(F("due").asc(nulls_last=True), "received_at", "pk")


def _to_answer(concern: Concern) -> Need:
    return _need(concern, concern.due, owned=True, at="#deeds")


def _need(
    concern: Concern, by: date | None = None, *, owned: bool = False, page: str = "", at: str = ""
) -> Need:
    """`owned`: it is for its owner, too. `page`: a list of several; `at`: a place on its own page."""
    own = f"{concern.get_absolute_url()}{at}"
    return Need(
        key=f"concern:{concern.public_id}",
        about=concern.called,
        url=page or own,
        alone=own,
        by=by,
        where=concern.division_id or concern.neighborhood_id,
        people=(concern.owner.user_id,) if owned and concern.owner else (),
    )
