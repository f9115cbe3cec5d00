"""The demo city as it was on one day, built once and copied by every test that needs one."""

from __future__ import annotations

import sys
from contextvars import ContextVar
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from alongside.cli.__main__ import main
from alongside.core import clock
from tests import prepared

# A fixed day, so that a test says what is there; the season that the city has planned by itself ends with the year.
BUILT_ON = date(2026, 10, 5)
MORNING = datetime.combine(BUILT_ON, time(9), ZoneInfo("America/Kentucky/Louisville"))


@pytest.fixture(scope="session")
def demo_city() -> Path:
    """The folder of the city that stands, to be read or copied."""
    return prepared.standing("demo", "tests.demo_city", made_from=(Path(__file__),))


@pytest.fixture
def in_the_demo_city(demo_city: Path, transactional_db: None, settings: Any) -> Path:
    """This test's rows and files are a copy of the city; says where the files are."""
    return prepared.move_in(demo_city, settings)


def build() -> None:
    """`alongside demo --build-only`, in the morning of the day."""
    clock._shift = ContextVar("shift", default=MORNING - clock.now())
    sys.argv = ["alongside", "demo", "--build-only"]
    main()
    connections.close_all()  # the last to close puts all rows into the one file


if __name__ == "__main__":
    build()
