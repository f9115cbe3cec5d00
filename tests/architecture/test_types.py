"""What the type checker is told is true, and where it is told to look away it says why."""

import inspect
import re
from pathlib import Path

import pytest

from alongside.agencies.requests import StaffRequest
from tests.doors.routes import every_route

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"
LOOKS_AWAY = re.compile(r"#\s*(type:\s*ignore|mypy:)")
WITH_A_REASON = re.compile(r"# type: ignore\[[a-z-]+(, [a-z-]+)*\]  # \S+")


@pytest.mark.parametrize(
    ("line", "enough"),
    [
        ("x = y  # type: ignore[misc]  # the library comes without types", True),
        ("x = y  # type: ignore[misc]", False),
        ("x = y  # type: ignore  # for no reason at all", False),
        ("# mypy: ignore-errors", False),
    ],
)
def test_a_code_and_a_reason(line, enough):
    assert LOOKS_AWAY.search(line)
    assert bool(WITH_A_REASON.search(line)) == enough


def test_where_types_are_ignored_the_line_says_which_and_why():
    silent = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in sorted(SOURCE.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LOOKS_AWAY.search(line) and not WITH_A_REASON.search(line)
    ]
    assert not silent


def test_a_view_that_counts_on_staff_stands_behind_their_door():
    """A StaffRequest is only a promise in a signature: `@staff` is what keeps it."""
    views = [route.view for route in every_route()]
    counting = [view for view in views if _asks_for(inspect.unwrap(view)) in {StaffRequest, "StaffRequest"}]
    assert counting
    assert not [view for view in counting if not hasattr(view, "lets_in")]


def _asks_for(view):
    asked = inspect.signature(view).parameters.get("request")
    return asked and asked.annotation
