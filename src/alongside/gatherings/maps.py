"""Where people met: whole neighborhoods by how often, over the main streets. One drawing, in each page's own words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from alongside.agencies.models import Agency, User
from alongside.core.svgmap import Map, Shape
from alongside.core.tables import Head, Table
from alongside.places import pages
from alongside.places.maps import bounds_of, credit, streets_beneath
from alongside.places.models import Area, AreaKind, labels_of

CHOSEN, QUIET = "chosen", "quiet"


@dataclass(frozen=True)
class MapWords:
    """What the map and its table say.

    looks  the look of a neighborhood in which one met once, twice …; the last is for more often, too → its words
    none   the words for one in which nobody met yet
    next   the words for the one where the next gathering is
    """

    title: str
    table: str
    count: str
    looks: Mapping[str, str]
    none: str
    next: str = ""
    description: str = ""
    note: str = ""


def map_by_neighborhood(
    user: User | AnonymousUser,
    agency: Agency,
    met: Counter[int | None],
    words: MapWords,
    *,
    goal: int | None = None,
) -> Map | None:
    """Neighborhoods by how often people met there, and `goal`, where they meet next. None where none is known."""
    homes = list(Area.objects.visible_to(user, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD))
    if not homes:
        return None
    looks = [QUIET, *words.looks]
    shapes = [
        Shape(
            home.shape,
            CHOSEN if home.pk == goal else looks[min(met[home.pk], len(looks) - 1)],
            home.name,
            home.pk == goal,
            pages.page(agency, home),
        )
        for home in homes
    ]
    shapes.sort(key=lambda shape: shape.kind == CHOSEN)
    beneath = streets_beneath(agency, bounds_of(shapes), main_only=True)
    heads = [Head(labels_of(agency)[AreaKind.NEIGHBORHOOD][0]), Head(words.count, number=True)]
    return Map(
        title=words.title,
        description=words.description,
        shapes=[*shapes, *beneath],
        credit=credit() if beneath else "",
        table=Table(
            words.table, heads, [[pages.named(agency, home), met[home.pk]] for home in homes if met[home.pk]]
        ),
        legend=[
            *([(CHOSEN, words.next)] if goal else []),
            *words.looks.items(),
            (QUIET, words.none),
        ],
        note=words.note,
        name="walked",
    )
