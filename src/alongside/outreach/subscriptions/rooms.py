"""What the rooms say: which topics there are, what happened to which thing, and whom they tell of it by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from alongside.agencies.models import Agency
from alongside.core.manifest import follow, manifests, topics
from alongside.outreach.subscriptions.models import Happening, Subscription


@dataclass(frozen=True)
class Item:
    """One thing that happened, in the reader's language: a line that says it, what else to know, and its page."""

    title: str
    lines: tuple[str, ...]
    url: str


def offered(agency: Agency) -> dict[str, str]:
    """All that may be followed here, by its key, said as readers call it."""
    return {
        f"{topic.kind}:{name}": words
        for topic in topics().values()
        for name, words in follow(topic.offers)(agency).items()
    }


def said(agency: Agency, rows: Iterable[Subscription]) -> list[str]:
    """What these are about, as readers call it. What is offered no more has no name."""
    known = offered(agency)
    return [known[row.topic] for row in rows if row.topic in known]


def items(agency: Agency, happenings: Sequence[Happening]) -> dict[int, Item]:
    """What happened, in words, by the happening's number in the table; without what is true no longer."""
    return {number: item for said in _asked("events", agency, happenings) for number, item in said.items()}


def told_otherwise(agency: Agency, happenings: Sequence[Happening]) -> dict[int, set[str]]:
    """Addresses to which a room writes about it by itself."""
    found: dict[int, set[str]] = {}
    for told in _asked("writes_to", agency, happenings):
        for number, addresses in told.items():
            found[number] = found.get(number, set()) | addresses
    return found


def _asked(what: str, agency: Agency, happenings: Sequence[Happening]) -> Iterable[dict[int, Any]]:
    """Each room's answer about the happenings of each of its events."""
    for room in manifests().values():
        for event, name in getattr(room, what).items():
            mine = [each for each in happenings if each.event == event]
            if mine:
                yield follow(name)(agency, mine)
