"""In whose hand something is written now, and in which languages their agency writes.

Said once where a visit or a command begins, as the language of a page is, so that no form and no verb can forget it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from alongside.core import languages


@dataclass(frozen=True)
class Hand:
    """Who writes, by name, and the codes of the languages that a form offers them, the agency's own first."""

    by: str = ""
    languages: tuple[str, ...] = ()


NOBODY = Hand()
_hand: ContextVar[Hand] = ContextVar("hand", default=NOBODY)


@contextmanager
def writing(*, by: str = "", languages: Iterable[str] = ()) -> Iterator[None]:
    """Whatever is written in here is written by this person. Without a name: by nobody we know of."""
    before = _hand.set(Hand(by, tuple(languages)))
    try:
        yield
    finally:
        _hand.reset(before)


def writes(*, by: str, languages: Iterable[str] = ()) -> None:
    """From here to the end of the `writing` around it."""
    _hand.set(Hand(by, tuple(languages)))


def who() -> str:
    """Who writes now, or nobody."""
    return _hand.get().by


def offered() -> tuple[str, ...]:
    """The languages that forms offer boxes for: the agency's, or all that we have."""
    return _hand.get().languages or tuple(languages.codes())
