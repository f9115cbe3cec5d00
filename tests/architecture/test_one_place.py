"""Days, hours, lengths and spreadsheets are written in one place each: whoever writes one by hand is found."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from alongside.core import catalogs
from tests.architecture.reading import parsed

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"
FORMATS = {"date_format", "time_format", "localize", "dateformat", "format_date", "format_time"}
# For programs and for fields of a browser, which know one form: ISO 8601.
OF_PROGRAMS = re.compile(r"\|\s*date:[\"'](c|Y-m-d)[\"']")
IN_TEMPLATES = re.compile(r"\|\s*(date|time)\b(:\s*(\"[^\"]*\"|'[^']*'|\w+))?")
# A number's hole, then a unit: “%(n)s km”, “{{ km }} km”, “{metres} m”, “{n} mph”.
UNIT = re.compile(
    r"(?:%\(\w+\)[sd]|\}\}?|%[sd]|\d)\s*(?:square\s+)?"
    r"(?:m|km|mi|ft|km²|miles?|feet|yards?|met(?:er|re)s?|kilomet(?:er|re)s?|°\s?[FC]|mph|km/h)(?![\w²/’'])"
)
EXCUSED = {
    # What an operator types at a terminal is told as JSON tells it, in kilometers.
    "places/commands.py": "the report of an import, beside its --json",
    # The one who asks for the field says in which unit it is.
    "weather/models.py": "labels of the fields for thresholds, in the units of the service",
}


def sources(*suffixes: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in suffixes and not {"tests", "migrations"} & set(path.parts):
            yield path.relative_to(SOURCE).as_posix(), path


def formats_in(text: str) -> Iterator[str]:
    """Calls that choose a format of a day or an hour for a person."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("django.utils"):
            yield from (each.name for each in node.names if each.name in FORMATS)


def test_code_writes_days_and_hours_by_the_one_place():
    """For people: alongside.core.formats. A program's own form (ISO 8601, a file's) is no format for people."""
    found = {
        (name, each)
        for name, path in sources(".py")
        if not name.startswith("core/formats/")
        for each in formats_in(path.read_text())
    }
    assert found == set(), "ask alongside.core.formats: day, month_day, hour, moment, when …"


def test_templates_write_days_and_hours_by_the_one_place():
    found = {
        (name, match[0])
        for name, path in sources(".html", ".txt")
        for match in IN_TEMPLATES.finditer(OF_PROGRAMS.sub("", path.read_text()))
    }
    assert found == set(), "use the filters day, short_day, month_day, month, weekday, hour, moment"


def test_no_phrase_names_a_unit():
    """Which unit depends on the agency: a phrase has a hole for the length, and `core.measures` fills it."""
    found = {
        (message.locations[0][0], form)
        for message in catalogs.phrases(catalogs.gathered("es"))
        for form in catalogs.forms(message.id)
        if UNIT.search(form)
        and not {place for place, _line in message.locations} <= {"core/measures.py", *EXCUSED}
    }
    assert found == set(), (
        "write “%(length)s” and fill it with core.measures, or |distance:agency in a template"
    )


def test_no_template_writes_a_unit_after_a_value():
    found = {
        (name, match[0])
        for name, path in sources(".html", ".txt")
        for match in UNIT.finditer(re.sub(r"\{#.*?#\}", "", path.read_text()))
    }
    assert found == set()


def test_words_in_another_language_say_which_way_they_run():
    """`lang` alone leaves a name in Arabic on an English page with its full stop at the wrong end."""
    found = {
        (name, match[0])
        for name, path in sources(".html")
        for match in re.finditer(
            r"""(?<!dir="auto")[\s}]lang="\{\{(?! LANGUAGE_CODE)[^}]*\}\}\"""", path.read_text()
        )
    }
    assert found == set(), "write {% in_language code %}"


def test_a_script_asks_the_page_how_hours_are_written():
    found = {
        name
        for name, path in sources(".js")
        if re.search(r"toLocale\w*String|Intl\.(DateTime|Number)", path.read_text())
    }
    assert found == set(), "the browser's own habit may be another country's: core.formats.halves_of_the_day"


# The city's own files, which somebody brings to us: what an import reads, and no download.
BROUGHT = {"demo/city.py", "demo/involvement.py"}


def writes_a_sheet(text: str) -> bool:
    """Whether a module puts cells and commas together itself, or sends what it calls CSV."""
    return any(
        (isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter"})
        or (isinstance(node, ast.Attribute) and node.attr in {"to_csv", "write_csv"})
        or (isinstance(node, ast.Constant) and str(node.value).startswith("text/csv"))
        for node in ast.walk(parsed(text))
    )


def test_what_leaves_for_a_spreadsheet_is_written_in_one_place():
    """There it gets the mark by which Excel reads accents, and no cell of it runs."""
    found = {name for name, path in sources(".py") if writes_a_sheet(path.read_text())}
    assert found - BROUGHT == {"core/spreadsheets.py", "core/publicdata.py"}
    written = (SOURCE / "core/publicdata.py").read_text()
    assert "spreadsheets.lines(" in written, (
        "public data says what it sends; its lines come from the one place"
    )


@pytest.mark.parametrize(
    "written", ["csv.writer(file)", "HttpResponse(x, content_type='text/csv')", "frame.to_csv(name)"]
)
def test_a_sheet_by_hand_would_be_found(written):
    assert writes_a_sheet(written)


@pytest.mark.parametrize(
    "written",
    ["%(n)s km", "about %(edge)s m.", "{{ size }} square kilometers", "{n} mph", "%(n)d °F", "1.4 miles"],
)
def test_a_unit_by_hand_would_be_found(written):
    assert UNIT.search(written)


@pytest.mark.parametrize("written", ["%(n)s more", "%(length)s away", "{{ n }} minutes", "%(n)s months"])
def test_other_words_are_none(written):
    assert not UNIT.search(written)
