"""A forum every month is accounted for as a walk every week is: other gatherings, another rhythm, the same account."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from alongside.cadence import account, pauses
from alongside.cadence.models import Pause
from alongside.cadence.periods import Became, Every, Pledge, cadence
from alongside.core import clock
from alongside.gatherings import actions as gatherings
from alongside.gatherings.kind import Kind
from alongside.gatherings.kinds.forum import FORUM
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Cause, Gathering, Series
from alongside.gatherings.tests.cast import a_gathering

STRANGER = AnonymousUser()
FIRST_THURSDAYS = [date(2026, month, day) for month, day in ((1, 8), (2, 5), (3, 5), (4, 2), (5, 7), (6, 4))]


def promised(of: Kind | Series, **words) -> Pledge:
    return Pledge(
        of=of,
        every=Every.MONTH,
        name="Forums",
        missed="No forum",
        kept=lambda forums, months: f"A forum in {forums} of {months} months.",
        off=lambda forums: f"{forums} called off.",
        **words,
    )


def at(day: date):
    return clock.at(datetime.combine(day, time(17), tzinfo=UTC))


@pytest.fixture
def series(riverbend):
    return Series.objects.create(agency=riverbend, kind=FORUM.name, name="The forum of the north")


@pytest.fixture
def forum(riverbend, series, ada):
    def planned(on: date, *, came: int | None = None, cancelled: str = "", **words):
        with at(on - timedelta(days=3)):
            words = {"kind": FORUM.name, "series": series, "title": f"Forum of {on:%B}"} | words
            gathering = gatherings.plan(
                riverbend, on=on, at=time(18), meeting_point="the library", by=ada, **words
            )
            gathering = gatherings.publish(gathering, by=ada)
            if cancelled:
                gatherings.cancel(gathering, reason=cancelled, by=ada)
        if came is not None:
            with at(on + timedelta(days=1)):
                gatherings.mark_held(gathering, came=came, by=ada)
        return gathering

    return planned


def test_each_month_is_what_became_of_it(riverbend, series, forum):
    january, february, _march, _april, may, june = FIRST_THURSDAYS
    forum(january, came=40)
    forum(february, cancelled="Ice on every road.")
    forum(may)
    forum(june)
    with at(date(2026, 5, 20)):
        told = cadence(STRANGER, riverbend, promised(series))
        assert [period.begins.day for period in told.periods] == [1] * 6
        assert [period.became for period in told.periods] == [
            Became.HELD,
            Became.CALLED_OFF,
            Became.MISSED,
            Became.MISSED,
            Became.UNREPORTED,
            Became.COMING,
        ]
        assert len(told.past) == 4, "the month we are in is not judged yet"
        assert told.kept == 1
        assert [str(period) for period in told.without_reason] == ["April 2026", "March 2026"]


def test_a_series_is_accounted_for_without_the_others_of_its_kind(riverbend, series, forum):
    forum(FIRST_THURSDAYS[0], came=40)
    forum(FIRST_THURSDAYS[1], came=30, series=None)
    forum(FIRST_THURSDAYS[2], came=20, kind="walk", series=None)
    with at(date(2026, 4, 1)):
        of_series = cadence(STRANGER, riverbend, promised(series))
        of_kind = cadence(STRANGER, riverbend, promised(FORUM))
    assert [period.became for period in of_series.past] == [Became.HELD, Became.MISSED, Became.MISSED]
    assert [period.became for period in of_kind.past] == [Became.HELD, Became.HELD, Became.MISSED]


def test_a_pause_of_the_walks_is_no_pause_of_the_forums(riverbend, series, forum, ada):
    forum(FIRST_THURSDAYS[0], came=40)
    days = {"first": date(2026, 2, 1), "last": date(2026, 2, 28), "cause": Cause.HOLIDAY}
    with at(date(2026, 3, 2)):
        pauses.pause(riverbend, of=WALK, **days, reason="Nobody walks in this month.", by=ada)
        assert cadence(STRANGER, riverbend, promised(series)).periods[1].became == Became.MISSED
        pauses.pause(riverbend, **days, of=FORUM, reason="The library is closed.", by=ada)
        month = cadence(STRANGER, riverbend, promised(series)).periods[1]
    assert (month.became, str(month.reason)) == (Became.PAUSED, "The library is closed.")


def test_a_pause_calls_off_gatherings_of_its_kind_alone(riverbend, forum, ada):
    on = FIRST_THURSDAYS[1]
    ours, walk = forum(on), forum(on, kind="walk", series=None)
    with at(on - timedelta(days=2)):
        _said, off = pauses.pause(
            riverbend,
            first=on,
            last=on,
            cause=Cause.INCIDENT,
            reason="We stay away for now.",
            of=FORUM,
            by=ada,
        )
    assert off == [ours]
    walk.refresh_from_db()
    assert walk.is_published


def test_a_pause_of_a_series_calls_off_its_own_dates_alone_and_excuses_no_other(
    riverbend, series, forum, ada
):
    on = FIRST_THURSDAYS[1]
    ours, other = forum(on), forum(on, series=None)
    with at(on - timedelta(days=2)):
        words = {"first": on, "last": on, "cause": Cause.HOLIDAY, "reason": "The library is closed."}
        _said, off = pauses.pause(riverbend, of=series, **words, by=ada)
        assert off == [ours]
        _said, off = pauses.pause(riverbend, of=FORUM, **words, by=ada)
        assert off == [other], "another pause, though it says the same"
    said = Pause.objects.of(riverbend)
    assert said.about(FORUM).count() == 1
    assert said.about(series).count() == 2, "what stops all forums stops this one"


def test_who_promised_says_why_nobody_planned_one(riverbend, series, forum):
    forum(FIRST_THURSDAYS[0], came=40)
    forum(FIRST_THURSDAYS[2], came=40)
    asked = []

    def left_out(agency, begins, ends):
        asked.append((agency, begins, ends))
        return {FIRST_THURSDAYS[1]: "No forum: the hall is being painted."}

    with at(date(2026, 3, 20)):
        month = cadence(STRANGER, riverbend, promised(series, left_out=left_out)).periods[1]
    assert (month.became, str(month.reason)) == (Became.PAUSED, "No forum: the hall is being painted.")
    assert asked == [(riverbend, date(2026, 1, 1), date(2026, 6, 1))]


def test_the_account_is_in_the_words_of_who_promised(riverbend, series, forum):
    for day, came in zip(FIRST_THURSDAYS[:4], (40, 31, 0, 35), strict=True):
        forum(day, came=came)
    forum(FIRST_THURSDAYS[5])
    with at(date(2026, 6, 1)):
        told = account.account(STRANGER, riverbend, promised(series))
    assert told["kept"] == "A forum in 4 of 5 months."
    assert told["people"].startswith("From fewer than 5 to 40 residents")
    assert told["table"].caption == "Month by month"
    assert [row[:2] for row in told["table"].rows[:2]] == [["June 2026", "Coming"], ["May 2026", "No forum"]]
    assert told["data"]["name"] == "Forums"
    assert [str(each) for each in told["coming"]] == ["Forum of June"]


def test_it_looks_back_a_year_and_no_longer(riverbend, series, forum):
    forum(FIRST_THURSDAYS[0], came=40)
    with at(date(2028, 1, 15)):
        told = cadence(STRANGER, riverbend, promised(series))
    assert told.periods[0].begins == date(2027, 1, 1)
    assert len(told.past) == 12


@pytest.mark.django_db
def test_how_many_came_to_a_usual_one_is_said_once_it_is_over(riverbend):
    walk = a_gathering(riverbend, rsvp_closes=clock.now())
    with clock.at(walk.starts + timedelta(minutes=5)):
        gatherings.mark_held(walk, came=8, by=None)
        assert account.people_in_words([Gathering.objects.get()] * 3) == ""
    with clock.at(walk.ends + timedelta(minutes=5)):
        assert account.people_in_words([Gathering.objects.get()] * 3) == "To each came 8 residents."


def test_a_month_that_was_loaded_later_is_shown_and_neither_kept_nor_missed(riverbend, series, forum, ada):
    """The seed's walks began years before: nobody kept account of the months between."""
    january, _february, march, *_others = FIRST_THURSDAYS
    before = gatherings.draft(
        riverbend, title="A forum of before", kind=FORUM.name, series=series, on=january, at=time(18)
    )
    with at(date(2026, 3, 20)):
        gatherings.show_as_held(before, came=30)
        forum(march, came=40)
        told = cadence(STRANGER, riverbend, promised(series))
        shown = account.account(STRANGER, riverbend, promised(series))
    assert [(each.begins.month, each.became) for each in told.periods] == [
        (1, Became.LOADED),
        (3, Became.HELD),
    ]
    assert (told.kept, len(told.past)) == (0, 0), "March goes on, and January keeps nothing"
    assert not told.without_reason
    assert told.has_loaded
    assert "30" in str(shown["table"].rows[-1])


def test_only_what_is_over_is_loaded_as_held(riverbend, series):
    ahead = gatherings.draft(
        riverbend, title="To come", kind=FORUM.name, on=riverbend.today() + timedelta(days=9), at=time(18)
    )
    with pytest.raises(gatherings.NotNow, match="over"):
        gatherings.show_as_held(ahead, came=3)
    assert not ahead.is_loaded
