"""A season on two real cities' focus areas, from their open data."""

import json
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.hotspots.models import FocusArea
from alongside.places import nearby
from alongside.places.models import Permission, Venue, VenueKind
from alongside.season import commands

pytestmark = pytest.mark.heavy
NEXT_JANUARY = date(clock.now().year + 1, 1, 2)


def season(slug: str, weeks: int, *, start: date = NEXT_JANUARY) -> dict:
    words = [slug, "--from", str(start), "--weeks", str(weeks), "--json"]
    done = CliRunner().invoke(commands.season, words)
    assert done.exit_code == 0, (words, done.output, done.exception)
    return json.loads(done.output)


@pytest.fixture
def portland(in_portland):
    return Agency.objects.get(slug="portland")


@pytest.fixture
def louisville(in_louisville):
    return Agency.objects.get(slug="louisville")


def areas_of(answer: dict) -> list[str]:
    return [week["area"] for week in answer["weeks"] if week["area"]]


def holds_together(answer: dict, *, spacing: int) -> None:
    """What must be true of any season."""
    assert answer["objective"] <= answer["bound"] + 1e-6
    assert answer["best_without_draw"] >= answer["bound"] - 1e-4 * abs(answer["bound"])
    last: dict[str, date] = {}
    for week in answer["weeks"]:
        day = date.fromisoformat(week["date"])
        assert week["because"]
        assert week["area"] or week["because"].startswith("No walk")
        assert week["indoor"] == (bool(week["area"]) and day.month in {11, 12, 1, 2, 3})
        if week["area"]:
            assert day - last.get(week["area"], date.min) >= timedelta(weeks=spacing)
            last[week["area"]] = day


def test_portland(portland):
    for weeks in (12, 52):
        answer = season("portland", weeks)
        holds_together(answer, spacing=4)
        assert len(answer["weeks"]) == weeks
        assert answer["seconds"] < 60
    walkable = FocusArea.objects.filter(agency=portland).walkable()
    walked = walkable.filter(public_id__in=areas_of(answer))
    homes = set(walkable.values_list("neighborhood", flat=True))
    assert set(walked.values_list("neighborhood", flat=True)) == homes, (
        "a neighborhood is walked, not an area"
    )
    four_times = set(walkable.filter(band=3).values_list("public_id", flat=True))
    assert set(areas_of(season("portland", len(four_times)))) == four_times


def test_louisville_meets_under_roofs_in_reach_and_sends_nobody_across_the_city(louisville):
    answer = season("louisville", 12)
    holds_together(answer, spacing=4)
    walks = [week for week in answer["weeks"] if week["area"]]
    assert all(week["venue"] is None for week in walks)
    assert all("to ask is" in week["because"] or "ask the owner" in week["because"] for week in walks)
    places = Venue.objects.filter(
        agency=louisville, kind__in=[VenueKind.MALL, VenueKind.WORSHIP, VenueKind.SCHOOL]
    )
    assert places.filter(kind=VenueKind.MALL).exists()
    places.update(permission=Permission.GIVEN, permission_by="The owner", indoor="yes")
    answer = season("louisville", 12)
    holds_together(answer, spacing=4)
    usable = {venue.name: venue for venue in places}
    outlines = {area.public_id: area.shape for area in FocusArea.objects.filter(agency=louisville)}
    met = [week for week in answer["weeks"] if week["area"] and week["venue"]]
    assert met
    for week in met:
        near = nearby.nearest(list(usable.values()), outlines[week["area"]])
        assert nearby.in_reach(next(each for each in near if each.venue.name == week["venue"]), louisville)
        assert week["venue"] in {each.venue.name for each in near if each.metres == near[0].metres}
    by_division: dict[str, int] = {}
    for week in answer["weeks"]:
        if week["area"]:
            by_division[week["division"]] = by_division.get(week["division"], 0) + 1
    taken = {row["name"]: row for row in answer["inputs"]["turns"] if row["kind"] == "division"}
    assert by_division == {name: row["walks"] for name, row in taken.items() if row["walks"]}
