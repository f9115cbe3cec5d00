"""From “read by one of us” to “it is so”, or open again: the states of a concern, and their clock."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from alongside.core import clock
from alongside.followthrough import actions
from alongside.followthrough.actions import NotNow, PromiseRefused, WordsMissing
from alongside.followthrough.models import Concern, DueRule, State
from alongside.followthrough.public.days import end_of_week
from alongside.followthrough.tests.cast import ben_says, it_is_so, member, town

pytestmark = pytest.mark.django_db

DONE = "Four new lamps are lit."
MAY, JUNE = date(2026, 5, 20), date(2026, 6, 20)


def fresh(concern):
    return Concern.objects.get(pk=concern.pk)


def deeds(concern):
    return [step.deed for step in concern.steps.all()]


@pytest.fixture
def closed(riverbend, ada):
    said = ben_says(riverbend, owner=member(ada, riverbend))
    actions.close(said.concern, state="done", outcome=DONE, by=ada)
    return fresh(said.concern)


def test_it_is_read_once_and_whoever_said_it_reads_that(riverbend, ada):
    concern = ben_says(riverbend).concern
    assert Concern.objects.of(riverbend).unread().get() == concern
    actions.acknowledge(concern, by=ada)
    actions.acknowledge(concern, by=ada)
    read = fresh(concern)
    assert (read.state, deeds(read)) == (State.ACKNOWLEDGED, ["received", "acknowledged"])
    assert not Concern.objects.of(riverbend).unread().exists()


def test_whoever_promises_an_answer_has_read_it(riverbend, ada, dent):
    concern = ben_says(riverbend).concern
    actions.assign(concern, owner=member(dent, riverbend), due=riverbend.today(), by=ada)
    assert fresh(concern).acknowledged_at is not None


def test_days_to_answer_hang_on_what_it_is_about(riverbend, ada):
    actions.set_rules(riverbend, days=14, owner=None, complaints="", complaints_url="", reports="",
                      by_category={"lighting": 5}, by=ada)  # fmt: skip
    lamp, noise = (ben_says(riverbend, key=about, category=about).concern for about in ("lighting", "noise"))
    today = riverbend.today()
    assert (lamp.due, noise.due) == (today + timedelta(days=5), today + timedelta(days=14))
    actions.set_rules(riverbend, days=20, owner=None, complaints="", complaints_url="", reports="",
                      by_category={}, by=ada)  # fmt: skip
    assert not DueRule.objects.exists()
    assert fresh(lamp).due == lamp.due  # what was promised stays


@pytest.mark.parametrize("days", [0, 181, -1])
def test_nobody_is_promised_an_answer_in_no_days_or_in_years(riverbend, ada, days):
    with pytest.raises(PromiseRefused):
        actions.set_rules(riverbend, days=14, owner=None, complaints="", complaints_url="", reports="",
                          by_category={"lighting": days}, by=ada)  # fmt: skip
    assert not DueRule.objects.exists()


def test_the_first_day_stays_in_sight_however_often_it_moves(riverbend, ada, dent):
    concern, today = ben_says(riverbend).concern, riverbend.today()
    for days in (3, 10, 30):
        actions.assign(
            concern, owner=member(dent, riverbend), due=today + timedelta(days=days), why="Parts", by=ada
        )
    moved = fresh(concern)
    assert (moved.first_due, moved.due) == (today + timedelta(days=3), today + timedelta(days=30))
    assert moved.was_moved


def test_whoever_asked_has_fourteen_days_then_silence_is_silence(riverbend, closed):
    assert closed.confirm_by == riverbend.today() + timedelta(days=14)
    assert (closed.to_confirm, closed.was_silent) == (True, False)
    with clock.at(clock.now() + timedelta(days=15)):
        assert (closed.to_confirm, closed.was_silent) == (True, True)


def test_confirmed_once_it_is_confirmed(closed):
    for _twice in range(2):
        it_is_so(closed)
    done = fresh(closed)
    assert not done.to_confirm
    assert deeds(done).count("confirmed") == 1
    last = done.steps.last()
    assert (last.by, last.by_name) == (None, "")


def test_an_answer_that_nobody_read_is_not_confirmed(ada, closed):
    read = closed.answer_mark
    with clock.at(clock.now() + timedelta(minutes=5)):
        actions.reopen(closed, words="Two of the lamps are dark again.")
        actions.close(closed, state="declined", outcome="The lamps are not ours to mend.", by=ada)
    for unread in (read, ""):
        with pytest.raises(NotNow):
            actions.confirm(closed, read=unread)
    assert fresh(closed).confirmed_at is None
    actions.confirm(closed, read=fresh(closed).answer_mark)
    assert fresh(closed).confirmed_at is not None


def test_what_is_open_cannot_be_confirmed_nor_opened_again(riverbend):
    concern = ben_says(riverbend).concern
    with pytest.raises(NotNow):
        it_is_so(concern)
    with pytest.raises(NotNow):
        actions.reopen(concern, words="It is still dark.")


def test_opened_again_it_has_its_owner_and_a_new_day_and_the_first_day_stands(riverbend, ada, closed):
    first = closed.first_due
    with clock.at(clock.now() + timedelta(days=3)):
        actions.reopen(closed, words="Two of the lamps are dark again.")
        again = fresh(closed)
        assert (again.state, again.owner) == (State.OWNED, closed.owner)
        assert again.due == end_of_week(riverbend.today() + timedelta(days=14))
    assert (again.first_due, str(again.outcome), again.confirm_by) == (first, "", None)
    step = again.steps.last()
    assert (step.deed, step.words, step.by_name) == ("reopened", "Two of the lamps are dark again.", "")


def test_opened_again_where_the_owner_has_left_nobody_answers_for_it(riverbend, ada, dent):
    concern = ben_says(riverbend, owner=member(dent, riverbend)).concern
    actions.close(concern, state="declined", outcome="The poles are not ours.", by=ada)
    left = member(dent, riverbend)
    left.active = False
    left.save(update_fields=["active"])
    actions.reopen(fresh(concern), words="Whose are they?")
    assert (fresh(concern).state, fresh(concern).owner) == (State.ACKNOWLEDGED, None)


def test_ten_times_it_is_opened_five_times_and_then_we_ask_to_speak(ada, closed):
    for number in range(actions.MOST_REOPENED):
        actions.reopen(fresh(closed), words=f"Still dark, {number}.")
        actions.close(fresh(closed), state="done", outcome=f"{DONE} ({number})", by=ada)
    for number in range(5):
        with pytest.raises(NotNow, match="speak with us"):
            actions.reopen(fresh(closed), words=f"Still dark, again {number}.")
    assert fresh(closed).is_closed
    # One of ours still may.
    actions.reopen(fresh(closed), words="The chief looked, and it is dark.", by=ada)
    assert fresh(closed).is_open


def test_opening_again_asks_for_words_and_names_no_officer(closed):
    with pytest.raises(WordsMissing):
        actions.reopen(closed, words=" ")
    actions.reopen(closed, words="Officer Smith pushed me when I asked about it.")
    assert fresh(closed).is_withheld


def test_three_are_in_front_and_no_fourth(riverbend, ada):
    home = town(riverbend)["Eastbank"]
    concerns = [ben_says(riverbend, key=f"note:{n}", neighborhood=home).concern for n in range(4)]
    for concern in concerns[:3]:
        actions.put_in_front(concern, by=ada)
    with pytest.raises(NotNow, match="3 are in front"):
        actions.put_in_front(concerns[3], by=ada)
    actions.take_from_front(concerns[0], by=ada)
    actions.put_in_front(concerns[3], by=ada)
    actions.close(concerns[1], state="done", outcome=DONE, by=ada)
    assert set(Concern.objects.of(riverbend).in_front()) == {concerns[2], concerns[3]}


def test_without_a_neighborhood_nothing_is_in_front(riverbend, ada):
    with pytest.raises(NotNow):
        actions.put_in_front(ben_says(riverbend).concern, by=ada)


@pytest.mark.parametrize("columns", [
    {"confirmed_at": clock.now()},
    {"in_front_since": clock.now()},
    {"state": "promised"},
])  # fmt: skip
def test_the_database_refuses_nonsense(riverbend, columns):
    concern = ben_says(riverbend).concern
    with pytest.raises(IntegrityError), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(**columns)
