"""Anybody may follow a concern, a neighborhood, or all of it: told in the morning, and never who spoke."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from alongside.core import clock
from alongside.followthrough import actions
from alongside.followthrough.models import Promise
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.promises import telling
from alongside.followthrough.promises.actions import Said
from alongside.followthrough.public import topics
from alongside.followthrough.tests.cast import ben_says, member, town
from alongside.followthrough.writing import NotNow
from alongside.outreach.models import Mail
from alongside.outreach.subscriptions import actions as following
from alongside.outreach.subscriptions import rooms
from alongside.outreach.subscriptions.models import Subscription

pytestmark = pytest.mark.django_db
ZONE = ZoneInfo("America/New_York")
WORDS = "A street light on the west side is out."
CLEO, EVE = "cleo@people.example", "eve@people.example"


@pytest.fixture(autouse=True)
def a_day_in_july():
    with clock.at(datetime(2026, 7, 8, 12, tzinfo=ZONE)):
        yield


@pytest.fixture
def listed(riverbend, ada):
    home = town(riverbend)["Eastbank"]
    concern = ben_says(riverbend, neighborhood=home, owner=member(ada, riverbend)).concern
    return actions.clear(concern, summary=WORDS, by=ada)


def follow(agency, *about, email=CLEO, language="en"):
    """Ask, and say yes."""
    following.ask(agency, about=[str(each) for each in about], email=email, language=language)
    rows = Subscription.objects.of(agency).filter(address=email, topic__in=[str(each) for each in about])
    following.confirm(following.reader_of(agency, rows[0].reader), keys=[row.public_id for row in rows])


def news_of_tomorrow(agency, to=CLEO):
    with clock.at(clock.now() + timedelta(hours=22)):
        following.bring(agency)
    return [mail.text for mail in Mail.objects.filter(to=to, kind="outreach.news").order_by("pk")]


@pytest.mark.parametrize(
    "what", ["one concern", "its neighborhood", "a neighborhood's promises", "all of them"]
)
def test_whoever_follows_hears_in_the_morning_how_it_ended(riverbend, listed, ada, what):
    home = listed.neighborhood.public_id
    topic = {
        "one concern": topics.of_concern(listed),
        "its neighborhood": f"area:{home}",
        "a neighborhood's promises": f"promisesin:{home}",
        "all of them": topics.EVERY,
    }[what]
    follow(riverbend, topic)
    actions.close(listed, state="done", outcome="It was mended.", by=ada)
    actions.clear(listed, summary=WORDS, by=ada)
    (text,) = news_of_tomorrow(riverbend)
    assert f"Done: {WORDS}" in text
    assert "It was mended." in text
    assert f"/riverbend/promises/{listed.public_id}/" in text
    for private in ("bus stop", "Oak Street", "Ben"):
        assert private not in text


def test_whoever_reads_spanish_is_told_in_spanish(riverbend, listed, ada):
    follow(riverbend, topics.EVERY, language="es")
    actions.close(listed, state="done", outcome="It was mended.", by=ada)
    (text,) = news_of_tomorrow(riverbend)
    assert f"/es/riverbend/promises/{listed.public_id}/" in text


def test_of_what_is_not_on_the_list_nobody_hears(riverbend, listed, ada):
    follow(riverbend, topics.EVERY)
    today = riverbend.today()
    young = ben_says(riverbend, "note:2", heard_on=today, owner=member(ada, riverbend)).concern
    actions.clear(young, summary="Something new.", by=ada)
    actions.close(young, state="done", outcome="It was mended.", by=ada)
    actions.clear(young, summary="Something new.", by=ada)
    assert news_of_tomorrow(riverbend) == []
    actions.close(listed, state="done", outcome="It was mended.", by=ada)
    actions.withhold(actions.reopen(listed, words="It was not.", by=ada), reason="crime", by=ada)
    assert news_of_tomorrow(riverbend) == [], "what was told is true no more"


def test_whoever_left_an_address_with_the_code_hears_once(riverbend, listed, ada):
    follow(riverbend, topics.EVERY)
    actions.leave_contact(listed, email=CLEO)
    actions.close(listed, state="done", outcome="It was mended.", by=ada)
    assert news_of_tomorrow(riverbend) == []
    assert Mail.objects.filter(to=CLEO, kind="followthrough.news").count() == 1


def test_a_concern_is_followed_from_its_page_and_stands_in_no_list_of_all(riverbend, listed):
    page = Client().get(f"/riverbend/promises/{listed.public_id}/").text
    assert f"about=told%3A{listed.public_id}" in page
    asked = Client().get(f"/riverbend/news/?about=told%3A{listed.public_id}")
    assert WORDS in asked.text
    assert WORDS not in Client().get("/riverbend/news/").text
    assert str(topics.of_concern(listed)) not in rooms.offered(riverbend)
    with pytest.raises(following.NoTopic):
        following.ask(riverbend, about=["told:2222222222"], email=EVE, language="en")


@pytest.fixture
def promise(riverbend, listed, ada):
    said = Said(what="We will mend the light.", owner=listed.owner, due=date(2026, 7, 20), concern=listed)
    return promises.make(riverbend, said, by=ada)


@pytest.mark.parametrize(
    ("end", "says"), [("keep", "You asked, we did: "), ("fail", "You asked, we did not: ")]
)
def test_one_button_tells_all_once_whether_we_did(riverbend, listed, promise, ada, end, says):
    with pytest.raises(NotNow):
        telling.tell_all(promise, ada)
    follow(riverbend, topics.of_concern(listed))
    getattr(promises, end)(promise, outcome="The pole stands again, or not.", by=ada)
    news_of_tomorrow(riverbend)
    for _twice in range(2):
        told = telling.tell_all(promise, ada)
    assert told.told_at is not None
    texts = news_of_tomorrow(riverbend)
    assert sum(f"{says}We will mend the light." in text for text in texts) == 1


def test_what_is_not_public_is_told_to_nobody(riverbend, ada):
    hidden = promises.make(
        riverbend, Said(what="We will see.", owner=member(ada, riverbend), due=riverbend.today()), by=ada
    )
    promises.keep(hidden, outcome="We saw.", by=ada)
    with pytest.raises(NotNow, match="Nothing of it is public"):
        telling.tell_all(hidden, ada)
    assert Promise.objects.get(pk=hidden.pk).told_at is None


def test_a_week_s_concern_is_told_to_all_who_follow_the_list(riverbend, listed, ada):
    """Its page has its news; whoever follows nothing hears nothing."""
    follow(riverbend, topics.EVERY, email=EVE)
    follow(riverbend, "promisesin:" + listed.neighborhood.public_id)
    other = ben_says(riverbend, "note:3", owner=member(ada, riverbend)).concern
    actions.clear(other, summary="Another place, another lamp.", by=ada)
    assert news_of_tomorrow(riverbend) == []
    assert "another lamp" in news_of_tomorrow(riverbend, to=EVE)[0]
