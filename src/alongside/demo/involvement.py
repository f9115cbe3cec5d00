"""Two years of incidents, in two files laid out as an agency would publish them, with the faults such files have.

Where and when things happen is drawn from a plain model: everywhere a little, by how many people live along
a street, far more on a few streets; around a handful of places, a great deal. Some of those places are high
in what is investigated and in what is enforced, some in one only, one is cooling and one is new, so that
every page has something true to say.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import shapely

from alongside.demo.districts import District
from alongside.demo.landmarks import MALL, Landmark
from alongside.demo.naming import number_blocks
from alongside.demo.network import ARTERIAL, Network
from alongside.demo.terrain import Frame, which

DAYS = 730
INVESTIGATIONS, ENFORCEMENTS = 44_000, 14_500
MALL_INVESTIGATIONS, MALL_ENFORCEMENTS = 1_150, 240
OWN_NUMBERS = 5_000_000
SAME_INCIDENT = 0.35  # of enforcement that follows from an incident in the other file

HEADER = (
    "incident_number",
    "date_reported",
    "date_occurred",
    "badge_id",
    "offense_classification",
    "offense_code_name",
    "nibrs_code",
    "was_offense_completed",
    "division",
    "beat",
    "location_category",
    "block_address",
    "city",
    "zip_code",
    "latitude",
    "longitude",
    "ObjectId",
)


@dataclass(frozen=True)
class Concentration:
    """A place where much happens: its neighborhood, its share of each layer, its reach, how it changed.

    change: the daily rate at the end of the two years divided by that at the start.
    """

    neighborhood: str
    investigated: float
    enforced: float
    reach: float = 235.0
    change: float = 1.0
    toward: tuple[float, float] = (0.0, 0.0)  # metres from the neighborhood's middle


CONCENTRATIONS = (
    Concentration("Three Oaks", 0.065, 0.085, 250),
    Concentration("Mill Row", 0.110, 0.150, 240, toward=(120, -180)),
    Concentration("Eastbank", 0.055, 0.070, 245, toward=(150, 100)),
    Concentration("Willow Flats", 0.060, 0.075, 235, toward=(330, 120)),
    Concentration("Lantern Heights", 0.050, 0.065, 235, change=3.0),
    Concentration("Ferry Reach", 0.042, 0.055, 220, toward=(-80, 60)),
    Concentration("Tanner's Yard", 0.060, 0.075, 235, change=0.3),
    Concentration("Orchard Terrace", 0.050, 0.062, 235),
    # High in one layer only: broken car windows here, ...
    Concentration("Bluffside", 0.050, 0.002, 260),
    Concentration("Meadowlark", 0.045, 0.001, 240),
    # ... and citations among the bars there.
    Concentration("Cathedral Square", 0.004, 0.085, 225, toward=(200, 0)),
)

# what is reported: words, NIBRS code, how common in general and at the concentrations
# Class, name, code, how common it is everywhere, and how common where much happens.
Charge = tuple[str, str, str, int, int]

REPORTED: tuple[Charge, ...] = (
    ("23 THEFT/LARCENY", "TBUT OR DISP ALL OTHERS $500 < $1,000", "23H", 24, 17),
    ("23 THEFT FROM VEHICLE", "TBUT CONTENTS FROM VEHICLE", "23F", 13, 10),
    ("14 AUTO THEFT", "TBUT OR DISP AUTO $1,000 < $10,000", "240", 11, 10),
    ("24 VANDALISM", "CRIMINAL MISCHIEF - 2ND DEGREE", "290", 12, 12),
    ("04 ASSAULT", "ASSAULT - 4TH DEGREE MINOR INJURY", "13B", 13, 20),
    ("04 AGGRAVATED ASSAULT", "ASSAULT - 2ND DEGREE", "13A", 4, 9),
    ("05 BURGLARY", "BURGLARY - 2ND DEGREE", "220", 8, 9),
    ("03 ROBBERY", "ROBBERY - 1ST DEGREE", "120", 3, 7),
    ("26 FRAUD", "FRAUDULENT USE OF CREDIT CARDS U/$500", "26B", 8, 2),
    ("20 HARASSMENT", "HARASSING COMMUNICATIONS", "90Z", 4, 4),
)
SHOPLIFTING = ("18 SHOPLIFTING", "TBUT OR DISP SHOPLIFTING", "23C")
# what is enforced
ENFORCED: tuple[Charge, ...] = (
    ("ARREST", "POSS CONT SUB - 1ST DEGREE", "35A", 20, 26),
    ("ARREST", "CONTEMPT OF COURT - BENCH WARRANT", "90Z", 16, 19),
    ("ARREST", "ASSAULT - 4TH DEGREE MINOR INJURY", "13B", 12, 14),
    ("CITATION", "OPERATING ON SUSPENDED LICENSE", "90Z", 18, 11),
    ("CITATION", "DISORDERLY CONDUCT - 2ND DEGREE", "90C", 9, 10),
    ("TRAFFIC STOP", "NO INSURANCE", "90Z", 17, 8),
    ("FIELD CONTACT", "STOPPED AND RELEASED", "", 8, 12),
)
PREMISES = (
    "RESIDENCE/HOME",
    "HIGHWAY/ROAD/ALLEY",
    "PARKING/DROP LOT/GARAGE",
    "OTHER RESIDENCE (APARTMENT/CONDO)",
)
# share of a day's incidents by hour, midnight first
HOURS = np.array(
    [
        5,
        4,
        3.4,
        2.4,
        1.6,
        1.4,
        1.8,
        2.6,
        3.4,
        3.7,
        4,
        4.3,
        5,
        4.7,
        4.8,
        5.2,
        5.6,
        5.9,
        6,
        5.9,
        5.6,
        5.4,
        5.5,
        5.3,
    ]
)


@dataclass(frozen=True)
class Events:
    """Things that happened, before anyone typed them in. All (n,) arrays."""

    place: np.ndarray  # which concentration, -1 for anywhere, -2 for the mall
    edge: np.ndarray
    spot: np.ndarray  # which of a block's few geocoded points
    minute: np.ndarray  # minutes since the first midnight
    kind: np.ndarray  # row of REPORTED or ENFORCED
    number: np.ndarray  # incident number


class Streets:
    """What the model needs to know of each block."""

    def __init__(
        self,
        network: Network,
        homes: np.ndarray,
        neighborhoods: list[District],
        beats: list[District],
        rng: np.random.Generator,
    ) -> None:
        self.network = network
        self.middle = network.middle
        self.areas = {area.name: area for area in neighborhoods}
        self.beat = which([beat.shape for beat in beats], self.middle)
        self.beats = beats
        self.hundreds = number_blocks(network)
        self.names = np.array([network.streets[number].name.upper() for number in network.street])
        main = np.array([street.rank == ARTERIAL for street in network.streets])[network.street]
        uneven = rng.lognormal(0, 0.95, len(homes))  # most blocks see little, a few see much
        self.base = _shares(homes**0.8 * uneven * np.where(main, 2.2, 1))
        self.around = [self._around(place, main, rng) for place in CONCENTRATIONS]

    def _around(self, place: Concentration, main: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        shape = self.areas[place.neighborhood].shape
        centre = shapely.get_coordinates(shape.representative_point())[0] * 0.4
        centre = centre + shapely.get_coordinates(shape.centroid)[0] * 0.6 + place.toward
        away = np.hypot(*(self.middle - centre).T)
        shapely.prepare(shape)
        inside = shapely.contains_xy(shape, *self.middle.T)
        near = np.exp(-0.5 * (away / place.reach) ** 2) * np.where(inside, 1, 0.35) * np.where(main, 0.5, 1)
        return _shares(near * self.network.length * rng.lognormal(0, 0.55, len(away)))

    def points(self, edge: np.ndarray, spot: np.ndarray) -> np.ndarray:
        """(n, 2) where the geocoder puts each: one of four points of the block, beside the street."""
        line = self.network.shapes[edge]
        share = np.array([0.3, 0.5, 0.5, 0.7])[spot]
        here = shapely.get_coordinates(shapely.line_interpolate_point(line, share, normalized=True))
        ahead = (
            shapely.get_coordinates(shapely.line_interpolate_point(line, share + 0.05, normalized=True))
            - here
        )
        ahead /= np.linalg.norm(ahead, axis=1)[:, None]
        side = np.array([1, -1, 1, -1])[spot][:, None]
        beside: np.ndarray = here + 9.0 * side * np.column_stack([-ahead[:, 1], ahead[:, 0]])
        return beside


def _shares(weights: np.ndarray) -> np.ndarray:
    shares: np.ndarray = weights / weights.sum()
    return shares


def happen(streets: Streets, until: date, rng: np.random.Generator) -> tuple[Events, Events]:
    """Draw what was investigated and what was enforced."""
    investigated = _draw(streets, until, rng, enforced=False)
    enforced = _draw(streets, until, rng, enforced=True)
    return investigated, _follow(enforced, investigated, rng)


def _draw(streets: Streets, until: date, rng: np.random.Generator, *, enforced: bool) -> Events:
    total = ENFORCEMENTS if enforced else INVESTIGATIONS
    shares = np.array([c.enforced if enforced else c.investigated for c in CONCENTRATIONS])
    mall = MALL_ENFORCEMENTS if enforced else MALL_INVESTIGATIONS
    counts = rng.poisson(np.append(shares, 1 - shares.sum()) * (total - mall))
    place = np.repeat([*range(len(CONCENTRATIONS)), -1, -2], [*counts, mall])
    edge = np.concatenate(
        [
            *(
                rng.choice(len(w), n, p=w)
                for w, n in zip([*streets.around, streets.base], counts, strict=True)
            ),
            np.zeros(mall, dtype=int),
        ]
    )
    minute = np.concatenate([_moments(until, int((place == p).sum()), p, rng) for p in dict.fromkeys(place)])
    order = np.argsort(minute, kind="stable")
    place, edge, minute = place[order], edge[order], minute[order]
    table = ENFORCED if enforced else REPORTED
    kind = _kinds(place, table, rng)
    number = np.arange(len(place)) + (OWN_NUMBERS if enforced else 0)
    return Events(place, edge, rng.integers(0, 4, len(place)), minute, kind, number)


def _moments(until: date, count: int, place: int, rng: np.random.Generator) -> np.ndarray:
    """Minutes, by season, weekday, hour, and how the place changed over the two years."""
    days = np.arange(DAYS)
    first = until - timedelta(days=DAYS - 1)
    season = 1 + 0.17 * np.sin(2 * np.pi * ((first.timetuple().tm_yday + days) - 105) / 365.25)
    week = np.array([0.96, 0.95, 0.96, 0.99, 1.09, 1.1, 0.97])[(first.weekday() + days) % 7]
    change = CONCENTRATIONS[place].change if place >= 0 else 0.95
    trend = np.exp(np.log(change) * days / DAYS)
    day = rng.choice(DAYS, count, p=_shares(season * week * trend))
    hour = rng.choice(24, count, p=_shares(HOURS))
    return day * 1_440 + hour * 60 + rng.integers(0, 60, count)


def _kinds(place: np.ndarray, table: tuple[Charge, ...], rng: np.random.Generator) -> np.ndarray:
    common = _shares(np.array([row[3] for row in table], dtype=float))
    there = _shares(np.array([row[4] for row in table], dtype=float))
    kind = rng.choice(len(table), len(place), p=common)
    hot = place >= 0
    kind[hot] = rng.choice(len(table), hot.sum(), p=there)
    return kind


def _follow(enforced: Events, investigated: Events, rng: np.random.Generator) -> Events:
    """A third of enforcement comes from an incident that is in the other file: same number, same block."""
    edge, spot, minute, number = (
        a.copy() for a in (enforced.edge, enforced.spot, enforced.minute, enforced.number)
    )
    for place in np.unique(enforced.place):
        mine = np.flatnonzero(enforced.place == place)
        theirs = np.flatnonzero(investigated.place == place)
        many = min(int(len(mine) * SAME_INCIDENT), len(theirs))
        here, there = rng.choice(mine, many, replace=False), rng.choice(theirs, many, replace=False)
        edge[here], spot[here] = investigated.edge[there], investigated.spot[there]
        minute[here] = investigated.minute[there]
        number[here] = investigated.number[there]
    return Events(enforced.place, edge, spot, minute, enforced.kind, number)


class Clerk:
    """Types events in, a row at a time, as well and as badly as such files are typed."""

    def __init__(
        self, streets: Streets, mall: Landmark, frame: Frame, until: date, rng: np.random.Generator
    ) -> None:
        self.streets, self.mall, self.frame, self.rng = streets, mall, frame, rng
        self.first = datetime.combine(until - timedelta(days=DAYS - 1), datetime.min.time())
        self.last = datetime.combine(until, datetime.max.time())
        self.hall = frame.degrees(np.array([[40.0, -60.0]]))[0]  # where an unknown address is geocoded to

    def rows(self, events: Events, *, enforced: bool) -> Iterator[list[str]]:
        """Rows in the order they were reported, several for some incidents."""
        order = np.argsort(events.minute, kind="stable")
        points = self.streets.points(events.edge, events.spot)
        points[events.place == -2] = (self.mall.x, self.mall.y)
        degrees = self.frame.degrees(points)
        charges = 1 + self.rng.poisson(0.45 if enforced else 0.09, len(order))
        late = self.rng.exponential(0.05 if enforced else 1.1, len(order))
        faults = _Faults(len(order), self.rng)
        identity = 0
        for event in order:
            for charge in range(int(charges[event])):
                identity += 1
                row = self._row(events, int(event), charge, degrees[event], float(late[event]), enforced)
                row[-1] = str(identity)
                yield faults.spoil(row, int(event), self)
                if faults.twice[event] and not charge:
                    identity += 1
                    yield [*faults.spoil(row, int(event), self)[:-1], str(identity)]

    def _row(
        self, events: Events, event: int, charge: int, degrees: np.ndarray, late: float, enforced: bool
    ) -> list[str]:
        occurred = self.first + timedelta(minutes=int(events.minute[event]))
        reported = min(occurred + timedelta(days=late), self.last)
        words, detail, code = self._words(events, event, charge, enforced)
        edge = int(events.edge[event])
        at_mall = events.place[event] == -2
        beat = self.streets.beats[self._mall_beat if at_mall else int(self.streets.beat[edge])]
        street = str(self.streets.names[edge])
        block = (
            f"{self.mall.address.split(' ')[0]} {self.mall.address.split(' ', 1)[1].upper()}"
            if at_mall
            else f"{self.streets.hundreds[edge]} BLOCK {_short(street)}"
        )
        return [
            _number(int(events.number[event]), occurred),
            _stamp(reported),
            _stamp(occurred),
            f"{2_000 + (edge * 7 + charge) % 700}",
            words,
            detail,
            code,
            "YES" if event % 9 else "NO",
            beat.parent.upper(),
            beat.code,
            "SHOPPING MALL" if at_mall else PREMISES[(edge + event) % len(PREMISES)],
            block,
            "RIVERBEND",
            f"4{2_900 + int(beat.code[0]):04d}",
            f"{degrees[1]:.6f}",
            f"{degrees[0]:.6f}",
            "",
        ]

    @property
    def _mall_beat(self) -> int:
        here = shapely.Point(self.mall.x, self.mall.y)
        return next((n for n, beat in enumerate(self.streets.beats) if beat.shape.contains(here)), 0)

    @staticmethod
    def _words(events: Events, event: int, charge: int, enforced: bool) -> tuple[str, str, str]:
        if events.place[event] == -2 and not enforced and event % 8:
            return SHOPLIFTING
        table = ENFORCED if enforced else REPORTED
        row = table[(int(events.kind[event]) + (charge * 3 if not enforced else 0)) % len(table)]
        if enforced and charge:
            other = ENFORCED[(int(events.kind[event]) + charge) % 3]
            return row[0], other[1], other[2]
        return row[0], row[1], row[2]


def _number(number: int, occurred: datetime) -> str:
    """An incident number; what enforcement began by itself has numbers of its own."""
    own = "E" if number >= OWN_NUMBERS else ""
    return f"RPD{occurred:%y}{100_000 + number % OWN_NUMBERS:06d}{own}"


def _stamp(moment: datetime) -> str:
    hour = moment.hour % 12 or 12
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment:%M:%S} {'AM' if moment.hour < 12 else 'PM'}"


def _short(street: str) -> str:
    """LINDEN AVENUE → LINDEN AVE, as dispatch types it."""
    ends = {
        "AVENUE": "AVE",
        "STREET": "ST",
        "ROAD": "RD",
        "DRIVE": "DR",
        "LANE": "LN",
        "COURT": "CT",
        "PLACE": "PL",
    }
    head, _, tail = street.rpartition(" ")
    return f"{head} {ends.get(tail, tail)}"


class _Faults:
    """What goes wrong with which event. Rates are those of real files, some by kind and place."""

    def __init__(self, size: int, rng: np.random.Generator) -> None:
        self.at_large = rng.random(size) < 0.021
        self.lost = rng.random(size) < 0.024
        self.zero = rng.random(size) < 0.003
        self.astray = rng.random(size) < 0.006
        self.abroad = rng.random(size) < 0.002
        self.undated = rng.random(size) < 0.0015
        self.swapped = rng.random(size) < 0.0006
        self.twice = rng.random(size) < 0.006
        self.null = rng.random(size) < 0.012
        self.turn = rng.uniform(0, 2 * np.pi, size)

    def spoil(self, row: list[str], event: int, clerk: Clerk) -> list[str]:
        row = list(row)
        row[11] = f"{row[11]:<60}"  # padded, as a fixed-width system exports it
        if row[4] == "26 FRAUD" and event % 5 < 2:
            self._unplace(row, clerk, geocoded=event % 10 < 5)
        elif self.at_large[event]:
            self._unplace(row, clerk, geocoded=event % 3 > 0)
        elif self.lost[event] or (row[9].startswith("7") and event % 31 == 0):
            row[14] = row[15] = "NULL" if event % 2 else ""
        elif self.zero[event]:
            row[14], row[15] = "0", "0"
        elif self.swapped[event]:
            row[14], row[15] = row[15], row[14]
        elif self.astray[event]:
            self._shift(row, 0.032, self.turn[event])
        elif self.abroad[event]:
            self._shift(row, 3.0, self.turn[event])
        if self.undated[event]:
            row[1] = row[2] = (
                "1/1/1900 12:00:00 AM",
                "NULL",
                "2/30/2024 8:15:00 AM",
                "1/1/2100 12:00:00 AM",
            )[event % 4]
        if self.null[event]:
            row[6] = row[7] = "NULL"
        return row

    @staticmethod
    def _unplace(row: list[str], clerk: Clerk, *, geocoded: bool) -> None:
        row[8], row[9], row[10] = "RIVERBEND METRO", "", "OTHER / UNKNOWN"
        row[11] = f"{'COMMUNITY AT LARGE':<60}"
        row[14], row[15] = (f"{clerk.hall[1]:.6f}", f"{clerk.hall[0]:.6f}") if geocoded else ("", "")

    @staticmethod
    def _shift(row: list[str], by: float, turn: float) -> None:
        row[14] = f"{float(row[14]) + by * np.sin(turn):.6f}"
        row[15] = f"{float(row[15]) + by * np.cos(turn):.6f}"


def write(rows: Iterator[list[str]], path: Path) -> int:
    """Write one file; how many rows it holds."""
    count = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def mall_of(landmarks: list[Landmark]) -> Landmark:
    """The mall: one address with more incidents than any street, and no neighborhood's doing."""
    return next(place for place in landmarks if place.kind == MALL)
