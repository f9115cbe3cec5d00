"""Which field of a boundary file holds what: a good guess, for a person to correct."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from alongside.outside import texts
from alongside.outside.readers import Reader
from alongside.places.boundaries import geojson
from alongside.places.boundaries.counts import whole
from alongside.places.boundaries.geojson import BoundaryFile, UnreadableBoundaries
from alongside.places.boundaries.outlines import plain_name
from alongside.places.models import AreaKind

NAMES = (
    "name",
    "label",
    "title",
    "neighborhood",
    "neighbourhood",
    "community",
    "district",
    "division",
    "precinct",
)
OWN_WORDS = {
    AreaKind.NEIGHBORHOOD: ("neighborhood", "neighbourhood", "nhood", "community"),
    AreaKind.DIVISION: ("division", "precinct", "district"),
    AreaKind.BEAT: ("beat", "zone", "sector"),
    AreaKind.DISTRICT: ("district",),
    AreaKind.TRACT: ("tract", "geoid", "geoid20"),
}
PEOPLE = ("population", "residents", "pop", "pop2020", "totalpop", "p0010001", "people")
KEYS = ("geoid", "geoid20", "tract", "key", "code", "id", "fips")


@dataclass(frozen=True)
class Fields:
    """The fields of a file, and which of them most likely holds the name, the residents and the key."""

    names: list[str]
    name: str
    population: str
    key: str


def fields_of(content: texts.Content, *, kind: str) -> Fields:
    """What the fields of a boundary file hold, its projection named or not. Raises UnreadableBoundaries."""
    try:
        file = geojson.read(content)
    except geojson.NeedsProjection:  # a person is asked for it
        file = geojson.read_as_drawn(content)
    return Fields(file.fields, name_field(file, kind), population_field(file), key_field(file))


FIELDS = Reader(fields_of, seconds=40, megabytes=2500, refused=UnreadableBoundaries)


def name_field(file: BoundaryFile, kind: str) -> str:
    """The field that most likely names each area: a known word, filled in everywhere, different everywhere."""
    known = (*OWN_WORDS.get(AreaKind(kind), ()), *NAMES)

    def worth(field: str) -> tuple[float, float, float]:
        names = [plain_name(feature.properties.get(field)) for feature in file.features]
        filled = [name for name in names if name]
        words = sum(bool(re.search(r"[^\W\d]", name)) for name in filled) / max(len(filled), 1)
        return _rank(field, known), len(set(filled)) / max(len(names), 1), words

    return max(file.fields, key=worth) if file.fields else ""


def population_field(file: BoundaryFile) -> str:
    """A field with residents, or nothing."""
    return _best(file.fields, PEOPLE, lambda field: _all_counts(file, field))


def key_field(file: BoundaryFile) -> str:
    return _best(file.fields, KEYS, lambda field: True)


def column(columns: Iterable[str], words: tuple[str, ...]) -> str:
    return _best(columns, words, lambda field: True)


def _rank(field: str, known: tuple[str, ...]) -> float:
    plain = _plain(field)
    return float(len(known) - known.index(plain)) if plain in known else 0.0


def _best(fields: Iterable[str], known: tuple[str, ...], fits: Callable[[str], bool]) -> str:
    ranked = [(-_rank(field, known), field) for field in fields if _rank(field, known) and fits(field)]
    return min(ranked)[1] if ranked else ""


def _all_counts(file: BoundaryFile, field: str) -> bool:
    return any(whole(feature.properties.get(field)) is not None for feature in file.features)


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())
