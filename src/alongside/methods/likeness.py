"""How alike two short texts are that people said about one city: by their words, and by topic, place and time.

Words are compared by the cosine of their trigrams of letters (Damashek, “Gauging Similarity with n-Grams”, Science 267,
1995), each weighted by how rare it is among what is compared (Spärck Jones, “A statistical interpretation of term
specificity”, Journal of Documentation 28, 1972). Trigrams forgive a plural, a typo and another ending, in any language
that is written in letters, and need no list of words. The same topic, the same place and nearness in time add a little,
and are never enough by themselves. It suggests; a person decides.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# What each counts for. Together they are 1.
WORDS, PLACE, TOPIC, TIME = 0.7, 0.15, 0.1, 0.05
FADES_IN = 30.0  # days in which nearness in time falls to 1/e
FEWEST_WORDS = 0.15  # without so much likeness of words nothing is suggested, whatever else is the same


class Told(NamedTuple):
    """What is compared. `topic`, `place`: compared only for being the same; empty is the same as nothing. `day`: any
    count of days."""

    words: str
    topic: str = ""
    place: str = ""
    day: int = 0


@dataclass(frozen=True)
class Match:
    """One that is alike: its place in what was given, how much (0 to 1), and what speaks for it."""

    index: int
    score: float
    words: float
    same_topic: bool
    same_place: bool
    days: int


def alike(asked: Told, others: Sequence[Told], *, at_least: float = 0.4, most: int = 5) -> list[Match]:
    """Those of `others` that are alike, the most alike first; of two that are equally so, the earlier given.

    Grows as the letters in all of them together.
    """
    grams = [_trigrams(each.words) for each in (asked, *others)]
    rare = _rarity(grams)
    mine = _weighted(grams[0], rare)
    found = []
    for index, (other, theirs) in enumerate(zip(others, grams[1:], strict=True)):
        match = _compared(asked, other, index, _cosine(mine, _weighted(theirs, rare)))
        if match.words >= FEWEST_WORDS and match.score >= at_least:
            found.append(match)
    return sorted(found, key=lambda match: (-match.score, match.index))[:most]


def _compared(asked: Told, other: Told, index: int, words: float) -> Match:
    same_topic = bool(asked.topic) and asked.topic == other.topic
    same_place = bool(asked.place) and asked.place == other.place
    days = abs(asked.day - other.day)
    score = WORDS * words + TOPIC * same_topic + PLACE * same_place + TIME * math.exp(-days / FADES_IN)
    return Match(index, score, words, same_topic, same_place, days)


def _trigrams(text: str) -> Counter[str]:
    return Counter(gram for word in _words(text) for gram in _grams(f" {word} "))


def _words(text: str) -> Iterator[str]:
    """Letters and digits, without case and accents: “Parqueó” is “parqueo”."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    spaced = "".join(c if c.isalnum() else " " for c in plain)
    return iter(spaced.split())


def _grams(word: str) -> Iterator[str]:
    return (word[at : at + 3] for at in range(len(word) - 2))


def _rarity(grams: Sequence[Counter[str]]) -> dict[str, float]:
    """ln(1 + n / in how many it stands): what stands everywhere says little."""
    n = len(grams)
    seen = Counter(gram for each in grams for gram in each)
    return {gram: math.log1p(n / count) for gram, count in seen.items()}


def _weighted(grams: Counter[str], rare: Mapping[str, float]) -> dict[str, float]:
    return {gram: (1.0 + math.log(count)) * rare[gram] for gram, count in grams.items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    together = math.fsum(weight * many[gram] for gram, weight in few.items() if gram in many)
    if not together:
        return 0.0
    lengths = math.fsum(w * w for w in one.values()) * math.fsum(w * w for w in other.values())
    return min(1.0, together / math.sqrt(lengths))
