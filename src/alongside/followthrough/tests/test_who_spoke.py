"""Nobody who watches the public pages learns who spoke, or on which day: the rules of docs/methods/concerns.md."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from tests.cast import an_agency, staff_member

from alongside.agencies.models import Role
from alongside.core import clock
from alongside.core.origins import Origin
from alongside.followthrough import actions
from alongside.followthrough.models import Concern
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.promises.actions import Said
from alongside.followthrough.public import actions as said_by_all
from alongside.followthrough.public.days import end_of_week, heard_up_to, joins_on
from alongside.followthrough.tests.cast import ben_says, it_is_so, member
from alongside.voices.models import Voice

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")
FROM_HERE = {"HTTP_ORIGIN": "http://testserver"}
MONDAY = date(2026, 6, 1)
WORDS = "A street light on the west side is out."
DAYS = (7, 13, 14, 15, 20, 21, 22, 28)
PUBLIC = ("", "sheet/", "promises.csv", "promises.json")


def at(day, hour=12):
    return clock.at(datetime.combine(day, time(hour), tzinfo=ZONE))


@pytest.fixture(autouse=True)
def nothing_is_kept():
    caches["pages"].clear()
    yield
    caches["pages"].clear()


def heard(agency, owner, day, *, key="note:1", words=WORDS, **said):
    """Said on a day, given to an officer that evening, released two days later."""
    with at(day, 18):
        concern = ben_says(agency, key, heard_on=day, owner=owner, neighborhood=None, **said).concern
        actions.acknowledge(concern, by=owner.user)
    with at(day + timedelta(days=2)):
        return actions.clear(concern, summary=words, by=None)


def all_that_is_public(agency, concern):
    pages = [f"/{agency.slug}/promises/{each}" for each in PUBLIC]
    pages += [f"/{agency.slug}/promises.rss", f"/{agency.slug}/promises/{concern.public_id}/"]
    caches["pages"].clear()
    return [_read(page) for page in pages]


def _read(page):
    got = Client().get(page)
    body = (b"".join(got.streaming_content) if got.streaming else got.content).decode()
    return got.status_code, body


def test_two_days_of_one_week_are_the_same_day_for_everybody(riverbend, ada):
    """One town in which it was said on a Monday, one in which it was said on the Sunday: nobody tells them apart."""
    owner = member(ada, riverbend)
    seen = {}
    for day in (MONDAY, MONDAY + timedelta(days=3), MONDAY + timedelta(days=6)):
        with transaction.atomic():
            concern = heard(riverbend, owner, day)
            Concern.objects.filter(pk=concern.pk).update(public_id="2222222222")
            concern.refresh_from_db()
            seen[day] = [_seen_on(MONDAY + timedelta(days=n), concern) for n in DAYS]
            transaction.set_rollback(True)
    first, *others = seen.values()
    for each in others:
        for pages, same in zip(first, each, strict=True):
            assert pages == same
    shown = [any(WORDS in body for _status, body in pages) for pages in first]
    assert shown == [n >= 14 for n in DAYS], "the premise: it joins on the second Monday"
    late = [any("1 late" in body for _status, body in pages) for pages in first]
    assert any(late), "the premise: it is late at last"


def _seen_on(day, concern):
    with at(day):
        return all_that_is_public(concern.agency, concern)


@pytest.fixture
def listed(riverbend, ada):
    return heard(riverbend, member(ada, riverbend), MONDAY)


def page_of(concern):
    return f"/{concern.agency.slug}/promises/{concern.public_id}/"


def test_private_words_the_block_and_the_code_are_nowhere(riverbend, listed, ada):
    actions.correct(listed, text="I am Ben Example of 412 Oak Street.")
    actions.progress(listed, text="We rang Mrs. Example.", by=ada)
    why = "The pole at Mrs. Example’s was hit."
    with at(MONDAY + timedelta(days=9)):
        actions.assign(listed, owner=listed.owner, due=date(2026, 7, 30), why=why, by=ada)
    with at(MONDAY + timedelta(days=30)):
        everything = "".join(body for _status, body in all_that_is_public(riverbend, listed))
    assert WORDS in everything
    assert "July 30, 2026" in everything
    for private in ("bus stop", "Oak Street", "Example", "Peace Walk"):
        assert private not in everything


def test_what_we_wrote_to_the_asker_is_public_once_words_are_released_after_it(listed, ada):
    with at(MONDAY + timedelta(days=20)):
        actions.assign(listed, owner=listed.owner, due=date(2026, 7, 30), why="The pole is late.", by=ada)
        assert "The pole is late." not in Client().get(page_of(listed)).text
        actions.clear(listed, summary=WORDS, by=ada)
        text = Client().get(page_of(listed)).text
    assert "The pole is late." in text
    assert "First promised for June 21, 2026" in text, "its rule's day, as the end of its week"


def test_before_its_monday_a_concern_has_no_page_and_at_another_agency_never(listed):
    elsewhere = an_agency("lakeside", "Lakeside Police", "America/New_York")
    with at(MONDAY + timedelta(days=13)):
        assert Client().get(page_of(listed)).status_code == 404
    with at(MONDAY + timedelta(days=14)):
        assert Client().get(page_of(listed)).status_code == 200
        assert Client().get(page_of(listed).replace("riverbend", elsewhere.slug)).status_code == 404


@pytest.mark.parametrize("how", ["withheld", "erased", "taken back"])
def test_what_is_held_apart_erased_or_taken_back_is_nowhere(riverbend, listed, ada, how):
    deed = {
        "withheld": lambda: actions.withhold(listed, reason="officer", by=ada),
        "erased": lambda: actions.redact(listed, because="Ben asked for it.", by=ada),
        "taken back": lambda: actions.clear(listed, summary="", by=ada),
    }[how]
    with at(MONDAY + timedelta(days=20)):
        assert WORDS in Client().get("/riverbend/promises/?q=light").text
        deed()
        caches["pages"].clear()
        pages = all_that_is_public(riverbend, listed)
    assert pages[-1][0] == 404
    assert not any(WORDS in body for _status, body in pages)
    assert not listed.found_by.exists()


def test_from_where_is_told_once_five_came_from_there(riverbend, ada):
    owner = member(ada, riverbend)
    concerns = [
        heard(riverbend, owner, MONDAY, key=f"note:{n}", words=f"Lamp number {n} is out.") for n in range(5)
    ]
    last = concerns[-1]
    with at(MONDAY + timedelta(days=20)):
        assert "Peace Walk in Eastbank" in Client().get(page_of(last)).text
        actions.clear(concerns[0], summary="", by=ada)
        assert "Peace Walk in Eastbank" not in Client().get(page_of(last)).text


def test_devices_are_told_in_fives_the_morning_after(listed):
    day = MONDAY + timedelta(days=20)
    numbers = []
    for n in range(1, 12):
        with at(day):
            said_by_all.me_too(listed, device=f"device-{n:020}")
            numbers.append(said_by_all.how_many(listed))
        with at(day + timedelta(days=1)):
            numbers.append(said_by_all.how_many(listed))
    assert numbers[0::2] == [0] * 11
    assert numbers[1::2] == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10]


def test_a_button_without_a_script_counts_a_device_once(listed):
    with at(MONDAY + timedelta(days=20)):
        browser = Client(**FROM_HERE)
        before = Client().get(page_of(listed)).content
        for _time in range(3):
            got = browser.post(page_of(listed), {})
            assert got.status_code == 302
            assert "Thank you" in browser.get(got["Location"]).text
        assert Voice.objects.count() == 1
        assert Client(**FROM_HERE).post(page_of(listed), {}).status_code == 302
        assert Voice.objects.count() == 2
        assert Client().get(page_of(listed)).content == before, "nobody sees that anybody did"
        elsewhere = Client().post(page_of(listed), {}, headers={"Origin": "https://elsewhere.example"})
        assert elsewhere.status_code == 403


def test_an_answered_one_takes_no_more_voices(listed, ada):
    actions.close(listed, state="done", outcome="It was mended.", by=ada)
    with at(MONDAY + timedelta(days=20)):
        got = Client(**FROM_HERE).post(page_of(listed), {})
    assert got.status_code == 422
    assert not Voice.objects.exists()


def test_confirmed_is_told_from_the_monday_after_and_silence_as_silence(listed, ada):
    with at(date(2026, 7, 2)):
        actions.close(listed, state="done", outcome="It was mended.", by=ada)
        actions.clear(listed, summary=WORDS, by=ada)
    with at(date(2026, 7, 3)):
        before = Client().get(page_of(listed)).content
        assert b"Answered, not confirmed." in before
        assert b"It was mended." in before
        it_is_so(listed)
        assert Client().get(page_of(listed)).content == before
    with at(date(2026, 7, 6)):
        assert "The person who asked says that it is so." in Client().get(page_of(listed)).text
    Concern.objects.filter(pk=listed.pk).update(confirmed_at=None)
    with at(date(2026, 7, 17)):
        assert "Nobody has said whether it is so." in Client().get(page_of(listed)).text


def test_a_way_is_offered_once_five_came_by_it(riverbend, ada):
    owner = member(ada, riverbend)
    for n in range(5):
        heard(riverbend, owner, MONDAY, key=f"note:{n}", came="paper" if n else "phone")
    with at(MONDAY + timedelta(days=20)):
        assert 'value="paper"' not in Client().get("/riverbend/promises/").text
    heard(riverbend, owner, MONDAY, key="note:6", came="paper")
    with at(MONDAY + timedelta(days=21)):
        text = Client().get("/riverbend/promises/").text
    assert 'value="paper"' in text
    assert 'value="phone"' not in text


def test_origins_of_one_kind_are_not_added_up(riverbend, ada):
    owner = member(ada, riverbend)
    concerns = [
        heard(riverbend, owner, MONDAY, key=f"note:{n}", origin=Origin("gathering", f"abcdefgh{n}"))
        for n in range(6)
    ]
    with at(MONDAY + timedelta(days=20)):
        assert "Peace Walk" not in Client().get(page_of(concerns[0])).text


def test_a_promise_made_aloud_has_its_days_from_the_first(riverbend, ada):
    owner = member(ada, riverbend)
    with at(MONDAY):
        made = promises.make(
            riverbend,
            Said(what="We will paint the crossing.", owner=owner, due=date(2026, 6, 20)),
            by=ada,
            public=True,
        )
        page = f"/riverbend/promises/made/{made.public_id}/"
        assert "June 20, 2026" in Client().get(page).text
        promises.move(made, due=date(2026, 7, 20), why="Rain.", by=ada)
        text = Client().get(page).text
    assert "First promised for June 20, 2026." in text
    assert "Rain." in text
    assert "answers to" not in text
    of_one = {
        "tf:1.9.2": "recommendation 1.9.2 of the Task Force on 21st Century Policing",
        "local:7": "local:7",
    }
    for item, said in of_one.items():
        type(made).objects.filter(pk=made.pk).update(item=item)
        assert f"answers to {said}" in Client().get(page).text, "a catalog’s key is not for everybody"
    staff_member(riverbend, "Zed", Role.COORDINATOR)
    hidden = promises.make(riverbend, Said(what="Not aloud.", owner=owner, due=riverbend.today()), by=ada)
    assert Client().get(f"/riverbend/promises/made/{hidden.public_id}/").status_code == 404


@pytest.mark.parametrize("days", [1, 3, 7, 30, 90])
def test_whole_weeks_join_on_mondays_and_no_day_too_soon(days):
    for n in range(28):
        heard_on = MONDAY + timedelta(days=n)
        joins = joins_on(heard_on, days)
        assert joins.weekday() == 0
        assert joins - heard_on >= timedelta(days=days)
        assert joins == joins_on(end_of_week(heard_on), days)
        assert heard_up_to(joins, days) >= heard_on
        assert heard_up_to(joins - timedelta(days=1), days) < heard_on
