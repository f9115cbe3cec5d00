"""What may be published of what people spoke about, so that nobody can tell who talked to police.

The rules are those of `methods.disclosure`: exact counts from a floor on, and the rest as one number. Besides:

1. A theme is published only in a neighborhood, never a block.
2. Nothing is published of a gathering to which fewer residents came than the floor.
3. What was too few is published together with the others of the neighborhood and the quarter, once the quarter is over.
   Every gathering publishes its own themes or belongs to one such pool, never both, and what was published is never
   published again with other numbers: so no two of them can be subtracted from each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from alongside.agencies.models import Agency
from alongside.core.calendar import next_quarter, quarter_of
from alongside.field.models import QuarterThemes, Recap
from alongside.followthrough import queries as followthrough
from alongside.followthrough.models import Category
from alongside.gatherings.models import Gathering, Status
from alongside.methods.disclosure import Rule
from alongside.places.models import Area

# The delay is for phones that were offline, and for recaps that are late.
RULE = Rule(floor=5, delay=timedelta(days=21))


def publishable(counts: Mapping[str, int], *, people: int | None) -> dict[str, Any] | None:
    """What may be published of these counts by category; None where it is too little to say anything.

    `people` is how many residents came; None, where nobody counted, counts as few.
    """
    every = {**dict.fromkeys(Category.values, 0), **counts}
    told = RULE.with_rest(every) if RULE.enough(people) else None
    if told is None:
        return None
    return {"shown": [list(pair) for pair in told.named.items()], "others": told.rest}


def by_category(agency: Agency, gatherings: Iterable[Gathering]) -> Counter[str]:
    """How many concerns, ideas, questions and thanks of each category, without what is held apart."""
    counted: Counter[str] = Counter()
    keys = [gathering.key for gathering in gatherings]
    for (_kind, category), count in followthrough.themes(agency, origins=keys).items():
        counted[category] += count
    return counted


def own(gathering: Gathering) -> dict[str, Any] | None:
    """What this gathering may publish by itself; None where that is too little, or it went into a pool already."""
    if QuarterThemes.objects.belonging_to(gatherings=gathering).exists():
        return None
    return publishable(by_category(gathering.agency, [gathering]), people=gathering.came)


# -- quarters -------------------------------------------------------------------------------------
def pooled_on(day: date) -> date:
    """When what was too few on this day is published with its quarter's."""
    return RULE.due(next_quarter(day))


@transaction.atomic
def draw_quarters(agency: Agency) -> list[QuarterThemes]:
    """Draw the pools of quarters that are over, once each.

    The agency's row is held before anything is looked at: else a recap published meanwhile would show its own themes
    and have them in the pool, too.
    """
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    today = agency.today()
    over = (
        Gathering.objects.of(agency)
        .on_days(None, quarter_of(today - RULE.delay) - timedelta(days=1))
        .exclude(status__in=[Status.DRAFT, Status.CANCELLED])
    )
    alone = [pk for pk, facts in _published(over) if (facts or {}).get("themes")]
    drawn = QuarterThemes.objects.of(agency)
    waiting = over.exclude(pk__in=alone).exclude(pk__in=drawn.values("gatherings"))
    pools: dict[tuple[int | None, date], list[Gathering]] = {}
    for gathering in waiting.select_related("agency").order_by("on", "pk"):
        pools.setdefault((gathering.neighborhood_id, quarter_of(gathering.on)), []).append(gathering)
    done = set(drawn.values_list("neighborhood_id", "first_day"))
    return [
        _draw(agency, home, first_day, members)
        for (home, first_day), members in pools.items()
        if (home, first_day) not in done
    ]


def _published(gatherings: Any) -> Any:
    return (
        Recap.objects.belonging_to(gathering__in=gatherings)
        .filter(published_at__isnull=False)
        .values_list("gathering_id", "facts")
    )


def _draw(agency: Agency, home: int | None, first_day: date, members: list[Gathering]) -> QuarterThemes:
    came = sum(gathering.came or 0 for gathering in members)
    counts = by_category(agency, members)
    pool = QuarterThemes.objects.create(
        agency=agency,
        neighborhood=Area.objects.of(agency).filter(pk=home).first() if home else None,
        first_day=first_day,
        facts={"themes": publishable(counts, people=came), "gatherings": len(members)},
    )
    pool.gatherings.set(members)
    return pool
