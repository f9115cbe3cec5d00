"""Twenty phones send one note at once, and two people hold one card: on both databases, once is once."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Event

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from alongside.core.errors import Refusal
from alongside.core.forms import fresh_key
from alongside.followthrough import actions, queries
from alongside.followthrough.entering import entries_of
from alongside.followthrough.models import Card, Concern, Deed, Promise
from alongside.followthrough.promises import actions as promising
from alongside.followthrough.promises.models import Kept
from alongside.followthrough.tests.cast import WORDS, ben_says, member
from alongside.followthrough.triage import bulk
from alongside.followthrough.writing import NotNow, locked, write
from alongside.voices.models import Voice

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def at_once(deeds):
    def guarded(deed):
        try:
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(guarded, deeds))


def test_twenty_times_one_note_is_one_concern(riverbend):
    [code] = actions.issue_cards(riverbend, count=1, by=None)
    answers = at_once([lambda: ben_says(riverbend, code=code)] * 20)
    assert Concern.objects.count() == 1
    assert sum(answer.new for answer in answers) == 1
    assert {answer.code for answer in answers} == {code}
    assert Concern.objects.get().steps.count() == 1


def test_twenty_times_one_note_without_a_card(riverbend):
    answers = at_once([lambda: ben_says(riverbend)] * 20)
    concern = Concern.objects.get()
    assert sum(answer.new for answer in answers) == 1
    given = [answer.code for answer in answers if answer.code]
    assert given
    assert all(queries.by_code(riverbend, code) == concern for code in given)


def test_one_card_for_two_concerns_goes_to_one(riverbend):
    [code] = actions.issue_cards(riverbend, count=1, by=None)
    answers = at_once([lambda n=n: ben_says(riverbend, key=f"note:{n}", code=code) for n in range(8)])
    assert Concern.objects.count() == 8
    assert [answer.code for answer in answers].count(code) == 1
    assert len({answer.code for answer in answers}) == 8
    assert sum(answer.replaced for answer in answers) == 7
    assert Card.objects.filter(concern=None).count() == 0


def test_one_form_sent_twice_at_once_is_one_concern_and_each_answer_has_a_code_that_opens_it(riverbend):
    usual = {"words": WORDS, "kind": "concern", "category": "lighting", "language": "en"}
    sent = {**usual, "form_key": fresh_key(), "email": "ben@neighbors.example"}
    address = reverse("followthrough:write", args=["riverbend"])
    answers = at_once([lambda: Client(headers={"origin": "http://testserver"}).post(address, sent)] * 4)
    assert [answer.status_code for answer in answers] == [302] * 4
    concern = Concern.objects.get()
    codes = {answer["Location"].split("/")[-3] for answer in answers}
    assert {queries.by_code(riverbend, code) for code in codes} == {concern}
    assert concern.contact.address == "ben@neighbors.example"


def test_confirmed_and_reopened_at_once_it_is_open_and_nobody_has_confirmed_it(riverbend, ada):
    for number in range(6):
        concern = ben_says(riverbend, key=f"note:{number}").concern
        actions.close(concern, state="done", outcome="The lamp works.", by=ada)

        def confirm(concern=concern):
            try:
                actions.confirm(concern, read=concern.answer_mark)
            except NotNow:
                return False
            return True

        confirmed, _opened = at_once([confirm, lambda c=concern: actions.reopen(c, words="It does not.")])
        concern.refresh_from_db()
        assert concern.is_open
        assert concern.confirmed_at is None
        steps = list(concern.steps.order_by("pk").values_list("deed", flat=True))
        last = [Deed.CONFIRMED, Deed.REOPENED] if confirmed else [Deed.CLOSED, Deed.REOPENED]
        assert steps[-2:] == last
        told = entries_of(concern).order_by("n").values_list("kind", flat=True)
        assert [kind.removeprefix("concern.") for kind in told][-2:] == list(last)


def test_reopened_and_closed_anew_at_once_nothing_is_said_twice(riverbend, ada):
    concern = ben_says(riverbend).concern
    actions.close(concern, state="done", outcome="The lamp works.", by=ada)

    def reopen():
        try:
            actions.reopen(concern, words="It does not.")
        except NotNow:
            return False
        return True

    assert sum(at_once([reopen] * 6)) == 1
    assert concern.steps.filter(deed=Deed.REOPENED).count() == 1


@pytest.mark.parametrize(("devices", "counted"), [(1, 1), (40, 40)])
def test_a_hundred_say_me_too_at_once(riverbend, ada, devices, counted):
    concern = actions.clear(ben_says(riverbend).concern, summary="A lamp is dark.", by=ada)
    actions.set_rules(
        riverbend, owner=None, complaints="", complaints_url="", reports="", by=ada, shown_after_days=0
    )
    address = reverse("followthrough:public-concern", args=["riverbend", concern.public_id])

    def me_too(number):
        browser = Client(headers={"origin": "http://testserver"})
        return browser.post(address, {"device": f"device-{number % devices:020}"}).status_code

    said = []
    for first in range(0, 100, 10):  # ten at a time, as many as a server lets in
        said += at_once([lambda n=n: me_too(n) for n in range(first, first + 10)])
    assert said == [302] * 100
    assert Voice.objects.count() == counted


# -- nobody waits for somebody who waits for them -----------------------------------------------------
A_MOMENT = 1  # in which another takes what it can get; where it can get nothing, the first goes on alone


class Meeting:
    """One of two is in the midst of it, and the other takes what is left."""

    def __init__(self):
        self.amidst, self.taken = Event(), Event()

    def let_the_other(self):
        self.amidst.set()
        self.taken.wait(A_MOMENT)

    @contextmanager
    def take(self, concern):
        assert self.amidst.wait(60), "the premise"
        with transaction.atomic():  # begun now: on SQLite nobody else writes while it lasts
            now = locked(concern)
            self.taken.set()
            yield now


def test_many_are_done_while_one_of_them_is_written_to(riverbend, ada, monkeypatch):
    first, second = (ben_says(riverbend, f"note:{n}").concern for n in range(2))
    meeting, read = Meeting(), bulk.VERBS["acknowledge"]

    def reads(concern, asked, by):
        done = read(concern, asked, by)
        meeting.let_the_other()
        return done

    monkeypatch.setitem(bulk.VERBS, "acknowledge", reads)

    def many():
        asked = bulk.Asked("acknowledge")
        return bulk.do(riverbend, [first, second], asked, member=member(ada, riverbend), by=ada)

    def one():
        with meeting.take(second) as concern:
            write(concern, Deed.NOTED, by=None, public=True)

    told, _none = at_once([many, one])
    assert told.done == [first, second]
    assert second.steps.filter(deed=Deed.NOTED).count() == 1


def test_a_promise_is_kept_while_its_concern_is_closed(riverbend, ada, monkeypatch):
    concern = ben_says(riverbend).concern
    said = promising.Said("A lamp", owner=member(ada, riverbend), due=riverbend.today(), concern=concern)
    promise = promising.make(riverbend, said, by=ada)
    meeting, is_open = Meeting(), promising._must_be_open

    def looks(promise):
        meeting.let_the_other()
        is_open(promise)

    monkeypatch.setattr(promising, "_must_be_open", looks)

    def keep():
        with suppress(Refusal):
            promising.keep(promise, outcome="The lamp shines.", by=ada)

    def close():
        with suppress(Refusal), meeting.take(concern) as now:
            actions.close(now, state="done", outcome="It was mended.", by=ada)

    at_once([keep, close])
    assert Promise.objects.get().state == Kept.KEPT
    assert Concern.objects.get().state == "done"
