"""Many looks at one ground: the hexagons by a slow twin, shares on planted worlds, the part that most agree on."""

import numpy as np
import pytest

from alongside.methods.spatial.cells import neighbourhoods_from_lists
from alongside.methods.spatial.ensemble import Cut, Ensemble, Hexagons, Look, Points, looks, together
from alongside.methods.spatial.gistar import scores_on_residuals
from alongside.methods.spatial.scan import scan

SIDE = 8_000.0


def rng(seed=1):
    return np.random.default_rng(seed)


def a_city(
    seed=1, points=8_000, events=8_000, dispersion=1.0, risk=lambda x_y, neighborhood: np.ones(len(x_y))
):
    """A square of 16 neighborhoods, people scattered over it, two layers of events that follow people times risk."""
    random = rng(seed)
    x_y = random.uniform(0, SIDE, (points, 2))
    people = random.gamma(1, 6, points)
    neighborhood = (x_y // (SIDE / 4)).astype(np.int64) @ [4, 1]
    mean = people * risk(x_y, neighborhood)
    mean = mean / mean.sum() * events
    one, other = (dealt(mean / 2, dispersion, random) for _ in range(2))
    return Points(x_y, people, np.stack([one, other]), one + other, neighborhood)


def dealt(mean, dispersion, random):
    varied = mean if dispersion == 1 else random.gamma(mean / (dispersion - 1), dispersion - 1)
    return random.poisson(varied)


def planted(x_y, neighborhood):
    """One neighborhood of three times the risk, and a disk of three times inside another."""
    inside = np.hypot(*(x_y - [1000, 1000]).T) < 600
    return np.where(inside | (neighborhood == 10), 3.0, 1.0)


# --- Hexagons ------------------------------------------------------------------------------------


def test_a_point_lies_in_the_hexagon_whose_centre_is_nearest():
    lattice = Hexagons(200, (37, -81))
    x_y = rng().uniform(-2_000, 2_000, (3_000, 2))
    steps = lattice.at(x_y)
    all_steps = np.array([(q, r) for q in range(-20, 21) for r in range(-20, 21)])
    far = np.hypot(*(x_y[:, None] - lattice.centres(all_steps)).T).T
    assert (all_steps[far.argmin(axis=1)] == steps).all()
    assert np.hypot(*(x_y - lattice.centres(steps)).T).max() <= 200


def test_a_cut_adds_points_up_and_knows_who_lies_beside_whom():
    points, lattice = a_city(points=500), Hexagons(400, (10, 20))
    cut = Cut.of(points, lattice)
    centres = lattice.centres(cut.steps)
    assert cut.add(points.at_risk).sum() == pytest.approx(points.at_risk.sum())
    assert (lattice.at(points.x_y_m) == cut.steps[cut.position]).all()
    far = np.hypot(*(centres[:, None] - centres).T)
    lists = [np.flatnonzero((row > 0) & (row < 400 * 2)).tolist() for row in far]
    amounts = rng().integers(0, 9, len(centres))
    assert cut.beside().sums(amounts).tolist() == neighbourhoods_from_lists(lists).sums(amounts).tolist()


def test_where_nobody_is_at_risk_nothing_is_counted():
    points = Points(
        np.array([[0.0, 0.0], [5_000.0, 0.0]]), np.array([10.0, 0.0]), np.array([[3, 9]]), np.array([3, 9]),
        np.array([0, 1]),
    )  # fmt: skip
    cut = Cut.of(points, Hexagons(300))
    assert cut.add(points.events[0]).tolist() == [3]
    assert cut.neighborhood(points).tolist() == [0]


def test_a_hexagon_belongs_to_where_most_of_its_people_are():
    points = Points(
        np.zeros((3, 2)), np.array([10.0, 25.0, 20.0]), np.array([[9, 1, 1]]), np.array([9, 1, 1]),
        np.array([0, -1, 0]),
    )  # fmt: skip
    assert Cut.of(points, Hexagons(300)).neighborhood(points).tolist() == [0]


# --- Looks ---------------------------------------------------------------------------------------


def test_what_is_planted_is_found_by_nearly_every_look_and_the_rest_by_few():
    points = a_city(risk=planted)
    seen = looks(points, 17, edge_m=200, high=[0, 10])
    assert len(seen.looks) == 24
    assert len({look.hexagons.origin for look in seen.looks}) == 23  # both sizes have one at 0, 0
    assert seen.share.shape == (17,)
    assert (seen.share[[0, 10]] > 0.9).all()
    apart = np.delete(seen.share, [0, 10, 1, 4, 5, 6, 9, 11, 14])  # not beside what is planted
    assert apart.max() < 0.5
    assert seen.share[16] == 0  # no point lies in it


@pytest.mark.parametrize(("dispersion", "events"), [(1.0, 8_000), (3.0, 8_000), (3.0, 2_000)])
def test_equal_risk_is_found_by_hardly_any_look(dispersion, events):
    ground = a_city(seed=5, events=events, dispersion=dispersion)
    assert looks(ground, 16, edge_m=200, dispersion=[dispersion] * 2).share.max() < 0.25


def test_looks_know_how_much_the_counts_of_each_layer_vary(monkeypatch):
    ground, known = a_city(seed=5, events=2_000, dispersion=6.0), []

    def noted(events, at_risk, hoods, *, dispersion):
        known.append(dispersion)
        return scores_on_residuals(events, at_risk, hoods, dispersion=dispersion)

    monkeypatch.setattr("alongside.methods.spatial.ensemble.scores_on_residuals", noted)
    seen = looks(ground, 16, edge_m=300, dispersion=[2.0, 6.0], high=range(16), origins=3)
    assert known == [2.0, 6.0] * 6
    for look in seen.looks:
        for number, cluster in look.clusters.items():
            assert cluster.tolist() == scanned(ground.within(number), look.hexagons, 6.0).tolist()


def scanned(points, lattice, dispersion):
    """The hexagons of the part that a scan of these points finds, the long way round."""
    steps, which = np.unique(lattice.at(points.x_y_m), axis=0, return_inverse=True)
    events, people = (np.bincount(which.ravel(), each) for each in (points.either, points.at_risk))
    part = scan(
        events.astype(np.int64), people, lattice.centres(steps), dispersion=dispersion, rng=rng(), deals=0
    )  # fmt: skip
    return steps[part.cells]


def test_what_stands_out_in_one_layer_only_is_not_found():
    both = a_city(risk=planted)
    even = a_city()
    other = Points(
        both.x_y_m, both.at_risk, np.stack([both.events[0], even.events[0]]), both.either, both.neighborhood
    )
    assert looks(other, 16, edge_m=200).share[10] < 0.2 < looks(both, 16, edge_m=200).share[10]


def test_the_part_is_where_the_disk_was_planted():
    points = a_city(risk=planted)
    seen = looks(points, 16, edge_m=200, high=[0])
    lattice = Hexagons(200, (11, 29))
    cells = lattice.centres(np.unique(lattice.at(points.x_y_m[points.neighborhood == 0]), axis=0))
    part = seen.part(cells, 0)
    disk = np.flatnonzero(np.hypot(*(cells - [1000, 1000]).T) < 600)
    assert len(np.intersect1d(part.cells, disk)) >= 0.5 * len(np.union1d(part.cells, disk))
    assert part.share > 0.5
    assert (part.coverage[part.cells] >= 0.5).all()
    assert np.delete(part.coverage, part.cells).max() < 0.5


def one_look(covered):
    """A look whose circle covers these of ten cells in a row."""
    steps = np.array([(q, 0) for q in covered], np.int64).reshape(-1, 2)
    return Look(Hexagons(100), np.array([bool(covered)]), {0: steps})


def test_a_part_by_hand():
    row = Hexagons(100).centres(np.array([(q, 0) for q in range(10)]))
    seen = Ensemble((one_look([0, 1, 2]), one_look([1, 2, 3, 4]), one_look([2, 9]), one_look([])))
    part = seen.part(row, 0)
    assert part.coverage.tolist() == [0.25, 0.5, 0.75, 0.25, 0.25, 0, 0, 0, 0, 0.25]
    assert part.cells.tolist() == [1, 2]
    # In common with 1, 2: two of three, two of four, one of three, none.
    assert part.share == 0.5
    assert seen.share.tolist() == [0.75]


def test_no_circle_anywhere_names_nothing():
    part = Ensemble((one_look([]),)).part(Hexagons(100).centres(np.array([(0, 0), (1, 0)])), 0)
    assert part.cells.tolist() == []
    assert part.share == 0


def test_looks_at_several_windows_are_one_ensemble():
    one, other = Ensemble((one_look([1]),)), Ensemble((one_look([]), one_look([2])))
    assert together([one, other]).share.tolist() == [2 / 3]


def test_no_events_are_no_find():
    points = a_city()
    none = Points(points.x_y_m, points.at_risk, 0 * points.events, 0 * points.either, points.neighborhood)
    seen = looks(none, 16, edge_m=400, high=[3], origins=2)
    assert seen.share.max() == 0
    assert seen.part(np.array([[1000.0, 1000.0]]), 3).share == 0
