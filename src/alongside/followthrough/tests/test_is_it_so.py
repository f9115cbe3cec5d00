"""Every state has its clock on the page of a code, and whoever asked is asked first whether it is so."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alongside.core import clock, formats
from alongside.followthrough import actions
from alongside.followthrough.models import Alike, Body, Concern, Deed, Passing, Rules, State, days_from
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.public.days import end_of_week
from alongside.followthrough.tests.cast import WORDS, ben_says, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben():
    return Client(headers={"origin": "http://testserver"})


@pytest.fixture
def his(riverbend):
    return ben_says(riverbend)


@pytest.fixture
def page(riverbend, his):
    return reverse("followthrough:page", args=[riverbend.slug, his.code])


def read(answer):
    """What a person reads of a page."""
    main = answer.text.partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def heading(answer):
    return re.sub(r"\s+", " ", re.search(r"<h1[^>]*>(.*?)</h1>", answer.text, re.S)[1]).strip()


def done(his, ada, state="done", outcome="The lamp was mended on Tuesday."):
    return actions.close(his.concern, state=state, outcome=outcome, by=ada)


def in_days(agency, days):
    return agency.today() + timedelta(days=days)


# -- the states and their clock ---------------------------------------------------------------------
def test_nobody_has_read_it_yet_and_then_one_of_us_has(ben, riverbend, his, page, ada):
    first = ben.get(page)
    assert heading(first) == "We wrote it down"
    assert f"One of us reads it by {formats.day(in_days(riverbend, 3))}" in read(first)
    actions.acknowledge(his.concern, by=ada)
    then = ben.get(page)
    assert heading(then) == "One of us has read it"
    assert "One of us reads it by" not in read(then)


def test_what_a_rule_gave_to_somebody_is_not_said_to_be_read(ben, riverbend, ada):
    Rules.objects.create(agency=riverbend, owner=member(ada, riverbend))
    given = ben_says(riverbend, key="by a rule")
    its_page = reverse("followthrough:page", args=[riverbend.slug, given.code])
    ticked, still_to_come = re.compile(r'<li class="done">\s*Read by one of us'), "One of us reads it by"
    first = ben.get(its_page)
    assert "Somebody answers for it" in read(first), "the premise: it is Ada’s"
    assert not ticked.search(first.text)
    assert still_to_come in read(first)
    actions.acknowledge(given.concern, by=ada)
    then = ben.get(its_page)
    assert ticked.search(then.text)
    assert still_to_come not in read(then)


def test_a_promise_is_the_heading_what_and_by_when(ben, riverbend, his, page, dent):
    due = in_days(riverbend, 9)
    said = promises.Said(
        what="We put a new lamp there", owner=member(dent, riverbend), due=due, concern=his.concern
    )
    promises.make(riverbend, said, by=dent)
    shown = ben.get(page)
    assert heading(shown) == f"Major Harvey Dent promised it by {formats.weekday_and_day(due)}"
    assert "We put a new lamp there" in read(shown)
    assert "in 9 days" in read(shown)
    assert "Promised first" not in read(shown)
    promise = his.concern.promises.get()
    promises.move(promise, due=due + timedelta(days=3), why="The part comes late.", by=dent)
    assert f"Promised first for {formats.day(due)}. Why it moved: The part comes late." in read(ben.get(page))


def test_a_day_that_moved_keeps_the_first_in_sight_and_says_why(ben, riverbend, his, page, ada, dent):
    first, later = in_days(riverbend, 5), in_days(riverbend, 12)
    actions.assign(his.concern, owner=member(dent, riverbend), due=first, by=ada)
    assert "Promised first" not in read(ben.get(page))
    actions.assign(his.concern, owner=member(dent, riverbend), due=later, why="The part comes late.", by=ada)
    shown = read(ben.get(page))
    assert f"Promised first for {formats.day(first)}." in shown
    assert "Why it moved: The part comes late." in shown


def test_a_kept_promise_shows_how_anybody_can_see_it(ben, riverbend, his, page, dent):
    said = promises.Said(
        what="New lamp", owner=member(dent, riverbend), due=in_days(riverbend, 9), concern=his.concern
    )
    promise = promises.make(riverbend, said, by=dent)
    promises.keep(promise, outcome="It is lit.", by=dent, evidence_url="https://city.example/lamps/7")
    shown = ben.get(page)
    assert heading(shown) == "It is done"
    assert 'href="https://city.example/lamps/7"' in shown.text


def test_passed_on_says_to_whom_and_their_silence(ben, riverbend, his, page, ada):
    body = Body.objects.create(agency=riverbend, name="Public Works", reached="Call 311.")
    sent = clock.now() - timedelta(days=3)
    passing = Passing.objects.create(
        agency=riverbend, concern=his.concern, body=body, state="sent", request_id="SR-77", sent_at=sent
    )
    done(his, ada, state="passed", outcome="The city mends it.")
    shown = read(ben.get(page))
    for words in ("It was passed on", "Public Works", "SR-77", "Call 311.", "Did they do it?"):
        assert words in shown
    assert "Nothing new for 3 days." in shown
    Passing.objects.filter(pk=passing.pk).update(changed_at=clock.now(), their_status="open")
    with clock.at(clock.now() + timedelta(days=20)):
        assert "Nothing new for 20 days." in read(ben.get(page))


def test_what_became_of_one_that_is_alike_is_shown_while_it_is_linked_and_released(
    ben, riverbend, his, page, ada
):
    other = ben_says(riverbend, key="other", words="Dark at quetzal corner").concern
    alike = Alike.objects.create(agency=riverbend, one=his.concern, other=other)
    assert "Others told us" not in read(ben.get(page)), "nobody has released its words"
    actions.clear(other, summary="A lamp is out near the park.", by=ada)
    Concern.objects.filter(pk=other.pk).update(heard_on=in_days(riverbend, -30))
    shown = read(ben.get(page))
    assert "A lamp is out near the park." in shown
    assert "quetzal" not in shown
    alike.parted_at = clock.now()
    alike.save()
    assert "Others told us" not in read(ben.get(page))


def says_yes(ben, page):
    """The button as it stands on his page; pressed twice, as it stood before."""
    marks = re.findall('name="read" value="([^"]+)"', ben.get(page).text) or [
        Concern.objects.get().answer_mark
    ]
    return {"act": "confirm", "read": marks[0]}


# -- is it so? --------------------------------------------------------------------------------------
def test_nothing_is_asked_before_there_is_an_answer(ben, riverbend, his, page):
    assert "Is it so?" not in read(ben.get(page))
    assert ben.post(page, {"act": "confirm"}).status_code == 422
    assert ben.post(page, {"act": "reopen", "words": "It is dark."}).status_code == 422


def test_ben_is_asked_and_says_that_it_is_so(ben, riverbend, his, page, ada):
    done(his, ada)
    asked = read(ben.get(page))
    assert "Is it so?" in asked
    until = formats.day(in_days(riverbend, 14))
    assert f"Until {until} it reads “answered, not confirmed”" in asked
    assert ben.get(page + "?act=confirm").status_code == 200
    assert Concern.objects.get().confirmed_at is None, "looking says nothing"
    assert ben.post(page, {"act": "confirm", "read": "2027-01-01"}).status_code == 422
    assert Concern.objects.get().confirmed_at is None, "that is not the answer he has read"
    for _twice in range(2):
        assert ben.post(page, says_yes(ben, page)).status_code == 302
    confirmed = read(ben.get(page))
    assert "Confirmed" in confirmed
    assert "answered, not confirmed" not in confirmed.lower()
    assert his.concern.steps.filter(deed=Deed.CONFIRMED).count() == 1


def test_silence_is_shown_as_silence_and_can_still_be_broken(ben, riverbend, his, page, ada):
    done(his, ada)
    with clock.at(clock.now() + timedelta(days=15)):
        shown = read(ben.get(page))
        assert "nobody has said" in shown
        assert ben.post(page, says_yes(ben, page)).status_code == 302
        assert "nobody has said" not in read(ben.get(page))


def test_it_is_not_so_and_it_is_open_again_with_his_words(ben, riverbend, his, page, ada, dent):
    actions.assign(his.concern, owner=member(dent, riverbend), due=in_days(riverbend, 3), by=ada)
    done(his, ada)
    empty = ben.post(page, {"act": "reopen", "words": ""})
    assert empty.status_code == 422
    assert "Say in a sentence what is not so" in empty.text
    assert ben.post(page, {"act": "reopen", "words": "It is dark again since Sunday."}).status_code == 302
    shown = ben.get(page)
    assert "Major Harvey Dent answers by" in heading(shown)
    assert "It is dark again since Sunday." in read(shown)
    concern = Concern.objects.get()
    assert (concern.state, concern.outcome.shown.text if concern.outcome else "") == (State.OWNED, "")


def test_opened_again_nobody_is_said_to_have_promised_what_our_rule_set(ben, riverbend, his, page, ada, dent):
    """Of two promises one had moved, for a reason: after both days, that is not why the other has another."""
    for what, days in (("A lamp", 5), ("A pole", 8)):
        said = promises.Said(what, member(dent, riverbend), in_days(riverbend, days), concern=his.concern)
        promises.make(riverbend, said, by=dent)
    lamp, _pole = his.concern.promises.order_by("due")
    promises.move(lamp, due=in_days(riverbend, 9), why="The part comes late.", by=dent)
    done(his, ada)
    with clock.at(clock.now() + timedelta(days=12)):
        ben.post(page, {"act": "reopen", "words": "It is dark again."})
        shown = ben.get(page)
        due = end_of_week(in_days(riverbend, 14))
        day = formats.weekday_and_day(due, with_year=due.year != riverbend.today().year)
        assert heading(shown) == f"Major Harvey Dent answers for it by {day}"
        assert "Why it moved" not in read(shown)
        assert days_from(riverbend.today(), due) in read(shown)
        lamp.refresh_from_db()
        promises.move(lamp, due=in_days(riverbend, 3), why="", by=dent)
        assert "Major Harvey Dent promised it by" in heading(ben.get(page))
        assert "in 3 days" in read(ben.get(page))


def test_whoever_takes_a_promise_over_answers_for_it_and_did_not_promise(
    ben, riverbend, his, page, ada, dent
):
    due = in_days(riverbend, 9)
    said = promises.Said("A lamp", member(dent, riverbend), due, concern=his.concern)
    promises.make(riverbend, said, by=dent)
    assert "Major Harvey Dent promised it by" in heading(ben.get(page))
    actions.assign(his.concern, owner=member(ada, riverbend), due=due, by=ada)
    assert f"{member(ada, riverbend)} answers for it by" in heading(ben.get(page))


@pytest.mark.parametrize(("act", "box"), [("reopen", "words"), ("correct", "text")])
def test_words_too_short_leave_the_fold_open_with_the_reason_at_the_box(ben, his, page, ada, act, box):
    done(his, ada)
    answer = ben.post(page, {"act": act, box: "no"})
    assert answer.status_code == 422
    assert "<details open>" in answer.text
    assert f'id="id_{box}_error"' in answer.text
    assert Concern.objects.get().is_closed


def test_too_many_words_come_back_whole(ben, his, page, ada):
    done(his, ada)
    words = "dark " * 4000
    answer = ben.post(page, {"act": "reopen", "words": words})
    assert answer.status_code == 422
    assert words.strip() in answer.text
    assert Concern.objects.get().is_closed


def test_what_cannot_be_done_is_appealed(ben, riverbend, his, page, ada):
    done(his, ada, state="declined", outcome="The lamp is the railway's.")
    shown = read(ben.get(page))
    assert "Does that answer it?" in shown
    assert "No: I appeal" in shown
    ben.post(page, {"act": "reopen", "words": "The railway says it is yours."})
    assert Concern.objects.get().is_open
    assert "The railway says it is yours." in read(ben.get(page))


def test_opened_again_five_times_we_speak(ben, riverbend, his, page, ada):
    for n in range(actions.MOST_REOPENED):
        done(his, ada, outcome=f"Mended, time {n}.")
        assert "speak with us" not in read(ben.get(page))
        assert ben.post(page, {"act": "reopen", "words": f"Dark again, time {n}."}).status_code == 302
    done(his, ada, outcome="Mended for good.")
    shown = read(ben.get(page))
    assert "Please speak with us" in shown
    assert "Open it again" not in shown
    assert "Is it so?" in shown, "it can still be confirmed"
    sixth = ben.post(page, {"act": "reopen", "words": "Dark once more."})
    assert sixth.status_code == 422
    assert Concern.objects.get().is_closed


def test_whoever_opens_it_by_its_code_is_asked_where_no_address_was_left(riverbend, his, page, ada):
    done(his, ada)
    assert "Is it so?" in read(Client().get(page))


def test_nobody_else_can_say_it(riverbend, elsewhere, his, page, ada):
    done(his, ada)
    eve = Client(headers={"origin": "https://evil.example"})
    assert eve.post(page, {"act": "confirm"}).status_code == 403
    there = reverse("followthrough:page", args=[elsewhere.slug, his.code])
    assert Client(headers={"origin": "http://testserver"}).post(there, {"act": "confirm"}).status_code == 404
    assert Concern.objects.get().confirmed_at is None


def test_erased_and_withheld_ask_nothing(ben, riverbend, his, page, ada):
    done(his, ada)
    actions.redact(his.concern, because="It named a neighbor.", by=ada)
    assert "Is it so?" not in read(ben.get(page))
    other = ben_says(riverbend, key="apart", withheld="crime")
    assert "Is it so?" not in read(ben.get(reverse("followthrough:page", args=[riverbend.slug, other.code])))
    assert WORDS not in ben.get(page).text
