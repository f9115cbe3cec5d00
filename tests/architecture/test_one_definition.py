"""What the house says once: a second definition of a fact is a fault that waits."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.reading import parsed

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "alongside"


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every file of the house but its tests and migrations, by its name under src/alongside."""
    for path in sorted(SOURCE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.relative_to(SOURCE).parts):
            yield path.relative_to(SOURCE).as_posix(), parsed(path.read_text())


# -- how long a degree is -------------------------------------------------------------------------
GROUND = "methods/ground.py"
# A degree of latitude in miles, kilometres (and their square) and metres; the earth's radius in kilometres and metres.
LENGTHS = [
    (68.7, 69.5),
    (110.5, 111.8),
    (110.5**2, 111.8**2),
    (110_500, 111_800),
    (6_350, 6_380),
    (6_350_000, 6_380_000),
]


def degrees_told(tree: ast.Module) -> list[int]:
    """Lines that know how long a degree is, or how much shorter one is away from the equator."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and type(node.value) in {int, float}:
            number = abs(float(node.value))
            if number != int(number) or number > 1_000:
                lines += [node.lineno for low, high in LENGTHS if low <= number <= high]
            elif number == 111:
                lines.append(node.lineno)
        if isinstance(node, ast.Call) and called(node) == "cos" and node.args:
            lines += [
                node.lineno for each in ast.walk(node.args[0]) if called(each) in {"radians", "deg2rad"}
            ]
    return lines


def called(node: ast.AST) -> str:
    """The last name of what is called: `cos` of `np.cos(x)`."""
    if not isinstance(node, ast.Call):
        return ""
    return getattr(node.func, "attr", getattr(node.func, "id", ""))


@pytest.mark.parametrize(
    "line",
    [
        "METRES = 111_195.0",
        "high = km / 111.2",
        "KM2 = 111.32**2",
        "north = 110_574",
        "radius = 6_371_008.8",
        "radius = 6371",
        "wide = high / max(np.cos(np.radians(np.median(lat))), 0.05)",
        "east = math.cos(math.radians((a + b) / 2))",
        "east = cos(radians(lat))",
        "miles = 69.1 * degrees",
        "km2 = 12_364.0",
        "km = 111 * degrees",
    ],
)
def test_a_second_degree_is_seen(line):
    assert degrees_told(parsed(line))


@pytest.mark.parametrize(
    "line", ["most = 110", "x = np.cos(angle)", "year = 6_300", "kept = 69", "a = 0.111"]
)
def test_other_numbers_are_let_by(line):
    assert not degrees_told(parsed(line))


def test_one_file_knows_how_long_a_degree_is():
    told = {name: lines for name, tree in sources() if (lines := degrees_told(tree))}
    assert told.keys() <= {GROUND}, told
    assert (SOURCE / GROUND).exists(), "the premise"


# -- what is on the disk --------------------------------------------------------------------------
def test_one_file_knows_how_a_file_is_written_whole():
    """Draft, fsync, rename: `core.files.whole`."""
    told = {name for name, tree in sources() if any(called(node) == "fsync" for node in ast.walk(tree))}
    assert told == {"core/files.py"}


# -- do, or say why -------------------------------------------------------------------------------
def says_it_by_itself(tree: ast.Module) -> list[int]:
    """Lines that catch a refusal only to say it, which `core.doing` does."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Try) and len(node.handlers) == 1
        for caught in node.handlers
        if caught.type is not None and ast.unparse(caught.type) == "Refusal" and caught.name
        if len(caught.body) == 1 and is_said(caught.body[0], caught.name)
    ]


def is_said(step: ast.stmt, name: str) -> bool:
    """Whether a step puts the words of a refusal on a form, in a message, or aside, and does no more."""
    value = getattr(step, "value", None)
    if isinstance(step, ast.Expr) and isinstance(value, ast.Call):
        where = ast.unparse(value.func)
        told = where.endswith((".add_error", ".say")) or where == "messages.error"
        return told and ast.unparse(value.args[-1]) == f"str({name})"
    aside = isinstance(step, ast.Assign) and all(isinstance(each, ast.Name) for each in step.targets)
    return aside and value is not None and ast.unparse(value) == f"str({name})"


@pytest.mark.parametrize(
    "said",
    ["form.add_error(None, str(refusal))", "messages.error(request, str(refusal))", "refused = str(refusal)"],
)
def test_a_refusal_that_is_caught_only_to_be_said_is_seen(said):
    told = f"try:\n    go()\nexcept Refusal as refusal:\n    {said}\nelse:\n    there()"
    assert says_it_by_itself(parsed(told)) == [1]


def test_a_refusal_with_another_answer_is_let_by():
    told = "try:\n    go()\nexcept Refusal as refusal:\n    answer = render(request, 'no.html', {'why': refusal})"
    assert not says_it_by_itself(parsed(told))


def test_one_file_knows_how_a_deed_is_done_or_said_why_not():
    said = {name: lines for name, tree in sources() if (lines := says_it_by_itself(tree))}
    assert said == {}
    numbered = {
        name
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value == 422
    }
    assert numbered == {"core/doing.py"}
