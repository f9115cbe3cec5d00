"""Portland and Louisville, prepared once by the commands of the page about them, and copied by who walks there.

What each command printed is kept beside the city, so that the page is held to it without another import.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import connections

from alongside.core import clock
from tests import prepared
from tests.docs import consoles
from tests.realdata import real_data

PAGE = prepared.ROOT / "docs" / "howto" / "real-city.md"
PRINTED = "printed.json"
# With this command a city is prepared; what the page does after it, it does in a copy.
PREPARED_BY = {
    "portland": "hotspots run portland --publish",
    "louisville": "hotspots run louisville --from 2010-01-01 --to 2016-12-31",
}


def page_of(city: str) -> tuple[list[consoles.Example], list[consoles.Example]]:
    """What the page tells of this city: the commands that prepare it, and the others."""
    examples = [each for each in consoles.commands_of(PAGE.read_text()) if city in each.command.split()]
    last = [each.command for each in examples].index(PREPARED_BY[city]) + 1
    return examples[:last], examples[last:]


def standing(city: str) -> Path:
    shared = real_data(city).parent
    files = sorted(path for path in (shared / city).iterdir() if path.is_file())
    today = (
        f"{clock.now():%F}"  # rows say when they were made, and pages say how long ago: made anew every day
    )
    return prepared.standing(
        f"cities/{city}",
        "tests.real_cities",
        city,
        str(shared),
        made_from=(Path(__file__), Path(consoles.__file__), PAGE, *files),
        made_on=today,
    )


@pytest.fixture
def in_portland(transactional_db: None, settings: Any) -> Path:
    """Portland with its neighborhoods, districts, streets, a month of calls and its published hot spots."""
    return prepared.move_in(standing("portland"), settings)


@pytest.fixture
def in_louisville(transactional_db: None, settings: Any) -> Path:
    """Louisville with its areas, residents and venues, two files of incidents and the hot spots of seven years."""
    return prepared.move_in(standing("louisville"), settings)


def prepare(city: str, shared: Path) -> None:
    from alongside.cli.database import bring_up_to_date
    from alongside.core import data

    folder = data.folder()
    bring_up_to_date()
    printed = [consoles.run(each.command, shared) for each in page_of(city)[0]]
    (folder / PRINTED).write_text(json.dumps(printed))
    connections.close_all()  # the last to close puts all rows into the one file


if __name__ == "__main__":
    django.setup()
    prepare(sys.argv[1], Path(sys.argv[2]))
