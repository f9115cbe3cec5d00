"""Where contact is mostly enforcement: asked where both layers are of one involvement, and said where it cannot be."""

import h3.api.basic_int as h3
import numpy as np
import pytest

from alongside.hotspots import actions, mostly, words
from alongside.hotspots.tests import town

pytestmark = pytest.mark.django_db

WEST, EAST = (39.11, -84.60), (39.11, -84.50)


def a_city(enforced_west: float, *, events: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fine places of two halves, each with as many incidents; the share that is enforcement differs in the west."""
    rng = np.random.default_rng(3)
    lat = rng.uniform(39.10, 39.20, 400)
    lon = rng.uniform(-84.70, -84.50, 400)
    place = np.unique([h3.latlng_to_cell(*spot, 10) for spot in zip(lat, lon, strict=True)]).astype(np.uint64)
    west = np.array([h3.cell_to_latlng(int(cell))[1] < -84.65 for cell in place.tolist()])
    either = np.full(len(place), events)
    enforced = rng.binomial(either, np.where(west, enforced_west, 0.2))
    return place, enforced.astype(np.int64), either.astype(np.int64)


def scanned(place, enforced, either):
    return mostly.scan(place, enforced, either, np.full(len(place), -1), dispersion=1.0, seed=1)


def test_a_part_with_more_enforcement_is_found_with_its_share():
    found = scanned(*a_city(0.4))
    assert found.p <= 0.01
    assert found.share == pytest.approx(0.4, abs=0.03)
    assert found.elsewhere == pytest.approx(0.2, abs=0.03)


def test_more_incidents_are_no_more_enforcement():
    """Ten times as many in the west, of which no more is enforcement: where many people are cancels out."""
    place, _enforced, either = a_city(0.2)
    west = np.array([h3.cell_to_latlng(int(cell))[1] < -84.65 for cell in place.tolist()])
    either = np.where(west, 10 * either, either)
    enforced = np.random.default_rng(4).binomial(either, 0.2)
    assert scanned(place, enforced, either).p > 0.05


@pytest.mark.parametrize(
    ("investigation", "enforcement", "either", "one"),
    [
        ([5, 3], [2, 1], [5, 3], True),  # incidents, and which of them ended in an arrest
        ([5, 3], [2, 1], [7, 4], False),  # two files
        ([5, 3], [0, 0], [5, 3], False),  # one layer
        ([5, 3], [5, 3], [5, 3], False),  # the same thing twice
    ],
)
def test_it_can_be_asked_of_one_involvement_only(investigation, enforcement, either, one):
    layers = [np.array(each) for each in (investigation, enforcement, either)]
    assert mostly.is_one_involvement(*layers) is one


def test_two_files_cannot_be_divided_by_each_other_and_it_is_said(riverbend, tmp_path):
    town.draw(riverbend)
    town.fill_the_lake(riverbend, tmp_path)
    made = actions.run(riverbend, by=None)
    assert made.findings["mostly_enforcement"] == {"can_be_asked": False, "found": None}
    assert any("cannot be asked of this data" in note for note in words.notes(made))


def test_incidents_that_say_who_was_arrested_are_asked(riverbend, tmp_path):
    """Every incident is a theft; in Eastbank each third of them is an arrest as well."""
    homes = town.draw(riverbend)
    writer = town.Writer()
    writer.anywhere("THEFT", 900)
    writer.around(town.BOTH_HIGH, "THEFT", 200)
    middle = np.array(town.BOTH_HIGH) + writer.rng.normal(0, 0.0028, (200, 2))
    writer.write("THEFT", middle, again="WARRANT ARREST")
    town.fill_the_lake(riverbend, tmp_path, town.HEADING + "".join(writer.lines))
    made = actions.run(riverbend, by=None)
    asked = made.findings["mostly_enforcement"]
    assert asked["can_be_asked"]
    assert asked["found"]["p"] <= 0.05
    assert asked["found"]["share"] > 2 * asked["found"]["elsewhere"]
    assert set(asked["found"]["neighborhoods"]) <= set(homes)
    assert any("of all involvement is enforcement" in note for note in words.notes(made))


def test_how_much_the_share_varies_is_told_by_its_months():
    rng = np.random.default_rng(8)
    place = np.array(sorted(h3.grid_disk(h3.latlng_to_cell(39.1, -84.5, 8), 4)), dtype=np.uint64)
    months, trials = 24, 30

    def measured(shares: np.ndarray) -> float:
        enforced = rng.binomial(trials, shares)  # (months, places)
        month, at = np.meshgrid(np.arange(months), np.arange(len(place)), indexing="ij")
        of_each = np.arange(trials)[None, None, :] < enforced[:, :, None]
        return mostly.dispersion_of(
            place, np.repeat(month.ravel(), trials), np.repeat(at.ravel(), trials), of_each.ravel(), months
        )

    even = np.full((months, len(place)), 0.3)
    assert measured(even) == pytest.approx(1.0, abs=0.1)
    # Beta shares of mean .3: the variance of a count is 1 + (30 − 1)/(a + b + 1) times the binomial's, here 3.
    a_and_b = 29 / 2 - 1
    uneven = rng.beta(0.3 * a_and_b, 0.7 * a_and_b, even.shape)
    assert measured(uneven) == pytest.approx(3.0, abs=0.4)
