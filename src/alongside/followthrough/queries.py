"""What other rooms ask: which promises are open, what is talked about, and what a code opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count

from alongside.agencies.models import Agency
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
from alongside.followthrough.public import listing
from alongside.followthrough.public.lines import PublicPromise, in_public
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


def public_promises(
    agency: Agency,
    *,
    neighborhood: Area | None = None,
    origins: Iterable[Origin] | None = None,
    limit: int | None = None,
) -> list[PublicPromise]:
    """What stands on the public list: late first, then what is open by its day, then the latest that are over."""
    if origins is None:
        some = listing.Listing(agency, listing.Asked(neighborhood=neighborhood)).first(limit)
        return [in_public(each) for each in some]
    rows = _here(Concern.objects.of(agency).public(agency).that_came_from(origins), neighborhood, None)
    rows = rows.telling_where_it_is().listed()
    return [in_public(concern) for concern in rows.open_first()[:limit]]


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
