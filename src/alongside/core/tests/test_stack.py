"""Room on the stack: a loop asks the system for no memory, however deep it stands."""

from __future__ import annotations

import resource
from collections.abc import Callable

from alongside.core.stack import roomy

OFTEN, DEEPEST = 300, 400


def little(number: int, left: int = 8) -> int:
    """Calls below calls, and together more than one step of `below` takes."""
    return little(number, left - 1) if left else number


def loop() -> None:
    for number in range(OFTEN):
        little(number)


def faults(call: Callable[[], object]) -> int:
    """Pages of memory that the system had to find for this thread meanwhile."""
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    call()
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def below(depth: int) -> int:
    """The most that any loop asked for, at so many depths."""
    here = faults(loop)
    return max(here, below(depth - 1)) if depth else here


def test_no_loop_meets_the_edge_of_a_piece_again_and_again() -> None:
    assert roomy(below)(DEEPEST) < OFTEN // 10


def test_whatever_is_called_so_is_what_it_was() -> None:
    assert roomy(little)(7) == 7
    assert roomy(below).__name__ == "below"
    assert roomy(lambda *args, **kwargs: (args, kwargs))(1, b=2) == ((1,), {"b": 2})
