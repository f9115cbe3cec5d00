"""How many heard of something that was told to several, as the rows say it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from alongside.agencies.models import Agency
from alongside.outreach.models import Mail, State


@dataclass(frozen=True)
class Reach:
    """Of the mails of one batch: sent, on their way, failed, and withdrawn as true no longer."""

    sent: int
    waiting: int
    failed: int
    withdrawn: int


def reach_of(agency: Agency, batches: Iterable[str]) -> dict[str, Reach]:
    """Of each batch that has mails. One question, however many there are."""
    rows = Mail.objects.of(agency).filter(batch__in=list(batches))
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows.order_by().values("batch", "state").annotate(n=Count("pk")):
        counted[row["batch"]][row["state"]] = row["n"]
    return {
        batch: Reach(n[State.SENT], n[State.WAITING], n[State.FAILED], n[State.WITHDRAWN])
        for batch, n in counted.items()
    }
