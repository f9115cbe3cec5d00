"""Each named neighborhood's risk beside the whole: what the model is given, and what its answer means.

1. Units: the named neighborhoods, and the ground outside them cut into coarse cells, so that everybody in the study
   area is the reference, also where nobody named the ground.
2. Events and people at risk are counted by unit from their own places, not from the cells of a grid.
3. Each layer asked for goes through the model (`methods.spatial.relative`).
4. Where those who live there are too few to account for most of the incidents, people pass through: a rate by
   residents says little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from alongside.methods.ground import Frame
from alongside.methods.spatial import cells as hexes
from alongside.methods.spatial.relative import NothingToCompare as NoRate
from alongside.methods.spatial.relative import RelativeRisk, dispersion, relative_risk

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

THRESHOLD, CERTAINTY = 1.5, 0.95
PIECE = 7  # H3 resolution of the unnamed ground's pieces, some 5 km²
TOUCHING_M = 60.0  # outlines drawn by different hands leave a street between them
UNDATED_DISPERSION = 3.0  # what dated counts of cities show; said where it is used
AROUND = 9  # H3 resolution of the cells in which people around a place are counted
CARRIED_BY_THE_USUAL = 8.0  # times the whole's rate that residents at the usual density can account for
FEWEST_MONTHS = 6


@dataclass(frozen=True)
class Units:
    """What the model counts on: named neighborhoods in their order, then unnamed pieces of ground.

    of_place  (m,) the unit of each fine place, −1 outside the study area
    of_point  (r,) the unit of each point where people are
    at_risk   (u,) people at risk
    beside    (k, 2) pairs of units that touch
    """

    named: int
    of_place: Ints
    of_point: Ints
    at_risk: Floats
    beside: Ints

    def people(self, first: Floats) -> Floats:
        """(u,) people a unit, of those at the first points: residents, without whoever else is at risk."""
        unit = self.of_point[: len(first)]
        there = unit >= 0
        return np.bincount(unit[there], first[there], minlength=len(self.at_risk)).astype(np.float64)

    def count(self, events: Ints) -> Ints:
        """(u,) events a unit, from events a place."""
        inside = self.of_place >= 0
        return np.bincount(self.of_place[inside], events[inside], minlength=len(self.at_risk)).astype(
            np.int64
        )


@dataclass(frozen=True)
class LayerRisk:
    """One layer in one neighborhood: its events, its risk against the whole, 95 % of doubt, and two probabilities."""

    events: int
    relative: float
    low: float
    high: float
    p_above: float
    p_high: float


@dataclass(frozen=True)
class NeighborhoodRisk:
    """What a run says of one named neighborhood.

    layers          by name, those that were tested
    high            in every one of them; never by its neighbors alone, without people or incidents of its own
    passed_through  the people who live there are too few to account for most of the incidents
    """

    neighborhood: int
    at_risk: float
    layers: Mapping[str, LayerRisk]
    high: bool
    passed_through: bool = False

    @property
    def least(self) -> LayerRisk:
        """The layer that stands out least: what is said of the neighborhood holds in every layer."""
        return min(self.layers.values(), key=lambda layer: layer.low)


def units_of(
    place: NDArray[np.uint64],
    inside: NDArray[np.bool_],
    named: Sequence[BaseGeometry],
    people_at: tuple[Floats, Floats],
    study: BaseGeometry,
) -> Units:
    """The units of a city.

    place      (m,) fine cells of the events; inside: (m,) whether each lies in the study area
    named      outlines of the named neighborhoods
    people_at  (r, 2) points and (r,) people there
    """
    centres = hexes.centres_of(place)
    points, people = people_at
    home = _within(study, points)
    piece_of_place = _piece(centres, named, inside)
    piece_of_point = _piece(points, named, home)
    pieces = np.unique(
        np.concatenate([piece_of_place.piece[piece_of_place.lost], piece_of_point.piece[piece_of_point.lost]])
    )
    of_point = piece_of_point.units(pieces, len(named))
    there = of_point >= 0
    many = len(named) + len(pieces)
    return Units(
        named=len(named),
        of_place=piece_of_place.units(pieces, len(named)),
        of_point=of_point,
        at_risk=np.bincount(of_point[there], people[there], minlength=many).astype(np.float64),
        beside=_beside([*named, *hexes.outlines(pieces)]),
    )


@dataclass(frozen=True)
class _Labelled:
    """Points with the neighborhood they lie in (−1 for none), their coarse cell, and who has only that (`lost`)."""

    home: Ints
    piece: NDArray[np.uint64]
    lost: NDArray[np.bool_]

    def units(self, pieces: NDArray[np.uint64], named: int) -> Ints:
        unit = self.home.copy()
        unit[self.lost] = named + np.searchsorted(pieces, self.piece[self.lost])
        return unit


def _piece(points: Floats, named: Sequence[BaseGeometry], inside: NDArray[np.bool_]) -> _Labelled:
    home = np.where(inside, _home(points, named), -1)
    lost = inside & (home < 0)
    piece = np.zeros(len(points), np.uint64)
    piece[lost] = hexes.cells_of(points[lost, 0], points[lost, 1], PIECE)
    return _Labelled(home, piece, lost)


def _home(points: Floats, named: Sequence[BaseGeometry]) -> Ints:
    """(n,) the first outline that covers each point, −1 for none."""
    home = np.full(len(points), -1, np.int64)
    which, where = STRtree(shapely.points(np.ascontiguousarray(points[:, ::-1]))).query(
        list(named), predicate="covers"
    )
    order = np.argsort(-which, kind="stable")
    home[where[order]] = which[order]
    return home


def _within(study: BaseGeometry, points: Floats) -> NDArray[np.bool_]:
    shapely.prepare(study)
    within: NDArray[np.bool_] = shapely.intersects_xy(study, points[:, 1], points[:, 0])
    return within


def _beside(shapes: Sequence[BaseGeometry]) -> Ints:
    """(k, 2) pairs that lie within `TOUCHING_M` of each other, each once."""
    if len(shapes) < 2:
        return np.zeros((0, 2), np.int64)
    frame = Frame.of(shapely.multipoints([shape.centroid for shape in shapes]))
    flat = np.array([frame.flat(shape) for shape in shapes], dtype=object)
    one, other = STRtree(flat).query(flat, predicate="dwithin", distance=TOUCHING_M)
    once = one < other
    return np.column_stack((one[once], other[once])).astype(np.int64)


# -- the model ------------------------------------------------------------------------------------
def risks(
    units: Units, events: Mapping[str, Ints], spread: Mapping[str, float], *, threshold: float
) -> dict[str, RelativeRisk]:
    """Layer → its model. `events`: layer → (m,) by place; `spread`: layer → the dispersion of its counts.

    Raises NoRate where a layer has no events in any unit, or nobody is at risk.
    """
    return {
        name: relative_risk(
            units.count(here), units.at_risk, units.beside, dispersion=spread[name], threshold=threshold
        )
        for name, here in events.items()
    }


def neighborhoods(
    units: Units,
    events: Mapping[str, Ints],
    models: Mapping[str, RelativeRisk],
    *,
    certainty: float,
) -> list[NeighborhoodRisk]:
    """What is said of each named neighborhood, in their order; who passes through is not known yet."""
    counted = {name: units.count(here) for name, here in events.items()}
    said = []
    for number in range(units.named):
        layers = {name: _layer(model, number, int(counted[name][number])) for name, model in models.items()}
        seen = units.at_risk[number] > 0 and all(layer.events for layer in layers.values())
        high = bool(seen) and all(layer.p_high >= certainty for layer in layers.values())
        said.append(NeighborhoodRisk(number, float(units.at_risk[number]), layers, high))
    return said


def _layer(model: RelativeRisk, number: int, events: int) -> LayerRisk:
    return LayerRisk(
        events,
        float(model.relative[number]),
        float(model.low[number]),
        float(model.high[number]),
        float(model.p_above[number]),
        float(model.p_high[number]),
    )


def dispersion_of(units: Units, month: Ints, month_place: Ints, months: int) -> float:
    """How much more counts vary from month to month than one by one they would.

    The stated one, where there are too few months, or events in one unit alone: then how they vary does not show.
    """
    if months < FEWEST_MONTHS:
        return UNDATED_DISPERSION
    unit = units.of_place[month_place]
    inside = unit >= 0
    return dispersion_by(month[inside], unit[inside], months, len(units.at_risk))


def dispersion_by(month: Ints, unit: Ints, months: int, many: int) -> float:
    """From each event's month and unit, of so many of both; the stated one where all fell in one of either."""
    by_month = np.bincount(month * many + unit, minlength=months * many)
    try:
        return dispersion(by_month.reshape(months, many).astype(np.int64))
    except NoRate:
        return UNDATED_DISPERSION


# -- where people pass through ----------------------------------------------------------------------
def share_at_home(
    units: Units,
    place: NDArray[np.uint64],
    events: Ints,
    people_at: tuple[Floats, Floats],
    excess: Sequence[float],
) -> Floats:
    """(named,) how much of a neighborhood's incidents the people at risk there can account for, 0 to 1.

    place, events  (m,) fine cells and the incidents there
    excess         (named,) its risk against the whole, the low end of the doubt in the layer that stands out least

    1. The people around a place: the mean of the cell of some 400 metres that it lies in, and of the ring around.
    2. Usual: half of all people live at that density or more.
    3. The higher the claim, the more residents must carry it: at an excess of e a place counts d/(d + usual·e/8) at
       home, one half at an eighth of the usual density for each time the whole's rate. So for twice the rate a quarter
       of the usual density is enough, for eight times it must be as usual. Nothing jumps when one more person moves in.
    """
    here = (units.of_place >= 0) & (units.of_place < units.named)
    unit, counted = units.of_place[here], events[here]
    around, usual = _people_around(place[here], people_at)
    few = usual * np.asarray(excess)[unit] / CARRIED_BY_THE_USUAL
    at_home = np.divide(around, around + few, out=np.zeros(len(around)), where=around + few > 0)
    whole = np.bincount(unit, counted, minlength=units.named).astype(np.float64)
    lived = np.bincount(unit, counted * at_home, minlength=units.named)
    return np.divide(lived, whole, out=np.ones(units.named), where=whole > 0)


def _people_around(place: NDArray[np.uint64], people_at: tuple[Floats, Floats]) -> tuple[Floats, float]:
    """(m,) rules 1 and 2: people a cell around each place, and the usual number."""
    points, people = people_at
    homes = hexes.cells_of(points[:, 0], points[:, 1], AROUND)
    spots = hexes.parents_of(place, AROUND)
    cells, where = np.unique(np.concatenate((homes, spots)), return_inverse=True)
    lived = np.bincount(where[: len(homes)], people, minlength=len(cells)).astype(np.float64)
    around = hexes.neighbourhoods_of(cells).sums(lived) / hexes.CELLS_IN_A_NEIGHBOURHOOD
    return around[where[len(homes) :]], _weighted_median(around, lived)


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order])
    if not len(reached) or reached[-1] <= 0:
        return 0.0
    return float(values[order][np.searchsorted(reached, reached[-1] / 2)])
