"""A walk every week was promised. The account says what became of each week, and does not flatter."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from alongside.cadence import pauses
from alongside.cadence.account import kept_in_words
from alongside.cadence.forms import OF_A_PAUSE
from alongside.cadence.periods import Became, Cadence
from alongside.cadence.periods import cadence as cadence_of
from alongside.core import clock
from alongside.core.authored import Words
from alongside.gatherings import actions as gatherings
from alongside.gatherings.forms import OF_A_DATE
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Cause
from alongside.gatherings.telling import Together
from alongside.season.pledge import WALKS

SATURDAY = date(2026, 3, 7)
STRANGER = AnonymousUser()


def cadence(user, agency) -> Cadence:
    return cadence_of(user, agency, WALKS)


def at(day: date, hour: int = 17):
    return clock.at(datetime.combine(day, time(hour), tzinfo=UTC))


@pytest.fixture
def walk(riverbend, ada):
    def planned(week: int, *, came: int | None = None, cancelled: str = "", draft: bool = False):
        on = SATURDAY + timedelta(weeks=week)
        with at(on - timedelta(days=3)):
            gathering = gatherings.plan(
                riverbend,
                kind="walk",
                title=f"Walk {week}",
                on=on,
                at=time(11),
                meeting_point="the fountain",
                by=ada,
            )
            if draft:
                return gathering
            gathering = gatherings.publish(gathering, by=ada)
            if cancelled:
                gatherings.cancel(gathering, reason=cancelled, stand_in="Sam", by=ada)
        if came is not None:
            with at(on + timedelta(days=1)):
                gatherings.mark_held(gathering, came=came, by=ada)
        return gathering

    return planned


def became(agency, today: date) -> list[str]:
    with at(today):
        return [week.became for week in cadence(STRANGER, agency).periods]


def test_a_program_without_walks_has_no_account(riverbend):
    assert cadence(STRANGER, riverbend).periods == []
    assert kept_in_words(cadence(STRANGER, riverbend)) == "The first weeks"


def test_each_week_is_what_became_of_it(riverbend, walk):
    walk(0, came=21)
    walk(1, cancelled="A thunderstorm warning.")
    walk(3)
    walk(5)
    assert became(riverbend, SATURDAY + timedelta(weeks=4)) == [
        Became.HELD,
        Became.CALLED_OFF,
        Became.MISSED,
        Became.UNREPORTED,
        Became.OPEN,
        Became.COMING,
    ]


def test_a_draft_is_told_to_nobody(riverbend, walk, ada):
    walk(0, came=3)
    walk(1, draft=True)
    with at(SATURDAY + timedelta(weeks=3)):
        for who in (STRANGER, ada):
            assert cadence(who, riverbend).periods[1].became == Became.MISSED


def test_the_week_we_are_in_is_not_judged_yet(riverbend, walk):
    walk(0, came=3)
    sunday = SATURDAY + timedelta(weeks=1, days=1)
    with at(sunday):
        account = cadence(STRANGER, riverbend)
    assert account.periods[1].became == Became.OPEN
    assert len(account.past) == 1
    with at(sunday + timedelta(days=1)):
        assert cadence(STRANGER, riverbend).periods[1].became == Became.MISSED


def test_a_walk_that_took_place_counts_even_if_another_was_called_off(riverbend, walk):
    walk(0, came=9)
    walk(0, cancelled="Nobody could lead the second group.")
    with at(SATURDAY + timedelta(weeks=1)):
        week = cadence(STRANGER, riverbend).periods[0]
    assert week.became == Became.HELD
    assert week.came == Together(9)


def test_a_missed_week_owes_a_reason_until_one_is_said(riverbend, walk, ada):
    walk(0, came=9)
    missed = SATURDAY + timedelta(weeks=1)
    with at(SATURDAY + timedelta(weeks=3)):
        assert [week.begins for week in cadence(STRANGER, riverbend).without_reason][-1] == date(2026, 3, 9)
        pauses.pause(
            riverbend,
            of=WALK,
            first=missed,
            last=missed,
            cause=Cause.STAFFING,
            reason="Two leaders were ill and nobody stood in.",
            by=ada,
        )
        week = cadence(STRANGER, riverbend).periods[1]
    assert (week.became, week.owes_a_reason) == (Became.PAUSED, False)
    assert str(week.reason).startswith("Two leaders")


def test_the_account_is_of_one_agency(riverbend, elsewhere, walk):
    walk(0, came=9)
    assert became(elsewhere, SATURDAY + timedelta(weeks=2)) == []


def test_it_is_told_in_one_look(riverbend, walk, django_assert_num_queries):
    for week in range(6):
        walk(week, came=10 + week)
    with at(SATURDAY + timedelta(weeks=7)), django_assert_num_queries(4):
        account = cadence(STRANGER, riverbend)
        assert account.kept == 6
        assert len([week.gathering.place for week in account.periods if week.gathering]) == 6


# -- pauses -----------------------------------------------------------------------------------------
def test_a_pause_calls_off_what_was_announced_and_says_why(riverbend, walk, ada):
    before, within, after = walk(0), walk(1), walk(3)
    with at(SATURDAY - timedelta(days=2)):
        said, off = pauses.pause(
            riverbend,
            of=WALK,
            first=SATURDAY + timedelta(days=1),
            last=SATURDAY + timedelta(weeks=2),
            cause=Cause.INCIDENT,
            reason="A shooting on Mill Street. The family asked us to stay away.",
            stand_in="Officer Whitaker",
            by=ada,
        )
    assert [each.pk for each in off] == [within.pk]
    for gathering in (before, within, after):
        gathering.refresh_from_db()
    assert (before.status, after.status) == ("published", "published")
    assert (within.status, str(within.change_reason)) == ("cancelled", str(said.reason))
    assert within.cause == "incident"


def test_a_pause_is_read_in_the_readers_language_wherever_it_is_told(riverbend, walk, ada, client):
    off = walk(1)
    both = Words.of("A family buries their son that day.", language="en")
    both = both.written("Una familia entierra a su hijo ese día.", language="es")
    with at(SATURDAY - timedelta(days=2)):
        day = {"first": off.on, "last": off.on, "cause": Cause.MOURNING}
        said, _off = pauses.pause(riverbend, of=WALK, reason=both, by=ada, **day)
        again, _none = pauses.pause(riverbend, of=WALK, reason=both, by=ada, **day)
        assert again == said, "said twice, it is one"
        off.refresh_from_db()
        assert off.change_reason.texts.keys() == {"en", "es"}
        page = client.get(f"/es{off.get_absolute_url()}").text
    assert "Una familia entierra a su hijo ese día." in page
    assert "A family buries" not in page


def test_there_is_one_list_of_causes_and_each_can_be_said():
    assert set(OF_A_DATE) | set(OF_A_PAUSE) == set(Cause)


@pytest.mark.parametrize("cause", OF_A_PAUSE)
def test_every_cause_of_a_pause_is_that_of_the_walks_it_calls_off(riverbend, walk, ada, cause):
    off = walk(1)
    day = SATURDAY + timedelta(weeks=1)
    with at(SATURDAY):
        pauses.pause(
            riverbend, of=WALK, first=day, last=day, cause=cause, reason="We stay away that day.", by=ada
        )
    off.refresh_from_db()
    assert off.cause == cause


def test_a_walk_published_into_a_pause_is_pointed_out(riverbend, client_for, ada, walk):
    with at(SATURDAY - timedelta(days=9)):
        pauses.pause(
            riverbend,
            of=WALK,
            first=SATURDAY,
            last=None,
            cause=Cause.MOURNING,
            reason="We stay away for now.",
            by=ada,
        )
        assert pauses.published_all_the_same(riverbend, WALK) == []
    late = walk(1)
    with at(SATURDAY - timedelta(days=1)):
        assert [each.pk for _said, each in pauses.published_all_the_same(riverbend, WALK)] == [late.pk]
        said = {"": "Put one of them right", "pauses/": "Published all the same"}
        for page, words in said.items():
            assert words in client_for(ada).get(f"/riverbend/workspace/{page}").text


def test_the_same_pause_said_twice_is_one(riverbend, ada):
    words = {
        "first": riverbend.today(),
        "last": None,
        "cause": Cause.INCIDENT,
        "reason": "We stay away for a while.",
    }
    first, _off = pauses.pause(riverbend, of=WALK, **words, by=ada)
    second, _off = pauses.pause(riverbend, of=WALK, **words, by=ada)
    assert first == second


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"reason": "no"}, "Say why"),
        ({"reason": "   \n  "}, "Say why"),
        ({"last": date(2020, 1, 1)}, "ends before"),
        ({"first": date(1999, 1, 1), "last": None}, "two years"),
        ({"cause": "boredom"}, "boredom"),
        ({"last": date(9999, 12, 31)}, "more than a year"),
    ],
)
def test_nonsense_is_refused_in_one_sentence(riverbend, ada, change, refusal):
    words = {
        "first": riverbend.today(),
        "last": None,
        "cause": Cause.OTHER,
        "reason": "We stay away for a while.",
    }
    with pytest.raises(pauses.PauseRefused, match=refusal):
        pauses.pause(riverbend, of=WALK, **words | change, by=ada)


def test_another_agencys_neighborhood_is_refused(riverbend, elsewhere, ada):
    from alongside.places.models import Area

    theirs = Area(agency=elsewhere, name="Theirs")
    with pytest.raises(pauses.PauseRefused, match="another agency"):
        pauses.pause(
            riverbend,
            of=WALK,
            first=riverbend.today(),
            last=None,
            cause=Cause.OTHER,
            reason="We stay away.",
            neighborhood=theirs,
            by=ada,
        )


# -- pages ------------------------------------------------------------------------------------------
def test_a_stranger_reads_the_account(client, riverbend, walk):
    walk(0, came=21)
    walk(1, cancelled="A thunderstorm warning.")
    with at(SATURDAY + timedelta(weeks=2)):
        page = client.get("/riverbend/program/").content.decode()
    assert "A walk in 1 of 2 weeks." in page
    assert "A thunderstorm warning." in page
    assert "EventCancelled" in page


def test_the_pause_is_shown_before_it_is_said(client_for, ada, riverbend, walk):
    walk(0)
    asked = {
        "first": SATURDAY.isoformat(),
        "last": SATURDAY.isoformat(),
        "cause": "incident",
        "reason": "A family mourns on this street.",
    }
    desk = client_for(ada)
    with at(SATURDAY - timedelta(days=2)):
        shown = desk.post("/riverbend/workspace/pauses/", asked)
        assert "This would call off" in shown.content.decode()
        assert became(riverbend, SATURDAY - timedelta(days=2))[0] == Became.COMING
        done = desk.post("/riverbend/workspace/pauses/", asked | {"confirmed": "", "stand_in": "Sam"})
        assert done.status_code == 302
        assert became(riverbend, SATURDAY - timedelta(days=2))[0] == Became.CALLED_OFF


def test_an_officer_does_not_decide(client_for, officer, riverbend):
    assert client_for(officer).get("/riverbend/workspace/pauses/").status_code == 403


def test_a_pause_that_ends_is_not_made_longer_by_ending_it_again(riverbend, walk, ada):
    """The walks of the days between would be said to be off, and take place."""
    with at(SATURDAY):
        said, _off = pauses.pause(
            riverbend,
            of=WALK,
            first=SATURDAY,
            last=None,
            cause=Cause.MOURNING,
            reason="We mourn with the family, and stay away.",
            by=ada,
        )
        assert pauses.end(said, last=SATURDAY + timedelta(days=9), by=ada).last
        assert pauses.end(said, last=SATURDAY + timedelta(days=7), by=ada).last, "shorter is no trouble"
        with pytest.raises(pauses.PauseRefused):
            pauses.end(said, last=SATURDAY + timedelta(days=8), by=ada)
