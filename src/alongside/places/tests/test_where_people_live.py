"""Where a point lies, where the city ends, and along which streets people live."""

import numpy as np
import pytest
import shapely

from alongside.methods.spatial.cells import cells_of
from alongside.places import actions, queries
from alongside.places.models import Area
from alongside.places.points import locate_in
from alongside.places.tests.cities import SOUTH, WEST, collection, feature, row, square, write_streets


def keep(agency, *features, kind="neighborhood", **options):
    read = actions.read_areas(
        collection(*features), file_name="f", kind=kind, name="name", population="people", **options
    )
    actions.keep_areas(agency, read, by=None)


@pytest.fixture
def counted(riverbend):
    """Two squares; the western one also holds the streets."""
    keep(
        riverbend,
        feature(square(WEST - 0.0005, SOUTH - 0.0005), name="West", people=900),
        feature(square(WEST + 0.0095, SOUTH - 0.0005), name="East", people=300),
    )
    return riverbend


def test_many_points_are_located_as_one_by_one(counted):
    rng = np.random.default_rng(3)
    lats, lons = rng.uniform(SOUTH - 0.01, SOUTH + 0.02, 500), rng.uniform(WEST - 0.01, WEST + 0.03, 500)
    located = queries.locate(counted, "neighborhood", lats, lons)
    shapes = [area.shape for area in queries.areas(counted, "neighborhood")]
    for lat, lon, index in zip(lats, lons, located, strict=True):
        inside = [n for n, shape in enumerate(shapes) if shape.covers(shapely.Point(lon, lat))]
        assert index == (inside[0] if inside else -1)
    assert set(located) == {-1, 0, 1}, "the premise: points in both, and in neither"


def test_a_point_on_a_border_belongs_to_the_first_and_nowhere_is_minus_one():
    left, right = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    assert locate_in([left, right], [0.5, 0.5, 5.0], [1.0, 1.5, 5.0]).tolist() == [0, 1, -1]
    assert locate_in([], [0.5], [0.5]).tolist() == [-1]
    assert locate_in([left], [], []).tolist() == []


def test_the_study_area_is_the_agencys_ground_and_says_so(counted):
    study = queries.study_area(counted)
    assert not study.derived
    assert study.polygon.area == pytest.approx(2 * 0.01**2, rel=1e-6)
    assert "neighborhood" in study.source


def test_without_boundaries_it_is_derived_from_the_data_and_says_so(riverbend):
    assert queries.study_area(riverbend).polygon is None
    assert queries.study_area(riverbend).derived
    rng = np.random.default_rng(1)
    lats = np.concatenate([rng.normal(38.2, 0.01, 1000), [51.5]])
    lons = np.concatenate([rng.normal(-85.7, 0.01, 1000), [-0.1]])
    study = queries.derived_study_area(cells_of(lats, lons, 10), np.ones(1001))
    assert study.derived
    assert "Derived" in study.source
    assert study.polygon.covers(shapely.Point(-85.7, 38.2))
    assert not study.polygon.covers(shapely.Point(-0.1, 51.5)), "a stray is no part of the city"
    assert queries.derived_study_area(np.zeros(0, np.uint64), np.zeros(0)).polygon is None


def test_tracts_alone_make_the_ground_but_do_not_widen_it(counted):
    keep(counted, feature(square(WEST - 1, SOUTH - 1, 3), name="T1", people=5), kind="tract")
    assert queries.study_area(counted).polygon.area == pytest.approx(2 * 0.01**2, rel=1e-6)
    Area.objects.filter(kind="neighborhood").update(active=False)
    assert queries.study_area(counted).polygon.area == pytest.approx(9, rel=1e-6)


def test_the_division_is_the_one_most_of_a_shape_lies_in(counted, elsewhere):
    keep(counted, feature(square(WEST, SOUTH, 0.005), name="First", people=0), kind="division")
    keep(counted, feature(square(WEST, SOUTH, 0.005), name="First", people=0),
         feature(square(WEST + 0.005, SOUTH, 0.005), name="Second", people=0), kind="division")  # fmt: skip
    keep(elsewhere, feature(square(WEST, SOUTH, 0.05), name="Theirs", people=0), kind="division")
    mostly = shapely.box(WEST + 0.003, SOUTH, WEST + 0.010, SOUTH + 0.004)
    assert queries.division_of(counted, mostly).name == "Second"
    assert queries.division_of(counted, shapely.box(10, 10, 11, 11)) is None


# -- residents ------------------------------------------------------------------------------------
def streets(agency, tmp_path, ways):
    path = write_streets(tmp_path / "s.osm.pbf", ways=ways)
    actions.import_streets(agency, path, file_name="s", by=None)


def people_in(people, shape):
    return people.people[shapely.contains_xy(shape, people.lon, people.lat)].sum()


def test_without_streets_residents_are_spread_over_the_ground_and_that_is_said(counted):
    people = queries.residents(counted)
    assert people.total == 1200
    assert people.people.sum() == pytest.approx(1200)
    assert people.per_edge is None
    assert "evenly over its ground" in people.source
    west = shapely.box(WEST - 0.0005, SOUTH - 0.0005, WEST + 0.0095, SOUTH + 0.0095)
    assert people_in(people, west) == pytest.approx(900)
    lower_half = shapely.box(WEST - 0.0005, SOUTH - 0.0005, WEST + 0.0095, SOUTH + 0.0045)
    assert people_in(people, lower_half) == pytest.approx(450, rel=0.15)


def test_residents_live_along_residential_streets_by_their_metres(counted, tmp_path):
    """A long and a short residential street, and a footway along which nobody lives."""
    long_, short = row(0), row(9)[:4]
    joining = ([0, 10, 20, 30, 40, 50, 60, 70, 80, 90], {"highway": "footway"})
    streets(
        counted,
        tmp_path,
        [(long_, {"highway": "residential"}), (short, {"highway": "residential"}), joining],
    )
    graph = queries.street_graph(counted)
    people = queries.residents(counted)
    lived = graph.edge_residents > 0
    assert graph.edge_residents.sum() == pytest.approx(people.on_streets, rel=1e-6)
    assert not graph.edge_residents[graph.edge_kind == 1].any(), "nobody lives on a footway"
    per_metre = graph.edge_residents[lived] / graph.edge_m[lived]
    assert np.ptp(per_metre) / per_metre.mean() < 1e-3
    assert people.people.sum() == pytest.approx(1200)
    assert "where the street map does not reach" in people.source


def test_only_the_part_that_the_street_file_reaches_is_put_on_its_streets(counted, tmp_path):
    """The file ends inside the western square: its few streets must not carry all who live there."""
    half = [(refs[:6], said) for refs, said in [(row(n), {"highway": "residential"}) for n in range(10)]]
    half += [([n * 10 for n in range(10)], {"highway": "residential"})]
    streets(counted, tmp_path, half)
    people = queries.residents(counted)
    reached = shapely.box(WEST, SOUTH, WEST + 0.005, SOUTH + 0.009)
    west = shapely.box(WEST - 0.0005, SOUTH - 0.0005, WEST + 0.0095, SOUTH + 0.0095)
    share = reached.intersection(west).area / west.area
    assert people.on_streets == pytest.approx(900 * share, rel=1e-3)
    assert people.people.sum() == pytest.approx(1200)


def test_the_finest_areas_that_have_residents_count(counted):
    keep(
        counted,
        *[feature(square(WEST + n * 0.004, SOUTH, 0.004), name=f"T{n}", people=100) for n in range(4)],
        kind="tract",
    )
    assert queries.populated_kind(counted) == "tract"
    assert queries.residents(counted).total == 400
    assert "census tract" in queries.residents(counted).source


def test_a_changed_count_is_seen_at_once_and_nobody_counted_is_none(counted, riverbend, elsewhere, ada):
    assert queries.residents(elsewhere) is None
    assert queries.residents(counted).total == 1200
    area = Area.objects.get(name="East")
    actions.change_area(area, name="East", population=1300, active=True, by=ada)
    assert queries.residents(counted).total == 2200


def test_areas_without_a_count_get_an_estimate_from_the_finer_ones(counted):
    keep(counted, feature(square(WEST - 0.0005, SOUTH - 0.0005, 0.02), name="Both", people=None), kind="beat")
    beat = queries.areas(counted, "beat")
    assert beat[0].population is None
    assert queries.estimated_residents(counted, beat) == {beat[0].pk: 1200}
    assert queries.estimated_residents(counted, []) == {}
