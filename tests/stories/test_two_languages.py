"""An agency in two languages, through its pages: Ruth sets it up, plans a walk, and each reads of it in their own.

Ben reads Spanish, Cleo English. What Ruth wrote in one language alone is shown to the other, and says so.
"""

import json
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import translation
from icalendar import Calendar

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.front import setup
from alongside.gatherings.models import Gathering, Status
from alongside.outreach.models import Mail
from tests.stories.filling import send

DESK = "/riverbend/workspace/"

TITLE = {"en": "Walk with us by the river", "es": "Camine con nosotros junto al río"}
SUMMARY = "An hour along the levee, at a talking pace."  # in English alone
MEET = "Por la fuente"  # in Spanish alone
MARK = {"es": "Escrito en inglés", "en": "Written in Spanish"}
BEHIND_IT = "(escrito en inglés)"  # in plain text
WHY = {"en": "The levee is closed.", "es": "El dique está cerrado."}


@dataclass
class Reader:
    """Somebody without an account, and the language of their pages."""

    language: str
    email: str

    def __post_init__(self):
        self.browser = Client(HTTP_ORIGIN="http://testserver")

    def address(self, path):
        return f"/es{path}" if self.language == "es" else path

    def reads(self, path):
        page = self.browser.get(self.address(path))
        assert page.status_code == 200, path
        return page.text if "text/html" not in page["Content-Type"] else Page(page.text, self.language)

    def letters(self):
        """What would come by mail now, subject and text: what is true no longer does not."""
        theirs = Mail.objects.filter(to=self.email).order_by("pk")
        return [f"{mail.subject}\n\n{mail.reads}" for mail in theirs if mail.reads]


class Page(str):
    """A page; whether it is in the language of its reader."""

    def __new__(cls, text, language):
        assert f'<html lang="{language}"' in text
        return super().__new__(cls, text)

    @property
    def facts(self):
        """What it tells programs of the gathering (JSON-LD)."""
        return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', self, re.S)[1])


def first_steps():
    """The cookies of Ruth's browser, once she has set up the agency and planned a walk."""
    ruth = sets_up()
    plans(ruth)
    return ruth.cookies


@pytest.fixture(scope="session")
def begin():
    return first_steps


@pytest.fixture
def ruth(begun):
    browser = Client(HTTP_ORIGIN="http://testserver")
    browser.cookies = begun
    return browser


@pytest.fixture
def walk(begun):
    return Gathering.objects.get()


def sets_up():
    """Ruth sets up the agency, and has both languages ticked; she is signed in from then on."""
    browser = Client(HTTP_ORIGIN="http://testserver")
    first = {
        "name": "Riverbend Police",
        "slug": "riverbend",
        "kind": "municipal",
        "timezone": "America/New_York",
        "your_name": "Ruth Administrator",
        "email": "ruth@riverbend.example",
        "password": "four words in a row",
    }
    send(browser, "/setup/", "code", code=setup.code(), **first)
    send(browser, DESK + "settings/", "languages", language="en", languages=["es"], published="on")
    assert Agency.objects.get().languages == ["en", "es"]
    return browser


def plans(ruth):
    """Planned and published on the pages: its title in both languages, what happens in English, where in Spanish."""
    on = clock.now().date() + timedelta(days=10)
    boxes = {f"title_{code}": text for code, text in TITLE.items()}
    boxes |= {"summary_en": SUMMARY, "summary_es": "", "meeting_point_en": "", "meeting_point_es": MEET}
    send(ruth, DESK + "walks/plan/", "title_en", on=on.isoformat(), typed_host="Chief Calloway", **boxes)
    gathering = Gathering.objects.get()
    plan = f"{DESK}walks/{gathering.page_id}/plan/"
    send(ruth, plan, "read", host="Chief Calloway", read="on", act="publish")
    gathering = Gathering.objects.get()
    assert gathering.status == Status.PUBLISHED


@pytest.fixture
def ben():
    return Reader("es", "ben@neighbors.example")


@pytest.fixture
def cleo():
    return Reader("en", "cleo@neighbors.example")


@pytest.fixture(params=["ben", "cleo"])
def reader(request):
    return request.getfixturevalue(request.param)


def other(language):
    return "en" if language == "es" else "es"


def test_each_page_is_in_its_readers_language_and_marks_what_is_missing(walk, reader):
    mine, theirs = TITLE[reader.language], TITLE[other(reader.language)]
    page = reader.reads(walk_path(walk))
    assert mine in page
    assert theirs not in page
    only_theirs = SUMMARY if reader.language == "es" else MEET
    assert re.search(rf'lang="{other(reader.language)}"[^>]*>\s*(<p>)?{re.escape(only_theirs)}', page)
    assert MARK[reader.language] in page
    for path in ("/riverbend/", "/riverbend/walks/", "/riverbend/gatherings/"):
        listed = reader.reads(path)
        assert mine in listed, path
        assert theirs not in listed, path


def test_programs_are_told_the_language_of_each_text(walk, reader):
    facts = reader.reads(walk_path(walk)).facts
    assert TITLE[reader.language] in json.dumps(facts, ensure_ascii=False)
    assert TITLE[other(reader.language)] not in json.dumps(facts, ensure_ascii=False)

    [event] = Calendar.from_ical(reader.reads(f"/riverbend/gatherings/{walk.public_id}/calendar.ics")).events
    assert event["SUMMARY"] == TITLE[reader.language]
    assert event["SUMMARY"].params["LANGUAGE"] == reader.language
    assert event["LOCATION"].params["LANGUAGE"] == "es", "where is told in Spanish alone"
    assert (BEHIND_IT in event["DESCRIPTION"]) == (reader.language == "es")

    news = reader.reads("/riverbend/gatherings.rss")
    assert f"<language>{reader.language}</language>" in news
    assert TITLE[reader.language] in news
    assert TITLE[other(reader.language)] not in news
    assert (f"{SUMMARY} {BEHIND_IT}" in news) == (reader.language == "es")


def test_what_is_pasted_elsewhere_is_in_the_language_of_whoever_pastes(walk, reader):
    shared = reader.reads(f"/riverbend/gatherings/{walk.public_id}/share/")
    assert TITLE[reader.language] in shared
    assert TITLE[other(reader.language)] not in shared
    assert (f"{SUMMARY} {BEHIND_IT}" in shared) == (reader.language == "es")
    flyer = reader.reads(f"/riverbend/gatherings/{walk.public_id}/flyer/")
    assert TITLE[reader.language] in flyer


def test_mail_comes_in_the_language_in_which_somebody_said_that_they_come(ruth, walk, ben, cleo):
    for each in (ben, cleo):
        form = each.address(f"/riverbend/gatherings/{walk.public_id}/join/")
        send(each.browser, form, "party", party="2", email=each.email)
    moved = {"on": (walk.on + timedelta(days=1)).isoformat(), "stand_in": "Officer Whitaker"}
    reasons = {"reason_en": WHY["en"], "reason_es": WHY["es"]}
    send(ruth, f"{DESK}gatherings/{walk.public_id}/move/", "stand_in", **moved, **reasons)
    send(ruth, f"{DESK}gatherings/{walk.public_id}/word/", "text_en", text_en="Bring water.", text_es="")
    for each in (ben, cleo):
        welcome, notice, word = each.letters()
        for letter in (welcome, notice, word):
            assert TITLE[each.language] in letter
            assert TITLE[other(each.language)] not in letter
        with translation.override(each.language):
            assert Gathering.objects.get().when in notice
        assert WHY[each.language] in notice
        assert WHY[other(each.language)] not in notice
        assert "Bring water." in word
        assert (BEHIND_IT in word) == (each.language == "es")


def test_a_language_taken_out_of_the_settings_leaves_the_switch_and_loses_no_word(ruth, walk, ben, cleo):
    assert 'hreflang="es"' in cleo.reads(walk_path(walk))
    send(ruth, DESK + "settings/", "languages", language="en", languages=[])
    assert 'hreflang="es"' not in cleo.reads(walk_path(walk))
    assert TITLE["es"] in ben.reads(walk_path(walk)), "his old link goes on working"
    send(ruth, DESK + "settings/", "languages", language="en", languages=["es"])
    edit = ruth.get(f"{DESK}gatherings/{walk.public_id}/edit/").text
    assert TITLE["es"] in edit
    assert TITLE["en"] in edit


def walk_path(walk):
    with translation.override("en"):
        return walk.get_absolute_url()
