"""Each detail of the audit trail has a name that can be read, in the reader's language."""

import ast
from pathlib import Path

import pytest
from django.utils import translation
from tests.deeds import in_nobodys_words

from alongside.agencies import audit
from alongside.core.manifest import manifests
from alongside.front.templatetags.audit import detail_in_words, thing_in_words

SOURCE = Path(__file__).resolve().parents[2]


def details() -> set[str]:
    """What deeds are written down with, as far as it stands in the code that does them."""
    return {
        key.value
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "detail" and isinstance(word.value, ast.Dict) and "record" in ast.unparse(node.func)
        for key in word.value.keys
        if isinstance(key, ast.Constant)
    }


def test_every_detail_has_a_name():
    named = {name for room in manifests().values() for name in room.details}
    said = details()
    assert len(said) > 20, "the premise"
    assert said - named == set(), "say in the room's manifest how it is read aloud (details)"


def test_a_detail_is_read_as_a_person_would_say_it():
    said = detail_in_words(
        {"coming": True, "heard": "link", "due": "2026-06-04", "fields": ["capacity"], "came": 12}
    )
    assert said == "coming: yes; heard: By link; day promised: June 4, 2026; fields: Places; came: 12"


def test_a_word_that_is_a_name_too_is_another_as_a_value():
    assert detail_in_words({"told": 3, "untold": 1}) == "told: 3; without an address: 1"
    assert detail_in_words({"coming": True, "heard": "told"}) == "coming: yes; heard: Told the coordinator"


@pytest.mark.parametrize(
    ("detail", "english", "spanish"),
    [
        ({"coming": False}, "coming: no", "viene: no"),
        ({"km": 1234.56}, "km: 1,234.56", "km: 1,234.56"),
        ({"came": 1200}, "came: 1,200", "vinieron: 1,200"),
        ({"due": "2026-12-04"}, "day promised: Dec. 4, 2026", "día prometido: 4 de diciembre de 2026"),
        (
            {"roles": ["coordinator", "officer"]},
            "roles: Coordinator, Officer",
            "roles: Coordinación, Agente",
        ),
        ({"as": "declined"}, "as: Cannot be done", "como: No se puede hacer"),
        (
            {"set_aside": {"duplicate": 1200}},
            "set aside: The same row was there already: 1,200",
            "apartados: Ya había una fila igual: 1,200",
        ),
        (
            {"origin": "gathering:7fq2mz9k4b"},
            "from: gathering 7fq2mz9k4b",
            "de: encuentro 7fq2mz9k4b",
        ),
        ({"venue": ""}, "place: none", "lugar: ninguno"),
        ({"ranks": ["Chief", "Major"]}, "ranks: Chief, Major", "rangos: Chief, Major"),
    ],
)
def test_every_sort_of_value_is_read_in_the_language_of_whoever_reads(detail, english, spanish):
    with translation.override("en"):
        assert detail_in_words(detail) == english
    with translation.override("es"):
        assert detail_in_words(detail) == spanish


def test_a_code_that_nobody_named_fails_whatever_test_writes_it(ada, riverbend):
    assert in_nobodys_words({"mood": "sunny", "reason": "xq"}) == ["mood", "mood: sunny", "reason: xq"]
    with pytest.raises(AssertionError, match="reason: xq"):
        audit.record(agency=riverbend, by=ada, verb="changed", thing=riverbend, detail={"reason": "xq"})


def test_what_is_known_by_its_day_is_called_by_it_as_everywhere():
    """Cards are known by the day on which they were printed."""
    assert thing_in_words("2026-11-30") == "Nov. 30, 2026"
    assert thing_in_words("Batch 2026-11-30") == "Batch 2026-11-30", "what a person named stays"
