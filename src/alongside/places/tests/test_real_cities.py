"""Real cities: Portland's boundaries and streets, Louisville's tracts and parks. Where they are absent, these skip."""

import time

import pytest
from tests.realdata import real_data

from alongside.places import actions, queries
from alongside.places.boundaries.counts import read_counts
from alongside.places.streets import extract, network


def bring(agency, *path, kind, name, **options):
    file = real_data(*path)
    read = actions.read_areas(file.read_bytes(), file_name=file.name, kind=kind, name=name, **options)
    return actions.keep_areas(agency, read, by=None)


def test_portlands_six_invalid_neighborhoods_are_mended_and_none_is_lost(riverbend):
    done = bring(riverbend, "portland", "neighborhoods.geojson", kind="neighborhood", name="name")
    assert done.areas == 63
    mended = {repair["name"]: repair for repair in done.report["repaired"]}
    assert set(mended) == {
        "Pleasant Valley",
        "Southwest Hills",
        "Linnton",
        "Maplewood-Ashcreek",
        "Forest Park",
        "Hazelwood",
    }
    assert all(abs(repair["area_change_percent"]) < 1 for repair in mended.values())
    assert all(area.shape.is_valid for area in queries.areas(riverbend, "neighborhood"))


def test_portlands_sixty_districts_make_three_precincts(riverbend):
    done = bring(riverbend, "portland", "police_districts.geojson", kind="division", name="PRECINCT")
    assert sorted(done.added) == ["CE", "EA", "NO"]
    assert not done.report["overlaps"]


@pytest.mark.heavy
def test_louisvilles_tracts_are_counted_over_their_repeated_rows(riverbend):
    table = read_counts(
        real_data("louisville", "tract_population_2020.csv").read_bytes(), key="tract", value="population"
    )
    done = bring(
        riverbend, "louisville", "tracts_2020.geojson", kind="tract", name="tract", key="tract", counts=table
    )
    people = done.report["population"]
    assert (people["areas_with"], people["areas_without_count"], people["keys_without_area_count"]) == (
        216,
        0,
        0,
    )
    assert people["total"] == 782_969, "Jefferson County, 2020 census: 782,969"
    assert people["keys_summed"] == 104
    bring(riverbend, "louisville", "neighborhoods_67.geojson", kind="neighborhood", name="name")
    areas = queries.areas(riverbend, "neighborhood")
    estimates = queries.estimated_residents(riverbend, areas)
    assert 200_000 < sum(estimates.values()) < 260_000


def test_louisvilles_parks_are_one_venue_each(riverbend):
    bring(riverbend, "louisville", "lmpd_divisions.geojson", kind="division", name="DISTRICT")
    file = real_data("louisville", "parks.csv")
    read = actions.read_venues(riverbend, file.read_bytes(), file_name=file.name, kind="outdoor")
    assert (read.rows, len(read.venues), read.merged) == (739, 124, 614)
    assert read.reasons == {"outside the agency’s areas": 1}


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("path", "edges", "km"),
    [
        (("portland", "portland_central_filtered.osm.pbf"), 12_000, 765),
        (("osm", "columbus_oh.osm.pbf"), 28_000, 3_400),
        (("osm", "northern_kentucky_nky.osm.pbf"), 21_500, 1_644),
    ],
)
def test_a_real_extract_becomes_one_connected_network_in_seconds(path, edges, km):
    file = real_data(*path)
    begun = time.process_time()
    built = network.build(extract.read(file))
    assert time.process_time() - begun < 20
    assert built.graph.edges == pytest.approx(edges, rel=0.02)
    assert built.report["km"] == pytest.approx(km, rel=0.01)
    labels, parts = network._parts(built.graph.edge_u, built.graph.edge_v, built.graph.nodes)
    assert (parts, len(set(labels))) == (1, 1)
    assert built.report["dropped"]["motorways"] > 0
