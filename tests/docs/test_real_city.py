"""The page about real cities says what its commands print, and what matters about it is true."""

import h3.api.basic_int as h3
import pytest

from alongside.hotspots.models import Run
from tests.docs import consoles
from tests.docs.test_reference import ROOT
from tests.realdata import real_data

PAGE = ROOT / "docs" / "howto" / "real-city.md"
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


@pytest.mark.heavy
@pytest.mark.django_db
def test_every_command_on_the_page_prints_what_the_page_says():
    shared = real_data("portland").parent
    real_data("louisville")
    for example in consoles.commands_of(PAGE.read_text()):
        printed = consoles.run(example.command, shared)
        assert example.agrees.fullmatch("\n".join(printed)), "\n".join([example.command, *printed])
    the_malls_and_the_placeholder_are_no_focus_areas()


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
