"""The search over stops: it keeps its budget, collects each item once, and finds what trying every tour finds."""

import itertools

import numpy as np
import pytest

from alongside.methods.routing.orienteering import BadStops, Stops, search, sketch
from alongside.methods.routing.polish import Polish, best_tour, step_to, steps_between, worth


def a_town(seed, *, stops=8, share=0.5):
    """Stops on a plane and a budget of a share of the shortest tour through all of them."""
    dice = np.random.default_rng(seed)
    xy = dice.integers(0, 100, (stops, 2))
    cost = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)).round()
    prize = dice.integers(1, 100, stops)
    tours = itertools.permutations(range(1, stops))
    shortest = min(sum(cost[a, b] for a, b in itertools.pairwise((0, *tour, 0))) for tour in tours)
    return Stops.build(cost, prize, share * shortest)


def every_tour(stops):
    """The slow twin: the most prize of any tour within the budget."""
    best = 0.0
    for size in range(1, len(stops.prize)):
        for tour in itertools.permutations(range(1, len(stops.prize)), size):
            if stops.length([0, *tour]) <= stops.budget + 1e-9:
                best = max(best, stops.collected([0, *tour]))
    return best


def tried(stops, seed=0, rounds=150):
    return search(stops, rng=np.random.default_rng(seed), iterations=rounds)


@pytest.mark.parametrize("seed", range(6))
def test_it_finds_what_trying_every_tour_finds(seed):
    stops = a_town(seed, stops=7)
    best = tried(stops)
    assert best.prize == every_tour(stops)
    assert best.length <= stops.budget
    assert (best.prize, best.length) == (stops.collected(best.tour), stops.length(best.tour))


@pytest.mark.parametrize("seed", range(6))
def test_so_does_the_whole_way_with_its_sketches_and_its_polish(seed):
    stops = a_town(seed, stops=7, share=0.6)
    best = best_tour(stops, seed=seed, rounds=60, seconds=60)
    assert best.prize == every_tour(stops) == stops.collected(best.tour)
    assert best.length == stops.length(best.tour) <= stops.budget


def test_polish_mends_a_poor_tour_by_itself():
    stops = a_town(2)
    best = tried(stops)
    poor = [0, 1] if stops.length([0, 1]) <= stops.budget else [0]
    polish = Polish(
        steps_between(stops),
        stops.cost,
        budget=stops.budget,
        rng=np.random.default_rng(0),
        deadline=float("inf"),
        stops=stops,
    )
    steps = [step_to(stops, a, b) for a, b in itertools.pairwise([*poor, 0])]
    assert stops.collected(poor) < best.prize
    assert worth(polish.improve(steps, rounds=300))[0] == best.prize


def test_pyvrp_gives_tours_within_the_budget_and_never_both_ways_through_one_item():
    stops = street(10)
    for tour in sketch(stops, seed=0):
        assert tour[0] == 0
        assert stops.length(tour) <= stops.budget
        assert len({int(stops.item[stop]) for stop in tour}) == len(tour)


def street(houses, *, budget=None):
    """A straight street of one-metre stretches: stop 2k+1 walks stretch k away from home, 2k+2 walks it back."""
    tail = np.array([0, *itertools.chain(*((k, k + 1) for k in range(houses)))])
    head = np.array([0, *itertools.chain(*((k + 1, k) for k in range(houses)))])
    half = np.array([0.0] + [0.5] * (2 * houses))
    cost = half[:, None] + np.abs(head[:, None] - tail[None, :]) + half[None, :]
    np.fill_diagonal(cost, 0)
    pair = np.arange(houses)
    return Stops.build(
        cost,
        [0] + [1] * (2 * houses),
        houses if budget is None else budget,
        item=[0, *np.repeat(pair + 1, 2)],
        mirror=[0, *np.column_stack((2 * pair + 2, 2 * pair + 1)).ravel()],
    )


def test_walking_a_street_back_earns_nothing_more():
    best = tried(street(10))
    assert best.prize == 5
    assert best.length == 10


def test_a_budget_for_the_whole_street_meets_the_whole_street():
    assert tried(street(10, budget=20)).prize == 10
    assert tried(street(10, budget=19)).prize == 9


def test_no_budget_is_no_tour():
    best = tried(street(3, budget=0))
    assert (best.tour, best.prize) == ([0], 0)
    assert sketch(street(3, budget=0), seed=0) == []


def test_the_same_chance_gives_the_same_tour():
    stops = a_town(3)
    assert tried(stops, seed=5).tour == tried(stops, seed=5).tour


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"cost": [[0, 1], [2, 0]]}, "backwards"),
        ({"cost": [[0, -1], [-1, 0]]}, "not negative"),
        ({"prize": [1]}, "prize"),
        ({"mirror": [1, 0]}, "start"),
        ({"item": [0, 0]}, "alone"),
        ({"item": [0, 7]}, "numbered"),
    ],
)
def test_stops_that_contradict_themselves_are_refused(wrong, reason):
    right = {"cost": [[0, 1], [1, 0]], "prize": [0, 1], "item": [0, 1], "mirror": [0, 1]}
    Stops.build(**right, budget=5)
    with pytest.raises(BadStops, match=reason):
        Stops.build(**(right | wrong), budget=5)
