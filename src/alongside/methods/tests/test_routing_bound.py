"""No loop could meet more: Ada believes it, because nobody who tried every way ever did."""

import numpy as np
import pytest

from alongside.methods.routing import Allowed, NoRoute, Prizes, WayKind, network
from alongside.methods.routing import loop as routing
from alongside.methods.routing.bound import most_reach
from alongside.methods.tests.streets import ORIGIN, everywhere, grid, most_residents, random_town, spot, town

SHORT_OF_IT = 1e-6


def surveyed(graph, *, metres, area=None, start=ORIGIN):
    """What a plan knows before it searches: the streets, what a loop can walk, and where it begins."""
    streets = network.survey(graph, area or everywhere(), start=start, allowed=Allowed(), prizes=Prizes())
    home, _gap = routing._home(streets, start)
    _connected, walkable = network.within_reach(streets, home, metres)
    return streets, walkable, home


def bound(graph, *, metres, rounds=30, **where):
    return most_reach(*surveyed(graph, metres=metres, **where), metres, rounds=rounds)


def a_library(east, north):
    lat, lon = spot(east, north)
    return {
        "place_lat": [lat],
        "place_lon": [lon],
        "place_kind": [0],
        "place_kinds": ["library"],
        "place_name": ["Library"],
    }


@pytest.mark.parametrize("rounds", [1, 2, 30])
@pytest.mark.parametrize("seed", range(40))
def test_trying_every_way_never_meets_more(seed, rounds):
    graph = random_town(seed)
    start = float(graph.node_lat[0]), float(graph.node_lon[0])
    metres = 400 + 100 * (seed % 9)
    try:
        streets, walkable, home = surveyed(graph, metres=metres, start=start)
    except NoRoute:
        pytest.skip("this little town has no way out of its first corner")
    best = most_residents(graph, home=home, budget=metres, usable=streets.usable)
    most = most_reach(streets, walkable, home, metres, rounds=rounds)
    assert most >= best - SHORT_OF_IT
    assert most <= float(graph.edge_residents.sum()) + SHORT_OF_IT


@pytest.mark.parametrize("seed", range(12))
def test_neither_do_sidewalks_and_places_help(seed):
    """A street with a sidewalk in two parts along it, a library at a corner: met in many ways, counted once."""
    dice = np.random.default_rng(seed)
    points = {
        "a": (0, 0),
        "b": (100, 0),
        "c": (100, 100),
        "d": (0, 100),
        "e": (0, 9),
        "f": (50, 9),
        "g": (100, 9),
    }
    rows = [
        ("a", "b", "Elm Street", int(dice.integers(1, 90))),
        ("b", "c", "Mill Row", int(dice.integers(1, 90))),
        ("c", "d", "Oak Street", int(dice.integers(1, 90))),
        ("a", "e", "", 0),
        ("e", "f", "", 0),
        ("f", "g", "", 0),
        ("g", "b", "", 0),
        ("e", "d", "Ash Street", int(dice.integers(1, 90))),
    ]
    graph = town(
        points,
        rows,
        edge_kind=[WayKind.SIDEWALK if not row[2] else WayKind.RESIDENTIAL for row in rows],
        **a_library(100, 100),
    )
    metres = float(dice.integers(60, 460))
    streets, walkable, home = surveyed(graph, metres=metres)
    assert (streets.beside == 0).any(), "the premise"
    best = most_residents(graph, home=home, budget=metres, usable=streets.usable, meets=streets.covered)
    for rounds in (1, 30):
        assert most_reach(streets, walkable, home, metres, rounds=rounds) >= best - SHORT_OF_IT


def test_more_rounds_come_closer():
    assert bound(grid(3, 3), metres=800) == pytest.approx(80), "all around, and nothing twice"
    graph = grid(6, 6, residents=lambda a, b: (7 * a[0] + 5 * a[1] + 3 * b[0] + b[1]) % 17)
    bounds = [bound(graph, metres=1200, rounds=rounds) for rounds in (1, 5, 30)]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[-1] < bounds[0]


def test_what_lies_at_the_end_of_a_street_is_paid_for_there_and_back():
    """By length alone, 150 metres would do for the hundred at the end."""
    far = town(
        {"gate": (0, 0), "corner": (100, 0), "end": (150, 0)},
        [("gate", "corner", "Elm Street", 0), ("corner", "end", "Elm Street", 100)],
    )
    assert bound(far, metres=300) == pytest.approx(100)
    assert bound(far, metres=299) == 0, "no loop of this length gets there at all"
    ring = town(
        {"gate": (0, 0), "a": (100, 0), "b": (200, 0), "c": (200, 100), "d": (100, 100)},
        [
            ("gate", "a", "Elm Street", 0),
            ("a", "b", "Mill Row", 10),
            ("b", "c", "Mill Row", 10),
            ("c", "d", "Mill Row", 10),
            ("d", "a", "Mill Row", 10),
        ],
    )
    assert bound(ring, metres=600) == pytest.approx(40)
    assert bound(ring, metres=500) < 40, "the way to the ring counts twice: by length alone 500 would do"


def test_a_place_is_met_only_by_who_walks_past_it():
    graph = grid(2, 2, **a_library(0, 0))
    assert bound(graph, metres=400) == pytest.approx(50)
    assert bound(graph, metres=200) == pytest.approx(20), "one street and its library, there and back"


def test_a_sidewalk_meets_its_street_by_half_of_its_length_and_no_more_than_once():
    """Walked on twice, a third of a street's sidewalk is a third."""
    points = {"a": (0, 0), "b": (90, 0), "side": (0, 8), "other": (30, 8)}
    rows = [("a", "b", "Elm Street", 90), ("a", "side", "", 0), ("side", "other", "", 0)]
    kinds = [WayKind.RESIDENTIAL, WayKind.CROSSING, WayKind.SIDEWALK]
    graph = town(points, rows, edge_kind=kinds)
    streets, walkable, _home = surveyed(graph, metres=90)
    assert streets.beside.tolist() == [-1, -1, 0], "the premise"
    assert walkable.tolist() == [False, True, True]
    assert bound(graph, metres=90) == pytest.approx(60, abs=1)


def test_the_loop_says_it_of_itself():
    graph = grid(4, 4, residents=lambda a, b: (a[0] * 7 + b[1] * 3) % 11)
    loop = routing.plan_loop(graph, area=everywhere(), start=ORIGIN, minutes=20)
    assert np.isfinite(loop.bound)
    assert loop.reach_covered <= loop.bound + SHORT_OF_IT
    assert loop.bound <= loop.reach_total + SHORT_OF_IT
