"""Each detail of the audit trail has a name that can be read, in the reader's language."""

import ast
from pathlib import Path

from alongside.core.manifest import manifests
from alongside.front.templatetags.audit import detail_in_words

SOURCE = Path(__file__).resolve().parents[2]


def details() -> set[str]:
    """What deeds are written down with, as far as it stands in the code that does them."""
    return {
        key.value
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and "record" in ast.unparse(node.func)
        for word in node.keywords
        if word.arg == "detail" and isinstance(word.value, ast.Dict)
        for key in word.value.keys
        if isinstance(key, ast.Constant)
    }


def test_every_detail_has_a_name():
    named = {name for room in manifests().values() for name in room.details}
    assert len(details()) > 20, "the premise"
    assert details() - named == set(), "say in the room's manifest how it is read aloud (details)"


def test_a_detail_is_read_as_a_person_would_say_it():
    said = detail_in_words(
        {"coming": True, "heard": "link", "due": "2026-06-04", "fields": ["capacity"], "came": 12}
    )
    assert said == "coming: yes; heard: by their link; day promised: June 4, 2026; fields: places; came: 12"


def test_a_word_that_is_a_name_too_is_another_as_a_value():
    assert detail_in_words({"told": 3, "untold": 1}) == "told: 3; without an address: 1"
    assert detail_in_words({"coming": True, "heard": "told"}) == "coming: yes; heard: told us"
