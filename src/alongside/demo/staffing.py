"""Who works for Riverbend Police, who works with them, and where people can meet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely

from alongside.demo import lexicon
from alongside.demo.districts import District
from alongside.demo.landmarks import CENTER, LIBRARY, MALL, PARK, SCHOOL, WORSHIP, Landmark
from alongside.demo.terrain import Frame

RANKS = ("Chief", "Assistant Chief", "Major", "Lieutenant", "Sergeant", "Officer")
# Who has asked for their mail in another language than the agency's.
LANGUAGES = {"miguel@riverbend.example": "es"}


@dataclass(frozen=True)
class Person:
    name: str
    rank: str  # none for civilians
    roles: str  # words divided by spaces
    division: str = ""
    email: str = ""


# Those with an account, whose shoes a visitor can step into. Commanders of divisions come after these.
NAMED = (
    Person("Ruth Calloway", "Chief", "commander administrator", "", "ruth@riverbend.example"),
    Person("Miguel Santos", "Assistant Chief", "commander", "", "miguel@riverbend.example"),
    Person("Ada Okafor", "", "coordinator", "", "ada@riverbend.example"),
    Person("Ines Park", "", "analyst", "", "ines@riverbend.example"),
    Person("Theo Lindqvist", "Sergeant", "information_officer", "", "theo@riverbend.example"),
    Person("Grace Obi", "", "records_officer", "", "grace@riverbend.example"),
    Person("Rosa Delgado", "", "moderator", "", "rosa@riverbend.example"),
)
MAJORS = (
    Person("Walter Dent", "Major", "commander", "First Division", "dent@riverbend.example"),
    Person("Yvonne Hargrove", "Major", "commander", "Second Division"),
    Person("Luis Cabrera", "Major", "commander", "Third Division"),
    Person("Denise Womack", "Major", "commander", "Fourth Division"),
    Person("Patrick Mahoney", "Major", "commander", "Fifth Division"),
    Person("Tamika Rhodes", "Major", "commander", "Sixth Division"),
    Person("Henry Tran", "Major", "commander", "Seventh Division"),
    Person("Carol Benning", "Major", "commander", "Eighth Division"),
)
OFFICER = Person("Sam Whitaker", "Officer", "officer", "First Division", "sam@riverbend.example")


def staff(divisions: list[District], rng: np.random.Generator) -> list[Person]:
    """The chief, the commanders, and the officers who normally work in each division."""
    people = [*NAMED, *MAJORS, OFFICER]
    taken = {person.name for person in people}
    for division in divisions:
        for rank in ("Lieutenant", "Sergeant", "Officer", "Officer", "Officer"):
            people.append(Person(_name(taken, rng), rank, "officer", division.name))
    return people


def _name(taken: set[str], rng: np.random.Generator) -> str:
    while True:
        name = f"{rng.choice(lexicon.FIRST_NAMES)} {rng.choice(lexicon.LAST_NAMES)}"
        if name not in taken:
            taken.add(name)
            return name


@dataclass(frozen=True)
class PartnerRow:
    """An organisation that walks with us, and the neighborhoods it speaks for (divided by semicolons)."""

    name: str
    kind: str
    areas: str
    contact: str
    email: str
    language: str = "en"
    listed: str = "yes"


# Those who speak for all of the city; the center whose neighbors speak Spanish, for some neighborhoods.
CITYWIDE = (
    PartnerRow("Office of the Mayor", "mayor", "", "", "mayor@city.riverbend.example"),
    PartnerRow("Riverbend Public Library", "civic", "", "", "hello@library.riverbend.example"),
    PartnerRow("Riverbend Youth Council", "youth", "", "", "youth@council.riverbend.example"),
    PartnerRow("Centro Comunitario Esperanza", "community_group", "", "", "hola@esperanza.example", "es"),
    PartnerRow("Riverbend Tenants Union", "community_group", "", "", "tenants@union.example"),
    PartnerRow("County Health Street Team", "service_provider", "", "", "team@health.example"),
    PartnerRow("Second Start Reentry Center", "service_provider", "", "", "hello@secondstart.example"),
    PartnerRow("Riverbend Mall Merchants", "business", "", "", "office@riverbendmall.example"),
)
# What a landmark is as a partner: its kind, its mail, and the share of them that joins.
HOUSES = {WORSHIP: ("clergy", "worship", 0.6), SCHOOL: ("school", "schools", 0.25)}
COUNCIL_DISTRICTS = 9
CENTER_SPEAKS_FOR = 6


def partners(
    neighborhoods: list[District], landmarks: list[Landmark], rng: np.random.Generator
) -> list[PartnerRow]:
    """Council offices, the mayor's office, clergy, watch groups, associations, schools and shops."""
    names = [area.name for area in neighborhoods]
    taken: set[str] = set()
    rows = [
        replace(
            row,
            contact=_name(taken, rng),
            areas=";".join(names[:CENTER_SPEAKS_FOR]) if row.language == "es" else "",
        )
        for row in CITYWIDE
    ]
    rows += _council(names, taken, rng)
    for area in neighborhoods:
        rows += _of_neighbors(area, taken, rng)
    for place in landmarks:
        rows += _of_a_house(place, len(rows), taken, rng)
    return rows


def _council(names: list[str], taken: set[str], rng: np.random.Generator) -> list[PartnerRow]:
    return [
        PartnerRow(
            f"Council District {number}",
            "council",
            ";".join(part),
            _name(taken, rng),
            f"district{number}@council.riverbend.example",
        )
        for number, part in enumerate(np.array_split(np.array(names), COUNCIL_DISTRICTS), start=1)
    ]


def _of_neighbors(area: District, taken: set[str], rng: np.random.Generator) -> list[PartnerRow]:
    """Every neighborhood has an association, and some a watch."""

    def group(name: str, kind: str, mailbox: str) -> PartnerRow:
        return PartnerRow(
            f"{area.name} {name}", kind, area.name, _name(taken, rng), f"{mailbox}@neighbors.example"
        )

    association = group("Neighborhood Association", "association", str(area.code))
    watch = [group("Block Watch", "watch", f"watch-{area.code}")] if rng.random() < 0.45 else []
    return [association, *watch]


def _of_a_house(place: Landmark, number: int, taken: set[str], rng: np.random.Generator) -> list[PartnerRow]:
    """Some houses of worship and some schools walk with us."""
    kind, domain, share = HOUSES.get(place.kind, ("", "", 0.0))
    if not kind or rng.random() >= share:
        return []
    language = "es" if "Iglesia" in place.name else "en"
    mailbox = f"office{number}@{domain}.example"
    return [PartnerRow(place.name, kind, place.area, _name(taken, rng), mailbox, language)]


@dataclass(frozen=True)
class VenueRow:
    """One place to meet, as the venue import reads it."""

    name: str
    kind: str
    address: str
    lat: float
    lon: float
    capacity: str
    step_free: str
    indoor: str
    parking: str
    toilets: str
    opening_hours: str
    permission: str
    permission_by: str
    permission_until: str


KINDS = {  # how a landmark is a venue: its kind, smallest and largest room, hours
    LIBRARY: ("library", 40, 120, "Mon–Sat 9 to 8"),
    CENTER: ("community_center", 80, 260, "Mon–Sat 8 to 9"),
    WORSHIP: ("worship", 90, 420, ""),
    SCHOOL: ("school", 120, 600, "After 4 pm on school days"),
    MALL: ("mall", 2_000, 2_001, "Mon–Sat 10 to 8, Sun 12 to 6"),
}


def venues(landmarks: list[Landmark], frame: Frame, until: date, rng: np.random.Generator) -> list[VenueRow]:
    """Rooms with a roof, and meeting points under the sky at the parks' gates."""
    rows = []
    for place in landmarks:
        if place.kind == PARK:
            rows.append(_outdoors(place, frame, rng))
        elif place.kind in KINDS and (place.kind not in (SCHOOL, WORSHIP) or rng.random() < 0.7):
            rows.append(_indoors(place, frame, until, rng))
    return rows


def _outdoors(place: Landmark, frame: Frame, rng: np.random.Generator) -> VenueRow:
    gate = shapely.get_coordinates(place.shape.exterior)[0] if place.shape is not None else (place.x, place.y)
    longitude, latitude = frame.degrees(np.array([gate]))[0]
    large = place.shape is not None and place.shape.area > 60_000
    return VenueRow(
        f"{place.name} gate", "outdoor", place.address, float(latitude), float(longitude), "",
        "yes" if large else str(rng.choice(["yes", "unknown", "unknown", "no"])), "no",
        "yes" if large else "unknown", "yes" if large else "no", "", "not_needed", "", "",
    )  # fmt: skip


def _indoors(place: Landmark, frame: Frame, until: date, rng: np.random.Generator) -> VenueRow:
    kind, low, high, hours = KINDS[place.kind]
    longitude, latitude = frame.degrees(np.array([[place.x, place.y]]))[0]
    permission = (
        str(rng.choice(["given", "given", "given", "asked", "missing"])) if kind != "mall" else "given"
    )
    given = permission == "given"
    public = kind in ("library", "community_center", "mall")
    return VenueRow(
        place.name, kind, place.address, float(latitude), float(longitude),
        str(int(rng.integers(low, high)) // 10 * 10),
        "yes" if public else str(rng.choice(["yes", "yes", "no", "unknown"])), "yes",
        "yes" if public or rng.random() < 0.6 else "no", "yes", hours, permission,
        "Site manager" if given else "", f"{until.replace(year=until.year + 1, day=1):%Y-%m-%d}" if given else "",
    )  # fmt: skip
