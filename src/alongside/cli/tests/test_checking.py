"""`alongside check` says what is not as it should be, and what to do."""

import re
from dataclasses import replace

import pytest
from click.testing import CliRunner, Result

from alongside.cli import checking
from alongside.core import built

BUILT = ["styles", "collected files", "words in other languages"]


def looked_at(monkeypatch, **checks) -> Result:
    monkeypatch.setattr(checking, "checks", lambda: checks)
    return CliRunner().invoke(checking.check)


def test_what_is_older_than_its_sources_is_named_with_the_remedy(monkeypatch):
    stale = replace(built.STYLES, stamp="build/nowhere")
    done = looked_at(monkeypatch, styles=lambda: checking.as_new_as_its_sources(stale))
    assert done.exit_code == 1
    assert re.fullmatch(r"✗ styles: .*bin/alongside serve.*\n", done.stdout)


@pytest.mark.parametrize("name", BUILT)
def test_what_is_as_new_as_its_sources_is_well(monkeypatch, name):
    done = looked_at(monkeypatch, **{name: checking.OWN[name]})
    assert (done.exit_code, done.stdout) == (0, f"✓ {name}\n")
