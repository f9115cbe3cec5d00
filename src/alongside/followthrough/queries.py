"""What other rooms ask: which promises are open, what is talked about, and what a code opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from alongside.agencies.models import Agency, Member
from alongside.core.errors import Refusal
from alongside.followthrough import actions
from alongside.followthrough.models import Concern, ConcernQuerySet, State
from alongside.places.models import Area


def open_promises(
    agency: Agency,
    *,
    neighborhood: Area | None = None,
    division: Area | None = None,
    limit: int | None = None,
) -> list[Concern]:
    """Promises not yet kept, late ones first. For staff: `words` and `place` are theirs alone."""
    found = _here(Concern.objects.filter(agency=agency).open(), neighborhood, division)
    return list(found.listed().soonest()[:limit])


@dataclass(frozen=True)
class PublicPromise:
    """What everybody may read of a concern: words that a person wrote for it and released."""

    summary: str
    kind: str
    category: str
    neighborhood: str
    owner: str
    due: date | None
    time_left: str
    is_late: bool
    state: str
    state_label: str
    outcome: str


def public_promises(
    agency: Agency,
    *,
    neighborhood: Area | None = None,
    origin_links: Iterable[str] | None = None,
    limit: int | None = None,
) -> list[PublicPromise]:
    """Released promises, open ones first by their day. An outcome is told once a person has released it, too."""
    found = _here(Concern.objects.filter(agency=agency).cleared(), neighborhood, None)
    if origin_links is not None:
        found = found.filter(origin_link__in=list(origin_links))
    rows = sorted(found.listed().soonest(), key=lambda concern: not concern.is_open)
    return [_in_public(concern) for concern in rows[:limit]]


def _in_public(concern: Concern) -> PublicPromise:
    return PublicPromise(
        summary=concern.summary,
        kind=concern.get_kind_display(),
        category=concern.get_category_display(),
        neighborhood=concern.neighborhood.name if concern.neighborhood else "",
        owner=str(concern.owner) if concern.owner else "",
        due=concern.due if concern.is_open else None,
        time_left=concern.time_left if concern.is_open else "",
        is_late=concern.is_late,
        state=concern.state,
        state_label=concern.get_state_display(),
        outcome=concern.outcome if concern.outcome_is_cleared else "",
    )


def themes(
    agency: Agency,
    *,
    origin_links: Iterable[str] | None = None,
    neighborhood: Area | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Counter[tuple[str, str]]:
    """How many concerns of each (kind, category). What was withheld is not counted: it is not published.

    Small numbers tell who talked to whom: whoever publishes keeps to a minimum count.
    """
    found = _here(Concern.objects.filter(agency=agency).exclude(state=State.WITHHELD), neighborhood, None)
    if origin_links is not None:
        found = found.filter(origin_link__in=list(origin_links))
    if since is not None:
        found = found.filter(heard_on__gte=since)
    if until is not None:
        found = found.filter(heard_on__lte=until)
    counted = found.order_by().values_list("kind", "category").annotate(n=Count("pk"))
    return Counter({(kind, category): n for kind, category, n in counted})


def owned_by(member: Member) -> list[Concern]:
    """What a member has promised and not yet answered, late ones first."""
    return list(Concern.objects.filter(agency=member.agency, owner=member).open().listed().soonest())


def by_code(agency: Agency, code: str) -> Concern | None:
    """The concern a code opens; None for a code that is unknown, or a card nobody has used yet."""
    try:
        card = actions.card_behind(agency, code)
    except Refusal:
        return None
    return Concern.objects.listed().get(pk=card.concern_id) if card.concern_id else None


def _here(found: ConcernQuerySet, neighborhood: Area | None, division: Area | None) -> ConcernQuerySet:
    if neighborhood is not None:
        found = found.filter(neighborhood=neighborhood)
    if division is not None:
        found = found.filter(division=division)
    return found
