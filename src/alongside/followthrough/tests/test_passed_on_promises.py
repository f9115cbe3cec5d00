"""What was promised, and is another body's to do: it says so, and counts neither as kept nor as not kept."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from tests.migrating import as_before, up_to_date

from alongside.core import clock
from alongside.core.authored import Words
from alongside.followthrough import actions, figures, needs, panels
from alongside.followthrough.models import Change, Concern, Promise, State
from alongside.followthrough.passing import actions as passing
from alongside.followthrough.passing.tests.cast import TOLD, a_body
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.promises import telling
from alongside.followthrough.promises.actions import Said
from alongside.followthrough.promises.models import Kept
from alongside.followthrough.public import topics
from alongside.followthrough.tests.cast import ben_says, member, town
from alongside.followthrough.tests.test_following_promises import follow, news_of_tomorrow
from alongside.ledger.models import Entry
from alongside.outreach.models import Mail

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")
LAMP, POST = "We will mend the lamp.", "We will paint the post."
WORDS = "A street light on the west side is out."
HERE = "/riverbend/promises/"


@pytest.fixture
def in_july(request):
    with clock.at(datetime(2026, 7, 8, 12, tzinfo=ZONE)):
        yield


@pytest.fixture
def lamp(in_july, riverbend, ada):
    """Ben's lamp of June, which stands on the public list."""
    home = town(riverbend)["Eastbank"]
    concern = ben_says(riverbend, neighborhood=home, owner=member(ada, riverbend)).concern
    return actions.clear(concern, summary=WORDS, by=ada)


@pytest.fixture
def promise(riverbend, lamp, ada, dent):
    due = riverbend.today() + timedelta(days=9)
    return promises.make(riverbend, Said(LAMP, member(dent, riverbend), due, concern=lamp), by=ada)


def goes_to_the_city(lamp, by):
    """Public Works have it, by phone, and the words for how it ended are released."""
    works = a_body(lamp.agency, by)
    passing.pass_on(lamp, body=works, outcome=TOLD, number="4711", by=by)
    return actions.clear(lamp, summary=WORDS, by=by)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def url(name, *args):
    return reverse(name, args=["riverbend", *args])


def table(form):
    return b"".join(Client().get(f"{HERE}promises.{form}").streaming_content).decode()


def turns(promise):
    return [change.turn for change in promise.changes.all()]


def test_it_ends_with_its_concern_and_says_so_in_the_ledger(lamp, promise, ada):
    goes_to_the_city(lamp, ada)
    ended = fresh(promise)
    assert (ended.state, ended.outcome.original, ended.closed_on) == (Kept.PASSED_ON, TOLD, date(2026, 7, 8))
    assert turns(ended)[-1] == "passed-on"
    kinds = list(Entry.objects.of(lamp.agency).order_by("n").values_list("kind", flat=True))
    assert "promise.passed_on" in kinds
    assert "promise.not_kept" not in kinds


def test_opened_again_it_is_open_again_and_what_had_ended_before_in_the_same_words_is_not(
    riverbend, lamp, promise, ada, dent
):
    said = Said(POST, member(dent, riverbend), promise.due, concern=lamp)
    post = promises.make(riverbend, said, by=ada)
    promises.fail(post, outcome=TOLD, by=ada)
    goes_to_the_city(lamp, ada)
    assert (fresh(promise).state, fresh(post).state) == (Kept.PASSED_ON, Kept.NOT_KEPT)
    actions.reopen(fresh(lamp), words="They say that it is yours.")
    assert (fresh(promise).state, fresh(promise).first_due) == (Kept.OPEN, promise.due)
    assert fresh(promise).ended_with is None
    assert (fresh(post).state, turns(post)[-1]) == (Kept.NOT_KEPT, "not-kept")
    assert fresh(lamp).state == State.PROMISED


def test_what_no_concern_has_cannot_be_passed_on(riverbend, ada):
    due = riverbend.today()
    aloud = promises.make(riverbend, Said(POST, member(ada, riverbend), due), by=ada, public=True)
    ended = {"closed_on": due, "outcome": Words.of(TOLD, language="en")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Promise.objects.filter(pk=aloud.pk).update(state=Kept.PASSED_ON, **ended)
    assert Promise.objects.filter(pk=aloud.pk).update(state=Kept.NOT_KEPT, **ended) == 1


# -- what it counts as ----------------------------------------------------------------------------------
def test_it_counts_as_neither_and_for_those_who_lead_it_is_said(riverbend, lamp, promise, ada):
    goes_to_the_city(lamp, ada)
    with clock.at(clock.now() + timedelta(days=30)):
        told = panels.kept(ada, riverbend)["kept"]
    assert told == figures.KeptOnTime(on_time=0, later=0, not_kept=0, still_open=0, passed_on=1)
    assert told.all == 0
    assert not Promise.objects.of(riverbend).kept_on_time().exists()


def test_the_chief_reads_of_it_beside_the_share(riverbend, lamp, promise, ada, dent, client_for):
    said = Said(POST, member(dent, riverbend), promise.due)
    promises.fail(promises.make(riverbend, said, by=ada, public=True), outcome="There is no paint.", by=ada)
    goes_to_the_city(lamp, ada)
    with clock.at(clock.now() + timedelta(days=30)):
        page = client_for(ada).get(url("front:chief")).text
    assert "0 of 1" in page
    assert "Not kept: 1." in page
    assert "1 more was passed on to another body: it counts as neither." in page


# -- where it is read ---------------------------------------------------------------------------------------
def test_everybody_reads_to_whom(riverbend, lamp, promise, ada):
    assert "passed on to" not in Client().get(f"{HERE}{lamp.public_id}/").text
    goes_to_the_city(lamp, ada)
    with clock.at(clock.now() + timedelta(minutes=10)):
        for page in (
            HERE,
            f"{HERE}{lamp.public_id}/",
            url("front:neighborhood", lamp.neighborhood.public_id),
        ):
            text = Client().get(page).text
            assert "passed on to Public Works" in " ".join(text.split()), page
            assert "4711" not in text, page
        assert "1 passed on" in Client().get(HERE).text
        assert "Passed on to Public Works: " + WORDS in Client().get("/riverbend/promises.rss").text
    assert "Passed on" in Client().get(f"{HERE}{lamp.public_id}/").text
    assert "Not kept" not in Client().get(f"{HERE}{lamp.public_id}/").text


def test_tables_say_to_whom(lamp, promise, ada):
    goes_to_the_city(lamp, ada)
    (row,) = csv.DictReader(io.StringIO(table("csv")))
    assert (row["state"], row["passed_to"]) == ("passed", "Public Works")
    (row,) = json.loads(table("json"))["rows"]
    assert (row["state"], row["passed_to"]) == ("passed", "Public Works")


def test_opened_again_it_is_at_nobody_else(lamp, promise, ada):
    goes_to_the_city(lamp, ada)
    actions.reopen(fresh(lamp), words="They say that it is yours.", by=ada)
    assert "passed on to" not in Client().get(HERE).text
    (row,) = csv.DictReader(io.StringIO(table("csv")))
    assert (row["state"], row["passed_to"]) == ("open", "")


def test_those_who_follow_are_told_what_it_is(riverbend, lamp, promise, ada):
    goes_to_the_city(lamp, ada)
    assert [need.key for need in needs.untold(riverbend)] == [str(promise.topic)]
    follow(riverbend, topics.EVERY)
    telling.tell_all(fresh(promise), ada)
    (text,) = news_of_tomorrow(riverbend)
    assert f"You asked, we passed it on: {LAMP}" in text
    assert "we did not" not in text


def test_the_desk_has_a_word_and_a_list_of_its_own(riverbend, lamp, promise, ada, client_for):
    browser, desk = client_for(ada), url("followthrough:promises")
    assert "?show=passed" not in browser.get(desk).text
    goes_to_the_city(lamp, ada)
    listed = browser.get(desk, {"show": "passed"}).text
    assert "passed on to Public Works" in " ".join(listed.split())
    assert LAMP not in browser.get(desk, {"show": "not-kept"}).text
    page = browser.get(url("followthrough:promise", promise.public_id)).text
    assert "passed on to Public Works" in " ".join(page.split())
    assert "You asked, we passed it on: tell it" in page


# -- its number there -----------------------------------------------------------------------------------
def test_whoever_asked_gets_its_number_by_mail_and_who_follows_does_not(riverbend, lamp, ada):
    actions.leave_contact(lamp, email="ben@neighbors.example")
    follow(riverbend, topics.of_concern(lamp))
    goes_to_the_city(lamp, ada)
    (to_ben,) = Mail.objects.filter(kind="followthrough.news")
    assert (to_ben.to, "Its number there: 4711." in to_ben.letter.text) == ("ben@neighbors.example", True)
    (to_cleo,) = news_of_tomorrow(riverbend)
    assert "Passed on to Public Works" in to_cleo
    assert "4711" not in to_cleo
    with clock.at(clock.now() + timedelta(minutes=10)):
        assert "Public Works can mend it." in Client().get(f"{HERE}{lamp.public_id}/").text
        assert "4711" not in Client().get(f"{HERE}{lamp.public_id}/").text


def test_where_it_got_none_no_number_is_spoken_of(lamp, ada):
    actions.leave_contact(lamp, email="ben@neighbors.example")
    passing.pass_on(lamp, body=a_body(lamp.agency, ada), outcome=TOLD, by=ada)
    (to_ben,) = Mail.objects.filter(kind="followthrough.news")
    assert "Public Works can mend it." in to_ben.letter.text
    assert "number" not in to_ben.letter.text


# -- of before ------------------------------------------------------------------------------------------
@pytest.mark.heavy
@pytest.mark.django_db(transaction=True)
def test_what_was_called_not_kept_before_is_called_so_where_that_is_sure():
    apps = as_before(("followthrough", "0015_found_by_words"))
    agency = apps.get_model("agencies.Agency").objects.create(slug="riverbend", timezone="America/New_York")
    owner = apps.get_model("agencies.Member").objects.create(agency=agency, name="Ada")
    at, said = datetime(2026, 7, 8, 12, tzinfo=ZONE), Words.of(TOLD, language="en")

    def concern(key, state, erased=False):
        row = apps.get_model("followthrough.Concern").objects.create(
            agency=agency, key=key, public_id=f"{key:c<10}", kind="concern", category="lighting",
            heard_on="2026-06-04", state=state, outcome=said, closed_at=at,
        )  # fmt: skip
        apps.get_model("followthrough.Step").objects.create(
            agency=agency, concern=row, at=at, deed="closed", by_name="Ada", facts={"state": state},
            text=Words() if erased else said,
        )  # fmt: skip
        return row

    numbers = count(1)

    def promise(key, of, state="not kept", words=said, ended=at, erased=False):
        row = apps.get_model("followthrough.Promise").objects.create(
            agency=agency, owner=owner, key=key, public_id=f"p{next(numbers):09}", what=LAMP, concern=of,
            made_on="2026-06-05", due="2026-07-01", first_due="2026-07-01", state=state, outcome=words,
            closed_on=ended.date(),
        )  # fmt: skip
        for turn, when in (("made", at - timedelta(days=9)), (state.replace(" ", "-"), ended)):
            apps.get_model("followthrough.Change").objects.create(
                agency=agency, promise=row, at=when, by_name="Ada", turn=turn, due="2026-07-01",
                text=Words() if erased else words,
            )  # fmt: skip

    passed, declined, done = concern("a", "passed"), concern("b", "declined"), concern("c", "done")
    erased = concern("d", "passed", erased=True)
    moment, before = timedelta(milliseconds=40), timedelta(minutes=9)
    promise("sure", passed, ended=at - moment)
    promise("by hand", passed, ended=at - before)
    promise("other words", passed, words=Words.of("No money.", language="en"), ended=at - moment)
    promise("declined", declined, ended=at - moment)
    promise("kept", done, state="kept", ended=at - moment)
    gone = Words.of("The words were erased.", language="en")
    for key in ("erased 1", "erased 2"):
        promise(key, erased, words=gone, ended=at - moment, erased=True)
    up_to_date()

    told = dict(Promise.objects.values_list("key", "state"))
    assert {key for key, state in told.items() if state == Kept.PASSED_ON} == {"sure", "erased 1", "erased 2"}
    assert (told["by hand"], told["declined"], told["kept"]) == (Kept.NOT_KEPT, Kept.NOT_KEPT, Kept.KEPT)
    with_it = set(Promise.objects.exclude(ended_with=None).values_list("key", flat=True))
    assert with_it == {*told} - {"other words"}, "by its words and its day, as until then"
    assert set(Change.objects.values_list("turn", flat=True)) == {"made", "kept", "not-kept"}, (
        "as it was written"
    )
    actions.reopen(Concern.objects.get(key="a"), words="They say that it is yours.")
    assert Promise.objects.get(key="sure").state == Kept.OPEN
    assert Promise.objects.get(key="other words").state == Kept.NOT_KEPT
