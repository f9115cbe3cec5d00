"""A city's incident file, made up: the layout of Chicago's public file, its size, and its faults.

Seeded: the same number of rows gives the same bytes. Nothing in it is real but the layout.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

SEED = 20_261_122
HEADING = (
    "ID,Case Number,Date,Block,IUCR,Primary Type,Description,Location Description,Arrest,Domestic,Beat,District,Ward,"
    "Community Area,X Coordinate,Y Coordinate,Year,Latitude,Longitude,Location"
)
# The box of the made-up city, where Chicago is: so that a state plane's origin lies where it really would.
WEST, EAST, SOUTH, NORTH = -87.85, -87.53, 41.65, 42.02
ORIGIN = "0,0", '36.619446397,-91.686565684,"(36.62, -91.69)"'
KINDS = [
    ("THEFT", 0.22, 0.10),
    ("BATTERY", 0.19, 0.21),
    ("CRIMINAL DAMAGE", 0.11, 0.06),
    ("NARCOTICS", 0.09, 0.99),
    ("ASSAULT", 0.07, 0.18),
    ("OTHER OFFENSE", 0.06, 0.21),
    ("BURGLARY", 0.05, 0.05),
    ("MOTOR VEHICLE THEFT", 0.05, 0.08),
    ("DECEPTIVE PRACTICE", 0.05, 0.05),
    ("ROBBERY", 0.04, 0.08),
    ("CRIMINAL TRESPASS", 0.03, 0.60),
    ("WEAPONS VIOLATION", 0.02, 0.70),
    ("SEX OFFENSE", 0.01, 0.15),
    ("HOMICIDE", 0.01, 0.30),
]
PLACES = [
    "STREET",
    "RESIDENCE",
    "APARTMENT",
    "SIDEWALK",
    "PARKING LOT/GARAGE(NON.RESID.)",
    "SMALL RETAIL STORE",
    "ALLEY",
]
STREETS = ["S AVERS AVE", "N SHERIDAN RD", "N CALIFORNIA AVE", "N LOTUS AVE", "S CALUMET AVE", "W MADISON ST"]
BLOCKS = 600_000
CHUNK = 200_000

# One row in so many has this fault, as in the real file or a little more often.
MASKED_KINDS = frozenset({"SEX OFFENSE", "HOMICIDE"})
FAULTS = {
    "no coordinates": 90,
    "origin": 4_000,
    "repeated": 5_000,
    "second victim": 2_500,
    "date of 1900": 60_000,
    "date of 2100": 90_000,
    "unclosed quote": 400_000,
    "two lines": 150_000,
    "short": 300_000,
    "blank": 250_000,
    "nought": 50_000,
}


def make(path: Path, rows: int) -> None:
    """Write the file, unless it is there already."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADING + "\n")
        for text in chunks(rows):
            file.write(text)
    draft.rename(path)


def chunks(rows: int) -> Iterator[str]:
    rng = np.random.default_rng(SEED)
    dice = random.Random(SEED)
    points = the_blocks(rng)
    start = datetime(2001, 1, 1)  # noqa: DTZ001 - as recorded, on the wall clock
    for first in range(0, rows, CHUNK):
        size = min(CHUNK, rows - first)
        kinds = rng.choice(len(KINDS), size, p=np.array([share for _, share, _ in KINDS]))
        arrests = rng.random(size) < np.array([rate for *_, rate in KINDS])[kinds]
        blocks = (BLOCKS * rng.beta(0.7, 1.6, size)).astype(int)
        minutes = (
            np.sort(rng.integers(0, 24 * 60, size)) + (first + np.arange(size)) * 24 * 365 * 20 * 60 // rows
        )
        lines: list[str] = []
        for at in range(size):
            kind, _, _ = KINDS[kinds[at]]
            when = start + timedelta(minutes=int(minutes[at]))
            lines.append(a_row(1_000_000 + first + at, when, kind, arrests[at], blocks[at], points))
            spoil(lines, dice, kind)
        yield "".join(lines)


def the_blocks(rng: np.random.Generator) -> list[tuple[str, str, str]]:
    """For each block its address, its beat to community area, and everything from X to Location."""
    lat = rng.uniform(SOUTH, NORTH, BLOCKS)
    lon = rng.uniform(WEST, EAST, BLOCKS)
    x = 1_100_000 + (lon - WEST) * 272_000
    y = 1_815_000 + (lat - SOUTH) * 364_000
    blocks = []
    for at in range(BLOCKS):
        row, column = int((lat[at] - SOUTH) / (NORTH - SOUTH) * 25), int((lon[at] - WEST) / (EAST - WEST) * 4)
        beat = f"{row + 1:02d}{column + 11}"
        address = f"{at % 130:03d}XX {STREETS[at % len(STREETS)]}"
        areas = f"{beat},0{beat[:2]},{at % 50 + 1},{at % 77 + 1}"
        where = f'{lat[at]:.9f},{lon[at]:.9f},"({lat[at]:.2f}, {lon[at]:.2f})"'
        blocks.append((address, areas, f"{x[at]:.0f},{y[at]:.0f}|{where}"))
    return blocks


def a_row(
    number: int, when: datetime, kind: str, arrest: bool, block: int, points: list[tuple[str, str, str]]
) -> str:
    address, areas, where = points[block]
    xy, degrees = where.split("|")
    return (
        f"{number},HX{number:07d},{when:%m/%d/%Y %I:%M:%S %p},{address},0486,{kind},SIMPLE: OTHER,"
        f"{PLACES[number % len(PLACES)]},{'true' if arrest else 'false'},false,{areas},{xy},"
        f"{when.year},{degrees}\n"
    )


def spoil(lines: list[str], dice: random.Random, kind: str) -> None:
    """Now and then, do to the last line what the real file's lines have suffered."""
    row = lines[-1]
    fields = row.rstrip("\n").split(",", 17)
    if (kind in MASKED_KINDS and dice.random() < 0.3) or strikes(dice, "no coordinates"):
        lines[-1] = ",".join([*fields[:14], "", "", *fields[16:17], "", "", ""]) + "\n"
    elif strikes(dice, "origin"):
        lines[-1] = ",".join([*fields[:14], ORIGIN[0], *fields[16:17], ORIGIN[1]]) + "\n"
    elif strikes(dice, "nought"):
        lines[-1] = ",".join([*fields[:14], "0,0", *fields[16:17], "0,0", '"(0, 0)"']) + "\n"
    elif strikes(dice, "repeated"):
        lines.append(row)
    elif strikes(dice, "second victim"):
        lines.append(row.replace("SIMPLE", "AGGRAVATED"))
    elif strikes(dice, "date of 1900"):
        lines[-1] = ",".join([*fields[:2], "01/01/1900 12:00:00 AM", *fields[3:]]) + "\n"
    elif strikes(dice, "date of 2100"):
        lines[-1] = ",".join([*fields[:2], "01/01/2100 12:00:00 AM", *fields[3:]]) + "\n"
    elif strikes(dice, "unclosed quote"):
        lines[-1] = row.replace("SIMPLE:", '"SIMPLE:')
    elif strikes(dice, "two lines"):
        lines[-1] = row.replace("SIMPLE: OTHER", '"SIMPLE:\nOTHER"')
    elif strikes(dice, "short"):
        lines[-1] = ",".join(fields[:12]) + "\n"
    elif strikes(dice, "blank"):
        lines.append("\n")


def strikes(dice: random.Random, fault: str) -> bool:
    return dice.random() * FAULTS[fault] < 1
