"""The page about real cities says what its commands print, and what matters about it is true."""

import json

import h3.api.basic_int as h3
import pytest

from alongside.hotspots.models import Run
from tests import real_cities
from tests.docs import consoles
from tests.realdata import real_data

JEFFERSON_MALL = (38.137693, -85.672052)
COMMUNITY_AT_LARGE = (38.271416, -85.625379)

SAMPLE = """
```console
$ bin/alongside greet
Hello […], hello
[…]
  ID  Bye
```
"""


def test_a_page_without_its_answer_is_found_out():
    (example,) = consoles.commands_of(SAMPLE)
    assert example.command == "greet"
    assert example.agrees.fullmatch("Hello Ben, hello\nmore\nand more\n  ID  Bye")
    assert not example.agrees.fullmatch("Hello Ben, hello\n\n  ID  Farewell")
    assert consoles.PUBLIC_ID.sub("  ID", "  abcdefghjk  Bye") == "  ID  Bye"


def test_every_command_of_the_page_is_about_one_of_the_two_cities():
    examples = consoles.commands_of(real_cities.PAGE.read_text())
    of_cities = [
        each for city in real_cities.PREPARED_BY for part in real_cities.page_of(city) for each in part
    ]
    assert of_cities == examples


@pytest.mark.heavy
def test_every_command_about_portland_prints_what_the_page_says(in_portland):
    prints_what_the_page_says("portland", in_portland)


@pytest.mark.heavy
def test_every_command_about_louisville_prints_what_the_page_says(in_louisville):
    prints_what_the_page_says("louisville", in_louisville)
    the_malls_and_the_placeholder_are_no_focus_areas()


def prints_what_the_page_says(city, folder):
    """What prepared the city was printed then; the rest is run now, in this copy of it."""
    shared = real_data(city).parent
    before, after = real_cities.page_of(city)
    printed = json.loads((folder / real_cities.PRINTED).read_text())
    for example, lines in zip(before, printed, strict=True):
        agrees(example, lines)
    for example in after:
        agrees(example, consoles.run(example.command, shared))


def agrees(example, printed):
    assert example.agrees.fullmatch("\n".join(printed)), "\n".join([example.command, *printed])


def the_malls_and_the_placeholder_are_no_focus_areas():
    runs = Run.objects.filter(agency__slug="louisville")
    assert runs.count() == 3
    for run in runs:
        inside = {int(cell, 16) for area in run.areas.walkable() for cell in area.cells}
        assert inside
        for spot in (JEFFERSON_MALL, COMMUNITY_AT_LARGE):
            assert h3.latlng_to_cell(*spot, run.resolution) not in inside
    undated = runs.get(window_from=None)
    apart = {int(site["cell"], 16) for site in undated.findings["single_sites"]}
    assert h3.latlng_to_cell(*JEFFERSON_MALL, 10) in apart
