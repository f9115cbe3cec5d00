"""Ada plans a walk: it meets people, comes back in time, and never goes where people should not walk."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.methods.routing import (
    Allowed,
    AreaUnreachable,
    Edges,
    Effort,
    Nodes,
    NoStreets,
    Prizes,
    StartTooFar,
    TooShort,
    WalkGraph,
    WayKind,
    plan_loop,
)
from alongside.methods.tests.streets import (
    ORIGIN,
    box,
    everywhere,
    grid,
    most_residents,
    random_town,
    spot,
    town,
)

A_MINUTE = 50  # metres, at the default pace


def plan(graph, *, area=None, start=ORIGIN, metres=400, seed=0, **more):
    """A loop of at most so many metres from the town's south-west corner."""
    how = {"minutes": metres / A_MINUTE, "pace_kmh": 3.0, "effort": Effort(seconds=60, seed=seed)}
    return plan_loop(graph, area=area or everywhere(), start=start, **how, **more)


def walked(loop):
    return [edge for edge, _ in loop.edges]


def test_one_block_is_walked_all_around():
    loop = plan(grid(2, 2), metres=400)
    assert loop.nodes[0] == loop.nodes[-1]
    assert loop.geometry[0] == loop.geometry[-1]
    assert loop.length_m == pytest.approx(400)
    assert loop.minutes == pytest.approx(8)
    assert (loop.reach_covered, loop.reach_total) == (40, 40)
    assert loop.bound == pytest.approx(40)
    assert sorted(street.name for street in loop.streets) == ["Avenue 0", "Avenue 1", "Street 0", "Street 1"]
    assert loop.left_out == []


def test_the_loop_goes_where_the_people_are_not_where_it_is_near():
    crowded = ((2, 0), (2, 1))
    graph = grid(3, 2, residents=lambda a, b: 500 if (a, b) == crowded else 1)
    assert plan(graph, metres=600).residents >= 500
    # A minute less, and nobody could be back in time: the loop stays near.
    assert plan(graph, metres=550).residents < 500


def test_residents_are_counted_once_however_often_a_street_is_walked():
    cul_de_sac = town({"gate": (0, 0), "end": (100, 0)}, [("gate", "end", "Elm Street", 12)])
    loop = plan(cul_de_sac, metres=200)
    assert loop.length_m == pytest.approx(200)
    assert (loop.residents, loop.reach_total) == (12, 12)


@pytest.mark.parametrize("seed", range(20))
def test_it_finds_what_trying_every_way_finds(seed):
    graph = random_town(seed)
    usable = ~graph.edge_avoid & (graph.edge_step_free >= 0)
    start = (float(graph.node_lat[0]), float(graph.node_lon[0]))
    try:
        loop = plan(graph, start=start, metres=900, seed=seed)
    except (NoStreets, AreaUnreachable, TooShort):
        pytest.skip("this little town has no way out of its first corner")
    best = most_residents(graph, home=loop.nodes[0], budget=900, usable=usable)
    assert loop.residents == pytest.approx(best)


@settings(max_examples=15, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    metres=st.integers(100, 2000),
    excluded=st.sampled_from(["Street 0", "street 3", "nowhere"]),
    accessible=st.booleans(),
)
def test_whatever_the_town_the_answer_is_a_walk_that_keeps_its_word(seed, metres, excluded, accessible):
    graph = random_town(seed, nodes=12, edges=20)
    try:
        loop = plan(
            graph,
            metres=metres,
            allowed=Allowed(excluded_streets=frozenset({excluded}), accessible=accessible),
        )
    except (NoStreets, StartTooFar, AreaUnreachable, TooShort):
        return
    ends = [
        (graph.edge_v[e], graph.edge_u[e]) if flip else (graph.edge_u[e], graph.edge_v[e])
        for e, flip in loop.edges
    ]
    assert [end[0] for end in ends] == loop.nodes[:-1]
    assert [end[1] for end in ends] == loop.nodes[1:]
    assert loop.nodes[0] == loop.nodes[-1]
    assert loop.length_m == pytest.approx(sum(float(graph.edge_m[e]) for e in walked(loop)))
    assert loop.length_m <= metres + 0.01
    assert loop.residents == pytest.approx(sum(float(graph.edge_residents[e]) for e in set(walked(loop))))
    assert loop.reach_covered <= loop.bound + 1e-6
    assert loop.bound <= loop.reach_total + 1e-6
    assert not graph.edge_avoid[walked(loop)].any()
    assert excluded.casefold() not in {graph.street(e).casefold() for e in walked(loop)}
    if accessible:
        assert (graph.edge_step_free[walked(loop)] >= 0).all()
    assert sum(cue.metres for cue in loop.cues) == pytest.approx(loop.length_m)
    assert sum(street.metres for street in loop.streets) == pytest.approx(loop.length_m)
    known = loop.step_free
    assert known.yes_m + known.unknown_m + known.no_m == pytest.approx(loop.length_m)


def test_the_same_seed_walks_the_same_way():
    graph = grid(4, 4, residents=lambda a, b: (a[0] * 7 + b[1] * 3) % 11)
    assert plan(graph, metres=900, seed=3).edges == plan(graph, metres=900, seed=3).edges


def test_only_the_area_counts_but_a_walk_may_step_outside_it():
    graph = grid(3, 2, residents=lambda a, b: 10)
    east = plan(graph, area=box(190, -10, 250, 110), metres=600)
    assert east.reach_total == 10  # Avenue 2 alone: the middles of the streets that lead to it lie outside
    assert east.residents == 10
    assert "Avenue 2" in {street.name for street in east.streets} > {"Avenue 2"}


def test_a_street_on_the_boundary_belongs_to_the_area():
    loop = plan(grid(2, 2), area=box(0, 0, 100, 100), metres=400)
    assert loop.reach_total == 40


class TestLeavingOut:
    def test_a_street_left_out_is_not_walked_and_said_to_be_left_out(self):
        assert "Avenue 1" in {street.name for street in plan(grid(2, 2)).streets}
        loop = plan(grid(2, 2), metres=600, allowed=Allowed(excluded_streets=frozenset({" avenue 1 "})))
        assert "Avenue 1" not in {street.name for street in loop.streets}
        assert [(out.name, out.why, out.reach) for out in loop.left_out] == [("Avenue 1", "excluded", 10)]

    def test_a_single_stretch_can_be_left_out(self):
        graph = grid(2, 2)
        closed = int(np.flatnonzero([graph.street(e) == "Avenue 1" for e in range(graph.edges)])[0])
        assert closed in walked(plan(graph))
        assert closed not in walked(plan(graph, allowed=Allowed(excluded_edges=frozenset({closed}))))

    def test_nobody_is_sent_along_a_road_without_a_sidewalk(self):
        fast = [False, False, True, False]
        loop = plan(grid(2, 2, edge_avoid=fast), metres=600)
        assert 2 not in walked(loop)
        assert [out.why for out in loop.left_out] == ["avoid"]

    def test_what_time_does_not_allow_is_listed_with_the_most_people_first(self):
        graph = grid(4, 2, residents=lambda a, b: 10 * (1 + a[0]))
        out = plan(graph, metres=400).left_out
        assert {item.why for item in out} == {"time", "far"}
        assert [item.reach for item in out] == sorted((item.reach for item in out), reverse=True)

    def test_a_part_of_town_that_no_way_leads_to_is_said_to_be_so(self):
        apart = town(
            {"a": (0, 0), "b": (100, 0), "c": (300, 0), "d": (400, 0)},
            [("a", "b", "Elm Street", 5), ("c", "d", "Island Street", 50)],
        )
        assert [(out.name, out.why) for out in plan(apart).left_out] == [("Island Street", "unreachable")]


class TestSteps:
    stairs = (1, 1, -1, 1)

    def test_a_walk_is_step_free_as_far_as_the_map_knows(self):
        loop = plan(grid(2, 2, edge_step_free=self.stairs), metres=600)
        assert 2 not in walked(loop)
        assert loop.step_free.no_m == 0
        assert [out.why for out in loop.left_out] == ["steps"]

    def test_unless_ada_says_that_steps_are_fine(self):
        loop = plan(grid(2, 2, edge_step_free=self.stairs), allowed=Allowed(accessible=False))
        assert loop.step_free.no_m == pytest.approx(100)
        assert loop.step_free.yes_m == pytest.approx(300)

    def test_of_two_ways_as_long_the_one_known_to_be_step_free_is_walked(self):
        diamond = {
            "venue": (0, 0),
            "left": (100, 50),
            "right": (100, -50),
            "corner": (200, 0),
            "end": (300, 0),
        }
        rows = [
            ("venue", "left", "Left", 0),
            ("left", "corner", "Left", 0),
            ("venue", "right", "Right", 0),
            ("right", "corner", "Right", 0),
            ("corner", "end", "Elm Street", 40),
        ]
        for known in ("Left", "Right"):
            graph = town(diamond, rows, edge_step_free=[int(row[2] in (known, "Elm Street")) for row in rows])
            names = {street.name for street in plan(graph, metres=700).streets}
            assert names == {known, "Elm Street"}


class TestSidewalks:
    """Oak Avenue runs east, its northern sidewalk is mapped as a line of its own, joined at both ends."""

    points = {"a": (0, 0), "b": (200, 0), "na": (0, 10), "nb": (200, 10)}
    rows = [("a", "b", "Oak Avenue", 30), ("na", "nb", "", 0), ("a", "na", "", 0), ("b", "nb", "", 0)]
    kinds = [WayKind.RESIDENTIAL, WayKind.SIDEWALK, WayKind.CROSSING, WayKind.CROSSING]

    def test_walking_the_sidewalk_is_walking_the_street(self):
        graph = town(self.points, self.rows, edge_kind=self.kinds)
        street = frozenset({0})
        loop = plan(graph, metres=500, allowed=Allowed(excluded_edges=street))
        assert 1 in walked(loop)
        assert loop.residents == 30

    def test_along_a_road_nobody_should_walk_on_its_sidewalk_is_the_way(self):
        graph = town(self.points, self.rows, edge_kind=self.kinds, edge_avoid=[True, False, False, False])
        loop = plan(graph, metres=500)
        assert 0 not in walked(loop)
        assert loop.residents == 30
        assert "Oak Avenue" in {street.name for street in loop.streets}

    def test_leaving_out_a_street_leaves_out_its_sidewalk(self):
        graph = town(self.points, self.rows, edge_kind=self.kinds)
        with pytest.raises(NoStreets):
            plan(
                graph, allowed=Allowed(excluded_streets=frozenset({"Oak Avenue"})), area=box(50, -5, 150, 15)
            )


class TestCues:
    """What the leaders read: the names of streets, never the pieces that a map draws them in."""

    def test_straight_on_through_a_traffic_circle_is_no_news(self):
        points = {"a": (0, 0), "w": (100, 0), "n": (108, 8), "e": (116, 0), "b": (216, 0), "home": (216, 100)}
        rows = [
            ("a", "w", "Oak Avenue", 9),
            ("w", "n", "", 1),
            ("n", "e", "", 1),
            ("e", "b", "Oak Avenue", 9),
            ("b", "home", "Elm Street", 9),
            ("a", "home", "Long Lane", 9),
        ]
        loop = plan(town(points, rows), metres=600)
        assert {cue.street for cue in loop.cues[:-1]} == {"Oak Avenue", "Elm Street", "Long Lane"}
        assert len(loop.cues) == 4  # three streets and the finish: the circle is part of the avenue
        assert sum(cue.metres for cue in loop.cues) == pytest.approx(loop.length_m)

    def test_nobody_turns_around_a_few_steps_past_the_corner_to_meet_next_to_nobody(self):
        def with_a_stub(residents):
            points = {"a": (0, 0), "b": (200, 0), "c": (200, 200), "d": (0, 200)}
            ring = [("a", "b", "A", 50), ("b", "c", "B", 50), ("c", "d", "C", 50), ("d", "a", "D", 50)]
            return town(points | {"end": (215, 0)}, [*ring, ("b", "end", "A", residents)])

        assert 4 not in walked(plan(with_a_stub(1), metres=900))
        assert 4 in walked(plan(with_a_stub(20), metres=900))


class TestPlaces:
    library = {
        "place_lat": [spot(250, 110)[0]],
        "place_lon": [spot(250, 110)[1]],
        "place_kind": [0],
        "place_kinds": ["library"],
        "place_name": ["Shawnee Library"],
    }

    def test_a_place_is_met_by_walking_past_it(self):
        loop = plan(grid(4, 2, **self.library), metres=800)
        assert loop.places == ["Shawnee Library"]
        assert loop.reach_covered == loop.residents + 10

    def test_a_place_can_be_worth_the_way(self):
        graph = grid(4, 2, residents=lambda a, b: 10 if a[0] < 2 else 0, **self.library)
        assert plan(graph, metres=800, prizes=Prizes({"library": 0})).places == []
        assert plan(graph, metres=800, prizes=Prizes({"library": 500})).places == ["Shawnee Library"]

    def test_a_place_too_far_to_pass_is_left_out_by_name(self):
        out = plan(grid(4, 2, **self.library), metres=400).left_out
        assert ("place", "Shawnee Library") in {(item.what, item.name) for item in out}


class TestNobodyCounted:
    def test_the_length_of_streets_stands_for_people_and_says_so(self):
        loop = plan(grid(2, 2, residents=lambda a, b: 0))
        assert loop.assumed
        assert loop.reach_total == pytest.approx(40)
        assert not plan(grid(2, 2)).assumed


class TestRefusals:
    def test_an_area_off_the_map(self):
        with pytest.raises(NoStreets):
            plan(grid(2, 2), area=box(3000, 3000, 3100, 3100))

    def test_everything_left_out(self):
        with pytest.raises(NoStreets):
            plan(
                grid(2, 2),
                allowed=Allowed(excluded_streets=frozenset({"Avenue 0", "Avenue 1", "Street 0", "Street 1"})),
            )

    def test_a_meeting_place_far_from_any_street(self):
        near, far = spot(0, -200), spot(0, -300)
        assert plan(grid(2, 2), start=near).start_gap_m == pytest.approx(200, rel=0.01)
        with pytest.raises(StartTooFar, match="300 m"):
            plan(grid(2, 2), start=far)

    def test_an_area_across_a_river_without_a_bridge(self):
        rows = [("a", "b", "Elm Street", 5), ("c", "d", "Far Street", 5)]
        points = {"a": (0, 0), "b": (100, 0), "c": (600, 0), "d": (700, 0)}
        with pytest.raises(AreaUnreachable):
            plan(town(points, rows), area=box(590, -20, 710, 20), metres=3000)

    def test_too_little_time_to_get_there_and_back(self):
        line = town(
            {"a": (0, 0), "b": (500, 0), "c": (600, 0)},
            [("a", "b", "Elm Street", 0), ("b", "c", "Oak Avenue", 5)],
        )
        there = box(510, -20, 610, 20)
        assert plan(line, area=there, metres=1200).residents == 5
        with pytest.raises(TooShort):
            plan(line, area=there, metres=1150)

    @pytest.mark.parametrize(
        "wrong", [{"minutes": 0}, {"minutes": -5}, {"pace_kmh": 0}, {"minutes": float("nan")}]
    )
    def test_no_time_at_all(self, wrong):
        with pytest.raises(ValueError, match="above zero"):
            plan_loop(grid(2, 2), area=everywhere(), start=ORIGIN, **wrong)

    def test_an_empty_area(self):
        with pytest.raises(ValueError, match="empty"):
            plan(grid(2, 2), area=box(0, 0, 0, 0))

    def test_a_map_without_streets(self):
        nothing = WalkGraph.build(Nodes([], []), Edges([], [], []))
        with pytest.raises(NoStreets):
            plan(nothing)
