"""The operating rules: a text to begin with, the version in force, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency
from alongside.core import languages
from alongside.core.authored import Text, Words
from alongside.gatherings.models import PARTS, OperatingRules

# Offered to an agency that has set none. Plain, cautious, and meant to be changed: each agency has its own policy.
TO_BEGIN_WITH: Mapping[str, Promise] = {
    "body_cameras": _(
        "Cameras follow our policy and are not used to record the talk. If one must be switched on, the officer "
        "says so aloud, and the recap says that it happened."
    ),
    "crime_or_tip": _(
        "Nobody on the walk takes reports or tips. We give the number to call, or ask an officer who is not on "
        "the walk to come. In an emergency we call 911. It is never written in the walk’s notes."
    ),
    "threat": _(
        "The host stops the walk and leads people to the turn-back point, or indoors. Officers protect people "
        "first. Somebody stays until everybody is on the way home."
    ),
    "medical": _(
        "Call 911, give first aid, and let one person wait for the ambulance at the corner. The host knows who "
        "carries the first-aid kit."
    ),
    "heat": _(
        "Carry water and rest in the shade. With a warning from the National Weather Service, or with thunder, "
        "we go indoors, go home, or do not start."
    ),
    "minors": _(
        "We do not question children, and write nothing down about them. A child without an adult is walked "
        "back to one. No picture of a child without a parent’s written word."
    ),
    "press": _(
        "Reporters are welcome and say who they are. Nobody is filmed or quoted without being asked first. "
        "Questions go to the host."
    ),
}


def in_force(agency: Agency) -> OperatingRules:
    """The latest version; where nobody has set one yet, the text to begin with, not saved, as version 0."""
    in_force = OperatingRules.objects.of(agency).in_force()
    return in_force or OperatingRules(agency=agency, version=0, **offered())


def offered() -> dict[str, Words]:
    """The text to begin with, in each language that has it: people go on from there.

    As texts and not as phrases of ours: rules that somebody set stay as they were set.
    """
    return {name: _as_texts(words) for name, words in TO_BEGIN_WITH.items()}


def _as_texts(words: Promise) -> Words:
    said = {code: Text(text) for code, text in languages.in_each(words).items()}
    return Words(languages.current() if languages.current() in said else next(iter(said)), said)


@dataclass(frozen=True)
class Change:
    """One part that differs between two versions, in one language: its pieces, each kept, taken out or put in."""

    heading: str
    language: str
    pieces: list[tuple[str, str]]


def difference(before: OperatingRules, after: OperatingRules) -> list[Change]:
    """What changed, word by word. Parts that stayed as they were are left out."""
    return [
        Change(heading, code, _pieces(old, new))
        for name, heading, words in after.parts
        for code, old, new in _differing(getattr(before, name), words)
    ]


def are_the_same(before: OperatingRules, words: Mapping[str, Words]) -> bool:
    """Whether these words say what stands there, whoever wrote them."""
    return not any(list(_differing(getattr(before, name), said)) for name, said in words.items())


def _differing(before: Words, after: Words) -> Iterator[tuple[str, str, str]]:
    """Each language in which they differ, with what stood there and what stands there."""
    for code in dict.fromkeys([*after.texts, *before.texts]):
        old, new = before.texts.get(code), after.texts.get(code)
        if old is None or new is None or (old.text, old.how) != (new.text, new.how):
            yield code, old.text if old else "", new.text if new else ""


KEPT, OUT, IN = "kept", "out", "in"


def _pieces(before: str, after: str) -> list[tuple[str, str]]:
    old, new = before.split(), after.split()
    pieces: list[tuple[str, str]] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append((KEPT, " ".join(old[i:j])))
            continue
        pieces += [(OUT, " ".join(old[i:j]))] if j > i else []
        pieces += [(IN, " ".join(new[k:m]))] if m > k else []
    return pieces


def missing_parts(words: Mapping[str, Words]) -> list[str]:
    """The parts without a word: all seven are said, or the rules are none."""
    return [name for name in PARTS if not words.get(name)]


def are_set(agency: Agency) -> bool:
    """Whether the agency has operating rules of its own."""
    return OperatingRules.objects.of(agency).exists()
