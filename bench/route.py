"""Routes against PyVRP alone: orienteering by OPLib's formulas with proven optima, then walks on streets, in one run.

    bin/bench route

Prints each instance's gap to the best there is (or, where that is not proven, to the least upper bound shown, which
can only make the gap look larger), ours and PyVRP's, each in the same ten seconds; then how long a sixty-minute walk
takes to plan on a generated town. Writes bench/results/route-DATE.json.

Fair to PyVRP: it gets the same instances, limits and seconds twice, with prizes above any length, which is what the
problem asks for, and with the price of a prize that we found to suit it best; the better of the two is compared.
"""

import argparse
import json
import statistics
import sys
import time
from importlib.metadata import version

import numpy as np
import pyvrp
import shapely
from pyvrp.stop import MaxRuntime

from alongside.methods.ground import Frame
from alongside.methods.routing import Allowed, Edges, Nodes, Prizes, WalkGraph, WayKind, plan_loop
from alongside.methods.routing.bound import most_reach
from alongside.methods.routing.network import survey, within_reach
from alongside.methods.routing.orienteering import Stops
from alongside.methods.routing.polish import best_tour
from kept import keep, machine
from orienteering_instances import Instance, instances

SECONDS = 10.0
GROUND = Frame(0.0, 0.0)
ROUNDS = 4000
PRICE = 2.0
BUDGET_M = 3000.0


def main() -> None:
    options = argparse.ArgumentParser(description="Routes against PyVRP alone, in one run.")
    options.add_argument("--seconds", type=float, default=SECONDS)
    options.add_argument("--only", default="", help="instances whose name begins with this")
    options.add_argument("--dry", action="store_true", help="print, write no file")
    chosen = options.parse_args()
    rows = [compare(each, chosen.seconds) for each in instances() if each.name.startswith(chosen.only)]
    result = {
        "seconds_each": chosen.seconds,
        "instances": rows,
        "ours": summary(rows, "ours"),
        "pyvrp": summary(rows, "pyvrp"),
        "ratio": round(mean(rows, "pyvrp") / max(mean(rows, "ours"), 1e-9), 1),
        "streets": streets(),
        "machine": machine(),
        "versions": {name: version(name) for name in ("pyvrp", "numpy", "scipy", "shapely")},
    }
    print(json.dumps({key: value for key, value in result.items() if key != "instances"}, indent=2))
    if not chosen.dry:
        print("written:", keep("route", result))


def compare(instance: Instance, seconds: float) -> dict[str, object]:
    cost, prize = instance.costs(), instance.prizes()
    stops = Stops.build(cost, prize, instance.budget)
    began = time.perf_counter()
    best = best_tour(stops, seed=0, rounds=ROUNDS, seconds=seconds)
    took = time.perf_counter() - began
    check(best.tour, cost, prize, instance.budget, best.prize)
    average = instance.budget / instance.most
    plain = peer(cost, prize, instance.budget, price=float(instance.budget), seconds=seconds)
    priced = peer(cost, prize, instance.budget, price=PRICE * average, seconds=seconds)
    row = {
        "name": instance.name,
        "most": instance.most,
        "proven": instance.proven,
        "ours": round(100 * (1 - best.prize / instance.most), 3),
        "ours_seconds": round(took, 2),
        "pyvrp_plain": round(100 * (1 - plain / instance.most), 3),
        "pyvrp_priced": round(100 * (1 - priced / instance.most), 3),
    }
    row["pyvrp"] = min(row["pyvrp_plain"], row["pyvrp_priced"])
    print(
        f"{row['name']:>14} {'optimum' if instance.proven else 'bound':>8} {instance.most:>6}  "
        f"ours {row['ours']:6.2f} % in {took:4.1f} s   PyVRP plain {row['pyvrp_plain']:6.2f} %, "
        f"priced {row['pyvrp_priced']:6.2f} %",
        flush=True,
    )
    return row


def check(tour, cost, prize, budget, claimed) -> None:
    """Counted apart from the code under test."""
    length = sum(int(cost[a, b]) for a, b in zip(tour, [*tour[1:], tour[0]]))
    if tour[0] != 0 or len(set(tour)) != len(tour) or length > budget or prize[tour].sum() != claimed:
        raise SystemExit("our tour does not keep its word")


def peer(cost, prize, budget, *, price, seconds) -> int:
    """PyVRP's own solver, prizes at a price."""
    n = len(prize)
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0)] * n,
        clients=[
            pyvrp.Client(location=i, prize=round(float(prize[i]) * price), required=False)
            for i in range(1, n)
        ],
        depots=[pyvrp.Depot(location=0)],
        vehicle_types=[pyvrp.VehicleType(max_distance=int(budget))],
        distance_matrices=[cost],
        duration_matrices=[np.zeros_like(cost)],
    )
    best = pyvrp.solve(data, MaxRuntime(seconds), seed=0, collect_stats=False, display=False).best
    visits = [visit.idx + 1 for route in best.routes() for visit in route if visit.is_client()]
    return int(prize[visits].sum()) if best.is_feasible() else 0


def streets() -> dict[str, object]:
    """Sixty minutes in a generated town of 1,600 corners with people unevenly along its streets.

    How far above what the loop meets two bounds lie: what length alone allows, and the one that is told.
    """
    graph, seconds, by_length, told, bounding = a_town(40), [], [], [], []
    for north in (0.3, 0.5, 0.7):
        middle = 40 * 90 * north
        area = GROUND.on_earth(shapely.Point(middle, middle).buffer(450))
        start = tuple(float(each[0]) for each in GROUND.lat_lon([middle, middle]))
        began = time.perf_counter()
        loop = plan_loop(graph, area=area, start=start, minutes=60)
        seconds.append(time.perf_counter() - began)
        area_streets = survey(graph, area, start=start, allowed=Allowed(), prizes=Prizes())
        _connected, walkable = within_reach(area_streets, loop.nodes[0], BUDGET_M)
        began = time.perf_counter()
        bound = most_reach(area_streets, walkable, loop.nodes[0], BUDGET_M)
        bounding.append(time.perf_counter() - began)
        told.append(100 * (bound / loop.reach_covered - 1))
        by_length.append(100 * (length_alone(area_streets, walkable) / loop.reach_covered - 1))
    return {
        "walks": len(seconds),
        "seconds": [round(each, 2) for each in seconds],
        "of_that_bound_seconds": [round(each, 2) for each in bounding],
        "bound_by_length_above_percent": [round(each, 1) for each in by_length],
        "bound_told_above_percent": [round(each, 1) for each in told],
    }


def length_alone(area_streets, walkable) -> float:
    """The bound of before: streets by residents a metre, best first, until the length is spent."""
    edges = np.flatnonzero(walkable & area_streets.inside & (area_streets.reach > 0))
    metres, people = area_streets.graph.edge_m[edges].astype(float), area_streets.reach[edges]
    order = np.argsort(-people / metres)
    before = np.concatenate(([0.0], np.cumsum(metres[order])[:-1]))
    share = np.clip((BUDGET_M - before) / metres[order], 0, 1)
    return float(people[order] @ share)


def a_town(side: int) -> WalkGraph:
    dice = np.random.default_rng(1)
    row, column = np.divmod(np.arange(side * side), side)
    east = np.flatnonzero(column < side - 1)
    north = np.flatnonzero(row < side - 1)
    u, v = np.concatenate((east, north)), np.concatenate((east + 1, north + side))
    shift = dice.normal(0, 8, (2, side * side))
    y, x = row * 90 + shift[0], column * 90 + shift[1]
    metres = np.hypot(x[u] - x[v], y[u] - y[v])
    kept = dice.random(len(u)) > 0.1
    lat, lon = GROUND.lat_lon(np.column_stack((x, y)))
    return WalkGraph.build(
        Nodes(lat=lat, lon=lon),
        Edges(
            u=u[kept],
            v=v[kept],
            m=metres[kept],
            kind=np.full(int(kept.sum()), WayKind.RESIDENTIAL),
            residents=(metres * dice.gamma(2.0, 0.1, len(u)))[kept],
        ),
    )


def mean(rows, who) -> float:
    return statistics.mean(row[who] for row in rows)


def summary(rows, who) -> dict[str, object]:
    return {
        "mean_gap_percent": round(mean(rows, who), 3),
        "largest_gap_percent": max(row[who] for row in rows),
        "within_one_percent": sum(row[who] <= 1 for row in rows),
        "instances": len(rows),
    }


if __name__ == "__main__":
    sys.exit(main())
