"""Short words say what they are about, and the agency's own words are decided once for each language.

An English participle or adjective has one form; Spanish has four, and so have others: “Held” of a walk is another
word than “Held” of a forum. So a short phrase without its noun has a context, and one that stands in several rooms
is in the list of those that mean the same everywhere. What we call a walk, a scribe, a promise stands in `words.toml`
beside the catalogue.
"""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from alongside.core import catalogs
from tests.language.reading import SPANISH


def listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


IRREGULAR = listed(
    "been begun bent bought broken brought built caught chosen come came done drawn felt found given gone held hidden "
    "kept known laid led left lent lost made meant met paid put read said seen sent set shown sold spoken stolen "
    "taken taught thought told understood went withheld worn written"
)
AGREEING = listed(
    "active ahead all any behind big both clear closed coming dead early earlier empty few first free full going last "
    "late lately later least less likely low high lower higher mine missing more most mostly new next none off old "
    "once open other over past previous private public quiet reading ready running safe several small some twice "
    "waiting whole"
)
PRONOUNS = listed("it them those these")
FUNCTION = listed(
    "again also apart as aside at away back beforehand by down elsewhere far for from in not of on one out round so "
    "still there to until up was yet"
)
# Said as answers, and of nothing: they agree with nobody.
ANSWERS = frozenset({"At least", "At most", "Look back", "Not known", "Not said", "Understood", "not known"})
LONGEST = 2
LIBRARIES = {folder.name for folder in catalogs.BORROWED}


def is_participle(word: str) -> bool:
    return word in IRREGULAR or (
        word.endswith("ed") and len(word) > 4 and word not in {"need", "feed", "speed", "seed"}
    )


def words_of(phrase: str) -> list[str]:
    return re.sub(r"[^\w\s’-]", "", phrase).lower().split()


def needs_a_context(phrase: str) -> bool:
    """Whether a short phrase speaks of something that it does not name."""
    words = words_of(phrase)
    if not 1 <= len(words) <= LONGEST or catalogs.HOLE.search(phrase) or phrase in ANSWERS:
        return False
    if len(words) == 2 and words[1] in PRONOUNS:
        return True
    speaks = [word for word in words if is_participle(word) or word in AGREEING]
    return bool(speaks) and all(word in FUNCTION or word in speaks for word in words)


@dataclass(frozen=True)
class Decided:
    """What one language calls a thing of ours: `spanish` is a pattern, as `english` is, and so is `never`."""

    english: str
    here: str
    never: str = ""
    elsewhere: tuple[str, ...] = field(default=())

    def speaks_of(self, phrase: str) -> bool:
        bare = catalogs.HOLE.sub(" ", phrase)
        said = re.search(rf"(?<![\w-])(?:{self.english})(?![\w-])", bare, re.I)
        return said is not None and not any(each in phrase for each in self.elsewhere)

    def is_kept_by(self, words: str) -> bool:
        never = self.never and re.search(self.never, words, re.I)
        return re.search(self.here, words, re.I) is not None and not never


@cache
def decided(path: Path) -> tuple[dict[str, Decided], frozenset[str], str]:
    """Terms, what is the same in every room, and how “by a day” is said."""
    kept = tomllib.loads(path.with_name("words.toml").read_text())
    terms = {
        name: Decided(**{key: tuple(said) if isinstance(said, list) else said for key, said in each.items()})
        for name, each in kept["terms"].items()
    }
    return terms, frozenset(kept["same_everywhere"]), kept["by_a_day"]


def messages():
    return catalogs.phrases(catalogs.read(SPANISH))


def rooms_of(message) -> set[str]:
    """A library whose template we draw in its words is no room that means something else by them."""
    return {place.split("/")[0] for place, _line in message.locations} - LIBRARIES


def test_a_short_word_says_what_it_is_about():
    found = {
        phrase: sorted(place for place, _line in message.locations)
        for message in messages()
        for phrase in catalogs.forms(message.id)
        if not message.context and isinstance(message.id, str) and needs_a_context(phrase)
    }
    assert found == {}, "give it a context: pgettext, or {% translate … context … %}"


def test_a_short_word_of_several_rooms_is_decided():
    _terms, same, _by = decided(SPANISH)
    found = {
        message.id
        for message in messages()
        if isinstance(message.id, str)
        and not message.context
        and not catalogs.HOLE.search(message.id)
        and len(words_of(message.id)) <= LONGEST
        and len(rooms_of(message)) > 1
    }
    assert found - same == set(), (
        "does it mean the same in each room? Then say so in words.toml; else a context"
    )
    assert same - found == set(), "stands in one room now, or in none"


def test_what_is_ours_is_called_by_the_word_decided():
    terms, _same, _by = decided(SPANISH)
    found = [
        (name, english, here)
        for message in messages()
        for english, here in zip(catalogs.forms(message.id), catalogs.forms(message.string), strict=True)
        for name, term in terms.items()
        if term.speaks_of(english) and not term.is_kept_by(here)
    ]
    assert found == [], "words.toml says what this is called"


def test_every_term_is_spoken_of():
    terms, _same, _by = decided(SPANISH)
    english = [phrase for message in messages() for phrase in catalogs.forms(message.id)]
    assert [name for name, term in terms.items() if not any(map(term.speaks_of, english))] == []


BY_A_DAY = re.compile(
    r"\bby %\((\w*(day|due|until|date|end|ends|closes|moment|when))\)s|promised .*\bby then\b|\w+ by$", re.I
)
OF_PEOPLE = {"Given by", "Walked beforehand by", "How many of them just came by", "Of them, just came by"}


def test_a_promised_day_is_still_in_time():
    """“By Nov 21” may be done on the 21st: “before the 21st” makes a promise read a day earlier."""
    _terms, _same, by = decided(SPANISH)
    pairs = [
        (english, here)
        for message in messages()
        for english, here in zip(catalogs.forms(message.id), catalogs.forms(message.string), strict=True)
    ]
    promised = [
        (english, here)
        for english, here in pairs
        if BY_A_DAY.search(english) and english not in OF_PEOPLE and "came by" not in english
    ]
    assert len(promised) > 10, "the premise"
    assert [pair for pair in promised if not re.search(by, pair[1])] == []
    earlier = [
        pair for pair in pairs if re.search(r"\bantes del? %\(", pair[1]) and "before" not in pair[0].lower()
    ]
    assert earlier == []


@pytest.mark.parametrize(
    "phrase", ["Held", "Not coming", "Taken back", "Keep it", "Moved: ", "All", "Set aside", "left out"]
)
def test_a_word_without_its_noun_is_seen(phrase):
    assert needs_a_context(phrase)


@pytest.mark.parametrize(
    "phrase", ["Public page", "Saved by %(name)s", "Training", "Head count", "Yes", "Late promises"]
)
def test_a_word_with_its_noun_is_none(phrase):
    assert not needs_a_context(phrase)
