"""Markup is code: whoever reviews a page reads its lines."""

import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"
WIDEST = 120
TEMPLATES = sorted(path for path in SOURCE.glob("*/templates/**/*.*") if path.is_file())
STYLED = [path for path in SOURCE.rglob("assets/**/*.*") if path.suffix in {".css", ".js"}]


def short(path):
    return str(path.relative_to(SOURCE))


def test_there_is_something_to_read():
    assert len(TEMPLATES) > 200
    assert len(STYLED) > 50


def test_a_line_fits_on_a_screen():
    """The formatters break elements and declarations; what they leave long, a tag, wants a name."""
    wide = [
        f"{short(path)}:{number}"
        for path in [*TEMPLATES, *STYLED]
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > WIDEST
    ]
    assert wide == []


def test_what_is_translated_is_trimmed():
    """A sentence may be broken where the line ends, and translators see it whole."""
    loose = re.compile(r"\{% blocktranslate (?!trimmed)")
    assert [short(path) for path in TEMPLATES if loose.search(path.read_text())] == []


def test_a_cell_that_may_be_empty_is_empty():
    """On a phone `td:empty` is left out; white space in it would be something."""
    cell = re.compile(r"<td\b[^>]*>\s*\{% if [^%]*%\}(?:(?!\{% else|<td|</td>).)*\{% endif %\}\s*</td>", re.S)
    loose = [short(path) for path in TEMPLATES if cell.search(path.read_text())]
    assert loose == []
