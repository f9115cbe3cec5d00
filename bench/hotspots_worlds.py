"""Hot spots on planted worlds: false alarms and power of what was published before and of what is now, side by side.

    bin/bench hotspots_worlds
    bin/bench hotspots_worlds --made-up --dry
    bin/bench hotspots_worlds --quick --dry

Each world deals events over the people of a city, equal risk everywhere but where more was planted, and asks four
ways of looking:

    old    focus areas of Gi* on counts, without residents
    new    neighborhoods with P(relative risk > 1.5) ≥ .95, and in each the part that its scan names (q ≤ .05)
    scan   one scan of the whole city, p ≤ .05
    gi     Gi* on Pearson residuals, cells with q ≤ .05

The city is Louisville where its files are (ALONGSIDE_SHARED_DATA: divisions, 67 neighborhoods, tracts, residents of
2020), else one made up, and the result says which. Counts are negative binomial with variance = dispersion × mean.
SaTScan cannot be had as a package, so no peer is run: the scan is held to a slow twin by its tests instead.
Writes bench/results/hotspots_worlds-DATE.json.
"""

import argparse
import csv
import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import h3.api.basic_int as h3
import numpy as np
import shapely

from alongside.methods.ground import Frame, square_metres
from alongside.methods.spatial import fdr, focus, gistar, relative
from alongside.methods.spatial.cells import (
    Neighbourhoods,
    cells_of,
    centres_of,
    count_on,
    neighbourhoods_from_lists,
    neighbourhoods_of,
    parents_of,
    study_cells,
)
from alongside.methods.spatial.ensemble import Hexagons, Points, looks
from alongside.methods.spatial.scan import Windows, bernoulli_scan, circles_around, scan
from kept import keep, machine

SEED = 20_261_130
SHARED = Path(os.environ.get("ALONGSIDE_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
EVENTS, MONTHS = 60_000, 24
THRESHOLD, LEVEL, ALPHA = 1.5, 0.95, 0.05
PLANTED_NEIGHBORHOODS = 8
ROOMY = 40  # cells a neighborhood has at least, in which a disk of 19 is planted
EDGE_M = 201.0
STEPS = np.arange(1, 13)  # radii of the whole city's scan, in cells


@dataclass(frozen=True, eq=False)
class City:
    """A city as points with people, each in a cell and perhaps a neighborhood, and the cells it is published on.

    x_y, people, cell, neighborhood   of each point: (m, 2), (m,), (m,), (m,) with −1 for none
    cell_x_y, hoods, cell_label       of each cell: (n, 2), its ring, its neighborhood
    coarse                            (n,) a number for the piece of ground a cell without a name is in
    real                              (n,) events that the city really had, where that is known
    """

    name: str
    x_y: np.ndarray
    people: np.ndarray
    cell: np.ndarray
    neighborhood: np.ndarray
    cell_x_y: np.ndarray
    hoods: Neighbourhoods
    cell_label: np.ndarray
    coarse: np.ndarray
    real: np.ndarray | None = None

    @property
    def names(self) -> int:
        return int(self.cell_label.max()) + 1

    @cached_property
    def cell_people(self) -> np.ndarray:
        return self.by_cell(self.people)

    @cached_property
    def unit(self) -> np.ndarray:
        """(n,) neighborhoods first, then the coarse pieces of what has no name."""
        piece = np.unique(self.coarse, return_inverse=True)[1]
        return np.where(self.cell_label >= 0, self.cell_label, self.names + piece)

    @cached_property
    def beside(self) -> np.ndarray:
        pairs = np.sort(self.unit[np.column_stack(self.hoods.edges())], axis=1)
        return np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)

    @property
    def radii(self) -> np.ndarray:
        return np.sqrt(3) * EDGE_M * np.append(0, STEPS + 0.2)

    @cached_property
    def circles(self) -> Windows:
        return circles_around(self.cell_x_y[self.cell_people > 0], self.radii)

    def by_cell(self, amounts: np.ndarray) -> np.ndarray:
        return np.bincount(self.cell, amounts, minlength=len(self.cell_x_y))

    def by_unit(self, cells: np.ndarray) -> np.ndarray:
        return np.bincount(self.unit, cells, minlength=int(self.unit.max()) + 1)

    def disk(self, centre: int, reach: float, within: np.ndarray | None = None) -> np.ndarray:
        """Cells whose centres lie within so many steps of a cell."""
        far = np.hypot(*(self.cell_x_y - self.cell_x_y[centre]).T) / (np.sqrt(3) * EDGE_M)
        near = far <= reach + 0.2
        return np.flatnonzero(near if within is None else near & within)


def louisville() -> City:
    folder = SHARED / "louisville"
    study = shapely.union_all(outlines(folder / "lmpd_divisions.geojson", "DISTRICT")[0])
    cells = study_cells(study, 9)
    fine = np.array([c for cell in cells.tolist() for c in h3.cell_to_children(cell, 10)], np.uint64)
    at = centres_of(fine)
    frame = Frame.of(study)
    tracts, codes = outlines(folder / "tracts_2020.geojson", "tract")
    with (folder / "tract_population_2020.csv").open() as file:
        residents = {row["tract"]: float(row["population"]) for row in csv.DictReader(file)}
    tract = inside(at, tracts)
    size = np.array([square_metres(each) for each in tracts])
    here = (
        np.array([residents.get(str(code), 0.0) for code in codes]) / size * square_metres(study) / len(fine)
    )
    neighborhoods, _ = outlines(folder / "neighborhoods_67.geojson", "name")
    with (folder / "lmpd_incident_counts_by_block.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["latitude"]]
    blocks = cells_of(*(np.array([float(row[key]) for row in rows]) for key in ("latitude", "longitude")), 9)
    centres = centres_of(cells)
    return City(
        name="Louisville", x_y=frame.xy(*at.T), people=np.where(tract >= 0, here[tract], 0.0),
        cell=np.searchsorted(cells, parents_of(fine, 9)), neighborhood=inside(at, neighborhoods),
        cell_x_y=frame.xy(*centres.T), hoods=neighbourhoods_of(cells),
        cell_label=inside(centres, neighborhoods), coarse=parents_of(cells, 7).astype(np.int64),
        real=count_on(cells, blocks, np.array([int(row["incidents"]) for row in rows])).counts,
    )  # fmt: skip


def outlines(path: Path, name: str) -> tuple[list[shapely.Geometry], list[str]]:
    features = json.loads(path.read_text())["features"]
    shapes = [shapely.make_valid(shapely.geometry.shape(each["geometry"])) for each in features]
    return shapes, [each["properties"][name] for each in features]


def inside(lat_lon: np.ndarray, shapes: list[shapely.Geometry]) -> np.ndarray:
    """(m,) which shape each place lies in, −1 for none."""
    label = np.full(len(lat_lon), -1)
    which, where = shapely.STRtree(shapely.points(lat_lon[:, ::-1])).query(shapes, predicate="covers")
    label[where] = which
    return label


def made_up(side: int = 100, names: int = 67, seed: int = SEED) -> City:
    """side × side cells with seven points each, people on hills, names around scattered middles for two thirds."""
    rng = np.random.default_rng(seed)
    row, column = np.divmod(np.arange(side * side), side)
    lattice = Hexagons(EDGE_M)
    steps = np.column_stack((column - row // 2, row))
    cell_x_y = lattice.centres(steps)
    middles = cell_x_y[rng.permutation(side * side)[: 3 * names // 2]]
    far = np.hypot(*(cell_x_y[:, None] - middles).T).T
    label = np.where(far.argmin(axis=1) < names, far.argmin(axis=1), -1)
    beside = [np.flatnonzero(np.hypot(*(cell_x_y - each).T) < 2 * EDGE_M).tolist() for each in cell_x_y]
    around = np.concatenate([[0], np.arange(6) * np.pi / 3])
    offsets = np.column_stack((np.cos(around), np.sin(around))) * np.where(
        around[:, None] == 0, 0, EDGE_M / 2
    )
    cell = np.repeat(np.arange(side * side), 7)
    hills = cell_x_y[rng.integers(side * side, size=8)]
    hilly = np.exp(-((np.hypot(*(cell_x_y[:, None] - hills).T) / (side * EDGE_M / 5)) ** 2)).sum(axis=0)
    dense = 200 * (0.05 + hilly) * rng.gamma(4, 1 / 4, side * side)
    return City(
        name="made up", x_y=(cell_x_y[:, None] + offsets).reshape(-1, 2), people=np.repeat(dense / 7, 7),
        cell=cell, neighborhood=np.repeat(label, 7), cell_x_y=cell_x_y,
        hoods=neighbourhoods_from_lists(beside), cell_label=label, coarse=(row // 8) * side + column // 8,
    )  # fmt: skip


# --- Worlds --------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class World:
    """How much risk each cell has, what was planted there, and where a part was."""

    risk: np.ndarray
    neighborhoods: np.ndarray
    disks: tuple[np.ndarray, ...] = ()
    inside: tuple[int, ...] = ()  # the neighborhood of each disk that is to be placed by a scan


def equal(city: City, _: np.random.Generator) -> World:
    return World(np.ones(len(city.cell_x_y)), np.zeros(0, np.int64))


def three_disks(city: City, rng: np.random.Generator) -> World:
    """Three disks of 61 cells with double risk, in the middle of named neighborhoods."""
    roomy = np.flatnonzero((city.cell_label >= 0) & (city.cell_people > np.median(city.cell_people)))
    disks = tuple(city.disk(int(c), 4) for c in rng.choice(roomy, 3, replace=False))
    return World(raised(city, disks, 2.0), np.zeros(0, np.int64), disks)


def whole_neighborhoods(city: City, rng: np.random.Generator) -> World:
    """Eight whole neighborhoods of 2.5×, among those that expect 100 events or more."""
    chosen = rng.choice(lived_in(city), PLANTED_NEIGHBORHOODS, replace=False)
    return World(np.where(np.isin(city.cell_label, chosen), 2.5, 1.0), chosen)


def disks_inside(city: City, rng: np.random.Generator) -> World:
    """Eight, or as many as have room, of 2.5×; and in each a disk of 19 cells with 2.5× its risk."""
    room = np.bincount(city.cell_label[city.cell_label >= 0], minlength=city.names)
    roomy = [n for n in lived_in(city) if room[n] >= ROOMY and len(possible_disks(city, n))]
    chosen = rng.choice(roomy, min(PLANTED_NEIGHBORHOODS, len(roomy)), replace=False)
    disks = tuple(city.disk(int(rng.choice(possible_disks(city, n))), 2) for n in chosen)
    risk = np.where(np.isin(city.cell_label, chosen), 2.5, 1.0) * raised(city, disks, 2.5)
    return World(risk, chosen, disks, tuple(chosen.tolist()))


def possible_disks(city: City, neighborhood: int) -> np.ndarray:
    """Centres of disks of 19 cells that lie in a neighborhood and hold no more than 40 % of its people."""
    here = city.cell_label == neighborhood
    people = city.cell_people * here
    fit = [
        c
        for c in np.flatnonzero(here)
        if len(disk := city.disk(int(c), 2)) == 19
        and here[disk].all()
        and 0.1 < people[disk].sum() / people.sum() <= 0.4
    ]
    return np.array(fit, np.int64)


def lived_in(city: City) -> np.ndarray:
    """Neighborhoods that expect 100 events or more."""
    share = city.by_unit(city.cell_people)[: city.names] / city.cell_people.sum()
    return np.flatnonzero(share * EVENTS >= 100)


def dealt_anew(city: City, rng: np.random.Generator) -> World:
    """The ratios of the city's real counts to what its people would give, dealt to other cells; a disk of 5×."""
    lived = np.flatnonzero(city.cell_people > 1)
    expected = city.cell_people[lived] / city.cell_people.sum() * city.real.sum()
    risk = np.ones(len(city.cell_x_y))
    risk[lived] = rng.permutation(np.minimum(city.real[lived] / expected, 50))
    roomy = np.flatnonzero((city.cell_label >= 0) & (city.cell_people > np.median(city.cell_people)))
    disks = (city.disk(int(rng.choice(roomy)), 2),)
    return World(risk * raised(city, disks, 5.0), np.zeros(0, np.int64), disks)


def true_risk(city: City, world: World) -> np.ndarray:
    """Each named neighborhood's own risk against the whole's, as the world has it."""
    people, risk = city.by_unit(city.cell_people), city.by_unit(city.cell_people * world.risk)
    return (risk / np.maximum(people, 1e-9) * people.sum() / risk.sum())[: city.names]


def raised(city: City, disks: tuple[np.ndarray, ...], times: float) -> np.ndarray:
    risk = np.ones(len(city.cell_x_y))
    risk[np.unique(np.concatenate(disks))] = times
    return risk


def deal(city: City, world: World, dispersion: float, rng: np.random.Generator) -> np.ndarray:
    """(months, points) events in proportion to people times risk, about EVENTS in all."""
    mean = city.people * world.risk[city.cell]
    mean = mean / mean.sum() * EVENTS / MONTHS
    if dispersion == 1:
        return rng.poisson(mean, (MONTHS, len(mean)))
    drawn = rng.standard_gamma(mean / (dispersion - 1), (MONTHS, len(mean))) * (dispersion - 1)
    return rng.poisson(drawn)


# --- Ways of looking -----------------------------------------------------------------------------


def old(city: City, months: np.ndarray) -> list[np.ndarray]:
    """The cells of each focus area, as they were found before: single sites set apart, then Gi* on counts."""
    places = focus.Locations(city.cell, months.sum(axis=0).astype(np.int64))
    places.events[[site.location for site in focus.single_sites(places, city.hoods)]] = 0
    counts = places.counts(len(city.cell_x_y))
    tested = gistar.local_g_star(counts, city.hoods, rng=np.random.default_rng(SEED))
    q = fdr.q_values(tested.p_permutation, floor=0.0 if tested.way == "counted" else tested.floor)
    layer = focus.Layer("investigation", counts, tested.z, q)
    everywhere = np.zeros(len(counts), np.int64)
    study = focus.StudySet(counts, city.cell_label, everywhere, city.cell_people, MONTHS / 12)
    return [area.cells for area in focus.focus_areas([layer], city.hoods, study, locations=places).areas]


@dataclass(frozen=True)
class Named:
    """What is named now: neighborhoods, and the cells of each one's part where its scan names one."""

    high: np.ndarray
    parts: dict[int, np.ndarray]
    dispersion: float
    expected_wrong: float


def new(city: City, months: np.ndarray, rng: np.random.Generator) -> Named:
    by_month = np.array([city.by_unit(city.by_cell(each)) for each in months]).astype(np.int64)
    varies = relative.dispersion(by_month)
    risk = relative.relative_risk(
        by_month.sum(axis=0), city.by_unit(city.cell_people), city.beside, dispersion=varies, threshold=THRESHOLD
    )  # fmt: skip
    high = np.flatnonzero(risk.p_high[: city.names] >= LEVEL)
    counts = city.by_cell(months.sum(axis=0)).astype(np.int64)
    found = {}
    for number in high.tolist():
        here = np.flatnonzero(city.cell_label == number)
        part = scan(counts[here], city.cell_people[here], city.cell_x_y[here], dispersion=varies, rng=rng)
        if part is not None:
            found[number] = (here[part.cells], part.p)
    q = fdr.q_values(np.array([p for _, p in found.values()]))
    parts = {number: cells for (number, (cells, _)), each in zip(found.items(), q) if each <= ALPHA}
    return Named(high, parts, varies, fdr.share_expected_wrong(risk.p_high[high]))


def whole_scan(city: City, months: np.ndarray, dispersion: float, rng: np.random.Generator) -> np.ndarray:
    """The cells of the one part that a scan of the whole city names; none where p > .05."""
    counts = city.by_cell(months.sum(axis=0)).astype(np.int64)
    part = scan(
        counts, city.cell_people, city.cell_x_y, dispersion=dispersion, rng=rng, deals=199, windows=city.circles
    )  # fmt: skip
    return part.cells if part is not None and part.p <= ALPHA else np.zeros(0, np.int64)


def gi_on_residuals(city: City, months: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Cells that stand out by Gi* on Pearson residuals, by permutation."""
    counts = city.by_cell(months.sum(axis=0))
    residuals = gistar.pearson_residuals(counts, city.cell_people)
    tested = gistar.local_g_star(residuals, city.hoods, rng=rng, way="sampled")
    return np.flatnonzero(fdr.q_values(tested.p_permutation, floor=tested.floor) <= ALPHA)


def ensemble_parts(
    city: City, months: np.ndarray, high: np.ndarray, dispersion: float
) -> tuple[dict[int, np.ndarray], float]:
    """The part of each high neighborhood that most looks agree on, and the seconds that took."""
    begun = time.perf_counter()
    either = months.sum(axis=0).astype(np.int64)
    points = Points(city.x_y, city.people, either[None], either, city.neighborhood)
    seen = looks(points, city.names, edge_m=EDGE_M, dispersion=[dispersion], high=high.tolist())
    parts = {}
    for number in high.tolist():
        here = np.flatnonzero(city.cell_label == number)
        parts[number] = here[seen.part(city.cell_x_y[here], number).cells]
    return parts, time.perf_counter() - begun


def in_common(one: np.ndarray, other: np.ndarray) -> float:
    return len(np.intersect1d(one, other)) / max(len(np.union1d(one, other)), 1)


# --- The bench -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Runs:
    """How often each way of looking is asked, a world: the slower ones less often."""

    new: int
    old: int
    scan: int
    gi: int
    looks: int


def run(
    city: City, make: Callable[[City, np.random.Generator], World], dispersion: float, runs: Runs, seed: int = SEED
) -> dict[str, object]:  # fmt: skip
    """One world, many times."""
    told: dict[str, list[float]] = {}

    def tell(**values: float) -> None:
        for name, value in values.items():
            told.setdefault(name, []).append(float(value))

    for number in range(max(runs.new, runs.old, runs.scan, runs.gi)):
        rng = np.random.default_rng([seed, number])
        world = make(city, rng)
        months = deal(city, world, dispersion, rng)
        raised_cells = np.flatnonzero(np.isin(city.cell_label, world.neighborhoods))
        raised_cells = np.unique(np.concatenate([raised_cells, *world.disks]).astype(np.int64))
        if number < runs.new:
            named = new(city, months, rng)
            truly = true_risk(city, world)
            tell(
                new_named_truly_above=(truly[named.high] > THRESHOLD).sum(),
                truly_above=(truly > THRESHOLD).sum(),
            )
            tell(new_dispersion=named.dispersion, new_names_anything=len(named.high) > 0)
            tell(new_parts=len(named.parts), new_expected_wrong=named.expected_wrong)
            if not len(world.neighborhoods) and not world.disks:
                tell(new_named=len(named.high), new_named_planted=0)
            if len(world.neighborhoods):
                right = len(np.intersect1d(named.high, world.neighborhoods))
                tell(new_found=right / len(world.neighborhoods))
                tell(new_named=len(named.high), new_named_planted=right)
            for disk, at in zip(world.disks, world.inside):
                tell(new_part_placed=in_common(named.parts.get(at, disk[:0]), disk) >= 0.5)
            if len(world.disks) and not world.inside:
                holding = np.unique(city.cell_label[np.concatenate(world.disks)])
                tell(new_named=len(named.high), new_named_planted=np.isin(named.high, holding).sum())
                for disk in world.disks:
                    tell(new_disk_in_a_high_one=np.isin(city.cell_label[disk], named.high).any())
            if world.inside and number < runs.looks:
                parts, seconds = ensemble_parts(city, months, np.array(world.inside), named.dispersion)
                tell(looks_seconds=seconds)
                for disk, at in zip(world.disks, world.inside):
                    tell(looks_part_placed=in_common(parts[at], disk) >= 0.5)
        if number < runs.old:
            areas = old(city, months)
            planted = [np.isin(area, raised_cells).mean() >= 0.5 for area in areas]
            tell(old_names_anything=len(areas) > 0, old_areas=len(areas), old_areas_planted=sum(planted))
            if len(world.neighborhoods):
                ground = np.concatenate([*areas, np.zeros(0, np.int64)])
                for each in world.neighborhoods:
                    tell(old_found=np.isin(city.cell_label[ground], each).any())
            for disk in world.disks:
                tell(old_disk_placed=max((in_common(area, disk) for area in areas), default=0) >= 0.5)
        if number < runs.scan:
            part = whole_scan(city, months, dispersion, rng)
            tell(scan_names_anything=len(part) > 0)
            if len(world.disks):
                tell(scan_a_disk_placed=max(in_common(part, disk) for disk in world.disks) >= 0.5)
        if number < runs.gi:
            cells = gi_on_residuals(city, months, rng)
            tell(gi_cells=len(cells), gi_cells_planted=np.isin(cells, raised_cells).sum())
    return summed(told)


def run_mostly_enforcement(city: City, runs: Runs, seed: int = SEED) -> dict[str, object]:
    """Cases among trials: a fifth of all involvement is enforcement, and two fifths in a disk of 19 cells; or nowhere.

    The involvement is uneven from cell to cell, and follows nobody who lives there: only the share is asked for.
    """
    alarms, placed, seconds = [], [], 0.0
    for number in range(runs.scan):
        rng = np.random.default_rng([seed, 7, number])
        trials = rng.poisson(rng.gamma(0.4, EVENTS / len(city.cell_x_y) / 0.4, len(city.cell_x_y)))
        disk = city.disk(int(rng.integers(len(trials))), 2)
        for planted in (False, True):
            share = np.full(len(trials), 0.2)
            share[disk] = 0.4 if planted else 0.2
            begun = time.perf_counter()
            part = bernoulli_scan(
                rng.binomial(trials, share), trials, city.cell_x_y, rng=rng, deals=199,
                windows=circles_around(city.cell_x_y[trials > 0], city.radii),
            )  # fmt: skip
            seconds += time.perf_counter() - begun
            sure = part is not None and part.p <= ALPHA
            (placed if planted else alarms).append(
                sure and (not planted or in_common(part.cells, disk) >= 0.5)
            )
    return {
        "false_alarms": round(float(np.mean(alarms)), 4),
        "disk_placed": round(float(np.mean(placed)), 4),
        "seconds_a_scan": round(seconds / (2 * runs.scan), 2),
    }


def summed(told: dict[str, list[float]]) -> dict[str, object]:
    """Means over the runs; of what is counted among the named, the share of all that were named."""
    result: dict[str, object] = {name: round(float(np.mean(values)), 4) for name, values in told.items()}
    for of, part in (
        ("new_named", "new_named_planted"),
        ("new_named", "new_named_truly_above"),
        ("old_areas", "old_areas_planted"),
        ("gi_cells", "gi_cells_planted"),
    ):
        if sum(told.get(of, ())) and part in told:
            result[f"{part}_share"] = round(sum(told[part]) / sum(told[of]), 4)
    return result


WORLDS: dict[str, tuple[Callable[[City, np.random.Generator], World], float]] = {
    "equal risk, dispersion 1": (equal, 1.0),
    "equal risk, dispersion 3": (equal, 3.0),
    "three disks of 61 cells, double risk, dispersion 1": (three_disks, 1.0),
    "three disks of 61 cells, double risk, dispersion 3": (three_disks, 3.0),
    "eight whole neighborhoods of 2.5 times, dispersion 3": (whole_neighborhoods, 3.0),
    "disks of 19 cells of 2.5 times inside neighborhoods of 2.5 times, dispersion 3": (disks_inside, 3.0),
    "real counts over residents dealt anew, a disk of 19 cells of 5 times, dispersion 3": (dealt_anew, 3.0),
}
MOSTLY_ENFORCEMENT = (
    "a Bernoulli scan: a fifth of involvement is enforcement, two fifths in a disk of 19 cells"
)
FULL = Runs(new=100, old=10, scan=40, gi=10, looks=20)
QUICK = Runs(new=2, old=1, scan=1, gi=1, looks=1)


def main() -> None:
    options = argparse.ArgumentParser(description="False alarms and power on planted worlds.")
    options.add_argument("--quick", action="store_true", help="a small made-up city, two runs")
    options.add_argument("--made-up", action="store_true", help="a made-up city of 10,000 cells")
    options.add_argument("--runs", type=int, help="runs of the new way, a world")
    options.add_argument("--only", default="", help="worlds whose name holds these words")
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    real = (SHARED / "louisville").is_dir() and not (chosen.quick or chosen.made_up)
    city = louisville() if real else made_up(*((40, 24) if chosen.quick else ()))
    runs = QUICK if chosen.quick else FULL
    if chosen.runs:
        runs = Runs(
            chosen.runs, *(min(each, chosen.runs) for each in (runs.old, runs.scan, runs.gi, runs.looks))
        )
    result = measured(city, runs, chosen.only)
    print(json.dumps(result, indent=2))
    if not chosen.dry:
        print("written:", keep("hotspots_worlds", result))


def measured(city: City, runs: Runs, only: str = "") -> dict[str, object]:
    """All worlds of a city."""
    worlds = {}
    for name, (make, dispersion) in WORLDS.items():
        if only in name and (make is not dealt_anew or city.real is not None):
            begun = time.perf_counter()
            worlds[name] = run(city, make, dispersion, runs)
            worlds[name]["seconds"] = round(time.perf_counter() - begun, 1)
            print(name, worlds[name], flush=True)
    if only in MOSTLY_ENFORCEMENT:
        worlds[MOSTLY_ENFORCEMENT] = run_mostly_enforcement(city, runs)
        print(MOSTLY_ENFORCEMENT, worlds[MOSTLY_ENFORCEMENT], flush=True)
    return {
        "city": city.name,
        "cells": len(city.cell_x_y),
        "residents": round(float(city.people.sum())),
        "neighborhoods": city.names,
        "events": EVENTS,
        "months": MONTHS,
        "high": f"P(relative risk > {THRESHOLD}) of {LEVEL} or more",
        "runs": runs.__dict__,
        "worlds": worlds,
        "machine": machine(),
    }


if __name__ == "__main__":
    main()
