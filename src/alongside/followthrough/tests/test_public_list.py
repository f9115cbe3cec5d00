"""Everybody reads what was told to us and what we promised: late first, kept and broken alike, and never who spoke."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import caches
from django.test import Client

from alongside.core import clock
from alongside.followthrough import actions
from alongside.followthrough.models import Concern
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.promises.actions import Said
from alongside.followthrough.public import actions as public_actions
from alongside.followthrough.public import finding
from alongside.followthrough.public.listing import Asked, Listing, _Row
from alongside.followthrough.tests.cast import ben_says, it_is_so, member, town

pytestmark = pytest.mark.django_db
# A Wednesday.
NOW = datetime(2026, 9, 16, 12, tzinfo=ZoneInfo("America/New_York"))
LIST = "/riverbend/promises/"


@pytest.fixture(autouse=True)
def on_a_wednesday():
    caches["pages"].clear()
    with clock.at(NOW):
        yield
    caches["pages"].clear()


def told(agency, key, words, **said):
    """Ben said it in June; its words are released."""
    concern = ben_says(agency, key, **said).concern
    return actions.clear(concern, summary=words, by=None)


@pytest.fixture
def said(riverbend, ada):
    """One of each state."""
    ours = member(ada, riverbend)
    areas = town(riverbend)
    day = riverbend.today() + timedelta(days=5)
    with clock.at(NOW - timedelta(days=60)):
        late = told(riverbend, "late", "A lamp is out.", owner=ours, neighborhood=areas["Eastbank"])
        open_still = told(riverbend, "open", "A bench is broken.", category="parks")
        done = told(riverbend, "done", "A crossing has faded.", owner=ours)
        declined = told(riverbend, "declined", "A fence is high.", owner=ours)
    actions.assign(open_still, owner=ours, due=day, by=ada, why="The bench was ordered late.")
    actions.close(done, state="done", outcome="It was painted.", by=ada)
    actions.clear(done, summary="A crossing has faded.", by=ada)
    actions.close(declined, state="declined", outcome="The fence is not ours.", by=ada)
    aloud = promises.make(
        riverbend,
        Said(what="We will repaint Mill Bridge.", owner=ours, due=day, area=areas["Mill Row"]),
        by=ada,
        public=True,
    )
    return {"late": late, "open": open_still, "done": done, "declined": declined, "aloud": aloud}


def test_late_ones_stand_first_and_all_are_counted(said):
    page = Client().get(LIST)
    assert page.status_code == 200
    parts = ["1 kept", "1 late", "2 open", "1 not done"]
    assert "\N{NO-BREAK SPACE}· ".join(parts) in page.text, "no line begins with a dot"
    words = ["A lamp is out.", "We will repaint Mill Bridge.", "A bench is broken.", "A fence is high."]
    places = [page.text.index(each) for each in words]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("state=late", {"late"}),
        ("state=open", {"open", "aloud"}),
        ("state=kept", {"done"}),
        ("state=not-kept", {"declined"}),
        ("state=passed", set()),
        ("topic=parks", {"open"}),
        ("q=LAMP", {"late"}),
        ("q=lam+out", {"late"}),
        ("q=mill", {"aloud"}),
        ("q=lamp+bench", set()),
        ("q=%F0%9F%98%80", set()),
        ("front=on", set()),
        ("state=nonsense&topic=nonsense", {"late", "open", "done", "declined", "aloud"}),
    ],
)
def test_what_is_looked_for_is_found(said, asked, shown):
    text = Client().get(f"{LIST}?{asked}").text
    found = {name for name, each in said.items() if each.public_id in text}
    assert found == shown


@pytest.mark.parametrize("most", [1, 10_000])
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a", set()),
        ("is", {"late", "open", "declined"}),
        ("is hi", {"declined"}),
        ("be is br", {"open"}),
        ("is mill", set()),
    ],
)
def test_a_common_word_finds_what_a_rare_one_does(said, riverbend, monkeypatch, most, typed, shown):
    """Words that stand everywhere are looked for another way."""
    monkeypatch.setattr(finding, "COMMON", most)
    monkeypatch.setattr(finding, "COMMON_ALONE", most)
    found = finding.numbers(riverbend, typed, of="concern")
    assert found == sorted((said[name].pk for name in shown), reverse=True)


def test_what_is_found_stands_in_the_order_of_the_list(said, riverbend, ada):
    """Of few the order is made here, of many by the database; a page from the end of it is the same."""
    ours = member(ada, riverbend)
    for n, after in enumerate((9, 3, 3, 6)):
        each = told(riverbend, f"also:{n}", "A lamp is also dark.", owner=ours)
        actions.assign(each, owner=ours, due=riverbend.today() + timedelta(days=after), why="Late.", by=ada)
    for n in range(4):
        over = told(riverbend, f"over:{n}", "A lamp is out again.", owner=ours)
        with clock.at(NOW + timedelta(minutes=n % 2)):
            actions.close(over, state="done", outcome="It was mended.", by=ada)
    every = Listing(riverbend).first(None)
    lamps = [
        each for each in every if "lamp" in str(each.summary if isinstance(each, Concern) else each.what)
    ]
    assert len(lamps) == 9
    assert Listing(riverbend, Asked(words="lamp")).first(None) == lamps
    ends = [_Row(Listing(riverbend)._parts())[n : n + 3] for n in range(0, len(every), 3)]
    assert [each for some in ends for each in some] == every


@pytest.fixture
def counted(settings, monkeypatch):
    """How often the list was counted, where it is kept."""
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"page_seconds": 60})
    times = []
    count = Listing._count
    monkeypatch.setattr(Listing, "_count", lambda listing: times.append(1) or count(listing))
    return times


def is_counted_anew(agency, counted, deed):
    """Whether the list that is shown next is counted anew; and what is shown is right in any case."""
    _ = Listing(agency).counts
    counted.clear()
    deed()
    told, anew = Listing(agency).counts, bool(counted)
    caches["pages"].clear()
    assert told == Listing(agency).counts
    return anew


def test_what_nobody_reads_lets_nothing_be_counted_anew(said, riverbend, elsewhere, ada, counted):
    """Or whoever measures how long the list takes would know the minute at which somebody spoke."""
    unread = ben_says(riverbend, "note:7", heard_on=riverbend.today()).concern
    private = {
        "somebody speaks": lambda: ben_says(riverbend, "note:8", heard_on=riverbend.today()),
        "and puts our words right": lambda: actions.correct(unread, text="Two lamps are out."),
        "and is answered": lambda: actions.close(unread, state="done", outcome="It was mended.", by=ada),
        "and opens it again": lambda: actions.reopen(Concern.objects.get(pk=unread.pk), words="It is dark."),
        "and it is set apart": lambda: actions.withhold(unread, reason="officer", by=ada),
        "whoever asked puts words right": lambda: actions.correct(said["late"], text="Two lamps are out."),
        "whoever asked confirms": lambda: it_is_so(said["done"]),
        "a device says it, too": lambda: public_actions.me_too(said["late"], device="device-0000000001"),
        "at another agency": lambda: told(elsewhere, "late", "A lamp is out."),
    }
    seen = {name: is_counted_anew(riverbend, counted, deed) for name, deed in private.items()}
    assert not any(seen.values()), seen


def test_what_everybody_reads_is_counted_anew_at_once(said, riverbend, ada, counted):
    """And nothing that was kept before comes back, whichever of them is gone since."""
    ours = member(ada, riverbend)
    day = riverbend.today() + timedelta(days=20)
    aloud = promises.make(riverbend, Said(what="We will sweep.", owner=ours, due=day), by=ada)
    unread = ben_says(riverbend, "note:7").concern
    public = {
        "released": lambda: actions.clear(unread, summary="A path is dark.", by=ada),
        "set apart": lambda: actions.withhold(unread, reason="officer", by=ada),
        "moved": lambda: actions.assign(said["late"], owner=ours, due=day, why="The pole is late.", by=ada),
        "answered": lambda: actions.close(said["open"], state="done", outcome="It was mended.", by=ada),
        "opened again": lambda: actions.reopen(said["done"], words="It is dark."),
        "taken back": lambda: actions.clear(said["declined"], summary="", by=ada),
        "erased": lambda: actions.redact(said["late"], because="It was asked for.", by=ada),
        "published": lambda: promises.publish(aloud, by=ada),
        "kept": lambda: promises.keep(aloud, outcome="It was swept.", by=ada),
    }
    seen = {name: is_counted_anew(riverbend, counted, deed) for name, deed in public.items()}
    assert all(seen.values()), seen


@pytest.mark.parametrize(
    ("asked", "most"), [("", 17), ("?q=lamp", 13), ("?q=lamp+out", 13), ("?neighborhood={area}", 12)]
)
def test_a_page_of_the_list_asks_the_database_few_questions(said, asked, most, django_assert_max_num_queries):
    """As many of a long list as of a short one; where nothing is kept, as here, some more (bench/followthrough.py)."""
    page = LIST + asked.format(area=said["late"].neighborhood.public_id)
    Client().get(page)
    with django_assert_max_num_queries(most):
        assert Client().get(page).status_code == 200


def test_a_concern_asks_the_database_few_questions(said, django_assert_max_num_queries):
    page = f"{LIST}{said['late'].public_id}/"
    Client().get(page)
    with django_assert_max_num_queries(12):
        assert Client().get(page).status_code == 200
