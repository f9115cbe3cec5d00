"""Metres and degrees, held to the ellipsoid: PROJ's geodesics are the twin that needs no plane."""

import numpy as np
import pyproj
import pytest
import shapely

from alongside.methods.ground import (
    OFF_THE_PLANE,
    Frame,
    circle,
    degree_at,
    degrees_of,
    metres_between,
    square_metres,
)

EARTH = pyproj.Geod(ellps="WGS84")
CITIES = {
    "on the equator": (0.0, -78.5),
    "Louisville": (38.2, -85.7),
    "south": (-54.8, -68.3),
    "far north": (69.6, 18.9),
    "on the 180th meridian": (-17.0, 179.95),
    "at the pole": (89.9, 10.0),
}
CITY_M = 25_000.0
TRUE_TO = 1e-5


@pytest.fixture(params=CITIES.values(), ids=CITIES)
def centre(request):
    return request.param


def spots(centre, count=400, reach=CITY_M, seed=0):
    """Points over a city 50 km wide; the first four at its edge, to the north, east, south and west."""
    rng = np.random.default_rng(seed)
    away, turn = reach * np.sqrt(rng.random(count)), rng.uniform(-180, 180, count)
    turn[:4], away[:4] = (0, 90, 180, -90), reach
    lon, lat, _back = EARTH.fwd(np.full(count, centre[1]), np.full(count, centre[0]), turn, away)
    return np.array(lat), np.array(lon)


class TestFrame:
    def test_distances_over_a_city_are_the_ellipsoids(self, centre):
        lat, lon = spots(centre)
        xy = Frame(*centre).xy(lat, lon)
        one, other = np.random.default_rng(1).integers(len(lat), size=(2, 5_000))
        true = EARTH.inv(lon[one], lat[one], lon[other], lat[other])[2]
        apart = true > 1
        flat = np.hypot(*(xy[one] - xy[other]).T)
        assert np.abs(flat[apart] / true[apart] - 1).max() < TRUE_TO
        assert true.max() > 1.9 * CITY_M, "the premise: from one side to the other"

    def test_east_is_x_and_north_is_y(self, centre):
        lat, lon = spots(centre)
        north, east, south, west = Frame(*centre).xy(lat[:4], lon[:4])
        assert np.allclose(north, (0, CITY_M), atol=0.5)
        assert np.allclose(south, (0, -CITY_M), atol=0.5)
        assert east[0] == pytest.approx(CITY_M, rel=TRUE_TO)
        assert west[0] == pytest.approx(-CITY_M, rel=TRUE_TO)
        assert np.array_equal(Frame(*centre).xy(*centre).round(6), [[0, 0]])

    def test_there_and_back(self, centre):
        lat, lon = spots(centre)
        frame = Frame(*centre)
        again = frame.lat_lon(frame.xy(lat, lon))
        assert np.abs(EARTH.inv(lon, lat, *again[::-1])[2]).max() < 1e-3

    def test_a_shape_is_laid_down_and_taken_up(self):
        frame = Frame(*CITIES["Louisville"])
        square = shapely.box(-500, -500, 500, 500)
        on_earth = frame.on_earth(square)
        assert square_metres(on_earth) == pytest.approx(1e6, rel=1e-5)
        assert shapely.hausdorff_distance(frame.flat(on_earth), square) < 1e-3
        assert Frame.of(on_earth).xy(frame.lat, frame.lon)[0] == pytest.approx((0, 0), abs=0.01)

    def test_half_a_country_away_is_as_wrong_as_was_said(self):
        lat, lon = 38.2, -85.7
        east = EARTH.fwd(lon, lat, 90, 250_000)
        further = EARTH.fwd(lon, lat, 90, 251_000)
        steps = Frame(lat, lon).xy([east[1], further[1]], [east[0], further[0]])
        assert np.hypot(*np.diff(steps, axis=0)[0]) / 1000 - 1 == pytest.approx(1 / 1_300, rel=0.05)

    @pytest.mark.parametrize("elsewhere", [(0.0, 0.0), (0.0, 4.3), (-38.2, 94.3), (38.2, 94.3), (0.0, 180.0)])
    def test_the_other_side_of_the_world_is_far_and_finite(self, elsewhere):
        xy = Frame(38.2, -85.7).xy(*elsewhere)[0]
        assert np.isfinite(xy).all()
        assert 5_000_000 < np.hypot(*xy) <= 2.1 * OFF_THE_PLANE

    def test_what_is_no_number_stays_none(self):
        assert np.isnan(Frame(38.2, -85.7).xy([np.nan], [-85.7])).any()


def test_numbers_and_arrays_have_their_distance():
    assert metres_between(0, 179.9, 0, -179.9) == pytest.approx(0.2 * degree_at(0).east)
    along = metres_between([0.0, 1.0], [0.0, 0.0], [0.0, 1.0], [1.0, 1.0])
    assert along == pytest.approx([degree_at(0).east, degree_at(1).east], rel=1e-5)
    assert np.isnan(metres_between(np.inf, 0, 0, 0))


@pytest.mark.parametrize("lat", [0.0, 38.2, -54.8, 69.6])
def test_a_degree_is_as_long_as_the_ellipsoid_says(lat):
    north = EARTH.inv(0, lat - 0.005, 0, lat + 0.005)[2] * 100
    east = EARTH.inv(-0.005, lat, 0.005, lat)[2] * 100
    assert degree_at(lat).north == pytest.approx(north, rel=1e-7)
    assert degree_at(lat).east == pytest.approx(east, rel=1e-7)
    high, wide = degrees_of(1_000, at=lat)
    assert EARTH.inv(0, lat, 0, lat + high)[2] == pytest.approx(1_000, rel=1e-5)
    assert EARTH.inv(0, lat, wide, lat)[2] == pytest.approx(1_000, rel=1e-5)


def test_no_degree_is_without_end():
    assert degree_at(90).east == pytest.approx(0, abs=1e-6)
    assert degrees_of(1_000, at=90) == degrees_of(1_000, at=-87)


class TestSizes:
    def test_of_a_square_degree(self):
        square = shapely.box(-86, 38, -85, 39)
        assert square_metres(square) == pytest.approx(degree_at(38.5).north * degree_at(38.5).east, rel=1e-3)

    def test_whichever_way_the_ring_runs(self):
        square = shapely.box(-86, 38, -85, 39)
        other = shapely.reverse(shapely.affinity.translate(square, 5))
        assert square_metres(other) == pytest.approx(square_metres(square))
        both = square_metres(shapely.MultiPolygon([square, other]))
        assert both == pytest.approx(2 * square_metres(square))

    def test_of_a_city_drawn_by_hand(self):
        """Geodesics between its corners are the twin."""
        for seed, (name, centre) in enumerate(CITIES.items()):
            if name in {"on the 180th meridian", "at the pole"}:
                continue
            lat, lon = spots(centre, count=40, seed=seed)
            hull = shapely.MultiPoint(np.column_stack((lon, lat))).convex_hull
            true = abs(EARTH.geometry_area_perimeter(hull)[0])
            assert square_metres(hull) == pytest.approx(true, rel=5e-4)
            assert Frame.of(hull).flat(hull).area == pytest.approx(true, rel=5e-4)

    def test_of_the_whole_world(self):
        """Nor is the way round the short way back: the largest area there is would have no size."""
        assert square_metres(shapely.box(-180, -90, 180, 90)) == pytest.approx(510.066e12, rel=1e-4)

    def test_of_nothing(self):
        assert square_metres(shapely.Polygon()) == 0

    def test_of_a_circle_anywhere(self, centre):
        if abs(centre[0]) < 80 and abs(centre[1]) < 179:
            assert square_metres(circle(*centre, 900)) == pytest.approx(np.pi * 900**2, rel=0.01)
        frame = Frame(*centre)
        rim = shapely.get_coordinates(circle(*centre, 900))
        assert np.hypot(*frame.xy(rim[:, 1], rim[:, 0]).T) == pytest.approx(900)
