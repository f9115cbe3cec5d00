"""The style sheet and the templates know the same names, and neither leans to one side."""

import re
from pathlib import Path

from alongside.core.svgmap import KINDS

ROOMS = Path(__file__).resolve().parents[2]
SHEETS = {path: path.read_text() for path in ROOMS.glob("*/assets/**/*.css")}
TEMPLATES = {path: path.read_text() for path in ROOMS.glob("*/templates/**/*.html")}
TAG = re.compile(r"\{[{%#].*?[%}#]\}", re.DOTALL)
PHYSICAL = re.compile(
    r"(?<![\w-])(?:margin|padding|border)-(?:left|right|top|bottom)\b|(?<![\w-])(?:left|right|top|bottom)\s*:"
    r"|text-align:\s*(?:left|right)|(?<![\w-])float:\s*(?:left|right)"
)


def classes_used(template: str) -> set[str]:
    """Names in class attributes; what a template tag completes is left to the eye."""
    attributes = (
        TAG.sub("\0", attribute)
        for attribute in re.findall(r'class="((?:\{%.*?%\}|\{\{.*?\}\}|[^"])*)"', template)
    )
    return {name for each in attributes for name in each.split() if "\0" not in name}


def test_there_is_something_to_check() -> None:
    assert SHEETS
    assert classes_used('<a class="btn {% if x == "y" %}go{% endif %} pill-{{ z }} large">') == {
        "btn",
        "large",
    }


def test_every_class_has_a_style() -> None:
    known = {name for sheet in SHEETS.values() for name in re.findall(r"\.([a-zA-Z][\w-]*)", sheet)}
    unknown = {(path.name, name) for path, text in TEMPLATES.items() for name in classes_used(text) - known}
    assert not unknown


def test_nothing_leans_left_or_right() -> None:
    assert PHYSICAL.search("a { margin-left: 1px }")
    leaning = {
        (path.name, match.group()) for path, text in SHEETS.items() for match in PHYSICAL.finditer(text)
    }
    assert not leaning


def test_colors_come_from_tokens_alone() -> None:
    own = {
        (path.name, color)
        for path, text in SHEETS.items()
        if path.name not in {"tokens.css", "print.css", "flyer.css"}
        for color in re.findall(r":[^;{]*?(#[0-9a-fA-F]{3,8})\b", text)
        if color != "#0005"  # the veil behind an open menu
    }
    assert not own


def test_no_template_holds_script_or_style() -> None:
    """The content policy would refuse it, and the page would be broken in silence."""
    inline = re.compile(
        r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)(?![^>]*application/)", re.IGNORECASE
    )
    assert inline.search("<p style='color:red'>")
    matches = {
        (path.name, match.group()) for path, text in TEMPLATES.items() for match in inline.finditer(text)
    }
    assert not matches


def test_every_kind_of_shape_is_drawn() -> None:
    sheet = "".join(SHEETS.values())
    assert not [kind for kind in KINDS if f".map-{kind}" not in sheet]
