"""What is counted is kept for as long as nothing happens to any concern or promise: each step of one is a row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.db.models import QuerySet

from alongside.agencies.models import Agency
from alongside.followthrough.models import Step, rules_of
from alongside.followthrough.promises.models import Change

A_DAY = 24 * 3600
Counted = TypeVar("Counted")


def while_nothing_happens(agency: Agency, what: str, count: Callable[[], Counted]) -> Counted:
    """Of today, of these rules, and up to the last step of any concern and any promise."""
    last = [_last(rows) for rows in (Step.objects.everywhere(), Change.objects.everywhere())]
    return _kept(agency, f"{what}-{last}-{rules_of(agency).shown_after_days}", count)


def for_the_day(agency: Agency, what: str, count: Callable[[], Counted]) -> Counted:
    return _kept(agency, what, count)


def _last(rows: QuerySet[Any]) -> int:
    last: int | None = rows.order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


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
