"""The page that everybody reads of a concern or a promise says what stands: no more, no less, and of what day."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils.translation import override

from alongside.core import clock
from alongside.followthrough import actions, needs
from alongside.followthrough.models import Body, Concern, Deed, Passing, Promise
from alongside.followthrough.passing.models import Sending
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.promises.actions import Said
from alongside.followthrough.promises.loading import judging, keeping
from alongside.followthrough.public.days import end_of_week
from alongside.followthrough.public.lines import of_promise
from alongside.followthrough.tests.cast import ben_says, member, town
from alongside.followthrough.triage import bulk
from alongside.followthrough.triage.bulk import Asked
from alongside.followthrough.triage.offering import DEEDS
from alongside.followthrough.writing import write
from alongside.places.sheets import read_table

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")
MONDAY = date(2026, 6, 1)
WORDS = "A street light on the west side is out."
LIST = "/riverbend/promises/"


def on(n, hour=12):
    """So many days after the Monday on which Ben spoke."""
    return clock.at(datetime.combine(MONDAY + timedelta(days=n), time(hour), tzinfo=ZONE))


@pytest.fixture(autouse=True)
def nothing_is_kept():
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def listed(riverbend, ada):
    with on(0):
        concern = ben_says(riverbend, heard_on=MONDAY, owner=member(ada, riverbend)).concern
    with on(2):
        return actions.clear(concern, summary=WORDS, by=ada)


def fresh(concern):
    return Concern.objects.get(pk=concern.pk)


def page_of(concern):
    caches["pages"].clear()
    return Client().get(f"{LIST}{concern.public_id}/").text


def the_list(asked=""):
    caches["pages"].clear()
    return Client().get(f"{LIST}{asked}").text


# -- what was undone ----------------------------------------------------------------------------------
def test_what_was_done_by_mistake_and_undone_is_not_told_as_if_it_stood(riverbend, listed, ada, dent):
    with on(20):
        asked = Asked(deed="assign", owner=member(dent, riverbend))
        done = bulk.do(riverbend, [listed], asked, member=member(ada, riverbend), by=ada)
        assert "Dent answers for it" in page_of(listed), "the premise: it is told while it stands"
        bulk.undo(done.bulk, member=member(ada, riverbend), by=ada)
        assert "Dent" not in page_of(listed)
        assert f"{listed.owner} answers for it" in page_of(listed)


# -- days ---------------------------------------------------------------------------------------------
def test_the_history_names_the_day_that_the_head_names(listed, ada):
    thursday = date(2026, 7, 30)
    with on(20):
        actions.assign(listed, owner=listed.owner, due=thursday, why="The pole is late.", by=ada)
        text = page_of(listed)
    assert text.count("July 30, 2026") == 2
    assert "August 2, 2026" not in text, "no Sunday of a day that a person chose"
    assert "Promised before: June 21, 2026" in text, "and the Sunday of one that our rule set"
    with on(25):
        actions.assign(fresh(listed), owner=listed.owner, due=date(2026, 8, 12), why="Still late.", by=ada)
        assert "Promised before: July 30, 2026" in page_of(listed)


@pytest.mark.parametrize("day", range(7))
def test_nobody_counts_back_from_the_new_day_to_that_of_an_opening(listed, ada, day):
    with on(20):
        actions.close(listed, state="done", outcome="It was mended.", by=ada)
    with on(21 + day):
        again = actions.reopen(fresh(listed), words="It is dark again.")
        assert again.due == end_of_week(MONDAY + timedelta(days=35))


# -- whoever said “me too” ------------------------------------------------------------------------------
ALREADY = re.compile(r"<p data-spoken\s*>")
BUTTON = "data-speaking"


def test_whoever_comes_back_without_a_script_reads_that_their_device_has_said_so(listed):
    address = f"{LIST}{listed.public_id}/"
    with on(20):
        ben, cleo = Client(), Client()
        before = ben.get(address)
        assert (bool(ALREADY.search(before.text)), BUTTON in before.text) == (False, True)
        assert "Cookie" in before.headers["Vary"]
        thanks = ben.post(address, follow=True, headers={"origin": "http://testserver"})
        assert "Your device is counted, once." in thanks.text
        again = ben.get(address).text
        assert (bool(ALREADY.search(again)), BUTTON in again) == (True, False)
        assert ALREADY.search(ben.get(f"/es{address}").text), "in each language"
        assert cleo.get(address).content == before.content, "nobody else sees anything of it"
    with on(20 + 366):
        assert BUTTON in ben.get(address).text, "a device is known for a year"


def test_a_device_is_not_known_by_another_concern(riverbend, listed):
    with on(0):
        bench = actions.clear(ben_says(riverbend, "b", heard_on=MONDAY).concern, summary="A bench.", by=None)
    with on(20):
        ben = Client()
        ben.post(f"{LIST}{listed.public_id}/", {"device": "d" * 22}, headers={"origin": "http://testserver"})
        ben.cookies["device-en"] = "d" * 22
        assert BUTTON not in ben.get(f"{LIST}{listed.public_id}/").text
        assert BUTTON in ben.get(f"{LIST}{bench.public_id}/").text


# -- what others wrote --------------------------------------------------------------------------------
def test_what_another_body_wrote_in_its_own_words_is_not_public(listed, ada):
    with on(20):
        facts = {"body": "Public Works", "status": "closed"}
        write(
            listed, Deed.ANSWERED, by=None, text="Mrs. Example of 412 Oak rang us.", facts=facts, public=True
        )
        actions.progress(listed, text="We went to look.", by=ada)
        actions.clear(fresh(listed), summary="A street light is out.", by=ada)
        text = page_of(listed)
    assert "Public Works has closed it." in text
    assert "We went to look." in text, "our own words are, once words were released after them"
    assert "Example" not in text


@pytest.mark.parametrize("state", list(Sending))
def test_only_what_another_body_has_is_told_as_passed_on(riverbend, listed, state):
    works = Body.objects.create(agency=riverbend, name="Public Works", reached="Call 311.")
    with on(20):
        Passing.objects.create(
            agency=riverbend, concern=listed, body=works, state=state, sent_at=clock.now(), sent={}
        )
        assert ("Public Works" in page_of(listed)) == (state in {Sending.SENT, Sending.ENDED})


# -- words that are not released ------------------------------------------------------------------------
NOT_YET = "The words for how it ended are not released yet."


def test_ended_since_its_words_it_says_that_more_words_are_owed(riverbend, listed, ada):
    with on(20):
        assert NOT_YET not in page_of(listed)
        actions.close(listed, state="declined", outcome="The pole is not ours.", by=ada)
        for text in (page_of(listed), the_list(), the_list("sheet/")):
            assert NOT_YET in text
            assert "The pole is not ours." not in text
        (need,) = needs.unwritten(riverbend)
        assert need.by == riverbend.today(), "due at once"
        actions.clear(fresh(listed), summary=WORDS, by=ada)
        assert NOT_YET not in page_of(listed)
        assert "The pole is not ours." in page_of(listed)
        assert not list(needs.unwritten(riverbend))


def test_opened_again_since_its_words_that_stands_beside_them_and_waits_for_new_ones(riverbend, listed, ada):
    with on(20):
        actions.close(listed, state="done", outcome="It was mended.", by=ada)
        actions.clear(fresh(listed), summary="A street light was out, and is mended.", by=ada)
        assert not list(needs.unwritten(riverbend))
    with on(24):
        actions.reopen(fresh(listed), words="It is dark again.")
        for text in (page_of(listed), the_list(), the_list("sheet/")):
            assert "Open again" in text
        assert "Where they say that it is done, it is not." in page_of(listed)
        (need,) = needs.unwritten(riverbend)
        assert need.by == riverbend.today()
        actions.clear(fresh(listed), summary=WORDS, by=ada)
        assert "Open again" not in page_of(listed) + the_list()
        assert not list(needs.unwritten(riverbend))


# -- from before ----------------------------------------------------------------------------------------
HEAD = "Question,Promise,Owner,Date promised,Due date,Status,What came of it,Closed on,Neighborhood"
CROSSING = ",Repaint the crossing at Oak Street,Harvey Dent,2021-03-04,2021-05-01,Done,By night.,2021-04-20,"
NO_DAYS = ",Plant ten trees,Sgt. Old Hand,2021-03-05,,Not kept,No money.,,"
A_QUESTION = "Who mends the bench?,,,2021-03-06,2021-05-01,Done,We did.,2021-04-21,"


@pytest.fixture
def before(riverbend, dent):
    town(riverbend)
    with on(20):
        content = "\n".join([HEAD, CROSSING, NO_DAYS, A_QUESTION]).encode()
        read = judging.judged(riverbend, read_table(content), file_name="past.csv")
        _load, done = keeping.load_file(riverbend, read, released=True, by=None)
    assert done.outcomes == {"added": 3}, done.read.set_aside
    crossing, trees = Promise.objects.order_by("made_on")
    return {"crossing": crossing, "trees": trees, "bench": Concern.objects.get()}


def test_wherever_it_is_shown_it_says_that_it_was_loaded_later(riverbend, before):
    with on(21):
        assert the_list().count("Loaded later") == 3
        assert the_list("sheet/").count("Loaded later") == 3
        assert "Nobody chosen yet" not in the_list("sheet/"), "it is over"
        assert "Loaded later" in page_of(before["bench"])
        made = Client().get(f"{LIST}made/{before['crossing'].public_id}/").text
        assert "Loaded later" in made
        table = b"".join(Client().get(f"{LIST}promises.csv").streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert {row["loaded"] for row in rows} == {"true"}
    assert {row["confirmed"] for row in rows} == {""}


def test_what_is_of_today_does_not_say_so(listed):
    with on(20):
        assert "Loaded later" not in the_list() + page_of(listed)
        assert "Nobody chosen yet" not in the_list("sheet/")


def test_nobody_of_that_time_is_asked_whether_it_is_so(before):
    with on(21):
        for text in (the_list(), page_of(before["bench"])):
            assert "not confirmed" not in text
            assert "whether it is so" not in text


def test_a_promise_of_before_tells_its_own_days_and_when_it_was_loaded(before):
    def told(name):
        text = Client().get(f"{LIST}made/{before[name].public_id}/").text
        return text.partition('class="history"')[2].partition("</ol>")[0]

    with on(21):
        crossing, trees = told("crossing"), told("trees")
    said = [
        "Major Harvey Dent promised something by May 1, 2021.", "March 4, 2021",
        "What was promised is done.", "April 20, 2021",
        "It was loaded later", "June 21, 2026",
    ]  # fmt: skip
    places = [crossing.index(each) for each in said]
    assert places == sorted(places)
    assert crossing.count("promised something") == 1
    assert "Sgt. Old Hand promised something." in trees
    assert "What was promised was not done." in trees
    assert trees.count("2021") == 1, "of a day that is not known, none is told"


def test_what_a_load_brought_is_no_news_of_the_day_on_which_it_was_loaded(riverbend, ada, before):
    with on(22):
        due = riverbend.today() + timedelta(days=9)
        said = Said(what="We will repaint Mill Bridge.", owner=member(ada, riverbend), due=due)
        promises.make(riverbend, said, by=ada, public=True)
        feed = Client().get("/riverbend/promises.rss").text
    days = re.findall(r"<pubDate>..., (.{11})", feed)
    assert days == ["23 Jun 2026", "21 Apr 2021", "20 Apr 2021", "05 Mar 2021"]


# -- in Spanish -----------------------------------------------------------------------------------------
def test_a_promise_is_called_so_in_spanish_and_not_as_the_button_is(riverbend, ada):
    due = riverbend.today() + timedelta(days=9)
    made = promises.make(riverbend, Said("A new lamp.", member(ada, riverbend), due), by=ada, public=True)
    with override("es"):
        assert (of_promise(made).kind, str(made.called)) == ("Promesa", "Promesa")
        assert str(DEEDS["promise"].button) == "Prometer"
