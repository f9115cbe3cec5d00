"""The list of concerns at the desk: sorted into what waits for whom, in one order; what stands before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency, Member
from alongside.followthrough.models import (
    CLOSED,
    OPEN,
    Concern,
    ConcernKind,
    ConcernQuerySet,
    Deed,
    State,
    Step,
)
from alongside.followthrough.queries import ending

NEAR = timedelta(days=3)

# In the order in which a morning begins: what is new, what is due, what came back, what lacks something; then the rest.
SHOWN: dict[str, str | Promise] = {
    "new": pgettext_lazy("concerns", "Not read"),
    "late": pgettext_lazy("promise", "Late"),
    "near": pgettext_lazy("concerns", "Due soon"),
    "reopened": pgettext_lazy("concerns", "Open again"),
    "nobody": _("Without an owner"),
    "unwritten": _("Words for the public"),
    "front": pgettext_lazy("concerns", "In front"),
    "mine": pgettext_lazy("promises", "Mine"),
    "open": pgettext_lazy("promises", "Open"),
    "over": pgettext_lazy("promises", "Closed"),
    "thanks": _("Thanks"),
    "withheld": _("Not handled here"),
    "ending": _("Deleted soon"),
}
LATEST_FIRST = frozenset({"over", "thanks"})


@dataclass(frozen=True)
class Sieve:
    """The concerns that a member may see, sorted into what waits for whom."""

    seen: ConcernQuerySet
    member: Member
    agency: Agency

    def known(self, which: str) -> str:
        return which if which in SHOWN else "open"

    def rows(self, which: str) -> ConcernQuerySet:
        """Those of one tab: what is open by its day, what is over with the latest first."""
        wanted = self.seen.filter(self._those[self.known(which)])
        return wanted.order_by("-received_at", "-pk") if which in LATEST_FIRST else wanted.soonest()

    def beside(self, which: str, concern: Concern) -> tuple[Concern | None, Concern | None]:
        """What stands before and after it in this tab, whether it stands there still or not: two short questions."""
        rows = self.rows(which)
        after, before = _after(concern, latest_first=which in LATEST_FIRST)
        others = rows.exclude(pk=concern.pk).select_related("agency").only("public_id", "agency", "due")
        return others.filter(before).reverse().first(), others.filter(after).first()

    def tabs(self, which: str, kept: str) -> list[dict[str, Any]]:
        """The tabs with their numbers: one question to the database."""
        counts = self.seen.aggregate(
            **{name: Count("pk", filter=those) for name, those in self._those.items()}
        )
        return [
            {
                "label": f"{label} ({counts[name]})",
                "url": f"?{kept}show={name}",
                "current": name == self.known(which),
            }
            for name, label in SHOWN.items()
            if counts[name] or name in {"open", self.known(which)}
        ]

    @cached_property
    def _those(self) -> dict[str, Q]:
        """What each tab holds. Made once: the tabs and the rows below them ask for the same."""
        is_open, today = Q(state__in=OPEN) & ~Q(kind=ConcernKind.THANKS), self.agency.today()
        opened_again = Step.objects.belonging_to(concern=OuterRef("pk")).filter(deed=Deed.REOPENED)
        return {
            "new": is_open & Q(acknowledged_at=None),
            "late": is_open & Q(due__lt=today),
            "near": is_open & Q(due__gte=today, due__lte=today + NEAR),
            "reopened": is_open & Q(Exists(opened_again)),
            "nobody": is_open & Q(owner=None),
            "unwritten": Q(pk__in=Concern.objects.of(self.agency).unwritten().values("pk")),
            "front": is_open & Q(in_front_since__isnull=False),
            "mine": is_open & Q(owner=self.member),
            "open": is_open,
            "over": Q(state__in=CLOSED),
            "thanks": Q(kind=ConcernKind.THANKS) & ~Q(state=State.WITHHELD),
            "withheld": Q(state=State.WITHHELD),
            "ending": Q(pk__in=ending(self.agency).values("pk")),
        }


def _after(concern: Concern, *, latest_first: bool) -> tuple[Q, Q]:
    """What comes after it in its order, and what comes before."""
    at, pk = concern.received_at, concern.pk
    later = Q(received_at__gt=at) | Q(received_at=at, pk__gt=pk)
    earlier = Q(received_at__lt=at) | Q(received_at=at, pk__lt=pk)
    if latest_first:
        return earlier, later
    if concern.due is None:
        return Q(due=None) & later, Q(due__isnull=False) | (Q(due=None) & earlier)
    same = Q(due=concern.due)
    return Q(due__gt=concern.due) | Q(due=None) | (same & later), Q(due__lt=concern.due) | (same & earlier)
