"""Errors stay where they were made: neither a message on the next page nor a bubble of a browser's tells of them."""

import ast
import re

import pytest

from alongside.core.manifest import SOURCE
from tests.architecture.reading import parsed


def sent_away(tree: ast.Module) -> list[int]:
    """Lines that tell of an error in a message, which another page shows after all that was typed is lost."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"error", "warning", "ERROR", "WARNING"}
        and ast.unparse(node.value) in {"messages", "constants", "messages.constants"}
    ]


@pytest.mark.parametrize(
    "line",
    [
        "messages.error(request, why)",
        "messages.warning(request, why)",
        "messages.add_message(r, messages.ERROR, why)",
    ],
)
def test_an_error_on_the_next_page_is_seen(line):
    assert sent_away(parsed(line)) == [1]


def test_no_error_is_told_on_the_next_page():
    found = {
        path.relative_to(SOURCE).as_posix(): lines
        for path in SOURCE.rglob("*.py")
        if (lines := sent_away(parsed(path.read_text(encoding="utf-8"))))
    }
    assert found == {}


TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
POSTED = re.compile(r"<form\b[^>]*?method=\"(?:post|\{\{[^\"]*)\"(?:[^%>]|%\}|\{%)*>(.*?)</form>", re.S)


def asks_for_something(form: str) -> bool:
    """Whether something is filled in, so that a browser could hold it back with a bubble in its own language."""
    return bool(re.search(r"\{\{ ?(?:\w+\.)?form ?\}\}|as_field_group|required", form))


def test_a_browser_holds_no_form_back():
    """Its bubble is gone after seconds, in the browser's language, and a list of what is wrong it has not."""
    loose = [
        path.relative_to(SOURCE).as_posix()
        for path in TEMPLATES
        for form in POSTED.finditer(path.read_text(encoding="utf-8"))
        if asks_for_something(form[1]) and "novalidate" not in form[0].partition(form[1])[0]
    ]
    assert loose == []
