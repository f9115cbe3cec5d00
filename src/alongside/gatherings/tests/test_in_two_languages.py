"""What staff write of a gathering is read in the reader's language; what is missing in it, or a machine's, says so."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar
from tests.markup import folded

from alongside.core.authored import How, Words
from alongside.gatherings import actions, posts
from alongside.gatherings.models import Gathering, Notice
from alongside.gatherings.tests.cast import a_gathering, a_venue, answer
from alongside.outreach import actions as outreach
from alongside.outreach.models import Mail


def both(english: str, spanish: str) -> Words:
    return Words.of(english, language="en").written(spanish, language="es")


@pytest.fixture
def coffee(riverbend) -> Gathering:
    """Its title in both languages, what happens in English alone, access by a machine."""
    return a_gathering(
        riverbend,
        kind="coffee",
        title=both("Coffee on the square", "Café en la plaza"),
        summary=Words.of("Bring your cup.", language="en"),
        meeting_point=Words.of("By the fountain", language="en"),
        access_notes=both("Step-free.", "Sin pasos.").written("Sin pasos.", language="es", how=How.MACHINE),
        languages=["en", "es", "ase", "Klingon"],
    )


def page(gathering: Gathering, language: str = "") -> str:
    return folded(Client().get(f"{language}/riverbend/gatherings/{gathering.public_id}/").text)


MACHINE = '<small class="written">Traducción automática, sin revisar</small>'


def test_a_page_is_in_the_readers_language_and_says_where_it_is_not(coffee):
    spanish = page(coffee, "/es")
    assert "<h1>Café en la plaza</h1>" in spanish
    assert '<span lang="en" dir="ltr">Bring your cup.</span>' in spanish
    assert spanish.count("Escrito en inglés") == 2  # what happens, and where exactly
    assert f"Sin pasos.{MACHINE}" in spanish
    assert "inglés, español, lengua de señas americana (ASL), Klingon" in spanish
    english = page(coffee)
    assert "<h1>Coffee on the square</h1>" in english
    assert "English, Spanish, American Sign Language (ASL), Klingon" in english
    assert 'class="written"' not in english


def described(gathering: Gathering, language: str = "") -> dict:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(gathering, language))
    return json.loads(found[1])


def test_search_engines_are_told_which_language_words_are_in(coffee):
    spanish = described(coffee, "/es")
    assert spanish["name"] == "Café en la plaza"
    assert spanish["description"] == [
        {"@value": "Bring your cup.", "@language": "en"},
        {"@value": "Sin pasos.", "@language": "es-t-en-t0-und"},
    ]
    assert spanish["inLanguage"] == ["en", "es", "ase"], "codes that everybody knows"
    assert described(coffee)["description"] == ["Bring your cup.", "Step-free."]


def test_calendars_and_feeds_carry_the_same_marks(coffee):
    address = reverse("gatherings:ics", args=["riverbend", coffee.public_id])
    (event,) = Calendar.from_ical(Client().get(f"/es{address}").content).walk("VEVENT")
    assert (event["SUMMARY"], event["SUMMARY"].params["LANGUAGE"]) == ("Café en la plaza", "es")
    assert event["LOCATION"].params["LANGUAGE"] == "en"
    assert "Bring your cup. (escrito en inglés)" in event["DESCRIPTION"]
    assert "Sin pasos. (traducción automática, sin revisar)" in event["DESCRIPTION"]
    with translation.override("es"):
        news = Client().get(reverse("gatherings:rss", args=["riverbend"])).text
    assert "Café en la plaza" in news
    assert "Bring your cup. (escrito en inglés)" in news


def test_words_to_share_say_it_too(coffee):
    with translation.override("es"):
        said = posts.long(coffee)
    assert "Bring your cup. (escrito en inglés)" in said
    assert "Idiomas: inglés, español, lengua de señas americana (ASL), Klingon" in said


def test_a_venues_name_and_address_are_in_no_language(riverbend):
    here = a_gathering(riverbend, venue=a_venue(riverbend), meeting_point="")
    place = "Eastbank Library, 12 River Street"
    assert f"<dd>{place}</dd>" in page(here, "/es")
    assert str(here.place) == place


def test_whoever_comes_reads_why_in_their_language(riverbend, coffee, ada):
    answer(coffee, email="ben@example.org", language="es")
    answer(coffee, email="cleo@example.org", language="en")
    actions.cancel(coffee, reason=both("The square is dug up.", "Están excavando la plaza."), by=ada)
    letters = {mail.to: mail for mail in Mail.objects.order_by("pk")}
    assert "Motivo: Están excavando la plaza." in letters["ben@example.org"].text
    assert letters["ben@example.org"].subject.startswith("Se canceló: Café en la plaza")
    assert "Why: The square is dug up." in letters["cleo@example.org"].text
    assert str(Notice.objects.get().text.told_in("es")) == "Están excavando la plaza."


def test_a_place_that_was_wrong_in_one_language_is_told_to_who_reads_it(riverbend, ada):
    walk = a_gathering(riverbend, meeting_point=both("Front steps", "La puerta trasera"))
    answer(walk, email="luz@example.org", language="es")
    answer(walk, email="cleo@example.org", language="en")
    right = both("Front steps", "Las escaleras de enfrente")
    actions.move(walk, meeting_point=right, reason=both("Put right", "Corregido"), stand_in="Omar", by=ada)
    outreach.look_at_all()
    (mail,) = Mail.objects.waiting().filter(kind="gatherings.moved")
    assert mail.to == "luz@example.org"
    assert "Las escaleras de enfrente" in mail.text
    assert "Antes: La puerta trasera" in mail.text


def test_a_word_in_one_language_says_so_to_who_reads_another(coffee, ada):
    answer(coffee, email="ben@example.org", language="es")
    actions.send_word(coffee, text="Bring a chair.", by=ada)
    assert Mail.objects.latest("pk").text.startswith("Bring a chair. (escrito en inglés)")


def test_each_language_owes_a_reason_that_one_can_read(coffee, ada):
    with pytest.raises(actions.ReasonMissing):
        actions.cancel(coffee, reason=both("The square is dug up.", "."), by=ada)


# -- at the desk --------------------------------------------------------------------------------------
@pytest.fixture
def edit(riverbend) -> str:
    def address(gathering: Gathering) -> str:
        return reverse("gatherings:edit", args=["riverbend", gathering.public_id])

    return address


def sent(browser: Client, address: str, **changes) -> dict:
    form = browser.get(address).context["form"]
    values = {
        form[name].html_name: form[name].value()
        for name in form.fields
        if not isinstance(form[name].value(), Words)
    }
    for name in form.fields:
        if isinstance(form[name].value(), Words):
            texts = form[name].value().texts
            values |= {f"{name}_{code}": each.text for code, each in texts.items()}
            values |= {
                f"{name}_{code}_machine": "on" for code, each in texts.items() if each.how == How.MACHINE
            }
    return {name: value for name, value in (values | changes).items() if value not in (None, "")}


def test_the_desk_writes_both_side_by_side_and_is_named(coffee, ada, client_for, edit):
    browser = client_for(ada)
    drawn = folded(browser.get(edit(coffee)).text)
    assert 'name="title_en" value="Coffee on the square"' in drawn
    assert "Missing: whoever reads in this language sees it in English." in drawn
    changed = sent(browser, edit(coffee), summary_es="Traiga su taza.", languages=["es", "so", "Klingon"])
    assert browser.post(edit(coffee), changed).status_code == 302
    coffee.refresh_from_db()
    assert coffee.summary.texts["es"].by == "Ada Coordinator"
    assert coffee.summary.texts["en"].by == "", "who wrote the English stays who it was"
    assert coffee.languages == ["es", "Klingon", "so"], "those of before stay in their order"
    assert "Escrito en inglés" in page(coffee, "/es"), "where exactly is still missing"


def test_saved_unchanged_it_stays_as_it_is(coffee, ada, client_for, edit):
    coffee.languages = ["es", "Klingon", "en"]
    coffee.save()
    browser = client_for(ada)
    assert browser.post(edit(coffee), sent(browser, edit(coffee))).status_code == 302
    after = type(coffee).objects.get(pk=coffee.pk)
    for name in ("title", "summary", "meeting_point", "access_notes", "photo_notes", "languages"):
        assert getattr(after, name) == getattr(coffee, name), name


def test_a_language_that_the_agency_gave_up_loses_no_text(riverbend, coffee, ada, client_for, edit):
    riverbend.languages = ["en"]
    riverbend.save()
    browser = client_for(ada)
    assert (
        browser.post(edit(coffee), sent(browser, edit(coffee), title_en="Tea on the square")).status_code
        == 302
    )
    coffee.refresh_from_db()
    assert {code: each.text for code, each in coffee.title.texts.items()} == {
        "en": "Tea on the square",
        "es": "Café en la plaza",
    }


def test_a_plain_text_is_one_language_beside_the_others(coffee, ada):
    changed = actions.change(coffee, by=ada, title="Tea on the square")
    assert str(changed.title.told_in("es")) == "Café en la plaza"
    assert str(changed) == "Tea on the square"
