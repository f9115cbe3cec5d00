"""Residents follow a neighborhood or a program by mail: asked twice, told together, never two of the same."""

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from shapely import box

from alongside.agencies.models import Agency, Bearer
from alongside.core import clock
from alongside.core.origins import Origin
from alongside.gatherings import actions
from alongside.gatherings.tests.cast import a_draft, a_gathering, answer, day, form_key
from alongside.outreach import quiet
from alongside.outreach.models import Mail
from alongside.outreach.subscriptions import actions as following
from alongside.outreach.subscriptions import limits
from alongside.outreach.subscriptions.models import STANDS, Happening, Subscription
from alongside.places.models import Area, AreaKind

pytestmark = pytest.mark.django_db
WALKS = "program:walk"
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def mill_row(riverbend):
    a_square = {"geometry": box(-85.8, 38.2, -85.7, 38.3).wkb, "west": -85.8, "south": 38.2}
    a_square |= {"east": -85.7, "north": 38.3}
    return Area.objects.create(
        agency=riverbend,
        kind=AreaKind.NEIGHBORHOOD,
        name="Mill Row",
        public_id="mmrr2222",
        **a_square,
    )


@pytest.fixture(autouse=True)
def noon():
    """Noon at Riverbend, on a day in November."""
    with clock.at(datetime(2026, 11, 10, 12, tzinfo=NEW_YORK)):
        yield


@pytest.fixture(autouse=True)
def a_walk_of_before(riverbend, noon):
    return a_gathering(riverbend)


def follow(agency, *topics, email="ben@people.example", language="en"):
    """Ask, and say yes by the link in the mail."""
    following.ask(agency, about=topics or [WALKS], email=email, language=language)
    following.confirm(reader(agency, email), keys=[row.public_id for row in rows(email)])


def rows(email="ben@people.example"):
    return Subscription.objects.filter(address=email)


def reader(agency, email="ben@people.example"):
    return following.reader_of(agency, rows(email)[0].reader)


def tomorrow_morning(agency):
    """Whatever is due by nine on the next day is brought."""
    with clock.at(clock.now() + timedelta(hours=22)):
        return following.bring(agency)


def news(to="ben@people.example"):
    return Mail.objects.filter(to=to, kind="outreach.news").order_by("pk")


def link_of(mail):
    return re.search(r"https?://[^/]+(/riverbend/news/\S+|/es/riverbend/news/\S+)", mail.text)[1]


# -- asked twice --------------------------------------------------------------------------------------
def test_an_address_is_asked_once_and_gets_nothing_else_before_it_says_yes(riverbend, client):
    page = reverse("outreach:follow", args=["riverbend"])
    typed = {"about": WALKS, "email": "Ben@People.example", "form_key": form_key()}
    said = client.post(page, typed, headers={"Origin": "http://testserver"})
    assert said.status_code == 302
    assert said["Location"] == reverse("outreach:asked", args=["riverbend"])
    (mail,) = Mail.objects.all()
    assert mail.to == "ben@people.example"
    assert "Do you want news" in mail.subject
    a_gathering(riverbend, title="Another walk")
    tomorrow_morning(riverbend)
    assert list(Mail.objects.all()) == [mail]

    own = link_of(mail)
    for _scanner in range(3):
        assert client.get(own).status_code == client.head(own).status_code == 200
    assert rows().confirmed().count() == 0, "looking changes nothing"
    key = rows()[0].public_id
    for _twice in range(2):
        client.post(own, {"act": "yes", "key": key}, headers={"Origin": "http://testserver"})
    assert rows().confirmed().count() == 1
    a_gathering(riverbend, title="A third walk")
    tomorrow_morning(riverbend)
    assert "A third walk" in news()[0].text


def test_what_nobody_confirms_ends_by_itself(riverbend):
    following.ask(riverbend, about=[WALKS], email="ben@people.example", language="en")
    own = link_of(Mail.objects.get())
    with clock.at(clock.now() + timedelta(days=9)):
        assert following.forget() == 1
        assert not rows().exists()
        assert "You follow nothing here" in Client().get(own).text
    with clock.at(clock.now() + following.LINK_STANDS + timedelta(days=1)):
        assert Client().get(own).status_code == 404, "the link is over"


def test_whoever_said_yes_is_asked_again_after_a_year(riverbend):
    follow(riverbend)
    assert rows()[0].ends_on == riverbend.today() + STANDS
    with clock.at(clock.now() + STANDS + timedelta(days=2)):
        following.forget()
    assert not rows().exists()


def test_an_address_that_was_typed_with_an_answer_follows_opens_and_widens_nothing(
    riverbend, a_walk_of_before, client
):
    """Eve answers with Ben's address: he is written to of that, and his own page says nothing of her answer."""
    eves = answer(a_walk_of_before, email="ben@people.example")
    assert rows().confirmed().get().topic == str(eves.key), "the premise"
    a_gathering(riverbend, title="Another walk")
    tomorrow_morning(riverbend)
    assert not news().exists()
    assert limits._room("ben@people.example") == (limits.A_DAY, limits.A_MONTH)

    following.ask(riverbend, about=[WALKS], email="ben@people.example", language="en")
    bens = rows().standing().get()
    assert bens.reader != rows().about(eves.key).get().reader
    own = link_of(Mail.objects.get(kind="outreach.confirm"))
    page = client.get(own).text
    assert "I’ll come" not in page
    assert a_walk_of_before.public_id not in page
    following.stop(following.reader_of(riverbend, bens.reader))
    assert rows().get().topic == str(eves.key), "each is stopped by its own mail"


def test_nobody_follows_what_is_not_told_of(riverbend, elsewhere):
    with pytest.raises(following.NoTopic):
        following.ask(
            riverbend, about=["program:parade", "area:none"], email="b@people.example", language="en"
        )
    with pytest.raises(following.AddressRefused):
        following.ask(riverbend, about=[WALKS], email="no address", language="en")
    follow(riverbend)
    assert following.reader_of(elsewhere, rows()[0].reader).rows == []


# -- told together, each once ---------------------------------------------------------------------------
def test_news_of_a_day_and_of_several_topics_are_one_mail(riverbend, mill_row):
    follow(riverbend, WALKS, "area:mmrr2222")
    a_gathering(riverbend, title="Walk along the mill", neighborhood=mill_row)
    a_gathering(riverbend, title="Coffee at the mill", kind="coffee", neighborhood=mill_row)
    a_gathering(riverbend, title="A coffee elsewhere", kind="coffee")
    assert not news(), "not before the morning"
    assert tomorrow_morning(riverbend) == 1
    assert tomorrow_morning(riverbend) == 0
    (mail,) = news()
    assert mail.text.count("Walk along the mill") == 1
    assert "Coffee at the mill" in mail.text
    assert "elsewhere" not in mail.text
    assert "and 1 more" in mail.subject


def test_what_is_true_no_more_is_not_told(riverbend):
    follow(riverbend)
    walk = a_gathering(riverbend, title="Walk along the mill")
    actions.move(walk, at=time(19), reason="The hall is taken", stand_in="Sgt Diaz", by=None)
    actions.cancel(walk, reason="A storm is coming", by=None)
    tomorrow_morning(riverbend)
    (mail,) = news()
    assert mail.subject.startswith("Cancelled: Walk along the mill")
    assert "A storm is coming" in mail.text
    assert "taken" not in mail.text


def test_what_moved_back_is_not_said_to_have_moved(riverbend):
    walk = a_gathering(riverbend, title="Walk along the mill")
    follow(riverbend)
    for hour in (19, 18):
        walk = actions.move(
            walk, at=time(hour), reason="The hall is taken", stand_in="Sgt Diaz", by=None
        ).gathering
    tomorrow_morning(riverbend)
    (mail,) = news()
    assert mail.subject.startswith("When and where it was first said: Walk along the mill")


def test_who_answered_and_follows_hears_of_a_change_once(riverbend):
    follow(riverbend)
    follow(riverbend, email="cleo@people.example")
    walk = a_gathering(riverbend, title="Walk along the mill")
    tomorrow_morning(riverbend)
    answer(walk, email="Ben@people.example")
    actions.cancel(walk, reason="A storm is coming", by=None)
    tomorrow_morning(riverbend)
    about_it = Mail.objects.filter(subject__startswith="Cancelled")
    assert sorted(mail.to.lower() for mail in about_it) == ["ben@people.example", "cleo@people.example"]


def test_what_changes_within_a_day_is_told_at_once_also_at_night(riverbend):
    follow(riverbend)
    late = datetime(2026, 11, 10, 23, tzinfo=NEW_YORK)
    walk = a_gathering(riverbend, title="Breakfast walk", on=day("2026-11-11"), at=time(9))
    far = a_gathering(riverbend, title="Walk next week", on=day("2026-11-18"))
    with clock.at(late):
        actions.cancel(far, reason="Nobody can lead it", by=None)
        assert following.bring(riverbend) == 0
        actions.cancel(walk, reason="A storm is coming", by=None)
        assert following.bring(riverbend) == 1
    assert "Cancelled: Breakfast walk" in news()[0].text


@pytest.mark.parametrize(
    ("zone", "now", "quiet_then", "next_one"),
    [
        # The clocks go back and forth in the night: nine in the morning is nine by the clock of that day.
        ("America/New_York", "2026-10-31T21:00", True, "2026-11-01T14:00+00:00"),
        ("America/New_York", "2026-11-01T08:59", False, "2026-11-01T14:00+00:00"),
        ("America/New_York", "2027-03-13T23:30", True, "2027-03-14T13:00+00:00"),
        ("America/New_York", "2027-03-14T09:00", False, "2027-03-15T13:00+00:00"),
        ("America/Phoenix", "2027-03-13T07:59", True, "2027-03-13T16:00+00:00"),
        ("Australia/Lord_Howe", "2027-04-03T20:31", True, "2027-04-03T22:30+00:00"),
    ],
)
def test_the_night_is_that_of_the_agency_s_clock(zone, now, quiet_then, next_one):
    riverbend = Agency(timezone=zone)
    with clock.at(datetime.fromisoformat(now).replace(tzinfo=ZoneInfo(zone))):
        assert quiet.is_quiet(riverbend) is quiet_then
        assert quiet.next_bundle(riverbend) == datetime.fromisoformat(next_one)


def test_each_reads_in_their_own_language(riverbend):
    follow(riverbend)
    follow(riverbend, email="luz@people.example", language="es")
    a_gathering(riverbend, title="Walk along the mill")
    tomorrow_morning(riverbend)
    assert {mail.language for mail in news("luz@people.example")} == {"es"}
    assert "/es/riverbend/news/" in news("luz@people.example")[0].text
    assert {mail.language for mail in news()} == {"en"}


# -- stopping -----------------------------------------------------------------------------------------
def test_one_topic_is_stopped_on_one_s_own_page_and_all_by_one_click(riverbend, mill_row, client):
    follow(riverbend, WALKS, "area:mmrr2222")
    a_gathering(riverbend, title="Walk along the mill")
    tomorrow_morning(riverbend)
    own = link_of(news()[0])
    page = client.get(own).content.decode()
    assert "Mill Row" in page
    client.post(
        own,
        {"act": "stop", "key": rows().get(topic=WALKS).public_id},
        headers={"Origin": "http://testserver"},
    )
    assert [row.topic for row in rows()] == ["area:mmrr2222"]
    stop = news()[0].unsubscribe_url.split("testserver")[-1].split("8000")[-1]
    for _twice in range(2):
        assert one_click(stop).status_code == 200
    assert not rows().exists()
    assert not Mail.objects.filter(to="ben@people.example", key__startswith="news:").exists(), (
        "what waits goes too"
    )


def one_click(url, **headers):
    """As Gmail does: no page that it comes from, no cookie, a form's content type, and these words."""
    return Client(enforce_csrf_checks=True).post(
        re.sub(r"^https?://[^/]+", "", url),
        "List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )


def test_only_the_words_of_the_standard_need_no_page_to_come_from(riverbend):
    follow(riverbend)
    (mail,) = Mail.objects.filter(to="ben@people.example")
    stop = re.sub(r"^https?://[^/]+", "", mail.unsubscribe_url)
    eve = Client(enforce_csrf_checks=True)
    assert eve.post(stop, {"act": "stop-all"}).status_code == 403
    assert eve.post(stop, {"List-Unsubscribe": "One-Click", "act": "x"}).status_code == 403
    assert eve.post(stop, {"List-Unsubscribe": "Other"}, headers={"Origin": "null"}).status_code == 403
    assert one_click(re.sub("/news/[^/]+", "/news/wrong", stop)).status_code == 404
    assert eve.get(stop).status_code == eve.head(stop).status_code == 200
    assert rows().exists(), "nothing was stopped"
    assert one_click(stop, Origin="null").status_code == 200
    assert not rows().exists()


# -- what it costs --------------------------------------------------------------------------------------
def test_the_cost_of_telling_does_not_grow_with_those_who_follow(riverbend, django_assert_max_num_queries):
    for number in range(3):
        follow(riverbend, email=f"ben{number}@people.example")
    walk = a_draft(riverbend, title="Walk along the mill")
    with django_assert_max_num_queries(4):  # two, and the savepoint of a transaction
        following.tell("gatherings.published", walk.key, agency=riverbend, topics=[Origin.of(WALKS)])


def test_bringing_costs_the_same_however_many_follow_something_else(riverbend, mill_row):
    follow(riverbend, WALKS)

    def cost(title):
        a_gathering(riverbend, title=title)
        with clock.at(clock.now() + timedelta(hours=22)), CaptureQueriesContext(connection) as asked:
            following.bring(riverbend)
        return len(asked)

    first = cost("First walk")
    Subscription.objects.bulk_create(
        Subscription(
            agency=riverbend,
            topic="area:mmrr2222",
            address=f"n{n}@people.example",
            language="en",
            confirmed_at=clock.now(),
            ends_on=riverbend.today() + STANDS,
        )
        for n in range(500)
    )
    assert cost("Second walk") == first


def test_a_mail_that_could_not_all_be_written_is_gone_on_with(riverbend, monkeypatch):
    for number in range(5):
        follow(riverbend, email=f"ben{number}@people.example")
    a_gathering(riverbend, title="Walk along the mill")
    monkeypatch.setattr(following, "AT_ONCE", 1)
    monkeypatch.setattr(following, "ROUNDS", 2)
    assert [tomorrow_morning(riverbend) for _turn in range(4)] == [2, 2, 1, 0]
    assert Mail.objects.filter(kind="outreach.news").count() == 5
    assert not Happening.objects.open().exists()
    assert Bearer.objects.filter(purpose="news").count() == 10
