"""A refusal speaks the reader's language: what it is given comes out of the catalogs, by whatever way it is made."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from alongside.core.errors import Refusal, phrase
from alongside.methods import routing
from alongside.walks import words
from tests.architecture.reading import parsed

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"
ASKED = {"_", "gettext", "ngettext", "pgettext", "npgettext", "phrase"}
ASKED |= {f"{name}_lazy" for name in ASKED}
# Their texts are of our own making, or Django's: in the reader's language already.
SPOKEN = {"ValidationError"}


def trees() -> Iterator[tuple[str, ast.Module]]:
    """Every file that may refuse. Methods raise kinds of their own; a room puts them into words."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE)
        if not {"tests", "migrations", "methods"} & set(name.parts):
            yield name.as_posix(), parsed(path.read_text(encoding="utf-8"))


def refusals(files: list[ast.Module]) -> set[str]:
    """The names of all kinds of refusals, whatever they are a kind of."""
    kinds = {
        node.name: {last_name(base) for base in node.bases}
        for tree in files
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"Refusal"}
    while more := {name for name, bases in kinds.items() if bases & known} - known:
        known |= more
    return known


def last_name(node: ast.AST) -> str:
    """`GatheringIsFull` of `actions.GatheringIsFull`, and of a call of it."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    return getattr(node, "attr", getattr(node, "id", ""))


class Reader:
    """Reads one file for what its refusals are given."""

    def __init__(self, tree: ast.Module, known: set[str]):
        self.tree, self.known = tree, known
        self.functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        self.scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Module)]

    def unsaid(self) -> list[int]:
        """Lines where a refusal is given words that no catalog knows."""
        return sorted(
            {given.lineno for scope, given in self.given() if not self.is_said(given, scope, frozenset())}
        )

    def given(self) -> Iterator[tuple[ast.AST, ast.expr]]:
        """The first argument of each refusal, and the innermost function it stands in."""
        for scope in self.scopes:
            for node in own(scope):
                if isinstance(node, ast.Call) and node.args and self.refuses(node):
                    yield scope, node.args[0]

    def refuses(self, call: ast.Call) -> bool:
        if last_name(call) in self.known:
            return True
        if getattr(call.func, "attr", "") != "__init__" or ast.unparse(call.func) != "super().__init__":
            return False
        kinds = [each for each in ast.walk(self.tree) if isinstance(each, ast.ClassDef)]
        return any(kind.name in self.known and call in ast.walk(kind) for kind in kinds)

    def is_said(self, node: ast.expr, scope: ast.AST, seen: frozenset[str]) -> bool:
        """Whether nothing in an expression is words of the code's own."""
        match node:
            case ast.Constant(value=str() as words):
                return not any(mark.isalpha() for mark in words)
            case ast.BinOp(left=left, op=ast.Mod()):
                return self.is_said(left, scope, seen)
            case ast.Call():
                return self._is_said_by_call(node, scope, seen)
            case ast.Name(id=name):
                return name in seen or self._is_said_by_name(name, scope, seen | {name})
            case ast.JoinedStr() | ast.FormattedValue() | ast.BinOp() | ast.BoolOp() | ast.IfExp():
                parts = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
                if isinstance(node, ast.IfExp):
                    parts = [node.body, node.orelse]
                return all(self.is_said(part, scope, seen) for part in parts)
        return True

    def _is_said_by_call(self, call: ast.Call, scope: ast.AST, seen: frozenset[str]) -> bool:
        name = last_name(call)
        if name in ASKED:
            return True
        if name == "str":
            return all(self.is_said(each, scope, seen) for each in call.args)
        if isinstance(call.func, ast.Attribute) and name in {"format", "join", "strip", "capitalize"}:
            return all(self.is_said(each, scope, seen) for each in [call.func.value, *call.args])
        made = self.functions.get(name) if isinstance(call.func, ast.Name) else None
        if made is None or name in seen:
            return True
        answers = [each.value for each in own(made) if isinstance(each, ast.Return) and each.value]
        return all(self.is_said(each, made, seen | {name}) for each in answers)

    def _is_said_by_name(self, name: str, scope: ast.AST, seen: frozenset[str]) -> bool:
        for place in (scope, self.tree):
            for node in own(place):
                if isinstance(node, ast.ExceptHandler) and node.name == name:
                    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                    if not {last_name(each) for each in caught if each} <= self.known | SPOKEN:
                        return False
                targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
                value = getattr(node, "value", None) if isinstance(node, ast.Assign | ast.AnnAssign) else None
                named = any(getattr(each, "id", "") == name for each in targets)
                if named and value is not None and not self.is_said(value, place, seen):
                    return False
        return True


def own(scope: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function, but not in the functions inside it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


HEAD = """
class NotNow(Refusal):
    pass
class NotEver(rooms.NotNow):
    def __init__(self, why, left=0):
        super().__init__(why)
"""


@pytest.mark.parametrize(
    "words",
    [
        'raise NotNow("It has begun.")',
        'raise actions.NotEver("It has begun.", left=3)',
        'raise NotNow(f"{name} has begun.")',
        "raise NotNow(f\"{_('It has begun')}, {name} says\")",
        'raise NotNow(_("It has begun.") + " Wait.")',
        'raise NotNow("It has begun, %(name)s." % {"name": name})',
        'raise NotNow("It has begun, {}.".format(name))',
        'raise NotNow(" ".join(["It", "has", "begun"])) if False else NotNow("It has " + begun)',
        'why = "It has begun."\n    raise NotNow(why)',
        'why = _("Wait.") if later else "It has begun."\n    raise NotNow(why)',
        'raise NotNow(later and "It has begun.")',
        'refusal = NotNow("It has begun.")\n    return refusal',
        "try:\n        go()\n    except ValueError as problem:\n        raise NotNow(str(problem)) from None",
        "try:\n        go()\n    except (Refusal, OSError) as problem:\n        raise NotNow(problem) from None",
        "raise NotNow(WHY)",
        "raise NotNow(why(3))",
    ],
)
def test_words_of_the_codes_own_are_seen(words):
    why = 'WHY = "It has begun."\ndef why(n):\n    return f"It began {n} hours ago."'
    told = f"{HEAD}{why}\ndef go():\n    {words}\n"
    tree = parsed(told)
    assert Reader(tree, refusals([tree])).unsaid(), words


@pytest.mark.parametrize(
    "words",
    [
        'raise NotNow(_("It has begun."))',
        'raise NotNow(_("It has begun, %(name)s.") % {"name": "Ada"})',
        'raise NotNow(ngettext("%(n)d place is left.", "%(n)d places are left.", n) % {"n": n})',
        'raise NotNow(phrase("%(file)s is empty.", file=name))',
        "raise NotNow(f\"{_('It has begun.')} {_('Wait.')}\")",
        'why = _("It has begun.")\n    raise NotNow(why)',
        'raise NotNow(_("Wait.") if later else _("It has begun."))',
        "try:\n        go()\n    except (NotEver, ValidationError) as no:\n        raise NotNow(str(no)) from None",
        "raise NotNow(why(3))",
        'raise KeyError("It has begun.")',
        "raise NotNow",
    ],
)
def test_what_comes_out_of_the_catalogs_is_let_by(words):
    told = f'{HEAD}def why(n):\n    return _("It began %(n)d hours ago.") % {{"n": n}}\ndef go(name):\n    {words}\n'
    tree = parsed(told)
    assert not Reader(tree, refusals([tree])).unsaid(), words


def test_a_kind_of_refusal_that_brings_its_own_words_is_seen():
    tree = parsed('class Full(Refusal):\n    def __init__(self):\n        super().__init__("It is full.")')
    assert Reader(tree, refusals([tree])).unsaid() == [3]


def test_every_refusal_speaks_the_readers_language():
    files = dict(trees())
    known = refusals(list(files.values()))
    assert len(known) > 80, "the premise: kinds of refusals are found"
    unsaid = {name: lines for name, tree in files.items() if (lines := Reader(tree, known).unsaid())}
    assert unsaid == {}


def test_a_phrase_is_in_the_language_of_whoever_reads_it():
    refusal = Refusal(phrase("%(file)s is empty: export it again.", file="calls.csv"))
    assert str(refusal) == "calls.csv is empty: export it again."
    with translation.override("es"):
        assert str(refusal) == "calls.csv está vacío: expórtelo de nuevo."


def test_a_phrase_inside_a_phrase_is_read_with_it():
    inner = Refusal(phrase("%(file)s is empty: export it again.", file="a.csv"))
    assert str(phrase("%(file)s: %(error)s", file="b.csv", error=inner)).startswith("b.csv: a.csv is empty")


def test_every_kind_of_no_route_has_its_words():
    kinds = set(routing.NoRoute.__subclasses__())
    assert kinds == {*words.WHY_NO_ROUTE, routing.StartTooFar}
    assert words.no_route(routing.StartTooFar(312.7), "kilometers").startswith(
        "The nearest street on the map is 310 m"
    )
    assert all(words.no_route(kind(), "miles").endswith(".") for kind in words.WHY_NO_ROUTE)
