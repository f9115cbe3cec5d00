"""The page about adding a language is followed to the letter."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from alongside.cli.__main__ import alongside
from tests.docs import consoles

PAGE = Path(__file__).resolve().parents[2] / "docs" / "howto" / "add-a-language.md"


@pytest.mark.heavy
@pytest.mark.django_db
def test_every_command_prints_what_the_page_says():
    examples = consoles.commands_of(PAGE.read_text())
    assert [each.command.split()[0] for each in examples] == ["language", "language", "check"], "the premise"
    for example in examples:
        done = CliRunner().invoke(alongside, example.command.split(), catch_exceptions=False)
        assert example.agrees.fullmatch(done.stdout.rstrip()), done.stdout
