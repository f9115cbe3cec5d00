"""Where to meet: the corner with most people in reach on foot."""

import pytest

from alongside.methods.routing import Allowed, Prizes, best_corner
from alongside.methods.tests.streets import box, everywhere, grid, spot, town


def corner(graph, *, area=None, length_m=1200, **allowed):
    how = {"length_m": length_m, "prizes": Prizes(), "instead_of": allowed.pop("instead_of", None)}
    how["allowed"] = Allowed(**allowed)
    return best_corner(graph, area or everywhere(), **how)


def test_it_is_where_the_people_are():
    crowded = {(4, 4), (5, 4), (4, 5), (5, 5)}
    graph = grid(7, 7, residents=lambda a, b: 50 if a in crowded and b in crowded else 1)
    found = corner(graph, area=box(-50, -50, 650, 650))
    assert found.at == pytest.approx(spot(400, 400)), (
        "of the four corners of the crowd the one nearest to the middle"
    )
    # Two hundred metres around: the four streets that meet there and the twelve beyond; the crowd lives on four.
    assert found.in_reach == pytest.approx(4 * 50 + 12)
    assert found.streets == ("Avenue 4", "Street 4")


def test_in_reach_is_counted_on_foot():
    """Across the river live many, two hundred metres away as a bird flies, and a kilometre by the bridge."""
    points = {
        "a": (0, 0),
        "b": (100, 0),
        "c": (200, 0),
        "far": (0, 150),
        "bridge": (900, 0),
        "end": (900, 150),
    }
    rows = [
        ("a", "b", "South Bank", 20),
        ("b", "c", "South Bank", 20),
        ("c", "bridge", "South Bank", 0),
        ("bridge", "end", "Bridge Street", 0),
        ("end", "far", "North Bank", 90),
    ]
    found = corner(town(points, rows), length_m=1200)
    assert found.in_reach < 130, "nobody reaches both in 200 metres"


def test_only_the_people_of_the_area_count_and_the_corner_lies_in_it():
    graph = grid(7, 7, residents=lambda a, b: 100 if max(a[0], b[0]) <= 1 else 1)
    found = corner(graph, area=box(290, -10, 610, 610))
    assert found.at[1] >= spot(290, 0)[1]
    assert found.in_reach <= 40


def test_corners_of_streets_with_names_go_before_others():
    points = {"a": (0, 0), "b": (100, 0), "c": (200, 0), "d": (100, 100), "e": (200, 100)}
    rows = [("a", "b", "", 90), ("b", "c", "Elm Street", 1), ("c", "e", "Oak Street", 1), ("b", "d", "", 90)]
    found = corner(town(points, rows), length_m=900)
    assert found.streets == ("Elm Street", "Oak Street")
    nameless = corner(town(points, [(a, b, "", n) for a, b, _name, n in rows]), length_m=900)
    assert nameless.streets == ()


def test_where_nobody_may_walk_nobody_meets():
    assert corner(grid(3, 3), area=box(5000, 5000, 6000, 6000)) is None
    streets = frozenset({"Street 0", "Street 1", "Avenue 0", "Avenue 1"})
    assert corner(grid(2, 2), excluded_streets=streets) is None


def test_a_start_with_half_as_many_in_reach_is_let_be():
    graph = grid(7, 7)
    area = box(-50, -50, 650, 650)
    assert corner(graph, area=area, instead_of=spot(300, 0)) is None, "at the edge: 11 of 16 streets"
    assert corner(graph, area=area, instead_of=spot(0, 0)).at == pytest.approx(spot(300, 300)), "7 of 16"
    outside = corner(grid(14, 7), area=box(-50, -50, 350, 650), instead_of=spot(1300, 300))
    assert outside.at[1] < spot(350, 0)[1]
