"""Who still waits counts for every day waited: by published examples, and beside a twin that follows each of them."""

from fractions import Fraction
from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alongside.methods.survival import curve

# Freireich and others, Blood 21, 1963: weeks of remission, in Kalbfleisch and Prentice, section 1.1, and as `gehan` in
# R's MASS. Standard errors and medians as R's survfit and SAS's LIFETEST print them; intervals by the log-log
# transform, which is LIFETEST's default, and recorded with lifelines 0.30.3 as well.
SIX_MP = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
SIX_MP_ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
# Embury and others, Western Journal of Medicine 126, 1977: `aml` in R's survival.
MAINTAINED = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161]
MAINTAINED_ENDED = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]
NOT_MAINTAINED = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45]
NOT_MAINTAINED_ENDED = [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]


def test_the_published_curve_of_freireich():
    found = curve(SIX_MP, SIX_MP_ENDED)
    assert found.days.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.waiting.tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert found.answers.tolist() == [3, 1, 1, 1, 1, 1, 1]
    assert found.share == pytest.approx([0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4)
    errors = found.share * np.sqrt(found._variance())
    assert errors == pytest.approx([0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5)
    assert (found.answered, found.open) == (9, 12)


@pytest.mark.parametrize(
    ("lasted", "ended", "median", "interval"),
    [
        (SIX_MP, SIX_MP_ENDED, 23, (13, None)),
        (PLACEBO, [1] * 21, 8, (4, 11)),
        (MAINTAINED, MAINTAINED_ENDED, 31, (13, None)),
        (NOT_MAINTAINED, NOT_MAINTAINED_ENDED, 23, (5, 33)),
    ],
)
def test_the_published_medians_and_between_what_they_lie(lasted, ended, median, interval):
    found = curve(lasted, ended)
    assert (found.median, found.interval()) == (median, interval)


def test_the_band_of_each_day_as_lifelines_has_it():
    low, high = curve(SIX_MP, SIX_MP_ENDED).band()
    assert low == pytest.approx([0.6197, 0.5631, 0.5032, 0.4316, 0.3675, 0.2678, 0.1881], abs=5e-5)
    assert high == pytest.approx([0.9516, 0.9228, 0.8894, 0.8491, 0.8049, 0.7468, 0.6801], abs=5e-5)


# -- the twin: every question is followed day by day ---------------------------------------------------
def followed(rows):
    """(day, share, Greenwood's sum) for each day with an answer, in fractions, one question at a time."""
    share, spread, told = Fraction(1), Fraction(0), []
    for day in range(max((length for length, _ended in rows), default=-1) + 1):
        waiting = sum(1 for length, _ended in rows if length >= day)
        answered = sum(1 for length, ended in rows if length == day and ended)
        if not answered:
            continue
        share *= 1 - Fraction(answered, waiting)
        spread = None if waiting == answered else spread + Fraction(answered, waiting * (waiting - answered))
        told.append((day, share, spread))
    return told


def not_refused(share, spread, half=0.5):
    """Whether one half lies above the band's low end, and whether above its high one."""
    if spread is None:
        return True, False
    middle, width = log(-log(share)), 1.959963984540054 * sqrt(spread) / -log(share)
    return exp(-exp(middle + width)) <= half, exp(-exp(middle - width)) <= half


QUESTIONS = st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=40)


@given(QUESTIONS)
@example([])
@example([(0, True)])
@example([(0, False), (0, True)])
@example([(3, True), (7, False)])  # exactly one half
@example([(1, True), (2, True), (3, False), (4, False)])  # one half as a product: 3/4 of 2/3
def test_it_is_what_following_each_of_them_says(rows):
    told = followed(rows)
    found = curve([length for length, _ended in rows], [ended for _length, ended in rows])
    assert found.days.tolist() == [day for day, _share, _spread in told]
    assert found.share == pytest.approx([float(share) for _day, share, _spread in told])
    assert found.median == next((day for day, share, _spread in told if share <= Fraction(1, 2)), None)
    assert found.answered + found.open == len(rows)
    ends = [(day, *not_refused(float(share), spread)) for day, share, spread in told]
    low = next((day for day, begins, _over in ends if begins), None)
    high = next((day for day, _begins, over in ends if over), None)
    assert found.interval() == (low, high)


@given(QUESTIONS, st.integers(0, 40))
def test_who_waits_longer_never_makes_it_look_faster(rows, more):
    """The reason for all of this: of those that wait, a later look can only move the middle away."""
    lengths, ended = [length for length, _ended in rows], [ended for _length, ended in rows]
    later = [length if over else length + more for length, over in zip(lengths, ended)]
    now, then = curve(lengths, ended).median, curve(later, ended).median
    assert then is None or (now is not None and now <= then)


@given(QUESTIONS)
def test_a_row_that_stands_there_three_times_is_three_rows(rows):
    lengths, ended = [length for length, _ended in rows], [ended for _length, ended in rows]
    once, counted = curve(lengths * 3, ended * 3), curve(lengths, ended, [3] * len(rows))
    assert counted.share.tolist() == once.share.tolist()
    assert (counted.median, counted.open) == (once.median, once.open)


def test_the_middle_of_the_answered_alone_would_have_been_too_good():
    lengths, ended = [2, 4, 6, 90, 90, 90, 90], [1, 1, 1, 0, 0, 0, 0]
    assert np.median(lengths[:3]) == 4
    found = curve(lengths, ended)
    assert found.median is None, "more than half still wait: nobody knows yet"
    assert found.after(90) == pytest.approx(4 / 7)


def test_what_is_answered_and_what_is_looked_at_last_on_one_day():
    """The one that still waits at the end of the day was waiting when the other was answered."""
    assert curve([5, 5], [True, False]).share.tolist() == [0.5]


def test_answered_on_the_day_it_was_asked():
    found = curve([0, 0, 0, 9], [True, True, True, False])
    assert (found.median, found.after(0)) == (0, 0.25)


def test_of_nothing_there_is_no_middle():
    found = curve([], [])
    assert (found.median, found.interval(), found.after(7)) == (None, (None, None), 1.0)


def test_what_still_waits_after_a_day():
    found = curve([1, 3, 8, 8], [True, True, False, True])
    assert [found.after(day) for day in (0, 1, 2.5, 3, 7, 8, 1000)] == [1, 0.75, 0.75, 0.5, 0.5, 0.25, 0.25]


@pytest.mark.parametrize(
    ("lasted", "ended", "times"),
    [
        ([-1], [True], None),
        ([float("nan")], [True], None),
        ([float("inf")], [False], None),
        ([1, 2], [True], None),
        ([1], [True], [-1]),
        ([[1]], [[True]], None),
    ],
)
def test_what_is_no_length_is_refused(lasted, ended, times):
    with pytest.raises(ValueError):
        curve(lasted, ended, times)
