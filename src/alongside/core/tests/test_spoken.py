"""Languages that people type are known again by any name of theirs, and read by their name in the reader's language."""

import pytest
from django.utils import translation

from alongside.core import spoken


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("English", "en"),
        ("Spanish", "es"),
        (" español ", "es"),
        ("ESPANOL", "es"),
        ("Castellano", "es"),
        ("ASL", "ase"),
        ("american sign language (ASL)", "ase"),
        ("lengua de señas", "ase"),
        ("Kreyòl", "ht"),
        ("vietnamita", "vi"),
        ("so", "so"),
        ("Tzotzil", "Tzotzil"),
        ("", ""),
    ],
)
def test_a_language_by_any_of_its_names(typed, code):
    assert spoken.code_of(typed) == code
    with translation.override("es"):
        assert spoken.code_of(typed) == code, "whoever types it, and whoever reads"


def test_what_somebody_typed_is_read_in_the_language_of_whoever_reads():
    with translation.override("es"):
        assert spoken.named("Spanish") == "español"
        assert spoken.named("Tzotzil") == "Tzotzil"
    with translation.override("en"):
        assert spoken.named("español") == "Spanish"


def test_every_language_is_known_by_what_we_call_it():
    for language in ("en", "es"):
        with translation.override(language):
            for code, name in spoken.NAMES.items():
                assert spoken.code_of(str(name)) == code
