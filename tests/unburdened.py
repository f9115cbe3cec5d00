"""What no test is about costs nothing: files of other tiers, garbage, pieces of the stack, waiting for the disk, and
listing what is served.
"""

from __future__ import annotations

import atexit
import gc
import os
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.expression import Expression
from _pytest.runner import runtestprotocol
from whitenoise.base import WhiteNoise

from alongside.core.stack import roomy

# Before the collector looks at them. Python's own is 700, and looks many times in each test.
NEW_OBJECTS = 50_000
TIERS = {"browser", "heavy", "postgres", "database"}


def pytest_collection() -> None:
    """What is loaded now is there to stay."""
    gc.disable()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """A tier does not load a file in which no test could have its marks."""
    if collection_path.suffix != ".py" or not config.option.markexpr:
        return None
    asked = Expression.compile(config.option.markexpr)
    spoken_of = TIERS & set(re.findall(r"\bmark\.(\w+)", collection_path.read_text()))
    worn = (set(some) for many in range(len(spoken_of) + 1) for some in combinations(spoken_of, many))
    return None if any(asked.evaluate(lambda mark, worn=each: mark in worn) for each in worn) else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: no worker waits at the end for one that the other has just begun."""
    items.sort(key=minutes, reverse=True)


def minutes(item: pytest.Item) -> float:
    """As its mark says, `heavy(minutes=3)`."""
    return max((mark.kwargs.get("minutes", 0) for mark in item.iter_markers("heavy")), default=0)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector goes through the new alone."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS)
    gc.enable()
    atexit.register(
        gc.unfreeze
    )  # later than pytest's last look at what is left over: it goes through all there is


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """As pytest goes about it, with room on the stack: else one test in six parts of its time asks for memory."""
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    roomy(runtestprotocol)(item, nextitem=nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.fixture(scope="session", autouse=True)
def nobody_waits_for_the_disk() -> Iterator[None]:
    """No test cuts the power. Whoever asks whether the disk is waited for looks on at `os.fsync`, as before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def served_files_are_listed_once() -> Iterator[None]:
    """A server lists them when it starts, and each client of a test is one that starts."""
    listed: dict[tuple[str, str], dict[str, Any]] = {}
    at_first = WhiteNoise.update_files_dictionary

    def again(served: WhiteNoise, root: str, prefix: str) -> None:
        if (root, prefix) not in listed:
            before, served.files = served.files, {}
            at_first(served, root, prefix)
            listed[root, prefix], served.files = served.files, before
        served.files.update(listed[root, prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoise, "update_files_dictionary", again)
        yield
