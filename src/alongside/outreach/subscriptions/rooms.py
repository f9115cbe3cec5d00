"""What the rooms say: which topics there are, what happened to which thing, and whom they tell of it by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from alongside.agencies.models import Agency
from alongside.core.manifest import Topic, follow, manifests, topics
from alongside.outreach.subscriptions.models import Happening, Subscription


@dataclass(frozen=True)
class Item:
    """One thing that happened, in the reader's language: a line that says it, what else to know, and its page."""

    title: str
    lines: tuple[str, ...]
    url: str


def offered(agency: Agency, also: Iterable[str] = ()) -> dict[str, str]:
    """All that may be followed here, by its key, said as readers call it.

    `also`: keys of what has pages of its own, from which it is followed: those of them that there are.
    """
    asked = list(also)
    return {
        f"{topic.kind}:{name}": words
        for topic in topics().values()
        for name, words in (_offers(agency, topic) | _named(agency, topic, asked)).items()
    }


def _offers(agency: Agency, topic: Topic) -> dict[str, str]:
    offers: dict[str, str] = follow(topic.offers)(agency) if topic.offers else {}
    return offers


def _named(agency: Agency, topic: Topic, keys: Iterable[str]) -> dict[str, str]:
    kinds = (key.partition(":") for key in keys)
    ids = [name for kind, _colon, name in kinds if kind == topic.kind]
    named: dict[str, str] = follow(topic.named)(agency, ids) if topic.named and ids else {}
    return named


def said(agency: Agency, rows: Iterable[Subscription]) -> list[str]:
    """What these are about, as readers call it. What is offered no more has no name."""
    asked = [row.topic for row in rows]
    known = offered(agency, asked)
    return [known[topic] for topic in asked if topic in known]


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
