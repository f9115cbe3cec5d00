"""A promise has an owner and a day; it is kept or it is not, and the concern it answers goes along."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from alongside.core import clock
from alongside.core.authored import Words
from alongside.followthrough import actions
from alongside.followthrough.actions import NotNow, PromiseRefused, WordsMissing
from alongside.followthrough.models import Promise, State
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.promises.actions import Said
from alongside.followthrough.promises.models import Kept
from alongside.followthrough.tests.cast import PEACE_WALK, ben_says, member, town

pytestmark = pytest.mark.django_db

PAINT = "We will repaint the crossing."


@pytest.fixture
def may(riverbend):
    return riverbend.today() + timedelta(days=30)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def turns(promise):
    return [change.turn for change in promise.changes.all()]


@pytest.fixture
def about_ben(riverbend, ada, dent, may):
    """Ben's concern, and what Major Dent promised about it."""
    concern = ben_says(riverbend).concern
    said = Said(PAINT, member(dent, riverbend), may, concern=concern)
    return promises.make(riverbend, said, by=ada)


def test_from_a_stage_it_is_public_at_once(riverbend, ada, dent, may):
    home = town(riverbend)["Eastbank"]
    said = Said(PAINT, member(dent, riverbend), may, origin=PEACE_WALK, area=home, item="tf:4.5.1")
    made = promises.make(riverbend, said, by=ada, public=True, key="stage:1")
    assert promises.make(riverbend, said, by=ada, public=True, key="stage:1") == made  # sent twice is once
    assert Promise.objects.of(riverbend).open_to_all().get() == made
    assert (made.first_due, made.state, turns(made)) == (may, Kept.OPEN, ["made"])


def test_of_a_concern_it_gives_that_an_owner_and_a_day_and_waits_for_its_words(
    riverbend, ada, dent, may, about_ben
):
    concern = fresh(about_ben.concern)
    assert (concern.state, concern.owner, concern.due) == (State.PROMISED, member(dent, riverbend), may)
    assert [step.deed for step in concern.steps.all()] == ["received", "promised"]
    assert not Promise.objects.of(riverbend).open_to_all().exists()
    actions.clear(concern, summary="The crossing at the school", by=ada)
    assert Promise.objects.of(riverbend).open_to_all().get() == about_ben
    actions.clear(concern, summary="", by=ada)
    assert not Promise.objects.of(riverbend).open_to_all().exists()


def test_nothing_is_promised_by_nobody(riverbend, dent, may):
    columns = {"agency": riverbend, "what": PAINT, "made_on": may, "due": may, "first_due": may, "key": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.create(**columns)
    with pytest.raises(IntegrityError), transaction.atomic():  # a name alone is for those of before
        Promise.objects.create(**columns, typed_owner="Chief Conrad")
    Promise.objects.create(**columns, typed_owner="Chief Conrad", loaded_at=clock.now())


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2126, 1, 1)])
def test_no_day_gone_by_and_no_day_far_away(riverbend, ada, dent, about_ben, day):
    with pytest.raises(PromiseRefused):
        promises.make(riverbend, Said(PAINT, member(dent, riverbend), day), by=ada)
    with pytest.raises(PromiseRefused):
        promises.move(about_ben, due=day, why="Because", by=ada)


def test_nobody_who_left_and_nobody_elsewhere_promises(riverbend, ada, dent, may, elsewhere):
    left = member(dent, riverbend)
    left.active = False
    left.save(update_fields=["active"])
    with pytest.raises(PromiseRefused):
        promises.make(riverbend, Said(PAINT, left, may), by=ada)
    theirs = ben_says(elsewhere).concern
    with pytest.raises(PromiseRefused):
        promises.make(riverbend, Said(PAINT, member(ada, riverbend), may, concern=theirs), by=ada)
    assert not Promise.objects.exists()


def test_a_day_that_moves_back_needs_a_reason_and_the_concern_follows(ada, may, about_ben):
    later = may + timedelta(days=20)
    with pytest.raises(WordsMissing):
        promises.move(about_ben, due=later, why="", by=ada)
    promises.move(about_ben, due=later, why="The paint is late.", by=ada)
    moved, concern = fresh(about_ben), fresh(about_ben.concern)
    assert (moved.due, moved.first_due, concern.due) == (later, may, later)
    assert moved.changes.last().was_due == may
    assert concern.steps.last().facts["was_due"] == may.isoformat()


def test_kept_it_closes_its_concern_and_whoever_asked_is_asked(ada, about_ben):
    promises.keep(about_ben, outcome="It is white again.", evidence_url="https://city.example/1", by=ada)
    kept, concern = fresh(about_ben), fresh(about_ben.concern)
    assert kept.kept_on_time
    assert list(Promise.objects.of(kept.agency).kept_on_time()) == [kept]
    assert (concern.state, str(concern.outcome)) == (State.DONE, "It is white again.")
    assert concern.to_confirm
    assert turns(kept) == ["made", "kept"]


def test_not_kept_is_said_with_a_reason(ada, about_ben):
    with pytest.raises(WordsMissing):
        promises.fail(about_ben, outcome="", by=ada)
    promises.fail(about_ben, outcome="The street is the county's.", by=ada)
    assert fresh(about_ben).state == Kept.NOT_KEPT
    assert fresh(about_ben.concern).state == State.DECLINED
    with pytest.raises(NotNow):
        promises.keep(about_ben, outcome="It is white again.", by=ada)


def test_kept_after_its_first_day_it_was_not_on_time(ada, may, about_ben):
    promises.move(about_ben, due=may + timedelta(days=20), why="The paint is late.", by=ada)
    with clock.at(clock.now() + timedelta(days=40)):
        promises.keep(about_ben, outcome="It is white again.", by=ada)
    assert fresh(about_ben).state == Kept.KEPT
    assert not fresh(about_ben).kept_on_time
    assert not Promise.objects.of(about_ben.agency).kept_on_time().exists()


def test_of_two_the_first_kept_leaves_the_concern_open(riverbend, ada, dent, may, about_ben):
    concern = fresh(about_ben.concern)
    second = promises.make(
        riverbend,
        Said("A sign, too.", member(dent, riverbend), may + timedelta(days=9), concern=concern),
        by=ada,
    )
    promises.keep(about_ben, outcome="It is white again.", by=ada)
    assert fresh(concern).state == State.PROMISED
    promises.keep(second, outcome="The sign stands.", by=ada)
    assert fresh(concern).state == State.DONE


def test_closed_by_itself_the_concern_takes_its_promises_along(ada, about_ben):
    actions.close(fresh(about_ben.concern), state="declined", outcome="The street is the county's.", by=ada)
    assert (fresh(about_ben).state, turns(about_ben)) == (Kept.NOT_KEPT, ["made", "not-kept"])


def test_opened_again_its_promise_is_open_again_and_its_first_day_stands(ada, may, about_ben):
    promises.keep(about_ben, outcome="It is white again.", by=ada)
    actions.reopen(fresh(about_ben.concern), words="Only half of it.")
    again, concern = fresh(about_ben), fresh(about_ben.concern)
    assert (again.state, again.first_due, again.due) == (Kept.OPEN, may, concern.due)
    assert (concern.state, again.closed_on) == (State.PROMISED, None)
    assert turns(again) == ["made", "kept", "reopened"]


def test_another_owner_takes_the_promise_along(riverbend, ada, about_ben):
    concern = fresh(about_ben.concern)
    actions.assign(concern, owner=member(ada, riverbend), due=concern.due, by=ada)
    assert fresh(about_ben).owner == member(ada, riverbend)
    assert fresh(concern).state == State.PROMISED


def test_withheld_nothing_of_it_stays_public(ada, about_ben):
    concern = fresh(about_ben.concern)
    actions.clear(concern, summary="The crossing", by=ada)
    actions.withhold(fresh(concern), reason="officer", by=ada)
    assert not Promise.objects.of(concern.agency).open_to_all().exists()
    assert fresh(about_ben).state == Kept.NOT_KEPT


def test_what_is_promised_is_in_each_language(riverbend, ada, dent, may):
    both = Words().written(PAINT, language="en").written("Pintaremos el cruce.", language="es")
    made = promises.make(riverbend, Said(both, member(dent, riverbend), may), by=ada)
    assert fresh(made).what.texts["es"].text == "Pintaremos el cruce."


@pytest.mark.parametrize("item", ["4.5.1", "tf:", "tf:4.5.1 or so", "javascript:alert(1)"])
def test_an_item_is_named_as_its_catalogue_does(riverbend, ada, dent, may, item):
    with pytest.raises(PromiseRefused):
        promises.make(riverbend, Said(PAINT, member(dent, riverbend), may, item=item), by=ada)


# -- several of one concern -------------------------------------------------------------------------
@pytest.fixture
def sign(riverbend, dent, ada, may, about_ben):
    """Ada promised a sign of the same concern, for ten days later."""
    said = Said("A sign, too.", member(ada, riverbend), may + timedelta(days=10), concern=about_ben.concern)
    return promises.make(riverbend, said, by=ada)


def test_opened_again_all_that_ended_with_it_are_open_for_the_days_that_were_promised(
    riverbend, ada, dent, may, about_ben, sign
):
    promises.keep(
        promises.make(
            riverbend, Said("A cone.", member(dent, riverbend), may, concern=about_ben.concern), by=ada
        ),
        outcome="The cone stands.",
        by=ada,
    )
    actions.close(fresh(about_ben.concern), state="done", outcome="All of it is done.", by=ada)
    actions.reopen(fresh(about_ben.concern), words="Only half of it.")
    assert [(each.due, each.owner) for each in Promise.objects.open()] == [
        (may, member(dent, riverbend)),
        (may + timedelta(days=10), member(ada, riverbend)),
    ]
    assert str(Promise.objects.get(state=Kept.KEPT).outcome) == "The cone stands."
    concern = fresh(about_ben.concern)
    assert (concern.state, concern.due, concern.owner) == (State.PROMISED, may, member(dent, riverbend))
    assert concern.steps.last().facts["due"] == may.isoformat()


def test_where_its_owner_has_left_it_is_kept_no_more_and_goes_to_whoever_answers_next(
    riverbend, ada, dent, may, about_ben
):
    promises.keep(about_ben, outcome="It is white again.", by=ada)
    left = member(dent, riverbend)
    left.active = False
    left.save(update_fields=["active"])
    actions.reopen(fresh(about_ben.concern), words="Only half of it.")
    assert (fresh(about_ben).state, fresh(about_ben).due) == (Kept.OPEN, may)
    concern = fresh(about_ben.concern)
    assert (concern.state, concern.owner) == (State.ACKNOWLEDGED, None)
    actions.assign(concern, owner=member(ada, riverbend), due=may, by=ada)
    concern = fresh(concern)
    assert fresh(about_ben).owner == member(ada, riverbend)
    assert (concern.state, concern.owner) == (State.PROMISED, member(ada, riverbend))
    assert concern.first_due == about_ben.concern.first_due, "the first day stays in sight"


def test_of_two_the_day_of_the_concern_is_the_first_that_is_promised(
    riverbend, ada, dent, may, about_ben, sign
):
    concern, sooner = fresh(about_ben.concern), may + timedelta(days=10)
    later = may + timedelta(days=20)
    actions.assign(concern, owner=member(dent, riverbend), due=later, why="The paint is late.", by=ada)
    assert (fresh(about_ben).due, fresh(sign).due, fresh(concern).due) == (later, sooner, sooner)
    facts = concern.steps.last().facts
    assert (facts["due"], facts["was_due"]) == (sooner.isoformat(), may.isoformat())


def test_whoever_keeps_one_of_several_does_not_take_the_concern(riverbend, ada, dent, may, about_ben, sign):
    concern = fresh(about_ben.concern)
    assert concern.owner == member(dent, riverbend), "whoever promised second did not take it"
    told = concern.steps.count()
    promises.move(sign, due=sign.due, owner=member(dent, riverbend), why="", by=ada)
    assert concern.steps.count() == told
    promises.move(sign, due=sign.due + timedelta(days=3), owner=member(ada, riverbend), why="Rain.", by=ada)
    assert fresh(concern).owner == member(ada, riverbend), "both were the Major's: the concern went along"
    assert concern.steps.last().facts["due"] == may.isoformat(), "the first day, not that of the sign"
