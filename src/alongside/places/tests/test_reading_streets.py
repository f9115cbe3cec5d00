"""An OpenStreetMap extract becomes the network people walk. The small city is a grid of ten by ten junctions."""

import numpy as np
import pyproj
import pytest

from alongside.agencies.models import AuditEntry
from alongside.core.errors import Refusal
from alongside.methods.routing.graph import WayKind
from alongside.places import actions, queries
from alongside.places.models import StreetNetwork
from alongside.places.streets import extract, network
from alongside.places.streets.reading import FarAway
from alongside.places.tests.cities import (
    SOUTH,
    STEP,
    WEST,
    at,
    collection,
    column,
    feature,
    row,
    square,
    write_streets,
)

STREET = {"highway": "residential", "name": "Elm Street"}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "city.osm.pbf"


def built(path, **options):
    return network.build(extract.read(path), **options)


def grid(**tags):
    """Every row and every column a street."""
    return [(row(n), {"highway": "residential", "name": f"Row {n}", **tags}) for n in range(10)] + [
        (column(n), {"highway": "residential", "name": f"Column {n}", **tags}) for n in range(10)
    ]


def test_streets_are_cut_where_they_meet_and_measured_along_their_shape(file):
    streets = built(write_streets(file, ways=grid()))
    graph = streets.graph
    assert (graph.nodes, graph.edges) == (100, 180)
    geod = pyproj.Geod(ellps="sphere")
    true = sum(
        geod.inv(graph.node_lon[u], graph.node_lat[u], graph.node_lon[v], graph.node_lat[v])[2]
        for u, v in zip(graph.edge_u, graph.edge_v, strict=True)
    )
    assert graph.edge_m.sum() == pytest.approx(true, rel=2e-3)
    assert streets.report["km"] == pytest.approx(true / 1000, abs=0.05)
    assert set(graph.names) == {f"Row {n}" for n in range(10)} | {f"Column {n}" for n in range(10)}


def test_a_bend_is_shape_and_not_a_junction(file):
    ways = [([0, 1, 11, 10], STREET), ([10, 20, 30, 40, 50, 60, 70], STREET)]
    graph = built(write_streets(file, ways=ways)).graph
    assert (graph.nodes, graph.edges) == (3, 2)
    bent = int(np.argmin(graph.edge_m))
    shape = graph.shape(bent)
    corners = {tuple(np.round(point, 6)) for point in shape}
    assert corners == {tuple(np.round(at(n), 6)) for n in (0, 1, 11, 10)}
    steps = np.diff(shape, axis=0) * [111_195, 111_195 * np.cos(np.radians(SOUTH))]
    assert graph.edge_m[bent] == pytest.approx(np.hypot(*steps.T).sum(), rel=1e-3)


def test_a_slow_obvious_twin_finds_the_same_junctions(file):
    """Random ways through the grid, cut by walking along each in plain Python."""
    rng = np.random.default_rng(7)
    ways = [([int(n) for n in rng.choice(100, size=6, replace=False)], STREET) for _ in range(25)]
    graph = built(write_streets(file, ways=ways)).graph

    uses: dict[int, int] = {}
    for refs, _tags in ways:
        for position, ref in enumerate(refs):
            uses[ref] = uses.get(ref, 0) + (2 if position in (0, len(refs) - 1) else 1)
    edges = 0
    for refs, _tags in ways:
        edges += sum(1 for ref in refs[1:-1] if uses[ref] > 1) + 1
    assert graph.edges == edges, "25 ways of 6 points through 100 junctions hang together"
    assert graph.nodes == sum(count > 1 for count in uses.values())


def test_what_is_not_for_walking_is_left_out_and_counted(file):
    ways = [
        *grid(),
        (row(1), {"highway": "motorway"}),
        (row(2), {"highway": "motorway_link"}),
        (row(3), {"highway": "service", "access": "private"}),
        ([5, 55], {"railway": "rail"}),
    ]
    streets = built(write_streets(file, ways=ways))
    assert streets.report["dropped"] == {"motorways": 2, "private": 1}
    assert (streets.report["ways_read"], streets.report["ways_kept"]) == (23, 20)
    assert streets.graph.edges == 180


def test_only_the_largest_connected_part_is_kept_and_the_rest_is_reported(file):
    island = {1000 + n: (SOUTH + 0.05 + n * STEP, WEST) for n in range(4)}
    points = {n: at(n) for n in range(100)} | island
    streets = built(write_streets(file, ways=[*grid(), (list(island), STREET)], points=points))
    assert streets.graph.nodes == 100
    assert streets.report["parts_left_out"] == {"parts": 1, "km": pytest.approx(0.33, abs=0.01)}


def test_a_street_cut_off_by_the_extract_ends_where_the_file_ends(file):
    points = {n: at(n) for n in range(100) if n not in (35, 36)}
    graph = built(write_streets(file, ways=[*grid()], points=points))
    assert graph.report["points_missing"] == 4
    numbers = set(graph.details["detail_node"].tolist())
    assert 35 not in numbers
    assert {34, 37} <= numbers


def test_a_locked_gate_cannot_be_passed(file):
    ways = [(row(0), STREET), (column(0), STREET), (column(9), STREET)]
    open_ = built(write_streets(file, ways=ways)).graph
    locked = built(write_streets(file, ways=ways, tags={4: {"barrier": "gate", "access": "private"}}))
    assert open_.edge_m.sum() > locked.graph.edge_m.sum()
    assert locked.report["points_blocked"] == 1
    assert 4 not in locked.details["detail_node"].tolist()


def test_kerbs_decide_whether_a_crossing_is_step_free(file):
    crossing = {"highway": "footway", "footway": "crossing"}
    ways = [*grid(), ([0, 11], crossing), ([22, 33], crossing), ([44, 55], crossing)]
    kerbs = {
        0: {"kerb": "lowered"},
        11: {"kerb": "flush"},
        22: {"kerb": "lowered"},
        33: {"kerb": "raised"},
        44: {"kerb": "lowered"},
    }
    graph = built(write_streets(file, ways=ways, tags=kerbs)).graph
    crossings = graph.edge_kind == WayKind.CROSSING
    assert sorted(graph.edge_step_free[crossings].tolist()) == [-1, 0, 1]
    assert not graph.edge_step_free[~crossings].any(), "a street beside a kerb is not the crossing"


def test_details_say_what_the_map_tagged(file):
    ways = [*grid(), ([0, 11], {"highway": "footway", "surface": "gravel", "width": "1.5", "incline": "6%"})]
    streets = built(write_streets(file, ways=ways, tags={5: {"highway": "crossing"}}))
    edge = int(np.flatnonzero(streets.graph.edge_kind == WayKind.FOOTWAY)[0])
    assert streets.details["detail_surfaces"][streets.details["detail_surface"][edge]] == "gravel"
    assert streets.details["detail_width"][edge] == 1.5
    assert streets.details["detail_slope"][edge] == 6.0
    assert streets.report["crossings"] == 1
    assert streets.report["km_with_surface"] == pytest.approx(0.14, abs=0.01)


PLAZA = {"highway": "pedestrian", "name": "Plaza"}
BANKS = [(row(n), {"highway": "residential"}) for n in (0, 1, 8, 9)] + [
    (part, {"highway": "residential"}) for n in range(10) for part in (column(n)[:2], column(n)[8:])
]
RIM = [14, 15, 85, 84, 14]  # the only way from bank to bank


@pytest.mark.parametrize(
    ("ways", "relation"),
    [
        ([(RIM, {**PLAZA, "area": "yes"})], None),
        ([(RIM, {})], PLAZA),
        ([(RIM[:3], {}), (RIM[2:], {})], PLAZA),
    ],
    ids=["a way", "a multipolygon", "a multipolygon whose rim is two ways"],
)
def test_a_plaza_joins_the_streets_around_it_however_it_is_drawn(file, ways, relation):
    first = len(BANKS) + 1
    relations = [([first + n for n in range(len(ways))], relation)] if relation else []
    streets = built(write_streets(file, ways=[*BANKS, *ways], relations=relations))
    assert streets.report["parts_left_out"]["parts"] == 0
    assert streets.graph.nodes == 40
    assert streets.report["km_by_kind"]["pedestrian"] == pytest.approx(1.73, abs=0.05)
    assert "Plaza" in streets.graph.names


def test_without_it_half_of_the_streets_fall_away_and_a_route_is_no_plaza(file):
    route = ([len(BANKS) + 1], {"highway": "pedestrian", "type": "route"})
    streets = built(write_streets(file, ways=[*BANKS, (RIM, {})], relations=[route]))
    assert streets.report["parts_left_out"]["parts"] == 1


def test_a_rim_that_is_a_street_of_its_own_stays_one(file):
    own = [*BANKS, (RIM, {"highway": "residential"})]
    streets = built(write_streets(file, ways=own, relations=[([len(own)], PLAZA)]))
    assert "pedestrian" not in streets.report["km_by_kind"]


def test_places_come_from_points_outlines_and_relations_each_once(file):
    outline = {201: (SOUTH + 0.002, WEST + 0.002), 202: (SOUTH + 0.002, WEST + 0.003)}
    outline |= {203: (SOUTH + 0.003, WEST + 0.003), 204: (SOUTH + 0.003, WEST + 0.002)}
    points = {n: at(n) for n in range(100)} | outline | {300: (SOUTH + 0.004, WEST + 0.004)}
    points |= {301: (SOUTH + 0.9, WEST), 302: (SOUTH + 0.00251, WEST + 0.00249)}
    ways = [
        *grid(),
        ([201, 202, 203, 204, 201], {"leisure": "park", "name": "Mill Green"}),
        ([201, 202, 203, 204, 201], {"building": "yes"}),
    ]
    streets = built(
        write_streets(
            file,
            ways=ways,
            points=points,
            tags={
                300: {"amenity": "library", "name": "Eastbank Library"},
                301: {"amenity": "library", "name": "Far away"},
                302: {"leisure": "park", "name": "Mill Green"},
            },
            relations=[([22], {"amenity": "school", "name": "Mill School"})],
        )
    ).graph
    named = dict(zip(streets.place_name, zip(streets.place_lat, streets.place_lon, strict=True), strict=True))
    assert set(named) == {"Mill Green", "Eastbank Library", "Mill School"}
    assert named["Mill Green"] == pytest.approx((SOUTH + 0.0025, WEST + 0.0025))
    assert named["Mill School"] == pytest.approx((SOUTH + 0.0025, WEST + 0.0025), abs=3e-4)


def test_points_with_numbers_below_zero_are_read_too(file):
    """An editor gives its new points such numbers until they are uploaded."""
    points = {-n - 1: at(n) for n in range(100)}
    ways = [([-ref - 1 for ref in refs], said) for refs, said in grid()]
    assert built(write_streets(file, ways=ways, points=points)).graph.nodes == 100


def test_a_large_file_is_filtered_before_python_sees_it(file, monkeypatch):
    monkeypatch.setattr(extract, "WORTH_A_FILTER", 0)
    graph = built(write_streets(file, ways=grid())).graph
    assert (graph.nodes, graph.edges) == (100, 180)


# -- what cannot be read --------------------------------------------------------------------------
BAD = {
    "empty": (b"", "empty"),
    "not a pbf": (b"hello " * 1000, "no .osm.pbf"),
    "OpenStreetMap's XML": (b"<?xml version='1.0'?><osm version='0.6'></osm>", "no .osm.pbf"),
    "cut off": (None, "damaged or cut off"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_cannot_be_read_is_refused_in_one_line(file, case):
    content, said = BAD[case]
    if content is None:
        content = write_streets(file, ways=grid()).read_bytes()[:-40]
    file.write_bytes(content)
    with pytest.raises(extract.UnreadableStreets, match=said) as refused:
        extract.read(file)
    assert "\n" not in str(refused.value)


def test_a_file_without_streets_without_walkable_ones_and_of_crumbs_is_refused(file):
    with pytest.raises(extract.UnreadableStreets, match="no streets"):
        built(write_streets(file, ways=[(row(0), {"railway": "rail"})]))
    with pytest.raises(network.NoWalkableStreets):
        built(write_streets(file, ways=[(row(0), {"highway": "motorway"})]))
    crumbs = [([n, n + 1], STREET) for n in range(0, 100, 10)]
    with pytest.raises(network.NothingConnected, match="largest part"):
        built(write_streets(file, ways=crumbs))


# -- bringing them in -----------------------------------------------------------------------------
def areas_at(west, south, size=0.01):
    return actions.read_areas(
        collection(feature(square(west, south, size), name="Here")),
        file_name="a.geojson",
        kind="neighborhood",
        name="name",
    )


def test_ada_imports_streets_and_others_can_plan_on_them(riverbend, elsewhere, ada, file):
    actions.keep_areas(riverbend, areas_at(WEST, SOUTH, 0.009), by=None)
    row_ = actions.import_streets(
        riverbend, write_streets(file, ways=grid()), file_name="city.osm.pbf", by=ada
    )

    assert row_.current
    assert row_.report["areas_covered"] == pytest.approx(1.0, abs=1e-3)
    assert queries.street_graph(riverbend).edges == 180
    assert AuditEntry.objects.filter(agency=riverbend, verb="imported streets of", actor=ada).exists()
    with pytest.raises(queries.NoStreetsYet, match="alongside streets import elsewhere"):
        queries.street_graph(elsewhere)


def test_a_newer_import_replaces_and_keeps_the_one_before_for_those_still_planning(riverbend, file):
    write_streets(file, ways=grid())
    rows = [actions.import_streets(riverbend, file, file_name=f"{n}.osm.pbf", by=None) for n in range(3)]
    with_files = {each.file_name for each in rows if each.path.exists()}
    assert StreetNetwork.objects.get(agency=riverbend, current=True).file_name == "2.osm.pbf"
    assert {"1.osm.pbf", "2.osm.pbf"} <= with_files


@pytest.mark.django_db(transaction=True)
def test_files_older_than_that_are_deleted(riverbend, file):
    write_streets(file, ways=grid())
    rows = [actions.import_streets(riverbend, file, file_name=f"{n}.osm.pbf", by=None) for n in range(3)]
    assert [each.path.exists() for each in rows] == [False, True, True]


def test_streets_of_another_city_are_refused_and_the_old_ones_stay(riverbend, file):
    actions.keep_areas(riverbend, areas_at(WEST, SOUTH), by=None)
    kept = actions.import_streets(riverbend, write_streets(file, ways=grid()), file_name="ours", by=None)
    far = {n: (lat + 2, lon) for n, (lat, lon) in ((n, at(n)) for n in range(100))}
    with pytest.raises(FarAway, match=r"138 mi"):
        actions.import_streets(
            riverbend, write_streets(file, ways=grid(), points=far), file_name="far", by=None
        )
    assert queries.streets(riverbend) == kept
    assert kept.path.exists()


def test_an_extract_of_a_whole_state_is_cut_to_the_agencys_ground(riverbend, file):
    """The street that leads far out of the city ends two kilometers beyond it."""
    actions.keep_areas(riverbend, areas_at(WEST, SOUTH), by=None)
    road = {1000 + n: (SOUTH, WEST - 0.005 * n) for n in range(1, 41)}
    points = {n: at(n) for n in range(100)} | road
    ways = [*grid(), ([0, *road], {"highway": "residential", "name": "Long Road"})]
    report = actions.import_streets(
        riverbend, write_streets(file, ways=ways, points=points), file_name="state", by=None
    ).report
    assert report["points_outside"] > 30
    assert report["bbox"][0] > WEST - 0.03


def test_nothing_is_kept_of_a_file_that_is_refused(riverbend, file, settings):
    file.write_bytes(b"rubbish")
    with pytest.raises(Refusal):
        actions.import_streets(riverbend, file, file_name="x", by=None)
    assert not StreetNetwork.objects.exists()
    assert not list((settings.DATA / "streets").glob("*")) if (settings.DATA / "streets").exists() else True
