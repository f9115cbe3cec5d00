"""A small city: two divisions, two neighborhoods, a chief, an assistant chief, commanders and officers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import translation

from alongside.agencies.models import Agency, Member, Role
from alongside.places.models import Area, AreaKind
from alongside.rosters.tests.cast import an_area, command, somebody


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@dataclass
class City:
    agency: Agency
    eastbank: Area
    westfield: Area
    first: Area
    second: Area
    beat: Area
    chief: Member
    assistant: Member
    dent: Member
    hargrove: Member
    officers: list[Member]


@pytest.fixture
def city(riverbend: Agency, dent: Any) -> City:
    first = an_area(riverbend, AreaKind.DIVISION, "First Division", (0, 0, 4, 4))
    second = an_area(riverbend, AreaKind.DIVISION, "Second Division", (4, 0, 8, 4))
    made = City(
        agency=riverbend,
        eastbank=an_area(riverbend, AreaKind.NEIGHBORHOOD, "Eastbank", (1, 1, 2, 2)),
        westfield=an_area(riverbend, AreaKind.NEIGHBORHOOD, "Westfield", (5, 1, 6, 2)),
        first=first,
        second=second,
        beat=an_area(riverbend, AreaKind.BEAT, "Beat 11", (1, 1, 2.5, 2.5)),
        chief=somebody(riverbend, "Ruth Calloway", Role.COMMANDER, rank="Chief"),
        assistant=somebody(riverbend, "Miguel Santos", Role.COMMANDER, rank="Assistant Chief"),
        dent=Member.objects.get(user=dent, agency=riverbend),
        hargrove=somebody(riverbend, "Yvonne Hargrove", Role.COMMANDER, rank="Major"),
        officers=[
            somebody(riverbend, name, Role.OFFICER, rank="Officer")
            for name in ("Sam Whitaker", "Tia Long", "Uma Moss", "Vic Nash")
        ],
    )
    command(first, made.dent, riverbend)
    command(second, made.hargrove, riverbend)
    return made
