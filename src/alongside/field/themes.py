"""What may be published of what people spoke about, so that nobody can tell who talked to police.

1. A theme is published with its count where at least MINIMUM notes are about it; only in a neighborhood, never a block.
2. What is left over is published as one number, and only if it is at least MINIMUM, too. Where it is less, the
   smallest theme that would be shown joins it: else whoever adds up finds the one note that is missing.
3. Nothing is published of a gathering with fewer notes, or fewer residents, than MINIMUM, and “few” and “none” read
   alike.
4. What was too few is published together with the others of the neighborhood and the quarter, once the quarter is over.
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
from alongside.field import origins
from alongside.field.models import QuarterThemes, Recap
from alongside.followthrough import queries as followthrough
from alongside.gatherings.models import Gathering, Status
from alongside.places.models import Area

MINIMUM = 5
QUARTER_RESTS = timedelta(days=21)  # phones that were offline, recaps that are late


def publishable(
    counts: Mapping[str, int], *, people: int | None, minimum: int = MINIMUM
) -> dict[str, Any] | None:
    """What may be published of these counts by category; None where it is too little to say anything.

    `people` is how many residents came; None, where nobody counted, counts as few.
    """
    total = sum(counts.values())
    if total < minimum or (people or 0) < minimum:
        return None
    shown = {category: count for category, count in counts.items() if count >= minimum}
    while 0 < total - sum(shown.values()) < minimum and shown:
        del shown[min(shown, key=lambda category: (shown[category], category))]
    ordered = sorted(shown.items(), key=lambda pair: (-pair[1], pair[0]))
    return {"shown": [list(pair) for pair in ordered], "others": total - sum(shown.values())}


def by_category(agency: Agency, gatherings: Iterable[Gathering]) -> Counter[str]:
    """How many concerns, ideas, questions and thanks of each category, without what is held apart."""
    counted: Counter[str] = Counter()
    keys = [origins.key_of(gathering) for gathering in gatherings]
    for (_kind, category), count in followthrough.themes(agency, origins=keys).items():
        counted[category] += count
    return counted


def own(gathering: Gathering) -> dict[str, Any] | None:
    """What this gathering may publish by itself; None where that is too little, or it went into a pool already."""
    if QuarterThemes.objects.belonging_to(gatherings=gathering).exists():
        return None
    return publishable(by_category(gathering.agency, [gathering]), people=gathering.came)


# -- quarters -------------------------------------------------------------------------------------
def quarter_of(day: date) -> date:
    """The first day of a date's quarter."""
    return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)


def next_quarter(first_day: date) -> date:
    return quarter_of(first_day + timedelta(days=100))


def pooled_on(day: date) -> date:
    """When what was too few on this day is published with its quarter's."""
    return next_quarter(quarter_of(day)) + QUARTER_RESTS


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
        .filter(on__lt=quarter_of(today - QUARTER_RESTS))
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
