"""What kind of gathering a title speaks of. A guess, shown before anything is kept, and easy to correct."""

from __future__ import annotations

import re

from alongside.gatherings.models import Kind

# The first that fits counts: a youth walk for peace is a walk, a meeting of young explorers is for the young.
WORDS = {
    Kind.NIGHT_OUT: r"national night out|\bn\.?n\.?o\b|noche nacional",
    Kind.WALK: (
        r"\b(peace|unity|prayer|community|neighborhood|solidarity)\b[\w &,/-]{0,24}\b(walk|march)(es|s|ing)?\b"
        r"|\b(walk|march)(es|s|ing)?\b[\w &,/-]{0,16}\b(for|of) (peace|unity|a better)\b"
        r"|\bfaith (and|in|&) action (walk|march)|\bchief.?s walk|\bwalk with (a cop|us|the chief)|caminata por la paz"
    ),
    Kind.COFFEE: r"\bcoffee\b|\bcaf[eé] con\b",
    Kind.YOUTH: (
        r"\byouths?\b|\bteens?\b|\bkids\b|\bexplorers?\b|\blaw explor"
        r"|\byoung (people|men|women|adults)\b|\bj[oó]venes\b"
    ),
    Kind.LISTENING: (
        r"\bbeats?\b[\w\s,&/:-]{0,40}\bmeeting|\bbeats?[\s:]+\d{3,4}\b|\bcommunity (beat |safety )?meeting"
        r"|\bcaps\b.*\bmeeting|\bmeeting\b.*\bcaps\b|\bsector\b.*\bmeeting|\btown ?hall\b|\blistening\b"
        r"|\bcommunity (conversation|dialogue)|\bconversations?\b"
    ),
    Kind.FORUM: r"\b(community|safety|public|policing) forum",
}
PATTERNS = {kind: re.compile(words, re.I) for kind, words in WORDS.items()}


def guess(title: str) -> Kind:
    """The kind that the words of a title speak of; Kind.OTHER where they speak of none we know."""
    return next((kind for kind, words in PATTERNS.items() if words.search(title)), Kind.OTHER)


def known(text: str) -> Kind | None:
    """A kind said outright, by its name or the word we keep."""
    plain = text.strip().casefold()
    return next((kind for kind in Kind if plain in {kind.value, str(kind.label).casefold()}), None)
