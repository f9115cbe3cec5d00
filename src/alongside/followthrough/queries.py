"""What other rooms ask: which promises are open, what is talked about, and what a code opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from alongside.agencies.models import Agency
from alongside.core.authored import Words
from alongside.core.errors import Refusal
from alongside.core.origins import Origin
from alongside.followthrough import actions
from alongside.followthrough.models import (
    Card,
    Concern,
    ConcernQuerySet,
    Rules,
    State,
    rules_of,
)
from alongside.places import pages
from alongside.places.models import Area


def open_promises(
    agency: Agency,
    *,
    neighborhood: Area | None = None,
    division: Area | None = None,
    released: bool = False,
    limit: int | None = None,
) -> list[Concern]:
    """Promises not yet kept, late ones first. For staff: `words` and `place` are theirs alone.

    `released`: only those whose words for the public a person has released, as for paper, which gets lost.
    """
    rows = _here(Concern.objects.of(agency).open(), neighborhood, division)
    if released:
        rows = rows.cleared()
    return list(rows.listed().soonest()[:limit])


@dataclass(frozen=True)
class PublicPromise:
    """What everybody may read of a concern: words that a person wrote for it and released."""

    summary: Words
    kind: str
    category: str
    neighborhood: str
    owner: str
    due: date | None
    time_left: str
    is_late: bool
    state: str
    state_label: str
    outcome: Words
    page: str = ""
    """The neighborhood's own."""


def public_promises(
    agency: Agency,
    *,
    neighborhood: Area | None = None,
    origins: Iterable[Origin] | None = None,
    limit: int | None = None,
) -> list[PublicPromise]:
    """Released promises, open ones first by their day, then the latest closed.

    An outcome is published once a person has released it, too.
    """
    rows = _here(Concern.objects.of(agency).cleared(), neighborhood, None)
    if origins is not None:
        rows = rows.that_came_from(origins)
    return [in_public(concern) for concern in rows.listed().open_first()[:limit]]


def in_public(concern: Concern) -> PublicPromise:
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
        outcome=concern.outcome if concern.outcome_is_cleared else Words(),
        page=pages.page(concern.agency, concern.neighborhood),
    )


def themes(agency: Agency, *, origins: Iterable[Origin]) -> Counter[tuple[str, str]]:
    """How many concerns of each (kind, category). What was withheld is not counted: it is not published.

    Small numbers tell who talked to whom: whoever publishes goes by `methods.disclosure`.
    """
    rows = Concern.objects.of(agency).exclude(state=State.WITHHELD).that_came_from(origins)
    counted = rows.order_by().values_list("kind", "category").annotate(n=Count("pk"))
    return Counter({(kind, category): n for kind, category, n in counted})


def by_code(agency: Agency, code: str) -> Concern | None:
    """The concern a code opens; None for a code that is unknown, or a card nobody has used yet."""
    try:
        card = actions.card_behind(agency, code)
    except Refusal:
        return None
    return behind(card)


def behind(card: Card) -> Concern | None:
    """What a card opens: whoever holds its code may read it, whoever they are."""
    if card.concern_id is None:
        return None
    rows = Concern.objects.of(card.agency_id).filter(pk=card.concern_id)
    return rows.listed().first()


LOOKED_AT_BEFORE = timedelta(days=30)


def ending(agency: Agency) -> ConcernQuerySet:
    """Whose words are deleted soon, unless somebody stops it: whoever keeps the records looks first."""
    soon: ConcernQuerySet = Concern.objects.of(agency).out_of_keeping(at=agency, within=LOOKED_AT_BEFORE)
    return soon.filter(redacted_at=None)


def _here(rows: ConcernQuerySet, neighborhood: Area | None, division: Area | None) -> ConcernQuerySet:
    if neighborhood is not None:
        rows = rows.filter(neighborhood=neighborhood)
    if division is not None:
        rows = rows.filter(division=division)
    return rows


def has_rules(agency: Agency) -> bool:
    """Whether somebody has said in how many days a concern is answered."""
    return Rules.objects.of(agency).exists()


def says_where_to_report(agency: Agency) -> bool:
    """Whether the agency has said where crimes are reported."""
    return bool(rules_of(agency).reports)
