"""What other rooms ask: who commands where, and who speaks for an area."""

from __future__ import annotations

from datetime import date

from shapely.geometry.base import BaseGeometry

from alongside.agencies.models import Agency, Member
from alongside.people.models import Commander, Partner
from alongside.places import queries as places
from alongside.places.models import Area

SLIVER = 0.02


def commander_of(division: Area, *, on: date) -> Member | None:
    """The member who commands a division on a day."""
    command = Commander.objects.belonging_to(division=division).on(on).select_related("member__rank").first()
    return command.member if command and command.member.active else None


def commander_for(agency: Agency, shape: BaseGeometry, *, on: date) -> tuple[Area | None, Member | None]:
    """The division in which most of a shape lies, and who commands it on a day: proposed by place."""
    division = places.division_of(agency, shape)
    return division, commander_of(division, on=on) if division else None


def commanders(agency: Agency, *, on: date) -> dict[int, Member]:
    """Who commands each division on a day, by the division's number: one question for a whole list."""
    rows = Commander.objects.of(agency).filter(member__active=True).on(on).select_related("member__rank")
    return {each.division_id: each.member for each in rows}


def partners_of(agency: Agency, shape: BaseGeometry) -> list[Partner]:
    """Partners whose areas share ground with a shape, and those of the whole city, who receive invitations."""
    west, south, east, north = shape.bounds
    near = Area.objects.of(agency).filter(
        active=True, west__lte=east, east__gte=west, south__lte=north, north__gte=south
    )
    sharing = [area for area in near if share_ground(area.shape, shape)]
    return list(Partner.objects.of(agency).filter(active=True, invited=True).near(sharing))


def share_ground(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two places overlap. Neighbors that only touch at a border, or by a sliver of a file, do not."""
    smaller = min(one.area, other.area)
    if not smaller:  # a point lies in a place or does not
        return bool(one.intersects(other))
    return bool(one.intersection(other).area >= SLIVER * smaller)
