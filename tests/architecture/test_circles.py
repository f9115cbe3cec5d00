"""No file leans on one that leans on it: not at its head, not inside a function, not in a round of several."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.architecture.reading import parsed

ROOT = Path(__file__).resolve().parents[2] / "src"


def python_files() -> dict[str, Path]:
    """Every file of the house, by its dotted name. Tests and migrations may lean as they like."""
    files = {}
    for path in (ROOT / "alongside").rglob("*.py"):
        if not {"tests", "migrations"} & set(path.parts):
            files[".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")] = path
    return files


def imported(tree: ast.AST, name: str, *, is_package: bool, known: set[str]) -> Iterator[str]:
    """What a file imports of these, wherever in it the import stands."""
    package = name.split(".") if is_package else name.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from known & {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            for each in node.names:
                of_a_package = f"{base}.{each.name}"
                yield from {of_a_package} & known or {base} & known


def circle(leans_on: dict[str, set[str]]) -> list[str]:
    """A round of files that lean on each other, if there is one."""
    try:
        TopologicalSorter({name: others - {name} for name, others in leans_on.items()}).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


@pytest.mark.parametrize(
    "line",
    [
        "import alongside.jobs.models",
        "from alongside.jobs import models",
        "from alongside.jobs.models import Job, State",
        "def progress(self):\n    from alongside.jobs.models import Job",
        "if TYPE_CHECKING:\n    from .models import Job",
        "from . import models",
    ],
)
def test_an_import_is_seen_wherever_it_stands(line):
    known = {"alongside.jobs.models", "alongside.jobs.actions"}
    seen = set(imported(parsed(line), "alongside.jobs.actions", is_package=False, known=known))
    assert seen == {"alongside.jobs.models"}


def test_a_circle_of_two_and_of_three_is_seen():
    assert circle({"a": {"b"}, "b": {"a"}})
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})
    assert not circle({"a": {"b", "c"}, "b": {"c"}, "c": {"c"}})


def test_no_files_lean_on_each_other():
    files = python_files()
    leans_on = {
        name: set(
            imported(
                parsed(path.read_text(encoding="utf-8")),
                name,
                is_package=path.name == "__init__.py",
                known=set(files),
            )
        )
        for name, path in files.items()
    }
    assert "alongside.jobs.models" in leans_on["alongside.jobs.actions"], "the premise: imports are found"
    assert circle(leans_on) == []
