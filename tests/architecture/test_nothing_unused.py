"""What nothing calls is taken out: a name that is defined and never said again is found here."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.reading import parsed

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "alongside"
WORD = re.compile(r"\w+")

# Called by a library, by this name.
HOOKS = re.compile(
    r"clean_\w+|clone|_post_clean|get_by_natural_key|get_command|list_commands|is_open_for_signup|is_safe_url|prepare_value|"
    r"process_view|process_exception|process_template_response|send_messages|to_python|validate|contribute_to_class|id_for_label|"
    r"_get_socket|_create_socket|has_changed|bound_data|_clean_bound_field|value_omitted_from_data|from_db_value|"
    r"get_prep_value|get_db_prep_save|_origin_verified|pre_save|send_mail|format_email_subject|"
    r"get_reset_password_from_key_url|_unsupported_upgrade_warning|\w+Config|__\w+__|Meta|Migration"
)
# Said by no page and no program of ours, and kept for a reason.
KEPT = {
    "spread_population": "rule 4 of docs/methods/rates.md",
}
# A function under another decorator is called by whatever decorated it: a command, a job, a check of an option.
PLAIN = {"property", "cached_property", "classmethod", "staticmethod", "contextmanager", "lru_cache", "cache"}
PLAIN |= {"atomic", "dataclass", "wraps"}


def ours(pattern: str, below: Path = SOURCE) -> list[Path]:
    return [path for path in below.rglob(pattern) if not {"tests", "migrations"} & set(path.parts)]


def defined(tree: ast.AST) -> Iterator[str]:
    """Functions, methods and classes that somebody must name to use."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not HOOKS.fullmatch(
            node.name
        ):
            decorators = {
                WORD.findall(ast.unparse(each).partition("(")[0])[-1] for each in node.decorator_list
            }
            if decorators <= PLAIN:
                yield node.name


def said(tree: ast.AST) -> Iterator[str]:
    """Every word that may call something: names, and what is written in strings, but not in docstrings."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield from WORD.findall(node.value)


def unused(sources: dict[str, str], pages: str = "") -> dict[str, str]:
    """Name → file, of what no source and no page says."""
    trees = {name: parsed(text) for name, text in sources.items()}
    words = {word for tree in trees.values() for word in said(tree)} | set(WORD.findall(pages))
    return {name: file for file, tree in trees.items() for name in defined(tree) if name not in words}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def late(): ...", ["late"]),
        ("class Walk:\n    @property\n    def late(self): ...\n\nWalk", ["late"]),
        ('"""Offers: late()."""\ndef late(): ...', ["late"]),
        ("def late(): ...\nlate()", []),
        ("def late(): ...\nasked = 'rooms.late'", []),
        ("@job('late')\ndef tell(): ...", []),
    ],
)
def test_a_name_that_is_never_said_is_seen(source, found):
    assert list(unused({"a.py": source})) == found


def test_nothing_is_defined_and_never_said():
    """In pages, migrations, and programs beside the tests: what only its own test calls is not used."""
    sources = {str(path.relative_to(ROOT)): path.read_text() for path in ours("*.py")}
    beside = [*ours("*.py", ROOT / "bench"), *SOURCE.glob("*/migrations/*.py")]
    callers = {str(path.relative_to(ROOT)): path.read_text() for path in beside}
    pages = "\n".join(path.read_text() for path in SOURCE.glob("*/templates/**/*.*"))
    assert len(sources) > 200, "the premise"
    found = {name: file for name, file in unused(sources | callers, pages).items() if file in sources}
    assert {name: file for name, file in found.items() if name not in KEPT} == {}
    assert set(KEPT) <= set(found), "kept for a reason that is gone"
