"""Anybody tells us something on this site, without an account; and is led to where it belongs, if that is elsewhere."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import AuditEntry
from alongside.core.doors import HALL
from alongside.core.forms import fresh_key
from alongside.followthrough import actions, codes
from alongside.followthrough.models import Concern, State
from alongside.followthrough.tests.cast import WORDS, town
from alongside.outreach.models import Mail, Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def ben():
    return Client(headers={"origin": "http://testserver"})


def at(name, agency, *more):
    return reverse(f"followthrough:{name}", args=[agency.slug, *more])


def said(**also):
    usual = {
        "words": WORDS,
        "kind": "concern",
        "category": "lighting",
        "place": "400 block of Oak Street",
        "language": "en",
        "form_key": fresh_key(),
    }
    return {**usual, **also}


def tell(ben, agency, **also):
    return ben.post(at("write", agency), said(**also))


def code_of(answer):
    assert answer.status_code == 302, answer.content.decode()
    return re.search(r"/follow/([^/]+)/yours/", answer["Location"])[1]


def everything_in_the_database():
    """Each value of each row of each table, as text."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(found)


# -- told, and the code ----------------------------------------------------------------------------
def test_ben_tells_us_and_has_a_code_that_opens_it(ben, riverbend):
    homes = town(riverbend)
    code = code_of(tell(ben, riverbend, neighborhood=homes["Mill Row"].pk))
    concern = Concern.objects.get()
    assert (concern.came, concern.state, concern.words) == ("web", State.RECEIVED, WORDS)
    assert (concern.neighborhood, concern.division) == (homes["Mill Row"], homes["Second"])
    assert concern.heard_on == riverbend.today()
    page = ben.get(at("yours", riverbend, code))
    assert codes.shown(codes.read(code).replace("-", "")) in page.text
    assert "we cannot find it for you" in page.text
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies
    assert WORDS in ben.get(at("page", riverbend, code)).text
    kept = ben.get(at("yours", riverbend, code) + "?as=file")
    assert kept["Content-Disposition"].startswith("attachment")
    assert code in kept.text
    assert WORDS not in kept.text, "a file lies around longer than a page"


def test_whoever_carries_it_for_others_says_so(ben, riverbend):
    tell(ben, riverbend, for_somebody="on")
    assert Concern.objects.get().came == "partner"


def test_an_address_is_kept_apart_and_in_the_language_of_the_words(ben, riverbend):
    tell(ben, riverbend, email="ben@neighbors.example", language="es")
    concern, contact = Concern.objects.get(), Subscription.objects.get()
    assert contact.topic == str(concern.topic)
    assert (contact.address, contact.language) == ("ben@neighbors.example", "es")
    assert contact.ends_on is not None
    assert "ben@" not in str(list(Concern.objects.values()))


def test_what_was_taken_out_is_said(ben, riverbend):
    words = "Call me at 502-555-0134 about the lamp."
    warned = tell(ben, riverbend, words=words)
    assert warned.status_code == 422
    assert words in warned.text
    answer = tell(ben, riverbend, words=words, **{"words-warned": "phone-number"})
    assert "0134" not in Concern.objects.get().words
    assert "phone number" in ben.get(answer["Location"]).text


def test_sent_twice_is_once_and_both_codes_open_it(ben, riverbend):
    key = fresh_key()
    first, second = (code_of(tell(ben, riverbend, form_key=key)) for _time in range(2))
    assert Concern.objects.count() == 1
    assert WORDS in ben.get(at("page", riverbend, second)).text
    for _time in range(3):
        tell(ben, riverbend, form_key=key)
    often = tell(ben, riverbend, form_key=key)
    assert often.status_code == 422
    assert "You sent this before" in often.text
    assert WORDS in often.text, "nothing typed is lost"
    assert first != second


def test_the_same_words_of_two_neighbors_are_two(ben, riverbend):
    codes_of_both = {code_of(tell(ben, riverbend)) for _neighbor in range(2)}
    assert (len(codes_of_both), Concern.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("", "Write down what you want to tell us."),
        (" \n\t ", "Write down what you want to tell us."),
        ("\u200b\u200b\u2060", "Say it in a few words"),
        ("👍", "Say it in a few words"),
        ("❤️" * 40, "Say it in a few words"),
        ("lamp " * 4000, "at most 2000 characters"),
    ],
)
def test_what_says_nothing_or_too_much_comes_back_whole(ben, riverbend, typed, why):
    answer = tell(ben, riverbend, words=typed, email="ben@neighbors.example")
    assert answer.status_code == 422
    assert why in answer.text
    assert typed in answer.text
    assert "ben@neighbors.example" in answer.text
    assert not Concern.objects.exists()


def test_a_neighborhood_of_elsewhere_is_none_here(ben, riverbend, elsewhere):
    theirs = town(elsewhere)["Eastbank"]
    answer = tell(ben, riverbend, neighborhood=theirs.pk)
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert not Concern.objects.exists()
    assert theirs.name not in ben.get(at("write", riverbend) + f"?neighborhood={theirs.public_id}").text


def test_it_begins_with_the_neighborhood_from_whose_page_somebody_comes(ben, riverbend):
    home = town(riverbend)["Eastbank"]
    asked = f"?neighborhood={home.public_id}"
    assert at("write", riverbend) + asked in ben.get(at("tell-us", riverbend) + asked).text
    assert f'<option value="{home.pk}" selected>' in ben.get(at("write", riverbend) + asked).text


@pytest.mark.parametrize(
    "wrong", [{"kind": "rumor"}, {"category": "aliens"}, {"language": "tlh"}, {"email": "ben"}]
)
def test_what_no_field_offers_is_refused_with_the_words_still_there(ben, riverbend, wrong):
    answer = tell(ben, riverbend, **wrong)
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert not Concern.objects.exists()


def test_a_program_that_fills_in_everything_is_caught(ben, riverbend):
    answer = tell(ben, riverbend, x1="https://spam.example")
    assert "Your browser filled this in" in answer.text
    assert not Concern.objects.exists()


def test_a_form_of_another_site_is_refused(riverbend):
    eve = Client(headers={"origin": "https://evil.example"})
    assert tell(eve, riverbend).status_code == 403
    assert not Concern.objects.exists()


def test_a_network_that_sends_very_many_waits(ben, riverbend, monkeypatch):
    monkeypatch.setattr("alongside.core.doors.HALL", 2)
    assert [tell(ben, riverbend).status_code for _time in range(3)] == [302, 302, 429]
    assert HALL >= 300, "a hall behind one address"


def test_a_strangers_page_is_every_strangers(ben, riverbend):
    for name in ("tell-us", "elsewhere"):
        pages = {Client().get(at(name, riverbend)).content for _stranger in range(2)}
        assert len(pages) == 1
    assert ben.post(at("tell-us", riverbend)).status_code == 405


def test_a_closed_agency_asks_nothing(ben, riverbend):
    riverbend.published = False
    riverbend.save()
    for name in ("tell-us", "elsewhere", "write"):
        assert ben.get(at(name, riverbend)).status_code == 404
    assert tell(ben, riverbend).status_code == 404
    assert not Concern.objects.exists()


def test_a_code_of_nobody_shows_no_big_code(ben, riverbend):
    for code in (codes.new(), "7K2M"):
        answer = ben.get(at("yours", riverbend, code), follow=True)
        assert answer.status_code == 404
    [unused] = actions.issue_cards(riverbend, count=1, by=None)
    assert "Nothing has been written down" in ben.get(at("yours", riverbend, unused), follow=True).text


def test_telling_costs_a_few_questions(ben, riverbend, django_assert_max_num_queries):
    town(riverbend)
    with django_assert_max_num_queries(6):
        ben.get(at("write", riverbend))
    with django_assert_max_num_queries(3):
        ben.get(at("tell-us", riverbend))


# -- what belongs elsewhere -------------------------------------------------------------------------
OFFICER = "Officer Krumbein shouted at my son at the quetzalcourt."
CRIME = "Somebody stole my bike at the quetzalcourt."


@pytest.fixture
def rules(riverbend, ada):
    return actions.set_rules(
        riverbend,
        days=14,
        owner=None,
        complaints="Office of Civilian Review, 555-0100.",
        complaints_url="https://review.example/",
        reports="Call 555-0199.",
        by=ada,
    )


def test_before_anything_is_typed_it_is_asked_what_it_is_about(ben, riverbend, rules):
    asked = ben.get(at("tell-us", riverbend)).text
    assert "<textarea" not in asked
    for part in ("danger", "crime", "officer"):
        assert f"{at('elsewhere', riverbend)}#{part}" in asked, "which it is never leaves the browser"
    there = ben.get(at("elsewhere", riverbend)).text
    for words in ("911", "Call 555-0199.", "Office of Civilian Review, 555-0100.", "https://review.example/"):
        assert words in there
    assert "<form" not in there.partition("<main")[2].partition("</main>")[0]


def test_an_agency_that_has_said_nothing_says_so(ben, riverbend):
    assert "has not told us yet where that is" in ben.get(at("elsewhere", riverbend)).text


@pytest.mark.parametrize(
    ("words", "shown"), [(OFFICER, "Office of Civilian Review, 555-0100."), (CRIME, "Call 555-0199.")]
)
def test_words_that_belong_elsewhere_are_led_there_and_leave_nothing(
    ben, riverbend, rules, words, shown, caplog, settings
):
    caplog.set_level(0)
    before = everything_in_the_database()
    warned = {
        "words-warned": "officer-by-name theft-or-break-in"
    }  # a browser has warned beside the box already
    for sent in ({}, warned):
        answer = tell(ben, riverbend, words=words, email="ben@neighbors.example", **sent)
        assert answer.status_code == 422
        assert shown in answer.text
        assert "Nothing you wrote is kept yet" in answer.text
        assert words in answer.text, "it can be copied, and put otherwise"
    after = everything_in_the_database()
    assert "quetzalcourt" not in after
    assert "ben@neighbors" not in after
    assert not Concern.objects.exists()
    assert not AuditEntry.objects.filter(verb="received").exists()
    assert len(after) == len(before), "not even that somebody was here"
    assert "quetzalcourt" not in caplog.text
    files = [file for file in settings.ALONGSIDE.data.rglob("*") if file.is_file()]
    assert not [file for file in files if b"quetzalcourt" in file.read_bytes()]


def test_without_those_words_the_rest_is_told(ben, riverbend, rules):
    assert tell(ben, riverbend, words=CRIME).status_code == 422
    code_of(tell(ben, riverbend, words="The bike rack at the court needs a light."))
    assert Concern.objects.get().state == State.RECEIVED


@pytest.mark.parametrize(
    ("words", "reason"), [(OFFICER, "officer"), (CRIME, "crime"), (OFFICER + CRIME, "officer")]
)
def test_left_as_it_is_it_is_set_apart_and_its_page_says_where_to_go(
    ben, riverbend, rules, dent, words, reason
):
    warned = {"words-warned": "officer-by-name theft-or-break-in"}
    code = code_of(tell(ben, riverbend, words=words, email="ben@neighbors.example", apart="yes", **warned))
    concern = Concern.objects.get()
    assert (concern.state, concern.withheld, concern.owner) == (State.WITHHELD, reason, None)
    assert not Subscription.objects.exists(), "nothing follows of which we could write"
    assert not Mail.objects.exists()
    assert not Concern.objects.visible_to(dent, at=riverbend).exists()
    page = ben.get(at("yours", riverbend, code)).text
    assert "It is set apart" in page
    assert "We kept no e-mail address" in page
    assert ("Office of Civilian Review" if reason == "officer" else "Call 555-0199.") in page


def test_to_name_an_officer_to_thank_them_is_meant(ben, riverbend, rules):
    code_of(tell(ben, riverbend, kind="thanks", words="Thank you, Officer Krumbein, for the football game."))
    assert Concern.objects.get().state == State.RECEIVED


def test_the_button_that_sets_apart_sets_nothing_else_apart(ben, riverbend):
    code_of(tell(ben, riverbend, apart="yes"))
    assert Concern.objects.get().state == State.RECEIVED
