"""Which days a file covers, on made-up files whose answer is known."""

import numpy as np
import pytest

from alongside.methods.spatial import coverage


def days(first, last):
    return np.arange(np.datetime64(first), np.datetime64(last) + 1)


def events(rng, first, last, rate, dispersion=1.0):
    """The day of each event, at a rate a day; counts a day are negative binomial where dispersed."""
    each = days(first, last)
    many = (
        rng.poisson(rate, len(each))
        if dispersion == 1
        else rng.negative_binomial(rate / (dispersion - 1), 1 / dispersion, len(each))
    )
    return np.repeat(each, many)


def said(covered):
    return [(str(first), str(last)) for first, last in coverage.stretches(covered)]


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def test_one_month_of_calls_covers_one_month_whatever_strays_years_before(rng):
    month = events(rng, "2016-08-01", "2016-08-31", 620)
    strays = rng.choice(days("2015-01-01", "2016-07-31"), 300)
    default_date = np.repeat(np.datetime64("1990-01-01"), 4000)
    covered = coverage.covered_days(np.concatenate([month, strays, default_date]))
    assert said(covered) == [("2016-08-01", "2016-08-31")]


def test_a_gap_is_found_and_a_weekend_is_none(rng):
    file = events(rng, "2024-01-01", "2024-12-31", 9, dispersion=3)
    offline = (file >= np.datetime64("2024-04-10")) & (file <= np.datetime64("2024-06-20"))
    weekends = (file.astype(np.int64) + 3) % 7 >= 5
    covered = coverage.covered_days(file[~offline & ~weekends])
    assert [
        (
            abs((first - np.datetime64("2024-04-10")).astype(int)) <= 3,
            abs((last - np.datetime64("2024-06-20")).astype(int)) <= 3,
        )
        for first, last in coverage.gaps(covered)
    ] == [(True, True)]


@pytest.mark.parametrize("rate", [0.1, 0.5, 2, 30, 600])
@pytest.mark.parametrize("dispersion", [1.0, 3.0, 5.0])
def test_chance_makes_no_gap(rng, rate, dispersion):
    for _ in range(5):
        file = events(rng, "2015-01-01", "2018-12-31", rate, dispersion)
        covered = coverage.covered_days(file)
        assert said(covered) == [(str(file.min()), str(file.max()))]


def test_fewer_events_are_still_covered_days(rng):
    """A year in which half as much was recorded, and one with three times as much, are no gaps."""
    file = np.concatenate(
        [
            events(rng, "2018-01-01", "2018-12-31", 12),
            events(rng, "2019-01-01", "2019-12-31", 6),
            events(rng, "2020-01-01", "2020-12-31", 20),
        ]
    )
    assert said(coverage.covered_days(file)) == [("2018-01-01", "2020-12-31")]


def test_a_slow_year_is_measured_by_itself(rng):
    """A quarter of the events, in bursts: the fortnights without any are no gaps."""
    file = np.concatenate(
        [events(rng, "2015-01-01", "2017-12-31", 1.4, 2), events(rng, "2018-01-01", "2019-12-31", 0.35, 2)]
    )
    assert np.diff(np.unique(file)).max() > np.timedelta64(14, "D"), "the premise"
    assert said(coverage.covered_days(file)) == [(str(file.min()), str(file.max()))]


def test_a_rare_layer_reaches_as_far_as_chance_may_have_left_it_empty(rng):
    year = days("2025-01-01", "2025-12-31")
    ends = np.array(["2025-01-04", "2025-12-28"], "datetime64[D]")
    rare = np.concatenate([events(rng, "2025-01-05", "2025-12-27", 0.6), ends])
    assert said(coverage.covered_days(rare)) == [("2025-01-04", "2025-12-28")]
    assert said(coverage.covered_days(rare, beside=year)) == [("2025-01-01", "2025-12-31")]
    assert said(coverage.covered_days(rare, beside=year[2:])) == [("2025-01-03", "2025-12-31")]
    half = rare[rare <= np.datetime64("2025-06-30")]
    assert said(coverage.covered_days(half, beside=year)) == [("2025-01-01", str(half.max()))]


def test_dates_that_know_the_month_only_cover_whole_months(rng):
    months = [f"2025-{month:02}-01" for month in (1, 2, 3, 4, 8, 9, 10, 11, 12)]
    file = np.repeat(np.array(months, "datetime64[D]"), rng.poisson(80, len(months)))
    assert said(coverage.covered_days(file)) == [("2025-01-01", "2025-04-30"), ("2025-08-01", "2025-12-31")]


def test_half_months_are_not_whole(rng):
    covered = np.concatenate([days("2025-01-15", "2025-04-30"), days("2025-05-09", "2025-07-31")])
    assert [str(month) for month in coverage.whole_months(covered)] == [
        "2025-02",
        "2025-03",
        "2025-04",
        "2025-06",
        "2025-07",
    ]


def test_nothing_and_next_to_nothing():
    none = np.zeros(0, "datetime64[D]")
    assert len(coverage.covered_days(none)) == len(coverage.whole_months(none)) == 0
    assert coverage.stretches(none) == coverage.gaps(none) == []
    assert said(coverage.covered_days(np.array(["2025-03-04"], "datetime64[D]"))) == [
        ("2025-03-04", "2025-03-04")
    ]
    three = np.array(["2025-03-04", "2025-03-04", "2025-03-06"], "datetime64[D]")
    assert said(coverage.covered_days(three)) == [("2025-03-04", "2025-03-06")]


def test_the_best_course_is_that_of_trying_them_all(rng):
    """Viterbi beside the slow, obvious way."""
    every = [np.array([code >> at & 1 for at in range(9)], bool) for code in range(2**9)]
    for _ in range(30):
        score = rng.normal(0, 2, 9)
        best = max(worth(course, score) for course in every)
        assert worth(coverage._best_course(score, price=1.5), score) == pytest.approx(best)


def worth(course, score, price=1.5):
    """The scores while covered, less the price of each change; to begin uncovered is a change, too."""
    changes = np.count_nonzero(np.diff(course.astype(int)))
    return score[course].sum() - price * (changes + (not course[0]))
