"""A promise has an owner and a day; it is kept, moved with a reason, or refused in words. Nothing is undone unseen."""

from datetime import timedelta

import pytest

from alongside.agencies.models import AuditEntry
from alongside.core import clock, formats
from alongside.followthrough import actions, needs, queries
from alongside.followthrough.models import Concern, Deed, State, Step
from alongside.followthrough.public.days import end_of_week
from alongside.followthrough.tests.cast import WORDS, ben_says, member, town
from alongside.outreach import actions as outreach
from alongside.outreach.models import Mail, Subscription
from alongside.outreach.subscriptions import actions as subscriptions

pytestmark = pytest.mark.django_db


@pytest.fixture
def concern(riverbend):
    return ben_says(riverbend).concern


def day(agency, n):
    return agency.today() + timedelta(days=n)


def promised(concern, by, n=5, **more):
    owner = member(by, concern.agency)
    return actions.assign(concern, owner=owner, due=day(concern.agency, n), by=by, **more)


def test_dent_answers_by_friday(riverbend, concern, dent, ada):
    done = actions.assign(concern, owner=member(dent, riverbend), due=day(riverbend, 3), by=ada)
    assert done.state == State.OWNED
    step = concern.steps.get(deed=Deed.ASSIGNED)
    assert "Major Harvey Dent answers for it by" in step.sentence
    assert step.public
    assert AuditEntry.objects.filter(verb="assigned", actor=ada).count() == 1


def test_promising_the_same_twice_is_promising_once(concern, ada):
    promised(concern, ada)
    promised(concern, ada)
    assert concern.steps.filter(deed=Deed.ASSIGNED).count() == 1


def test_a_promised_day_moves_back_only_with_a_reason(concern, ada):
    promised(concern, ada, 5)
    with pytest.raises(actions.WordsMissing, match="why the day moves"):
        promised(concern, ada, 9)
    promised(concern, ada, 9, why="The lamp must be ordered.")
    step = concern.steps.last()
    assert str(step.text) == "The lamp must be ordered."
    assert "Promised before" in step.sentence
    promised(concern, ada, 2)  # sooner needs no reason
    assert Concern.objects.get().due == day(concern.agency, 2)


def test_nobody_promises_yesterday_or_never(riverbend, concern, ada):
    for n in (-1, 5000):
        with pytest.raises(actions.PromiseRefused):
            promised(concern, ada, n)
    assert Concern.objects.get().state == State.RECEIVED


def test_a_late_promise_may_go_to_somebody_else_with_its_day(riverbend, concern, ada, dent):
    promised(concern, ada, 1)
    with clock.at(clock.now() + timedelta(days=4)):
        late = Concern.objects.get()
        assert late.is_late
        assert late.time_left == "3 days late"
        moved = actions.assign(late, owner=member(dent, riverbend), due=late.due, by=ada)
        assert moved.owner == member(dent, riverbend)


def test_only_our_own_staff_promise(riverbend, elsewhere, concern, ada, eve, officer):
    gone = member(officer, riverbend)
    gone.active = False
    gone.save()
    for owner in (member(eve, elsewhere), gone):
        with pytest.raises(actions.PromiseRefused):
            actions.assign(concern, owner=owner, due=day(riverbend, 3), by=ada)


@pytest.mark.parametrize("state", ["done", "declined"])
def test_closed_in_words(concern, ada, state):
    closed = actions.close(concern, state=state, outcome="The light works since Tuesday.", by=ada)
    assert closed.is_closed
    again = actions.close(concern, state=state, outcome="The light works since Tuesday.", by=ada)
    assert again.steps.filter(deed=Deed.CLOSED).count() == 1, "the button was pressed twice"
    with pytest.raises(actions.NotNow):
        actions.close(concern, state="done", outcome="Something else happened.", by=ada)
    with pytest.raises(actions.NotNow):
        promised(concern, ada)


def test_not_closed_without_words_or_as_something_else(concern, ada):
    for outcome in ("", "  ", "ok"):
        with pytest.raises(actions.WordsMissing):
            actions.close(concern, state="done", outcome=outcome, by=ada)
    for state in ("owned", "received", "withheld", ""):
        with pytest.raises(actions.NotNow):
            actions.close(concern, state=state, outcome="The light works.", by=ada)
    assert Concern.objects.get().state == State.RECEIVED


def test_promises_late_first(riverbend, ada):
    for key, n in (("later", 9), ("soon", 2), ("mid", 5)):
        promised(ben_says(riverbend, key=key).concern, ada, n)
    actions.close(ben_says(riverbend, key="over").concern, state="done", outcome="It is done.", by=ada)
    with clock.at(clock.now() + timedelta(days=3)):
        assert [each.key for each in queries.open_promises(riverbend)] == ["soon", "mid", "later"]
        assert [each.about for each in needs.late(riverbend)] == [Concern.objects.get(key="soon").called]
        assert len(queries.open_promises(riverbend, limit=2)) == 2


def test_promises_of_a_neighborhood_and_of_a_division(riverbend):
    there = town(riverbend)
    ben_says(riverbend, neighborhood=there["Eastbank"])
    ben_says(riverbend, key="2", neighborhood=there["Mill Row"])
    assert len(queries.open_promises(riverbend)) == 2
    assert [each.key for each in queries.open_promises(riverbend, neighborhood=there["Eastbank"])] == [
        "note:1"
    ]
    assert [each.key for each in queries.open_promises(riverbend, division=there["Second"])] == ["2"]


# -- the public -----------------------------------------------------------------------------------
def test_the_public_reads_only_what_a_person_released(riverbend, concern, ada):
    assert queries.public_promises(riverbend) == []
    actions.clear(concern, summary="A street light at a bus stop is out.", by=ada)
    [promise] = queries.public_promises(riverbend)
    assert str(promise.summary) == "A street light at a bus stop is out."
    assert WORDS not in str(promise)
    assert "Oak Street" not in str(promise)
    assert (promise.owner, promise.due) == ("", end_of_week(concern.due)), (
        "nobody's yet, by the day that we promise everybody"
    )
    actions.clear(concern, summary="", by=ada)
    assert queries.public_promises(riverbend) == []


def test_open_promises_come_first_then_the_latest_closed(riverbend, ada):
    for key in ("early", "late", "over", "over since today"):
        one = ben_says(riverbend, key=key).concern
        promised(one, ada, {"early": 2, "late": 9}.get(key, 1))
        actions.clear(one, summary=key, by=ada)
        if key.startswith("over"):
            actions.close(one, state="done", outcome="It is done.", by=ada)
    said = [str(promise.summary) for promise in queries.public_promises(riverbend)]
    assert said == ["early", "late", "over since today", "over"]
    first, *_others, last = queries.public_promises(riverbend)
    assert (first.owner, first.due) == (str(member(ada, riverbend)), end_of_week(day(riverbend, 2)))
    assert (last.due, last.time_left) == (None, ""), "what is over is not awaited"
    assert len(queries.public_promises(riverbend, limit=3)) == 3
    assert queries.public_promises(riverbend, origins=[]) == []


def test_an_outcome_is_public_once_it_was_read_too(riverbend, concern, ada):
    actions.clear(concern, summary="A street light is out.", by=ada)
    actions.close(concern, state="done", outcome="Fixed for Mrs. Example at 412.", by=ada)
    assert not queries.public_promises(riverbend)[0].outcome
    actions.clear(concern, summary="A street light is out.", by=ada)
    assert str(queries.public_promises(riverbend)[0].outcome) == "Fixed for Mrs. Example at 412."


def test_no_block_in_public(concern, ada):
    with pytest.raises(actions.WordsRefused, match="block"):
        actions.clear(concern, summary="It is dark on the 400 Block of oak street.", by=ada)
    with pytest.raises(actions.WordsRefused, match="280"):
        actions.clear(concern, summary="x" * 281, by=ada)


def test_withheld_is_unpublished_and_belongs_to_nobody(riverbend, concern, ada):
    promised(concern, ada)
    actions.clear(concern, summary="A street light is out.", by=ada)
    held = actions.withhold(concern, reason="officer", by=ada)
    assert (held.owner, held.due, str(held.summary)) == (None, None, "")
    assert queries.public_promises(riverbend) == []
    assert queries.open_promises(riverbend) == []
    for deed in (
        lambda: promised(concern, ada),
        lambda: actions.close(concern, state="done", outcome="It is done.", by=ada),
        lambda: actions.clear(concern, summary="A light.", by=ada),
    ):
        with pytest.raises(actions.NotNow):
            deed()
    with pytest.raises(actions.WordsMissing):
        actions.withhold(concern, reason="dislike", by=ada)


def test_withheld_by_mistake_is_taken_back(riverbend, concern, ada):
    actions.withhold(concern, reason="crime", by=ada)
    back = actions.release(concern, by=ada)
    assert back.state == State.RECEIVED
    assert back.due == day(riverbend, 14)
    assert queries.open_promises(riverbend) == [back]


# -- nothing is undone ----------------------------------------------------------------------------
def test_nothing_is_deleted_and_no_step_changed(concern):
    for deed in (
        concern.delete,
        Concern.objects.all().delete,
        concern.steps.all().delete,
        concern.steps.get().delete,
        lambda: Step.objects.update(text="Nothing happened."),
    ):
        with pytest.raises(TypeError):
            deed()
    assert Concern.objects.count() == Step.objects.count() == 1


def test_erased_words_leave_their_reason(concern, ada):
    actions.progress(concern, text="Mrs. Example called again.", by=ada)
    actions.leave_contact(concern, email="ben@riverbend.example")
    actions.close(concern, state="done", outcome="Fixed for Mrs. Example.", by=ada)
    erased = actions.redact(concern, because="It named a neighbor.", by=ada)
    everything = str(Concern.objects.values().get()) + str(list(Step.objects.values()))
    for word in (WORDS, "Mrs. Example", "Oak Street"):
        assert word not in everything
    assert str(erased.redacted_because) == "It named a neighbor."
    assert not Subscription.objects.exists()
    assert Step.objects.filter(concern=concern, by=ada).count() == 3, "who and when remain"
    with pytest.raises(actions.NotNow):
        actions.correct(concern, text="I never said so.")


def test_nothing_is_erased_without_a_reason(concern, ada):
    with pytest.raises(actions.WordsMissing):
        actions.redact(concern, because=" ", by=ada)
    assert Concern.objects.get().words == WORDS


# -- news -----------------------------------------------------------------------------------------
def test_ben_hears_of_each_change_and_staff_notes_stay_inside(concern, ada):
    actions.leave_contact(concern, email="ben@riverbend.example")
    promised(concern, ada)
    said = [Mail.objects.get().text]
    actions.progress(concern, text="The city has the order.", by=ada)
    actions.progress(concern, text="Ask Jim about the budget.", by=ada, public=False)
    actions.close(concern, state="done", outcome="The light works.", by=ada)
    first, *mails = Mail.objects.order_by("pk")
    said += [mail.text for mail in mails]
    assert [mail.to for mail in (first, *mails)] == ["ben@riverbend.example"] * 3
    assert "Ada Coordinator answers for it by" in said[0]
    assert "The city has the order." in said[1]
    assert "The light works." in said[2]
    assert not any(WORDS in text or "Jim" in text for text in said)


def test_the_link_in_a_mail_opens_his_page(riverbend, concern, ada):
    actions.leave_contact(concern, email="ben@riverbend.example")
    promised(concern, ada)
    code = Mail.objects.get().unsubscribe_url.removesuffix("/stop/").rpartition("/")[2]
    assert queries.by_code(riverbend, code) == concern
    runs_out = Subscription.objects.get().ends_on
    with clock.at(clock.now() + (runs_out - riverbend.today()) + timedelta(days=1)):
        assert queries.by_code(riverbend, code) is None, "with the address its links are over"


def test_no_news_without_the_deed(concern, ada):
    actions.leave_contact(concern, email="ben@riverbend.example")
    with pytest.raises(actions.PromiseRefused):
        promised(concern, ada, -1)
    assert not Mail.objects.exists()


def test_he_takes_his_address_back(concern, ada):
    actions.leave_contact(concern, email="ben@riverbend.example")
    actions.leave_contact(concern, email="ben@elsewhere.example")
    assert Subscription.objects.get().address == "ben@elsewhere.example", "one address a concern"
    actions.remove_contact(concern)
    actions.remove_contact(concern)
    assert not Subscription.objects.exists()
    promised(concern, ada)
    assert not Mail.objects.exists()


@pytest.mark.parametrize("email", ["", "ben", "ben@", "ben@x.example\nBcc: all@x.example"])
def test_an_address_that_reaches_nobody(concern, email):
    with pytest.raises(subscriptions.AddressRefused):
        actions.leave_contact(concern, email=email)
    assert not Subscription.objects.exists()


def test_an_address_that_ran_out_gets_no_news(riverbend, concern, ada):
    actions.leave_contact(concern, email="ben@riverbend.example")
    actions.close(concern, state="done", outcome="The lamp is lit.", by=ada)
    told = Mail.objects.count()
    with clock.at(clock.now() + timedelta(days=100)):
        assert subscriptions.forget() == 1
        actions.reopen(Concern.objects.get(), words="It is dark again.")
        promised(Concern.objects.get(), ada)
    assert Mail.objects.count() == told


# -- whoever holds the code -----------------------------------------------------------------------
def test_ben_puts_our_words_right(concern):
    step = actions.correct(concern, text="It is the other bus stop.")
    assert actions.correct(concern, text="It is the other bus stop.") == step
    assert concern.steps.filter(deed=Deed.CORRECTED).count() == 1
    assert Concern.objects.get().words == WORDS, "what we wrote stays beside it"


def test_eve_does_not_fill_the_page(concern):
    for n in range(actions.MOST_CORRECTIONS):
        actions.correct(concern, text=f"Correction {n}")
    with pytest.raises(actions.NotNow):
        actions.correct(concern, text="One more")
    with pytest.raises(actions.WordsRefused):
        actions.correct(ben_says(concern.agency, key="2").concern, text="x" * 1001)


def test_of_two_promises_that_he_has_not_heard_of_the_second_names_the_day_that_he_knows(concern, ada):
    actions.leave_contact(concern, email="ben@riverbend.example")
    promised(concern, ada, 3)
    Mail.objects.update(state="sent", sent_at=clock.now(), facts=None)
    known, between = (formats.day(day(concern.agency, n)) for n in (3, 6))
    promised(concern, ada, 6, why="No parts")
    promised(concern, ada, 9, why="Still no parts")
    outreach.look_at_all()
    last = Mail.objects.order_by("pk").last()
    assert [mail.state for mail in Mail.objects.order_by("pk")] == ["sent", "withdrawn", "waiting"]
    assert known in last.text
    assert between not in last.text
    promised(concern, ada, 3)
    outreach.look_at_all()
    back = Mail.objects.order_by("pk").last()
    assert back.text.count(known) == 1, "promised for the day that he knows, it was not moved"
    assert "Promised before" not in back.text


def test_a_first_promise_that_he_has_not_heard_of_was_never_before(concern, ada):
    actions.leave_contact(concern, email="ben@riverbend.example")
    promised(concern, ada, 3)
    promised(concern, ada, 6, why="No parts")
    outreach.look_at_all()
    assert "Promised before" not in Mail.objects.order_by("pk").last().text


def test_a_phone_number_of_before_is_written_no_mail(concern, ada):
    row = {"channel": "phone", "address": "555 0100", "language": "en", "ends_on": day(concern.agency, 30)}
    Subscription.objects.create(agency=concern.agency, topic=str(concern.topic), **row)
    assert promised(concern, ada).owner.user == ada
    assert not Mail.objects.exists()
