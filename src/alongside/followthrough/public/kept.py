"""What is counted is kept for as long as nothing that is counted changes: what is private makes no list slower."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from alongside.agencies.models import Agency
from alongside.followthrough.models import Deed, HowItCame, Step, rules_of
from alongside.followthrough.promises.loading.models import Load
from alongside.followthrough.promises.models import Change, Promise
from alongside.followthrough.public.days import heard_up_to

A_DAY = 24 * 3600
# What moves a concern that everybody reads from one number to another, or takes it in or out.
MOVES = (
    Deed.ASSIGNED,
    Deed.PROMISED,
    Deed.CLOSED,
    Deed.REOPENED,
    Deed.SPLIT,
    Deed.SORTED,
    Deed.UNDONE,
    Deed.CLEARED,
    Deed.WITHHELD,
    Deed.REDACTED,
)
Counted = TypeVar("Counted")


def while_nothing_happens(agency: Agency, what: str, count: Callable[[], Counted]) -> Counted:
    """Of today, of these rules, and up to the last change of what everybody reads.

    Counted anew after anything else, the list would be slower for a moment, and whoever measures that would know the
    minute at which somebody spoke.
    """
    if not settings.ALONGSIDE.page_seconds:
        return count()
    up_to = heard_up_to(agency.today(), rules_of(agency).shown_after_days)
    return _kept(agency, f"{what}-{up_to}-{_last_changes(agency, up_to)}", count)


def for_the_day(agency: Agency, what: str, count: Callable[[], Counted]) -> Counted:
    return _kept(agency, what, count)


def _last_changes(agency: Agency, up_to: date) -> tuple[Any, ...]:
    """None of them goes back, whatever becomes of a concern: steps are only added to, and what was loaded is told."""
    aloud = Promise.objects.of(agency).filter(concern=None)
    loads = Load.objects.of(agency).aggregate(Max("pk"), Count("undone_at"), Sum("done"))
    return (
        _last_step(agency, up_to),
        Change.objects.of(agency)
        .filter(promise__concern=None)
        .open_to_all()
        .aggregate(last=Max("pk"))["last"],
        aloud.open_to_all().aggregate(last=Max("published_at"))["last"],
        *loads.values(),
    )


def _last_step(agency: Agency, up_to: date) -> int | None:
    """The last that moved one which was said long enough ago, and whose words have been released at some time."""
    released = Step.objects.belonging_to(concern=OuterRef("concern")).filter(deed=Deed.CLEARED)
    moved = Step.objects.of(agency).filter(deed__in=MOVES, concern__heard_on__lte=up_to)
    listed = moved.filter(Q(concern__came=HowItCame.LOADED) | Exists(released))
    return listed.order_by("-pk").values_list("pk", flat=True).first()


def _kept(agency: Agency, what: str, count: Callable[[], Counted]) -> Counted:
    """In this process, where pages are kept at all."""
    if not settings.ALONGSIDE.page_seconds:
        return count()
    named = f"{agency.pk} {agency.today()} {what}"
    key = f"promises-{hashlib.blake2b(named.encode(), digest_size=16).hexdigest()}"
    known: Counted | None = caches["pages"].get(key)
    if known is None:
        known = count()
        caches["pages"].set(key, known, A_DAY)
    return known
