"""What everybody reads of how many come and of how many came."""

from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement

import pytest
from django.test import Client
from django.urls import reverse

from alongside.core import clock
from alongside.gatherings import actions, telling
from alongside.gatherings.models import Gathering
from alongside.gatherings.telling import Room, Together
from alongside.gatherings.tests.cast import a_gathering, answer


def test_a_word_for_many_places_few_and_none():
    assert [Room.of(20, taken) for taken in (0, 15, 16, 19, 20, 25)] == [
        *[Room.ENOUGH] * 2,
        *[Room.FEW] * 2,
        *[Room.FULL] * 2,
    ]
    assert Room.of(None, 900) == Room.OPEN


@pytest.mark.parametrize(
    ("now", "look"),
    [
        ((2026, 7, 1, 9, 59), (2026, 6, 30, 10)),  # 5:59 in the summer of New York
        ((2026, 7, 1, 10, 0), (2026, 7, 1, 10)),
        ((2026, 11, 1, 11, 30), (2026, 11, 1, 11)),  # the clocks went back that night
        ((2026, 11, 1, 10, 30), (2026, 10, 31, 10)),
        ((2026, 3, 8, 10, 0), (2026, 3, 8, 10)),  # and forward that one
    ],
)
def test_the_clock_strikes_at_six_there(now, look):
    told = telling.last_look(datetime(*now, tzinfo=UTC), "America/New_York")
    assert told == datetime(*look, tzinfo=UTC)


# -- how many came ------------------------------------------------------------------------------------
@pytest.mark.parametrize("few", [0, 1, 4])
def test_few_and_none_read_alike(few):
    assert telling.came_in_words(few) == "Fewer than 5 residents came."
    assert telling.count_in_words(few) == "fewer than 5"
    assert telling.came_in_words(5) == "5 residents came."
    assert telling.came_in_words(None) == ""


def test_no_sum_and_no_middle_tells_a_small_number():
    """Every set of one to four gatherings: what is told of all together is the same for each number under the floor."""
    seen: dict[tuple[object, ...], set[tuple[int, ...]]] = {}
    for size in (1, 2, 3, 4):
        for counts in combinations_with_replacement(range(9), size):
            told = (
                *[telling.count_in_words(count) for count in counts],
                str(Together.of(counts)),
                telling.usual(list(counts)),
            )
            seen.setdefault(told, set()).add(counts)
    for worlds in seen.values():
        for place in range(len(next(iter(worlds)))):
            values = {counts[place] for counts in worlds}
            assert len(values) == 1 or values == set(range(5)), worlds
            assert values == set(range(5)) or min(values) >= 5
    assert len(seen) > 50, "the premise"


def test_nothing_is_summed_of_nobody():
    assert str(Together.of([3])) == "fewer than 5"
    assert str(Together.of([3, 0])) == "fewer than 10"
    assert str(Together.of([3, 12, None])) == "at least 12"
    assert str(Together.of([8, 12])) == "20"


@pytest.mark.django_db
def test_nobody_can_watch_heads_being_counted(riverbend):
    """Answers have closed, and people arrive: until it is over no page says how many are there."""
    walk = a_gathering(riverbend, rsvp_closes=clock.now())
    page = reverse("gatherings:coming", args=["riverbend"])
    with clock.at(walk.starts + timedelta(minutes=5)):
        before = Client().get(page).content
        actions.count_heads(walk, came=7, by=None)
        assert Client().get(page).content == before
        actions.mark_held(walk, came=8, by=None)
        assert (
            "8 residents"
            not in Client().get(reverse("gatherings:detail", args=["riverbend", walk.public_id])).text
        )
    with clock.at(walk.ends + timedelta(minutes=5)):
        assert "8 residents came." in Client().get(page).text
        assert telling.usual([8, 3, 1, 12]) == ("fewer than 5", "fewer than 5", "12")


@pytest.mark.django_db
def test_keeping_what_is_told_is_no_news(riverbend):
    """A calendar must not see by its stamp that somebody answered."""
    walk = a_gathering(riverbend, capacity=9)
    before = Gathering.objects.values("changed_at", "sequence").get()
    answer(walk, 2)
    assert Gathering.objects.values("changed_at", "sequence").get() == before
    assert Gathering.objects.get().is_looked_at
