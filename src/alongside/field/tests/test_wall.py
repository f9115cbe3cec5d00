"""The wall: nothing that looks for where to police reads what people said on walks."""

import ast
import re
from pathlib import Path

import pytest

import alongside

SOURCE = Path(alongside.__file__).parent
TARGETING = ("methods", "incidents", "hotspots", "places")
SAID = ("alongside.field", "alongside.followthrough")


def modules_of(room: str) -> list[Path]:
    return [path for path in (SOURCE / room).rglob("*.py") if "tests" not in path.parts]


def imported_by(module: Path) -> set[str]:
    """Every module named in an import, wherever in the file it stands."""
    imported: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            imported |= {each.name for each in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            imported |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return imported


def strings_of(module: Path) -> set[str]:
    tree = ast.parse(module.read_text())
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("room", TARGETING)
def test_no_room_that_finds_places_reads_what_was_said(room):
    modules = modules_of(room)
    assert modules, "the premise"
    for module in modules:
        for name in imported_by(module):
            assert not name.startswith(SAID), f"{module} reads {name}"
        for text in strings_of(module):  # a table or a model by its name
            lowered = text.lower()
            assert "followthrough" not in lowered, module
            assert not lowered.startswith(("field.", "field_note")), module


def test_the_ways_around_are_seen(tmp_path):
    """The test above can fail."""
    module = tmp_path / "sly.py"
    module.write_text(
        "def late():\n    from alongside.field.models import Note\n    return Note, 'field_note'\n"
    )
    assert any(name.startswith(SAID) for name in imported_by(module))
    assert "field_note" in strings_of(module)


def test_notes_are_read_in_their_own_room_alone():
    """Other rooms ask for what may be published (queries), never for the notes."""
    for module in SOURCE.rglob("*.py"):
        room = module.relative_to(SOURCE).parts[0]
        if room in {"field", "demo"} or "tests" in module.parts:
            continue
        assert "alongside.field.models.Note" not in imported_by(module), module


def test_notes_are_counted_by_theme_in_one_place_alone():
    """Whoever else counts them publishes what the recaps may not: `field.queries` has what was told."""
    counting = {
        str(module.relative_to(SOURCE))
        for module in SOURCE.rglob("*.py")
        if "tests" not in module.parts and re.search(r"(followthrough|queries)\.themes\(", module.read_text())
    }
    assert counting == {"field/themes.py"}


def test_no_address_gives_notes_as_a_table_or_a_map():
    """No export of notes by place: the only page that lists them is the desk's, one gathering at a time."""
    from alongside.field import urls

    names = {pattern.name for pattern in [*urls.public, *urls.workspace]}
    assert not {name for name in names if any(word in name for word in ("csv", "export", "geojson", "map"))}
