"""Two languages that nobody speaks, for whoever asks: long words, and words from right to left."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import locale

from alongside.core import languages
from tests.language import pseudo


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the catalogues of the two languages that nobody speaks."""
    data = tmp_path_factory.mktemp("made-up")
    pseudo.make(data / languages.OF_A_CITY)
    return data


@pytest.fixture
def spoken(made_up: Path, settings: Any) -> Iterator[tuple[str, ...]]:
    """The product as it is with these two beside its own: what the settings do at the start of every process."""
    known = dict(locale.LANG_INFO)
    found = languages.found(made_up)
    settings.LANGUAGES = [(each.code, each.name) for each in found]
    settings.LANGUAGES_BIDI = [each.code for each in found if each.right_to_left]
    settings.LOCALE_PATHS = [made_up / languages.OF_A_CITY, languages.OURS]
    yield (pseudo.LONG, pseudo.TURNED)
    locale.LANG_INFO.clear()
    locale.LANG_INFO.update(known)
