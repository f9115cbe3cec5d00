"""An agency without boundaries has one city: what an import keeps lies in it, what it sets aside does not."""

import numpy as np
import pytest
import shapely

from alongside.hotspots import reading
from alongside.hotspots.tests import town
from alongside.incidents.actions import import_files
from alongside.incidents.lake import Lake
from alongside.methods.spatial import cells, extent

pytestmark = pytest.mark.django_db

BEYOND_THE_EDGE = (
    town.SOUTH + town.HIGH,
    town.WEST + 3 * town.WIDE + 0.017,
)  # 1.5 km, and nothing else there
ANOTHER_CITY = (39.60, -84.55)  # with a fiftieth of the events
A_SLIP = (39.11, 84.55)  # the sign of its longitude is missing


def a_file() -> str:
    writer = town.Writer()
    writer.number = 10**6  # apart from those of the town
    writer.at(BEYOND_THE_EDGE, "THEFT", 1)
    writer.around(ANOTHER_CITY, "THEFT", 80)
    writer.at(A_SLIP, "THEFT", 1)
    return town.calls() + "".join(writer.lines)


def has(city: reading.NamedCity, spot: tuple[float, float]) -> bool:
    return bool(shapely.intersects_xy(city.shapes.study, spot[1], spot[0]))


def test_what_is_kept_and_what_is_looked_at_is_one_city(riverbend, tmp_path):
    path = tmp_path / "calls.csv"
    path.write_text(a_file())
    report = import_files(riverbend, [str(path)]).report
    assert report["study_area"]["derived"]
    assert report["set_aside"]["outside the study area"] == 81

    city, counts = reading.city(riverbend), Lake(riverbend).cell_counts()
    assert city.derived
    here = extent.extent_of(counts.cells, counts.either)
    assert np.isin(cells.parents_of(counts.cells, extent.RESOLUTION), here).all(), "each that was kept"
    assert city.shapes.study.equals(extent.outline_of(here))
    assert [has(city, spot) for spot in (town.BOTH_HIGH, BEYOND_THE_EDGE)] == [True, True]
    assert [has(city, spot) for spot in (ANOTHER_CITY, A_SLIP)] == [False, False]
