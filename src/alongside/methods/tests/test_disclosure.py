"""Whoever reads all that was ever published, and knows the rules, works out no small number.

Two attackers. One goes through every table there could be and keeps those that read the same (and, worse, have the
total that she learned elsewhere). The other knows inequalities only, and solves them.
"""

import itertools
from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from alongside.methods.disclosure import Rule, Told

WHO_CAME = Rule(floor=10, step=5)
THEMES = Rule(floor=5)
NAMES = "abcdefghijk"


def table(counts):
    return dict(zip(NAMES, counts))


# -- the attacker who goes through every table ----------------------------------------------------
def tables_of(names, total):
    """Every table of so many names and so many people."""
    for bars in itertools.combinations(range(total + names - 1), names - 1):
        edges = (-1, *bars, total + names - 1)
        yield tuple(right - left - 1 for left, right in itertools.pairwise(edges))


def tables_alike(publish, *, names, total):
    """All of them, by what is published of each."""
    alike = defaultdict(list)
    for counts in tables_of(names, total):
        alike[publish(counts)].append(counts)
    return alike.items()


@pytest.mark.parametrize(
    ("floor", "step", "names", "people"),
    [
        (10, 5, 2, 60),
        (10, 5, 3, 60),
        (10, 5, 4, 40),
        (4, 2, 4, 26),
        (4, 2, 5, 24),
        (3, 3, 5, 18),
        (2, 2, 3, 20),
    ],
)
def test_who_learns_the_total_elsewhere_still_finds_two_numbers_for_each_kept_back(
    floor, step, names, people
):
    rule = Rule(floor=floor, step=step)
    looked_at = 0
    for total in range(1, people):  # of nobody at all, there is nothing to hide
        for shown, tables in tables_alike(
            lambda counts: tuple(rule.coarse(table(counts)).values()), names=names, total=total
        ):
            for place in (place for place, number in enumerate(shown) if number is None):
                looked_at += 1
                assert len({counts[place] for counts in tables}) > 1, (shown, total, tables)
    assert looked_at > 100, "the premise"


@pytest.mark.parametrize(("floor", "step", "names", "up_to"), [(10, 5, 3, 34), (4, 2, 4, 10)])
def test_without_a_total_as_many_numbers_are_possible_as_lie_under_the_floor(floor, step, names, up_to):
    rule = Rule(floor=floor, step=step)
    alike = defaultdict(list)
    for counts in itertools.product(range(up_to + 1), repeat=names):
        alike[tuple(rule.coarse(table(counts)).values())].append(counts)
    for shown, tables in alike.items():
        for place in (place for place, number in enumerate(shown) if number is None):
            assert len({counts[place] for counts in tables}) >= floor, shown


@pytest.mark.parametrize(
    ("floor", "names", "people"), [(5, 3, 50), (5, 4, 34), (4, 5, 24), (3, 5, 22), (3, 6, 18)]
)
def test_beside_a_rest_no_small_number_can_be_worked_out(floor, names, people):
    """The rest tells the total. What joined it may be known, since it is large; what is small may not."""
    rule = Rule(floor=floor)

    def publish(counts):
        told = rule.with_rest(table(counts))
        return told and (tuple(told.named.items()), told.rest)

    looked_at = 0
    for total in range(floor, people):
        for (named, rest), tables in tables_alike(publish, names=names, total=total):
            if rest == 0:
                continue  # that nobody spoke of anything else is told, as the page says
            for place, name in enumerate(NAMES[:names]):
                possible = {counts[place] for counts in tables}
                if name not in dict(named) and min(possible) < floor:
                    looked_at += 1
                    assert len(possible) > 1, (named, rest, tables)
    assert looked_at > 100, "the premise"


def test_few_reads_like_none():
    for counts in itertools.product(range(5), repeat=3):
        assert (THEMES.with_rest(table(counts)) is None) == (sum(counts) < 5)
    assert {tuple(WHO_CAME.coarse(table((few, 40, 60))).values()) for few in range(10)} == {(None, None, 60)}
    assert not THEMES.enough(None)
    assert not THEMES.enough(9, 4)
    assert THEMES.enough(5, 9)


# -- tables as large as ours, by chance -----------------------------------------------------------
eleven = st.lists(st.integers(0, 12) | st.sampled_from([0, 0, 1, 4, 5]), min_size=11, max_size=11)


def moved(counts):
    """Every table in which one person more gave one answer, and one fewer, or as many more, another."""
    for here, there in itertools.permutations(range(len(counts)), 2):
        for many in range(1, counts[here] + 1):
            other = list(counts)
            other[here] -= many
            other[there] += many
            yield other


@given(eleven)
@settings(max_examples=150, deadline=None)
def test_each_small_theme_could_have_been_another_number(counts):
    told = THEMES.with_rest(table(counts))
    if told is None or told.rest == 0:
        return
    for place, count in enumerate(counts):
        if count < THEMES.floor:
            assert any(
                other[place] != count and THEMES.with_rest(table(other)) == told for other in moved(counts)
            ), (counts, NAMES[place])


@given(st.lists(st.integers(0, 45), min_size=4, max_size=8))
@example([35, 35, 0, 1])  # two alike, of which one was kept back and the other told it
@example([20, 20, 2, 0])
@settings(max_examples=150, deadline=None)
def test_each_number_kept_back_could_have_been_another_with_the_same_total(counts):
    shown = WHO_CAME.coarse(table(counts))
    for place, name in enumerate(shown):
        if shown[name] is None and sum(counts):
            assert any(
                other[place] != counts[place] and WHO_CAME.coarse(table(other)) == shown
                for other in moved(counts)
            ), (counts, name)


@given(eleven)
def test_what_is_told_is_true_and_large(counts):
    told = THEMES.with_rest(table(counts))
    if told is None:
        assert sum(counts) < 5
        return
    assert all(number >= 5 and number == table(counts)[name] for name, number in told.named.items())
    assert told.rest == 0 or told.rest >= 5
    assert sum(told.named.values()) + told.rest == sum(counts)
    assert list(told.named.values()) == sorted(told.named.values(), reverse=True)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=9))
def test_what_is_shown_rounded_is_true_and_large(counts):
    shown = WHO_CAME.coarse(table(counts))
    for name, number in shown.items():
        if number is not None:
            assert number >= 10
            assert number % 5 == 0
            assert 0 <= table(counts)[name] - number < 5
    assert all(shown[name] is None for name, count in table(counts).items() if count < 10)
    assert len([number for number in shown.values() if number is None]) != 1 or len(counts) == 1


# -- the attacker who solves inequalities -----------------------------------------------------------
def what_is_possible(unknowns, equations, at_least, at_most):
    """(least, most) of each unknown, as a linear program knows it; `equations`: (coefficients, value)."""
    spans = []
    for place in range(unknowns):
        wanted = np.zeros(unknowns)
        wanted[place] = 1
        ends = []
        for sign in (1, -1):
            solved = linprog(
                sign * wanted,
                A_eq=[row for row, _value in equations] or None,
                b_eq=[value for _row, value in equations] or None,
                bounds=list(zip(at_least, at_most)),
            )
            ends.append(np.inf if solved.status == 3 else sign * solved.fun)
        spans.append((np.ceil(ends[0] - 1e-6), np.floor(ends[1] + 1e-6)))
    return spans


def bounds_of(shown):
    """What a reader knows of each number without knowing how those kept back were chosen."""
    least = [0 if number is None else number for number in shown.values()]
    most = [None if number is None else number + 4 for number in shown.values()]
    return least, most


@given(st.lists(st.integers(0, 45), min_size=3, max_size=7))
@settings(max_examples=60, deadline=None)
def test_inequalities_and_a_total_leave_room(counts):
    shown = WHO_CAME.coarse(table(counts))
    everything = ([1.0] * len(counts), sum(counts))
    spans = what_is_possible(len(counts), [everything], *bounds_of(shown))
    for (least, most), number, true in zip(spans, shown.values(), counts, strict=True):
        assert least <= true <= most, "the premise: she reckons rightly"
        if number is None:
            assert most - least >= min(sum(counts), 6), (counts, shown)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), min_size=3, max_size=6))
@settings(max_examples=60, deadline=None)
def test_two_tables_of_which_one_holds_a_walk_more_tell_no_small_number_of_it(pairs):
    """As where a count is put right after publication. What protects here is the step."""
    before, more = ([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    first = WHO_CAME.coarse(table(before))
    second = WHO_CAME.coarse(table([a + b for a, b in pairs]))
    size = len(pairs)
    least, most = bounds_of(first)
    later = bounds_of(second)
    # Unknowns: each number before, then each that came with the walk. Their sums lie within what is shown later.
    for place in range(size):
        spans = []
        for sign in (1, -1):
            wanted = np.zeros(2 * size)
            wanted[size + place] = sign
            both = np.hstack([np.eye(size), np.eye(size)])
            tops = [place for place in range(size) if later[1][place] is not None]
            solved = linprog(
                wanted,
                A_ub=np.vstack([-both, both[tops]]),
                b_ub=[*(-low for low in later[0]), *(later[1][top] for top in tops)],
                bounds=[*zip(least, most), *[(0, None)] * size],
            )
            spans.append(np.inf if solved.status == 3 else sign * solved.fun)
        assert spans[0] <= more[place] <= spans[1], "the premise"
        assert spans[1] - spans[0] >= 4, (before, more)


# -- attacks by name ----------------------------------------------------------------------------------
def test_one_number_missing_in_a_known_total():
    """34 + 20 + 9: who knows that 63 answered must not find 9 by subtracting what is shown."""
    assert WHO_CAME.coarse(table((34, 20, 9))) == {"a": 30, "b": None, "c": None}


def test_what_is_shown_at_the_end_of_its_step_does_not_give_away_what_is_not():
    """37 answered, and 10 stands for 14 at the most: only 9 and 14 would be left for the others."""
    assert WHO_CAME.coarse(table((14, 14, 9))) == {"a": None, "b": None, "c": None}
    assert WHO_CAME.coarse(table((30, 0, 0))) == {"a": None, "b": None, "c": None}, (
        "30 answered: nobody else did"
    )
    assert WHO_CAME.coarse(table((33, 25, 9))) == {"a": 30, "b": None, "c": None}, (
        "the premise: mostly there is room"
    )


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((33, 28, 9), (30, None, None)),  # at most 77, and 70: room for 7, more than a step
        ((33, 30, 9), (None, None, None)),  # room for 5, a step and no more
        ((34, 9, 9), (30, None, None)),  # each of the two may be the one that joined, and as large as 34
        ((33, 32, 31, 9), (30, 30, None, None)),  # each of those shown may lie at the top of its step
        ((40, 14, 14, 9), (40, None, None, None)),  # with two that joined, there is room
        ((25, 3, 3), (25, None, None)),  # at least 25, and 31: room for 6
        ((25, 3, 2), (None, None, None)),
    ],
)
def test_no_more_is_kept_back_than_the_room_asks_for(counts, shown):
    assert tuple(WHO_CAME.coarse(table(counts)).values()) == shown


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((8, 5, 3, 2, 0), Told({"a": 8, "b": 5}, 5)),  # at the floor, the theme and the rest
        ((30, 4, 3, 3), Told({"a": 30}, 10)),  # three of at most 12: any of them may be another number
        ((30, 4, 4, 3), Told({}, 41)),  # one of them is 3, the others 4
        ((30, 20, 1, 0), Told({"a": 30}, 21)),  # what joined is large: the small ones share what is left
    ],
)
def test_no_less_is_named_than_the_room_asks_for(counts, told):
    assert THEMES.with_rest(table(counts)) == told


def test_ties_go_by_name_and_not_by_who_stands_first():
    assert WHO_CAME.coarse({"z": 20, "a": 20, "m": 9}) == {"z": 20, "a": None, "m": None}
    assert THEMES.with_rest({"noise": 6, "lighting": 6, "youth": 1, "parks": 0}) == Told({"noise": 6}, 7)


def test_the_note_that_is_missing_in_the_sum():
    assert THEMES.with_rest({"lighting": 8, "noise": 6, "youth": 1, "parks": 0}) == Told({"lighting": 8}, 7)
    assert THEMES.with_rest({"lighting": 8, "youth": 1, "parks": 0}) == Told({}, 9)


def test_a_rest_so_large_that_each_must_lie_just_under_the_floor():
    full = {"a": 30} | dict.fromkeys("bcde", 4)
    assert THEMES.with_rest(full) == Told({}, 46)
    assert THEMES.with_rest(full | {"b": 1}) == Told({"a": 30}, 13), "the premise: mostly there is room"


def test_two_that_are_not_named():
    """Ties go by name: of two that share a rest, the order could tell which is the one that joined."""
    assert THEMES.with_rest({"a": 5, "b": 5, "c": 2, "d": 5}) == Told({}, 17)


def test_as_many_stand_by_their_names_and_no_order_of_arrival():
    told = THEMES.with_rest({"noise": 6, "youth": 9, "lighting": 6})
    assert list(told.named) == ["youth", "lighting", "noise"]


# -- late, and wrongly asked ------------------------------------------------------------------------
def test_what_is_over_is_told_after_the_delay():
    late = Rule(floor=5, delay=timedelta(days=21))
    assert late.due(date(2027, 4, 1)) == date(2027, 4, 22)
    assert THEMES.due(date(2027, 4, 1)) == date(2027, 4, 1)


@pytest.mark.parametrize("wrong", [{"floor": 1}, {"floor": 5, "step": 0}, {"floor": 5, "step": 2}])
def test_a_rule_that_hides_nothing_is_none(wrong):
    with pytest.raises(ValueError):
        Rule(**wrong)


def test_no_count_is_below_none_and_exact_numbers_are_not_told_as_rounded():
    for tell in (THEMES.with_rest, WHO_CAME.coarse):
        with pytest.raises(ValueError):
            tell({"a": -1, "b": 9})
    with pytest.raises(ValueError):
        THEMES.coarse({"a": 9})
