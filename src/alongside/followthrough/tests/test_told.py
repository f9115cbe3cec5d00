"""Ben hears of every change: bundled, true when it leaves, in his language; and is asked once more whether it is so."""

from datetime import datetime, timedelta

import pytest

from alongside.core import clock
from alongside.followthrough import actions, asking, jobs
from alongside.followthrough.models import Concern
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.tests.cast import WORDS, ben_says, it_is_so, member
from alongside.outreach import actions as outreach
from alongside.outreach import quiet
from alongside.outreach.models import Mail, State, Subscription

pytestmark = pytest.mark.django_db
BEN = "ben@neighbors.example"


@pytest.fixture(autouse=True)
def noon(riverbend):
    with clock.at(datetime(2026, 6, 9, 12, tzinfo=riverbend.zone)):
        yield


@pytest.fixture
def his(riverbend):
    concern = ben_says(riverbend).concern
    actions.leave_contact(concern, email=BEN)
    return concern


def news():
    return list(Mail.objects.filter(kind="followthrough.news").order_by("pk"))


def leaves(mail):
    """It leaves, as it reads now."""
    letter = Mail.objects.get(pk=mail.pk).letter
    now = {"state": State.SENT, "sent_at": clock.now(), "told": list(letter.told), "facts": None}
    Mail.objects.filter(pk=mail.pk).update(**now)
    return letter.text


def promise(concern, user, days=9):
    agency = concern.agency
    due = agency.today() + timedelta(days=days)
    said = promises.Said(what="A new lamp", owner=member(user, agency), due=due, concern=concern)
    return promises.make(agency, said, by=user)


def done(concern, user, outcome="The lamp was mended."):
    return actions.close(concern, state="done", outcome=outcome, by=user)


# -- bundled ------------------------------------------------------------------------------------------
def test_what_follows_within_minutes_is_one_mail(his, ada, dent):
    actions.acknowledge(his, by=ada)
    actions.progress(his, text="The city has the order.", by=ada)
    promise(his, dent)
    first, second, third = news()
    assert first.not_before > clock.now() + quiet.SHORTLY - timedelta(minutes=1), "it waits for what follows"
    with clock.at(first.not_before):
        text = leaves(first)
        places = [
            text.index(words) for words in ("One of us has read it.", "The city has the order.", "A new lamp")
        ]
        assert places == sorted(places), "in the order in which it happened"
        assert text.count("/follow/") == 1
        outreach.look_at_all()
    assert {mail.state for mail in news()[1:]} == {State.WITHDRAWN}
    assert "together" in str(news()[1].error)
    assert {second.pk, third.pk} == {mail.pk for mail in news()[1:]}


def test_what_comes_later_has_a_mail_of_its_own(his, ada):
    actions.acknowledge(his, by=ada)
    text = leaves(news()[0])
    with clock.at(clock.now() + timedelta(hours=2)):
        actions.progress(his, text="The city has the order.", by=ada)
        outreach.look_at_all()
        later = news()[1]
        assert later.state == State.WAITING
        assert "The city has the order." in later.text
        assert "One of us has read it." not in later.text
    assert "The city has the order." not in text


def test_nothing_is_taken_along_where_an_attempt_may_have_arrived(his, ada):
    actions.acknowledge(his, by=ada)
    actions.progress(his, text="The city has the order.", by=ada)
    first, second = news()
    Mail.objects.filter(pk=first.pk).update(perhaps_taken=True)
    assert "The city has the order." not in leaves(first)
    outreach.look_at_all()
    assert Mail.objects.get(pk=second.pk).state == State.WAITING


def test_two_concerns_of_one_reader_are_two(riverbend, his, ada):
    other = ben_says(riverbend, key="other").concern
    actions.leave_contact(other, email=BEN)
    actions.progress(his, text="The city has the order.", by=ada)
    actions.progress(other, text="We ask the school.", by=ada)
    first, second = news()
    assert "school" not in leaves(first)
    assert "school" in second.text


def test_at_night_it_waits_for_the_morning(riverbend, his, ada):
    with clock.at(datetime(2026, 6, 9, 22, tzinfo=riverbend.zone)):
        actions.acknowledge(his, by=ada)
        assert news()[0].not_before == datetime(2026, 6, 10, 8, tzinfo=riverbend.zone)


def test_no_mail_says_what_he_said(his, ada):
    done(his, ada)
    actions.reopen(his, words="It is dark at the quetzal stop.")
    for mail in news():
        assert WORDS not in mail.reads
        assert "quetzal" not in mail.reads


# -- true when it leaves ------------------------------------------------------------------------------
def states():
    outreach.look_at_all()
    return [mail.state for mail in news()]


W, X = State.WAITING, State.WITHDRAWN


def test_a_promise_is_told_while_it_stands(his, dent):
    made = promise(his, dent)
    assert states() == [W]
    assert "Major Harvey Dent promised something by" in news()[0].text
    assert "A new lamp" in news()[0].text
    promises.move(made, due=made.due + timedelta(days=5), why="The part comes late.", by=dent)
    assert states() == [X, W]
    assert "The part comes late." in news()[1].text


def test_one_of_two_promises_that_was_kept_is_told_until_it_is_open_again(riverbend, his, dent):
    first, _second = promise(his, dent), promise(his, dent, days=20)
    promises.keep(first, outcome="It is lit.", by=dent)
    assert states() == [X, W, W], "what was promised has been kept; the second stands"
    assert "What was promised is done." in news()[2].text


def test_an_answer_is_told_while_it_is_the_answer_and_asks_whether_it_is_so(riverbend, his, ada):
    done(his, ada)
    assert "Is it so?" in news()[0].text
    assert "June 23" in news()[0].text
    actions.reopen(his, words="It is dark again.", by=ada)
    assert states() == [X, W]
    assert "It is open again." in news()[1].text
    done(his, ada, outcome="The lamp was mended, and the wire.")
    assert states() == [X, X, W], "the first answer is none any more, though it is done again"
    assert "and the wire" in news()[2].text


def test_whoever_has_confirmed_is_not_asked(his, ada):
    done(his, ada)
    it_is_so(his)
    assert "Is it so?" not in news()[0].text


def test_what_is_handled_elsewhere_is_told_alone(his, ada):
    actions.acknowledge(his, by=ada)
    actions.withhold(his, reason="crime", by=ada)
    assert states() == [X, W]


# -- asked once more ----------------------------------------------------------------------------------
def asked():
    return list(Mail.objects.filter(kind="followthrough.asked").order_by("pk"))


def days_later(n):
    return clock.at(clock.now() + timedelta(days=n))


def test_ben_is_asked_once_more_before_the_days_are_over(his, ada):
    done(his, ada)
    with days_later(10):
        assert asking.ask_again() == 0, "there is time"
    with days_later(11):
        assert asking.ask_again() == 1
        assert asking.ask_again() == 0, "once"
        [mail] = asked()
        assert "The lamp was mended." in mail.text
        assert "June 23" in mail.text
    with days_later(12):
        assert asking.ask_again() == 0
    with days_later(15):
        outreach.look_at_all()
        assert asked()[0].state == State.WITHDRAWN, "the days are over"


def test_after_the_days_nobody_is_asked(his, ada):
    done(his, ada)
    with days_later(15):
        assert asking.ask_again() == 0


@pytest.mark.parametrize("what", ["confirmed", "open again", "erased", "taken back"])
def test_nobody_is_asked_where_there_is_nothing_to_ask(his, ada, what):
    done(his, ada)
    with days_later(12):
        assert asking.ask_again() == 1, "the premise"
        {
            "confirmed": lambda: it_is_so(his),
            "open again": lambda: actions.reopen(his, words="It is dark again."),
            "erased": lambda: actions.redact(his, because="It named a neighbor.", by=ada),
            "taken back": lambda: actions.remove_contact(his),
        }[what]()
        outreach.look_at_all()
        assert asked()[0].state == State.WITHDRAWN
        Mail.objects.all().delete()
        assert asking.ask_again() == 0


def test_a_new_answer_is_asked_about_anew(his, ada):
    done(his, ada)
    with days_later(12):
        asking.ask_again()
        actions.reopen(his, words="It is dark again.")
        done(his, ada, outcome="The wire was mended, too.")
    with days_later(24):
        assert asking.ask_again() == 1
        assert "The wire was mended, too." in asked()[1].text


def test_where_nobody_left_an_address_nobody_is_asked_by_mail(riverbend, ada):
    done(ben_says(riverbend).concern, ada)
    with days_later(12):
        assert asking.ask_again() == 0


def test_the_clock_asks_a_number_of_questions_that_does_not_grow(
    riverbend, his, ada, django_assert_num_queries
):
    done(his, ada)
    with days_later(12):
        asking.ask_again()
        with django_assert_num_queries(4):  # the agencies, what is due, the addresses, what was asked
            asking.ask_again()
        for n in range(4):
            other = ben_says(riverbend, key=f"other:{n}").concern
            Concern.objects.filter(pk=other.pk).update(
                state="done",
                outcome="Done.",
                closed_at=clock.now() - timedelta(days=12),
                confirm_by=riverbend.today(),
            )
        with django_assert_num_queries(4):
            asking.ask_again()


def test_it_is_in_his_language(riverbend, ada):
    concern = ben_says(riverbend).concern
    actions.leave_contact(concern, email=BEN, language="es")
    done(concern, ada)
    with days_later(12):
        asking.ask_again()
        assert "Is it so?" not in asked()[0].text
        assert "/es/" in asked()[0].text


# -- how long an address is kept --------------------------------------------------------------------
def test_an_address_stays_until_the_answer_and_the_question_are_over(riverbend, his, ada):
    """It was promised for a day farther away than an address was kept."""
    days = timedelta(days=riverbend.contact_retention_days)
    contact = actions.leave_contact(his, email="ben@neighbors.example")
    far = riverbend.today() + timedelta(days=90)
    actions.assign(his, owner=member(ada, riverbend), due=far, by=ada)
    contact.refresh_from_db()
    assert contact.ends_on == far + days
    with clock.at(clock.now() + timedelta(days=115)):  # late, and nothing was told since
        jobs.forget()
        contact.refresh_from_db()
        assert contact.ends_on == riverbend.today() + days
        closed = actions.close(his, state="done", outcome="It is lit.", by=ada)
        contact.refresh_from_db()
        assert contact.ends_on == closed.confirm_by + days
    with clock.at(clock.now() + timedelta(days=115 + 20)):
        actions.progress(his, text="Still lit.", by=ada)
        jobs.forget()
        contact.refresh_from_db()
        assert contact.ends_on == closed.confirm_by + days, "no longer than was said"


def test_who_agreed_to_fewer_days_is_kept_for_no_more(riverbend, his, ada):
    contact = actions.leave_contact(his, email="ben@neighbors.example")
    ends = riverbend.today() + timedelta(days=2)
    Subscription.objects.filter(pk=contact.pk).update(consent="2026-11", ends_on=ends)
    his = Concern.objects.get()
    actions.assign(his, owner=member(ada, riverbend), due=riverbend.today() + timedelta(days=90), by=ada)
    jobs.forget()
    contact.refresh_from_db()
    assert contact.ends_on == ends
