"""Tests that can fail: the source changed in one small place at a time, and whether any test sees it.

    bin/bench mutants [--only followthrough/codes.py] [--each 40] [--dry]

Cosmic Ray makes the mutants. Running them is ours: it would start pytest and Django anew for each, seconds every time.
Here tests are collected once; each mutant lives in a fork of that process, in which the code of one function is
another, and meets those of its tests that come by this function. bench/mutants.toml says which modules, which tests
claim to hold them, and which mutants may live. Of each module `--each` are drawn, by a fixed seed.

Not tried: decorators, and what stands in the body of a class, since both have done their work when a fork begins.
Writes bench/results/mutants-DATE.json.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import functools
import inspect
import json
import os
import platform
import random
import resource
import signal
import sys
import threading
import time
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from kept import keep

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "alongside"
SEED = 20_261_129
# A mutant may run round for ever: so many times what its tests took, and so many seconds more.
PATIENCE, GRACE = 5, 10
ASLEEP = 180  # wall seconds, for one that waits for ever
# Decorators have done their work when a fork begins; and a small number is itself.
LEFT_OUT = ("RemoveDecorator", "_Eq_Is", "_NotEq_IsNot")
ELSEWHERE = "not browser and not heavy and not postgres"


def main() -> None:
    options = argparse.ArgumentParser(description="Mutants, and the tests that see them.")
    options.add_argument("--only", default="", help="modules with this in their path")
    options.add_argument("--each", type=int, default=40, help="mutants of one module, at most")
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    table = tomllib.loads((ROOT / "bench" / "mutants.toml").read_text())
    modules = [each for each in read(table) if chosen.only in each.name]
    os.environ["ALONGSIDE_DATA"] = str(ROOT / "build" / "test-data")
    os.environ.pop("DATABASE_URL", None)
    hunt = Hunt(modules, chosen.each)
    files = {str(path): None for module in modules for path in module.test_files}
    quietly = ["-o", "addopts=--import-mode=importlib", "-qq", "-p", "no:cacheprovider"]
    code = pytest.main([*quietly, "-m", ELSEWHERE, *files], plugins=[hunt])
    if code or not hunt.found:
        sys.exit(f"Tests that fail without any mutant: {sorted(hunt.broken)}")
    result = {"modules": hunt.found, "seed": SEED, "each": chosen.each, "seconds": hunt.seconds} | machine()
    if not chosen.dry:
        print("written:", keep("mutants", result))


# -- what may be changed --------------------------------------------------------------------------
@dataclass(frozen=True)
class Module:
    room: str
    file: str
    tests: list[str]
    allowed: list[dict[str, str]]

    @property
    def name(self) -> str:
        return f"{self.room}/{self.file}"

    @property
    def path(self) -> Path:
        return SOURCE / self.room / self.file

    def live(self) -> ModuleType:
        return import_module(f"alongside.{self.room}.{self.file.removesuffix('.py')}".replace("/", "."))

    @property
    def test_files(self) -> list[Path]:
        return [SOURCE / self.room / "tests" / each for each in self.tests]

    def reason(self, mutant: Mutant) -> str:
        """Why this mutant may live; empty where it may not."""
        same = (each["why"] for each in self.allowed if [each["was"], each["is"]] == [mutant.was, mutant.now])
        return next(same, "")


def read(table: dict[str, Any]) -> list[Module]:
    return [
        Module(room, file, tests, [each for each in table.get("lives", []) if each["in"] == f"{room}/{file}"])
        for room, files in table["rooms"].items()
        for file, tests in files.items()
    ]


@dataclass(frozen=True)
class Mutant:
    """One small change of a module; `function` is empty where a constant is another."""

    operator: str
    line: int
    function: str
    was: str
    now: str
    source: str = field(repr=False)

    def said(self, module: Module) -> dict[str, str]:
        return {"place": f"{module.name}:{self.line}", "was": self.was, "is": self.now}


def mutants(module: Module, at_most: int) -> tuple[list[Mutant], int]:
    """Some of a module's mutants in the order of their lines, and how many there are.

    One operator becomes eleven others in turn, which tells little more than two of them would.
    """
    source = module.path.read_text()
    dice = random.Random(f"{SEED} {module.name}")
    by_place: dict[tuple[str, tuple[int, int]], list[Mutant]] = defaultdict(list)
    for mutant, place in every(source):
        by_place[mutant.operator.partition("_")[0], place].append(mutant)
    few = [each for alike in by_place.values() for each in dice.sample(alike, min(2, len(alike)))]
    # Some are no Python: a bare * among the arguments is none to multiply with.
    drawn = [each for each in dice.sample(few, min(at_most, len(few))) if meaning(each.source)]
    return sorted(drawn, key=lambda each: (each.line, each.now)), sum(map(len, by_place.values()))


def every(source: str) -> Iterator[tuple[Mutant, tuple[int, int]]]:
    nodes = list(ast_nodes(get_ast(source)))
    places = places_of(ast.parse(source))
    meant = meaning(source)
    for name in operator_names():
        if get_operator(name).arguments() or name.endswith(LEFT_OUT):
            continue
        operator = get_operator(name)()
        positions = [start for node in nodes for start, _end in operator.mutation_positions(node)]
        for occurrence, start in enumerate(positions):
            changed = mutate_code(source, operator, occurrence)
            if start[0] not in places or changed is None or meaning(changed) == meant:
                continue
            was, now = difference(source, changed)
            yield Mutant(name.rpartition("/")[2], start[0], places[start[0]], was, now, changed), start


def places_of(tree: ast.Module) -> dict[int, str]:
    """The function that each line belongs to, empty for a constant's. Lines of neither are left out."""
    found: dict[int, str] = {}
    for node in tree.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        outer = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for each in inside:
            if isinstance(each, ast.FunctionDef):
                found |= dict.fromkeys(lines(each), outer + each.name)
            elif isinstance(each, ast.Assign | ast.AnnAssign) and not outer:
                found |= dict.fromkeys(lines(each), "")
    return found


def lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def meaning(source: str) -> str:
    """The program without its types, which nobody reads while it runs."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return ""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            node.annotation = ast.Constant("")  # type: ignore[assignment]  # any expression will do: it is never run
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
    return ast.dump(tree)


def difference(source: str, changed: str) -> tuple[str, str]:
    """The first line that is another, before and after."""
    pairs = zip(source.splitlines(), changed.splitlines(), strict=False)
    return next((was.strip(), now.strip()) for was, now in pairs if was != now)


# -- how it is changed ----------------------------------------------------------------------------
def become(module: Module, mutant: Mutant) -> None:
    """From here on this process has the mutant in the place of the code: whoever holds a function holds the new one."""
    live = module.live()
    made: dict[str, Any] = {
        "__name__": live.__name__,
        "__package__": live.__package__,
        "__file__": live.__file__,
    }
    exec(compile(mutant.source, str(module.path), "exec"), made)  # noqa: S102 - to run a changed source is what this is for
    ours = dict(functions(vars(live), str(module.path)))
    for name, function in functions(made, str(module.path)):
        ours[name].__code__ = function.__code__
        ours[name].__defaults__, ours[name].__kwdefaults__ = function.__defaults__, function.__kwdefaults__
    if not mutant.function:
        for name in constants(mutant.source):
            setattr(live, name, made[name])


def functions(names: dict[str, Any], path: str) -> Iterator[tuple[str, FunctionType]]:
    """Every function that a file defines, in classes, too, below whatever it is wrapped in."""
    for value in names.values():
        inside = (
            vars(value).values()
            if isinstance(value, type) and value.__module__ == names["__name__"]
            else [value]
        )
        for each in inside:
            function = bare(each)
            if isinstance(function, FunctionType) and function.__code__.co_filename == path:
                yield function.__qualname__, function


def remembers(live: ModuleType, name: str) -> bool:
    """Whether it answers only whoever asks first: then whoever asks later comes by it, too."""
    value = functools.reduce(inspect.getattr_static, name.split("."), live)
    return isinstance(value, functools.cached_property) or hasattr(value, "cache_info")


def bare(value: Any) -> Any:
    if isinstance(value, staticmethod | classmethod):
        value = value.__func__
    elif isinstance(value, property):
        value = value.fget
    elif isinstance(value, functools.cached_property):
        value = value.func
    return inspect.unwrap(value) if callable(value) else value


def constants(source: str) -> list[str]:
    found = []
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        found += [
            each.id for target in targets if target for each in ast.walk(target) if isinstance(each, ast.Name)
        ]
    return found


# -- how the tests meet them ----------------------------------------------------------------------
class Hunt:
    """A plugin of pytest's: in the place of its loop, each mutant meets its tests in a fork."""

    def __init__(self, modules: list[Module], at_most: int) -> None:
        self.modules, self.at_most = modules, at_most
        self.failed: list[str] = []
        self.broken: list[str] = []
        self.found: dict[str, Any] = {}
        self.seconds = 0
        self.reached: dict[tuple[str, str], list[str]] = {}  # by file and function
        self.spent: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        begun = time.monotonic()
        session.config.pluginmanager.unregister(name="terminalreporter")  # what fails here is no news
        for module in self.modules:
            module.live()
        self.items = {item.nodeid: item for item in session.items}
        seen = in_a_fork(self.without_any, cpu=3600, wall=3600) or {"failed": ["all of them"]}
        self.broken = seen["failed"]
        if not self.broken:
            self.reached = {(path, name): tests for path, name, tests in seen["reached"]}
            self.spent = seen["spent"]
            for module in self.modules:
                self.found[module.name] = self.meet(module)
        self.seconds = round(time.monotonic() - begun)
        return True

    def without_any(self) -> dict[str, Any]:
        """All tests with the code as it is: which functions each comes by, and what it takes."""
        paths = {str(module.path) for module in self.modules}
        reached: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
        spent = {}
        for test, following in pairs(self.items):

            def watch(frame: Any, event: str, _arg: Any, test: str = test) -> None:
                if event == "call" and frame.f_code.co_filename in paths:
                    reached[frame.f_code.co_filename, frame.f_code.co_qualname][test] = None

            begun = time.process_time()
            threading.setprofile(watch)
            sys.setprofile(watch)
            self.run(test, following)
            sys.setprofile(None)
            spent[test] = time.process_time() - begun
        rows = [[path, name, list(tests)] for (path, name), tests in reached.items()]
        return {"failed": self.failed, "reached": rows, "spent": spent}

    def run(self, test: str, following: str | None) -> None:
        item = self.items[test]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=self.items.get(following or ""))

    def meet(self, module: Module) -> dict[str, Any]:
        """All mutants of one module that were drawn."""
        drawn, there_are = mutants(module, self.at_most)
        survived, allowed, slow = [], [], 0
        met: dict[str, int] = defaultdict(int)
        killed: dict[str, int] = defaultdict(int)
        for mutant in drawn:
            tests = self.tests_of(module, mutant)
            failed = self.fate(module, mutant, tests)
            for test in tests:
                met[test] += 1
                killed[test] += test in (failed or [])
            slow += failed is None
            if failed == []:
                why = module.reason(mutant)
                (allowed if why else survived).append(mutant.said(module) | ({"why": why} if why else {}))
                print("allowed" if why else "SURVIVED", mutant.said(module), flush=True)
        dead = len(drawn) - len(survived) - len(allowed)
        print(
            f"{module.name}: {len(drawn)} of {there_are}, killed {dead}, survived {len(survived)}", flush=True
        )
        return {
            "there_are": there_are,
            "tried": len(drawn),
            "killed": dead,
            "of_these_by_time": slow,
            "may_live": allowed,
            "survived": survived,
            "tests_that_killed_none": [
                f"{test} (met {met[test]})" for test in sorted(met) if not killed[test]
            ],
        }

    def tests_of(self, module: Module, mutant: Mutant) -> list[str]:
        """What claims the module and comes by the mutant."""
        anywhere = not mutant.function or remembers(module.live(), mutant.function)
        here: set[str] = set()
        for (path, name), tests in self.reached.items():
            if path == str(module.path) and (anywhere or name == mutant.function):
                here.update(tests)
        files = {str(path) for path in module.test_files}
        return [test for test, item in self.items.items() if test in here and str(item.path) in files]

    def fate(self, module: Module, mutant: Mutant, tests: list[str]) -> list[str] | None:
        """The tests that failed; None where it ran for ever, or took the process with it."""

        def met() -> list[str]:
            become(module, mutant)
            for test, following in pairs(tests):
                self.run(test, following)
            return self.failed

        needs = sum(self.spent[test] for test in tests)
        return in_a_fork(met, cpu=PATIENCE * needs + GRACE, wall=ASLEEP + PATIENCE * needs)


def pairs(tests: Iterable[str]) -> Iterator[tuple[str, str | None]]:
    every_one = list(tests)
    return zip(every_one, [*every_one[1:], None])


def in_a_fork(work: Callable[[], Any], *, cpu: float, wall: float) -> Any:
    """What `work` answers, in a process of its own; None where that ended without an answer."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            resource.setrlimit(resource.RLIMIT_CPU, (int(cpu) + 1, int(cpu) + 2))
            signal.alarm(int(wall) + 1)
            answer = json.dumps(work()).encode()
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(answer)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    for left in (ROOT / "build").glob(f"test-{child}.sqlite3*"):
        with contextlib.suppress(FileNotFoundError):
            left.unlink()
    return json.loads(answer) if answer else None


def machine() -> dict[str, object]:
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("cosmic-ray", "pytest", "django")},
    }


if __name__ == "__main__":
    sys.exit(main())
