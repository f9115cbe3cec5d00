"""How often is said as people say it, in one place: once, twice, 3 times."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from alongside.core import formats

SPANISH = Path(formats.__file__).resolve().parents[2] / "locale" / "es" / "LC_MESSAGES" / "django.po"
# A number before “times”, but for a rate (so many times a year) and a size (so many times its size).
COUNTED = re.compile(r"%\(\w+\)[sd] times?\b(?! (a|as|its) )")
# Not how often something was: how one rate stands beside another, and draws, of which there are hundreds.
NO_COUNT = re.compile(r"whole|how sure of|[Dd]raw")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["0 times", "once", "twice", "3 times", "1,200 times"]),
        ("es", ["0 veces", "una vez", "dos veces", "3 veces", "1,200 veces"]),
    ],
)
def test_once_and_twice_have_their_words(language, said):
    with translation.override(language):
        assert [formats.times(number) for number in (0, 1, 2, 3, 1200)] == said


def test_nobody_else_counts_times():
    with SPANISH.open("rb") as file:
        words = [message.id if isinstance(message.id, tuple) else (message.id,) for message in read_po(file)]
    said = {each for forms in words for each in forms if not NO_COUNT.search(each)}
    found = {each for each in said if COUNTED.search(each)}
    assert found == {"%(n)s time", "%(n)s times"}
    assert COUNTED.search("has met people here %(n)s times")
