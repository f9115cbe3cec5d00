"""Whether a gathering is to come, goes on or is over is asked by moments, in one place: never by the day it begins on.

A walk that began yesterday at 10.30 p.m. goes on until 2.30; one of this morning is over at noon.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.reading import parsed

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"
# The words themselves stand here.
THE_PLACE = "gatherings/models.py"
# Rooms below, which know no gathering: a day of theirs is another.
BELOW = {"outreach", "media", "people", "places", "agencies", "jobs", "outside", "core", "methods"}
BY_DAY = re.compile(r"(?:.*__)?(?:on|at|previous_on)__(?:gte|gt|lte|lt|range)\Z")
ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


def by_day(text: str) -> Iterator[str]:
    """Where a query or a comparison puts the day on which a gathering begins before or after another."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.keyword) and node.arg and BY_DAY.match(node.arg):
            yield node.arg
        elif isinstance(node, ast.Compare) and any(isinstance(each, ORDERS) for each in node.ops):
            sides = [node.left, *node.comparators]
            days = [each for each in sides if isinstance(each, ast.Attribute) and each.attr == "on"]
            yield from (ast.unparse(each) for each in days)


def sources() -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield path.relative_to(SOURCE).as_posix(), path


def test_nobody_asks_by_the_day_whether_it_is_over():
    found = {
        (name, each) for name, path in sources() if name != THE_PLACE for each in by_day(path.read_text())
    }
    assert found == set(), (
        "ask GatheringQuerySet: coming, to_begin, past, begun_before, on_days (an account's days)"
    )


@pytest.mark.parametrize(
    "written",
    [
        "rows.filter(on__gte=today)",
        "rows.filter(gathering__on__lt=today)",
        "Q(status='published', on__range=(one, other))",
        "gathering.on < agency.today()",
        "today <= walk.gathering.on",
    ],
)
def test_a_day_for_a_moment_would_be_found(written):
    assert list(by_day(written))


@pytest.mark.parametrize(
    "written", ["rows.coming()", "rows.on_days(first, last)", "rows.filter(on=day)", "a.on == b.on"]
)
def test_other_words_are_none(written):
    assert not list(by_day(written))
