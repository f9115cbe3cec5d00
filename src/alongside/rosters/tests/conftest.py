"""A small city: two divisions, two neighborhoods, a chief, an assistant chief, commanders and officers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.utils import translation
from tests.cast import an_agency, staff_member

from alongside.agencies.models import Agency, Member, Role, User
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


def a_city() -> City:
    with translation.override("en"):
        riverbend = an_agency("riverbend", "Riverbend Police", "America/New_York")
        return built(riverbend, staff_member(riverbend, "Harvey Dent", Role.COMMANDER, rank="Major"))


@pytest.fixture(scope="session")
def begin() -> Callable[[], City]:
    return a_city


@pytest.fixture
def city(begun: City) -> City:
    return begun


@pytest.fixture
def riverbend(request: pytest.FixtureRequest) -> Agency:
    """The city's, where a test has the city."""
    if "city" in request.fixturenames:
        return request.getfixturevalue("city").agency
    request.getfixturevalue("db")
    return an_agency("riverbend", "Riverbend Police", "America/New_York")


@pytest.fixture
def dent(request: pytest.FixtureRequest, riverbend: Agency) -> User:
    if "city" in request.fixturenames:
        return request.getfixturevalue("city").dent.user
    return staff_member(riverbend, "Harvey Dent", Role.COMMANDER, rank="Major")


def built(riverbend: Agency, dent: User) -> City:
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
