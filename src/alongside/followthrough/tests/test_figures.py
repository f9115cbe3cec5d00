"""What is late is counted late, what still waits counts as waiting, and nobody is left out for having none."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from alongside.followthrough import actions, figures, panels
from alongside.followthrough.models import Concern
from alongside.followthrough.promises import actions as promising
from alongside.followthrough.promises.actions import Said
from alongside.followthrough.promises.models import Promise
from alongside.followthrough.tests.cast import ben_says, member, town
from alongside.followthrough.triage import late as late_page
from alongside.methods import survival
from alongside.people import actions as people

pytestmark = pytest.mark.django_db
LONG_AGO = 60


@pytest.fixture
def homes(riverbend):
    return town(riverbend)


@pytest.fixture
def dents(riverbend, homes, dent, ada):
    """The first division, which Major Dent commands."""
    people.give_command(homes["First"], to=member(dent, riverbend), since=riverbend.today(), by=ada)
    return homes["First"]


def asked(agency, n, *, days_ago=LONG_AGO, **said):
    return ben_says(
        agency, key=f"note:{n}", heard_on=agency.today() - timedelta(days=days_ago), **said
    ).concern


def owned(concern, user, days=5):
    return actions.assign(
        concern,
        owner=member(user, concern.agency),
        due=concern.agency.today() + timedelta(days=days),
        by=user,
    )


def made_late(concern, days):
    Concern.objects.filter(pk=concern.pk).update(due=concern.agency.today() - timedelta(days=days))


def released(concern, ada):
    return actions.clear(concern, summary="The light at the bus stop is out.", by=ada)


# -- for everybody ------------------------------------------------------------------------------------
def first_page(agency):
    return panels.promised(AnonymousUser(), agency)


def curve_of(panel):
    return panel["curve"].answered, panel["curve"].open, panel["curve"].median


def here(agency, area):
    return panels.promised_here(AnonymousUser(), agency, area)


def test_five_done_two_late(riverbend, homes, ada):
    for n, (late, done) in enumerate([(0, False), (3, False), (9, False), (0, True)]):
        concern = released(owned(asked(riverbend, n, neighborhood=homes["Eastbank"]), ada), ada)
        if late:
            made_late(concern, late)
        if done:
            released(actions.close(concern, state="done", outcome="A new lamp.", by=ada), ada)
    told = first_page(riverbend)
    assert told["finding"] == "1 kept · 2 late · 1 open"
    assert here(riverbend, homes["Eastbank"])["finding"] == told["finding"]
    assert here(riverbend, homes["Mill Row"])["bar"] == [], "another neighborhood’s"
    late = [each.is_late for each in told["promises"]]
    assert late == [True, True, False], "the late ones are not hidden behind others"


def test_what_nobody_released_is_in_no_number_for_everybody(riverbend, homes, ada):
    owned(asked(riverbend, 1, neighborhood=homes["Eastbank"]), ada)
    assert first_page(riverbend)["bar"] == first_page(riverbend)["promises"] == []


def test_nor_what_was_said_yesterday(riverbend, ada):
    """Whoever saw Ben speak to an officer yesterday does not read of it today."""
    released(owned(asked(riverbend, 1, days_ago=0), ada), ada)
    assert first_page(riverbend)["bar"] == []


def test_a_promise_from_a_stage_counts_with_them(riverbend, homes, ada, later):
    said = Said("We repaint the crossing.", member(ada, riverbend), riverbend.today() + timedelta(days=5))
    promise = promising.make(riverbend, said, by=ada, public=True)
    assert first_page(riverbend)["finding"] == "0 kept · 0 late · 1 open"
    later(days=6)
    assert first_page(riverbend)["finding"] == "0 kept · 1 late · 0 open"
    promising.fail(promise, outcome="There was no paint.", by=ada)
    assert first_page(riverbend)["finding"] == "0 kept · 0 late · 0 open · 1 not done"


# -- days to an answer ----------------------------------------------------------------------------------
def test_who_waits_counts_for_every_day_waited(riverbend, ada):
    for n, days_ago in enumerate([4, 30, 90]):
        concern = owned(asked(riverbend, n, days_ago=days_ago), ada)
        if days_ago == 4:
            actions.close(concern, state="done", outcome="A new lamp.", by=ada)
    curve = figures.days_to_answer(riverbend)
    assert (curve.answered, curve.open, curve.median) == (1, 2, None)
    assert figures.median_in_words(curve) == "more than half still wait"
    lately = figures.days_to_answer(riverbend, since=riverbend.today() - timedelta(days=10))
    assert (lately.answered, lately.open, lately.median) == (1, 0, 4)
    assert figures.median_in_words(lately) == "4 days"


def test_what_asks_for_nothing_or_is_sent_elsewhere_does_not_wait(riverbend, ada):
    asked(riverbend, 1, kind="thanks")
    actions.withhold(asked(riverbend, 2), reason="officer", by=ada)
    curve = figures.days_to_answer(riverbend)
    assert (curve.answered, curve.open) == (0, 0)
    assert figures.median_in_words(curve) == "nobody has asked yet"


def test_reopened_is_waiting_again_from_the_first_day(riverbend, ada):
    concern = owned(asked(riverbend, 1, days_ago=50), ada)
    actions.close(concern, state="done", outcome="A new lamp.", by=ada)
    assert figures.days_to_answer(riverbend).median == 50
    actions.reopen(Concern.objects.get(), words="It is dark again.")
    curve = figures.days_to_answer(riverbend)
    assert (curve.answered, curve.open) == (0, 1)


def test_those_of_a_neighborhood_are_of_what_everybody_reads_as_of_this_morning(riverbend, homes, ada, later):
    home = homes["Eastbank"]
    on_the_list = [
        released(owned(asked(riverbend, n, neighborhood=home, days_ago=40), ada), ada)
        for n in range(figures.FEWEST)
    ]
    before = here(riverbend, home)
    assert (before["curve"].answered, before["curve"].open) == (0, figures.FEWEST), "the premise: it is told"
    asked(riverbend, 50, neighborhood=home, days_ago=0)
    asked(riverbend, 51, neighborhood=home, days_ago=40)  # nobody has released it
    actions.close(on_the_list[0], state="done", outcome="A new lamp.", by=ada)
    assert curve_of(here(riverbend, home)) == curve_of(before)
    assert figures.days_to_answer(riverbend).open == figures.FEWEST + 1, "those who lead see all of it"
    later(days=1)
    curve = here(riverbend, home)["curve"]
    assert (curve.answered, curve.open) == (1, figures.FEWEST - 1)


def test_the_doubt_is_said_in_words():
    whole = survival.curve([8] * 5 + [9] * 20 + [12] * 5, [True] * 30)
    assert figures.doubt_in_words(whole) == "likely between 9 and 9 days"
    few = survival.curve([8, 20, 40], [True, False, False])
    assert figures.doubt_in_words(few) == "likely at least 8 days"
    assert figures.doubt_in_words(survival.curve([], [])) == ""


def told_of(*each):
    """Quarters whose questions were all answered after so many days."""
    first = date(2026, 1, 1)
    return [figures.Quarter(first, survival.curve(days, [True] * len(days))) for days in each]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([*range(25, 35)] * 5, [*range(3, 13)] * 5, "sooner than"),
        ([*range(3, 13)] * 5, [*range(25, 35)] * 5, "longer than"),
        ([7, 8, 9, 10] * 5, [8, 9, 10, 11] * 5, "too close to call"),
        ([7, 8, 9], [*range(25, 35)] * 5, "Too little is known"),
    ],
)
def test_a_trend_is_called_where_the_doubt_leaves_room(before, after, said):
    assert said in figures.trend_in_words(told_of(before, after, [1]))


def test_the_quarter_we_are_in_is_shown_and_judges_nothing():
    assert "Too little is known" in figures.trend_in_words(told_of([*range(25, 35)] * 5, [*range(3, 13)] * 5))


# -- for those who lead ---------------------------------------------------------------------------------
def test_kept_on_time_is_by_the_first_day_however_often_it_moved(riverbend, ada, later):
    owner = member(ada, riverbend)
    due = riverbend.today() + timedelta(days=3)
    made = [promising.make(riverbend, Said(f"Promise {n}", owner, due), by=ada) for n in range(4)]
    promising.keep(made[0], outcome="Done.", by=ada)
    promising.move(made[1], due=due + timedelta(days=9), why="The lamp must be ordered.", by=ada)
    later(days=8)
    promising.keep(Promise.objects.get(pk=made[1].pk), outcome="Done.", by=ada)
    promising.fail(made[2], outcome="There is no money.", by=ada)
    today = riverbend.today()
    found = figures.kept_on_time(riverbend, since=today - timedelta(days=30), until=today)
    assert found == figures.KeptOnTime(on_time=1, later=1, not_kept=1, still_open=1)


def aloud(agency, user, area=None, due_in=0):
    said = Said(
        f"A lamp at {area}.", member(user, agency), agency.today() + timedelta(days=due_in), area=area
    )
    return promising.make(agency, said, by=user)


def test_every_division_stands_there_by_the_alphabet(riverbend, homes, ada):
    made_late(owned(asked(riverbend, 1, neighborhood=homes["Eastbank"]), ada), 3)
    owned(asked(riverbend, 2, neighborhood=homes["Eastbank"]), ada)
    owned(asked(riverbend, 3), ada)
    rows = figures.late_by_division(riverbend)
    assert rows == [
        figures.Late("First", open=2, late=1),
        figures.Late("Second", open=0, late=0),
        figures.Late("In no division", open=1, late=0),
    ]


def test_every_commander_stands_there_with_what_they_owe(riverbend, dents, dent, ada):
    assert figures.late_by_commander(riverbend) == [figures.Late("Major Harvey Dent", 0, 0)]
    made_late(owned(asked(riverbend, 1), dent), 3)
    owned(asked(riverbend, 2), ada)  # commands nothing
    assert figures.late_by_commander(riverbend) == [
        figures.Late("Major Harvey Dent", 1, 1),
        figures.Late("With others, or with nobody yet", 1, 0),
    ]


def test_both_tables_add_up_to_what_stands_above_them(riverbend, homes, dents, dent, ada, later):
    """A promise made aloud for a neighborhood is late in the division in which that lies."""
    owned(asked(riverbend, 1, neighborhood=homes["Mill Row"]), dent, days=1)
    actions.assign(
        asked(riverbend, 2), owner=member(ada, riverbend), due=riverbend.today() + timedelta(days=1), by=ada
    )
    aloud(riverbend, ada, homes["Eastbank"])
    aloud(riverbend, dent, homes["First"])
    aloud(riverbend, ada)
    later(days=3)
    divisions, commanders = figures.late_by_division(riverbend), figures.late_by_commander(riverbend)
    assert [(each.name, each.late) for each in divisions] == [
        ("First", 2),
        ("Second", 1),
        ("In no division", 2),
    ]
    assert [each.late for each in commanders] == [2, 3]
    assert figures.long_late(riverbend, by=timedelta(0)) == 5
    page = late_page.by_commander(riverbend, ada)
    assert [(str(each.area or "–"), each.count) for each in page.divisions] == [
        (str(homes["First"]), 2),
        (str(homes["Second"]), 1),
        ("–", 2),
    ]


def test_what_the_page_of_the_late_leaves_out_it_says(riverbend, ada, later, monkeypatch):
    monkeypatch.setattr(late_page, "MOST", 1)
    for n in (1, 2):
        owned(asked(riverbend, n), ada, days=n)
    later(days=5)
    page = late_page.by_commander(riverbend, ada)
    assert (page.count, page.more) == (2, 1)


def test_what_nobody_answers_for_and_what_is_a_month_late_ask_for_a_decision(riverbend, ada):
    assert panels.to_name(ada, riverbend) is None
    assert panels.to_settle(ada, riverbend) is None
    asked(riverbend, 1, days_ago=40)
    asked(riverbend, 2, days_ago=10)
    assert figures.nobody_answers(riverbend) == figures.Alone(2, 40)
    assert panels.to_name(ada, riverbend)["alone"].count == 2
    made_late(owned(asked(riverbend, 3), ada), 29)
    assert panels.to_settle(ada, riverbend) is None
    made_late(owned(asked(riverbend, 4), ada), 31)
    assert panels.to_settle(ada, riverbend)["count"] == 1


def test_another_agencys_are_not_counted(riverbend, elsewhere, ada):
    asked(elsewhere, 1)
    assert figures.nobody_answers(riverbend) == figures.Alone(0, 0)
    assert figures.days_to_answer(riverbend).open == 0
