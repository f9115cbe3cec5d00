"""The waiting list: first come, first asked; nobody is asked again who said no."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from alongside.core import clock
from alongside.gatherings import actions, jobs
from alongside.gatherings.models import Rsvp, State
from alongside.gatherings.tests.cast import a_gathering, answer, form_key
from alongside.outreach.models import Mail

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture
def walk(riverbend):
    return a_gathering(riverbend, capacity=4)


@pytest.fixture
def later(monkeypatch):
    """Let time pass."""

    def passes(**much):
        then = clock.now() + timedelta(**much)
        monkeypatch.setattr(clock, "now", lambda: then)
        return then

    return passes


def now(rsvp):
    return Rsvp.objects.get(pk=rsvp.pk)


def test_who_does_not_fit_may_wait_and_is_not_made_to(walk):
    answer(walk, 3)
    with pytest.raises(actions.GatheringIsFull, match="There are not so many places left") as refused:
        answer(walk, 2, wait=False)
    assert refused.value.left == 1
    assert answer(walk, 2).state == State.WAITING
    assert answer(walk, 1, wait=False).state == State.GOING  # the last place is nobody's loss
    assert walk.numbers.left == 0


def test_the_first_in_line_is_asked_first(walk):
    ben = answer(walk, 4)
    first, second = answer(walk, 2), answer(walk, 2)
    third = answer(walk, 1)

    actions.leave(ben)

    assert [now(each).state for each in (first, second, third)] == [
        State.OFFERED,
        State.OFFERED,
        State.WAITING,
    ]
    assert now(third).ahead == 0


def test_a_party_too_large_for_what_is_free_keeps_its_place_at_the_head(walk):
    ben, cleo = answer(walk, 2), answer(walk, 2)
    large, small = answer(walk, 4), answer(walk, 2)
    assert now(small).ahead == 4

    actions.leave(ben)
    assert (now(large).state, now(small).state) == (State.WAITING, State.OFFERED)

    actions.leave(cleo)
    actions.decline_offer(small)
    assert now(large).state == State.OFFERED


def test_yes_takes_the_place_and_yes_again_changes_nothing(walk):
    ben = answer(walk, 4)
    cleo = answer(walk, 1)
    with pytest.raises(actions.OfferIsOver):
        actions.accept_offer(cleo)  # nothing is offered yet
    actions.leave(ben)
    assert actions.accept_offer(cleo).state == State.GOING
    assert actions.accept_offer(cleo).state == State.GOING
    assert walk.numbers.going == 1


def test_who_left_or_declined_is_never_asked_again(walk):
    ben = answer(walk, 4)
    left, declined, waits = answer(walk, 1), answer(walk, 1), answer(walk, 4)
    actions.leave(left)
    actions.leave(ben)
    actions.decline_offer(declined)

    actions.offer_next(walk)
    actions.leave(waits)
    actions.offer_next(walk)

    assert [now(each).state for each in (ben, left, declined, waits)] == [State.CANCELLED] * 4


def test_an_offer_runs_out_and_goes_to_the_next(walk, later):
    ben = answer(walk, 4)
    slow, next_one = answer(walk, 4), answer(walk, 3)
    actions.leave(ben)
    assert now(slow).state == State.OFFERED

    later(hours=23)
    jobs.expire_offers()
    assert now(slow).state == State.OFFERED  # the premise: there was time

    later(hours=2)
    jobs.expire_offers()
    assert (now(slow).state, now(next_one).state) == (State.EXPIRED, State.OFFERED)
    with pytest.raises(actions.OfferIsOver):
        actions.accept_offer(slow)


def test_a_late_yes_is_too_late_though_no_job_has_run(walk, later):
    ben = answer(walk, 4)
    slow, next_one = answer(walk, 4), answer(walk, 3)
    actions.leave(ben)
    later(hours=25)
    with pytest.raises(actions.OfferIsOver):
        actions.accept_offer(slow)
    assert (now(slow).state, now(next_one).state) == (State.EXPIRED, State.OFFERED)


def test_who_missed_an_offer_comes_back_at_the_end_by_their_own_word(walk, later):
    ben = answer(walk, 4)
    slow, next_one = answer(walk, 4), answer(walk, 4)
    actions.leave(ben)
    later(hours=25)
    jobs.expire_offers()
    with pytest.raises(actions.GatheringIsFull):
        actions.rejoin(slow)
    assert actions.rejoin(slow, wait=True).state == State.WAITING
    assert now(next_one).state == State.OFFERED
    assert now(slow).ahead == 0


def test_fewer_people_keep_their_place_in_line_and_may_fit_now(walk):
    answer(walk, 3)
    cleo = answer(walk, 3)
    assert actions.change_party(cleo, party=1).state == State.OFFERED


def test_a_larger_party_needs_places_that_are_free(walk):
    ben, _cleo = answer(walk, 2), answer(walk, 1)
    assert actions.change_party(ben, party=3).party == 3
    with pytest.raises(actions.GatheringIsFull, match="stays as it was"):
        actions.change_party(ben, party=4)
    assert now(ben).party == 3


def test_a_smaller_party_frees_places_for_who_waits(walk):
    ben, cleo = answer(walk, 4), answer(walk, 2)
    actions.change_party(ben, party=2)
    assert now(cleo).state == State.OFFERED


def test_more_chairs_are_offered_in_order(walk, ada):
    answer(walk, 4)
    first, second = answer(walk, 2), answer(walk, 2)
    actions.change(walk, by=ada, capacity=6)
    assert (now(first).state, now(second).state) == (State.OFFERED, State.WAITING)


def test_who_asks_for_more_than_there_are_now_reads_it_on_their_page(walk, ada):
    ben, cleo = answer(walk, 1), answer(walk, 4)
    page = f"/riverbend/answer/{actions.new_link(cleo)}/"
    assert "places in all now" not in Client().get(page).text
    actions.change(walk, by=ada, capacity=3)
    assert "only 3 places in all now" in Client().get(page).text
    actions.leave(ben)
    assert actions.change_party(now(cleo), party=3).state == State.OFFERED


def test_nobody_who_has_a_place_loses_it_to_fewer_chairs(walk, ada):
    answer(walk, 4)
    with pytest.raises(actions.GatheringRefused, match="4 people have places"):
        actions.change(walk, by=ada, capacity=3)
    walk.refresh_from_db()
    assert walk.capacity == 4


@pytest.mark.parametrize(
    ("before", "holds"),
    [
        (timedelta(days=10), timedelta(days=1)),
        (timedelta(days=2), timedelta(hours=12)),
        (timedelta(hours=4), timedelta(hours=1)),
        (timedelta(hours=1), timedelta(minutes=30)),
        (timedelta(minutes=10), timedelta(minutes=10)),
    ],
)
def test_an_offer_holds_longer_the_more_time_there_is(monkeypatch, before, holds):
    at = datetime.fromisoformat("2027-06-01T18:00:00+00:00")
    monkeypatch.setattr(clock, "now", lambda: at)
    assert actions.offer_ends(at + before) - at == holds


def test_an_offer_is_mailed_in_the_language_of_the_answer(walk):
    ben = answer(walk, 4)
    actions.join(
        walk,
        party=1,
        form_key=form_key(),
        guest=actions.Guest(email="luz@example.org", language="es"),
        wait=True,
    )
    Mail.objects.all().delete()
    actions.leave(ben)
    letter = Mail.objects.get()
    assert letter.to == "luz@example.org"
    assert "/es/riverbend/answer/" in letter.text


def test_once_it_is_cancelled_nobody_is_asked_any_more(walk, ada, later):
    ben = answer(walk, 4)
    cleo, dora = answer(walk, 4), answer(walk, 4)
    actions.leave(ben)
    actions.cancel(walk, reason="Ice on the paths", by=ada)
    with pytest.raises(actions.NotOpen):
        actions.accept_offer(cleo)
    later(days=2)
    jobs.expire_offers()
    assert now(dora).state == State.WAITING


class TestTheEndOfALimit:
    """Whoever waits is first when places become free, by whichever door, and hears of it."""

    @pytest.fixture
    def line(self, walk):
        """Four places taken; two wait, the first of them with an address."""
        answer(walk, 4)
        return [answer(walk, 3, email="first@example.org"), answer(walk, 1)]

    def test_the_limit_is_emptied(self, walk, line, ada):
        Mail.objects.all().delete()
        actions.change(walk, by=ada, capacity=None)
        assert [now(each).state for each in line] == [State.GOING, State.GOING]
        letter = Mail.objects.get()
        assert letter.to == "first@example.org"
        assert "there are places for you now" in letter.text
        assert answer(walk, 2).state == State.GOING

    def test_an_offer_is_a_place_where_nobody_is_turned_away(self, walk, line, ada):
        actions.change(walk, by=ada, capacity=5)
        assert now(line[1]).state == State.OFFERED
        actions.change(walk, by=ada, capacity=None)
        assert [now(each).state for each in line] == [State.GOING, State.GOING]

    def test_a_limit_that_some_other_door_emptied(self, walk, line):
        type(walk).objects.filter(pk=walk.pk).update(capacity=None)
        assert answer(walk, 1).state == State.GOING
        assert [now(each).state for each in line] == [State.GOING, State.GOING]

    def test_a_limit_that_was_emptied_before_there_was_this_rule(self, walk, line):
        type(walk).objects.filter(pk=walk.pk).update(capacity=None)
        jobs.expire_offers()
        assert [now(each).state for each in line] == [State.GOING, State.GOING]

    def test_more_places_by_some_other_door_are_offered_before_a_newcomer_takes_them(self, walk, line):
        type(walk).objects.filter(pk=walk.pk).update(capacity=8)
        assert answer(walk, 1).state == State.WAITING
        assert [now(each).state for each in line] == [State.OFFERED, State.OFFERED]

    def test_once_answers_have_closed_a_free_place_is_given(self, walk, line, ada, later):
        actions.change(walk, by=ada, rsvp_closes=clock.now() + timedelta(days=1))
        later(days=2)
        actions.leave(walk.rsvps.get(party=4))
        assert [now(each).state for each in line] == [State.GOING, State.GOING]

    def test_an_offer_ends_when_answers_close_at_the_latest(self, walk, line, ada):
        closes = clock.now() + timedelta(hours=5)
        actions.change(walk, by=ada, rsvp_closes=closes)
        actions.leave(walk.rsvps.get(party=4))
        assert all(now(each).offer_ends <= closes for each in line)

    def test_answers_that_close_sooner_shorten_an_offer(self, walk, line, ada):
        actions.leave(walk.rsvps.get(party=4))
        closes = clock.now() + timedelta(hours=1)
        assert now(line[0]).offer_ends > closes, "the premise"
        actions.change(walk, by=ada, rsvp_closes=closes)
        assert now(line[0]).offer_ends == closes

    def test_an_offer_never_ends_after_the_beginning(self, walk, line, ada):
        actions.leave(walk.rsvps.get(party=4))
        local = (clock.now() + timedelta(hours=3)).astimezone(walk.agency.zone)
        actions.move(walk, reason="Sooner", stand_in="Ada", by=ada, on=local.date(), at=local.time())
        walk.refresh_from_db()
        assert now(line[0]).offer_ends <= walk.starts

    def test_who_did_not_answer_until_the_beginning_gives_nobody_a_place_unasked(self, walk, line, later):
        actions.leave(walk.rsvps.get(party=4))
        late = answer(walk, 4)
        later(seconds=(walk.starts - clock.now()).total_seconds() + 60)
        jobs.expire_offers()
        assert now(line[0]).state == State.EXPIRED, "the premise"
        assert now(late).state == State.WAITING
