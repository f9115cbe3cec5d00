"""Why here, how we choose, and answers: in the reader's language, or saying in which they were written."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from alongside.core.authored import Words
from alongside.hotspots import actions
from alongside.hotspots.models import Choice, Criteria, Petition
from alongside.hotspots.tests import town

pytestmark = pytest.mark.django_db

WHY = {"en": "Requests count more than before.", "es": "Las peticiones cuentan más que antes."}
ENGLISH = "Neighbors asked twice this spring, and nobody has come."


def page(name, *args, language="es"):
    with translation.override(language):
        return Client().get(reverse(f"hotspots:{name}", args=["riverbend", *args])).text


def test_how_we_choose_is_in_the_readers_language_and_the_reason_says_its_own(riverbend, ada, client_for):
    home = town.draw(riverbend)["Eastbank"]
    desk = client_for(ada)
    both = {"why_en": WHY["en"], "why_es": WHY["es"]}
    desk.post(reverse("hotspots:criteria", args=["riverbend"]), town.WEIGHTS | both)
    why = Criteria.objects.get().why
    assert {code: (text.text, text.by) for code, text in why.texts.items()} == {
        code: (text, "Ada Coordinator") for code, text in WHY.items()
    }
    actions.choose(riverbend, neighborhood=home, reason=Words.of(ENGLISH, language="en"), by=ada)
    spanish, english = page("how-we-choose"), page("how-we-choose", language="en")
    assert WHY["es"] in spanish
    assert WHY["en"] not in spanish
    assert f'<span lang="en" dir="ltr">{ENGLISH}</span>' in spanish
    assert "Escrito en inglés" in spanish
    assert WHY["en"] in english
    assert "Written in" not in english


def test_a_form_shows_what_stands_in_each_language_and_keeps_who_wrote_it(riverbend, ada, dent, client_for):
    actions.set_criteria(
        riverbend,
        weights=town.WEIGHTS,
        why=Words.of(WHY["en"], language="en").written(WHY["es"], language="es"),
        by=dent,
    )
    desk, address = client_for(ada), reverse("hotspots:criteria", args=["riverbend"])
    assert WHY["es"] in desk.get(address).text
    better = "Ahora las peticiones cuentan más."
    desk.post(address, town.WEIGHTS | {"why_en": WHY["en"], "why_es": better})
    texts = Criteria.objects.in_force().why.texts
    assert (texts["en"].by, texts["es"].by, texts["es"].text) == (
        "Major Harvey Dent",
        "Ada Coordinator",
        better,
    )


@pytest.mark.parametrize("short", ["reason_en", "reason_es"])
def test_a_reason_is_long_enough_in_each_language(riverbend, ada, client_for, short):
    home = town.draw(riverbend)["Eastbank"]
    sent = {"neighborhood": home.pk, "reason_en": ENGLISH, "reason_es": ENGLISH, short: "Because."}
    address = reverse("hotspots:choose-elsewhere", args=["riverbend"])
    assert client_for(ada).post(address, sent).status_code == 422
    assert not Choice.objects.exists()
    client_for(ada).post(address, sent | {short: ""})
    assert Choice.objects.get().reason.texts.keys() == {"en", "es"} - {short[-2:]}


def test_an_answer_is_read_in_the_language_of_the_page_where_it_is_written_in_it(riverbend, ada):
    petition = town.a_petition(riverbend, town.draw(riverbend)["Shelby"])
    actions.answer(petition, text=Words.of("Sí, vamos.", language="es"), by=ada)
    assert "Sí, vamos." in page("petition", petition.public_id)
    assert "Written in Spanish" in page("petition", petition.public_id, language="en")
    answer = Petition.objects.get().answer
    actions.answer(petition, text=answer.written("Yes, we will come.", language="en"), by=ada)
    assert "Yes, we will come." in page("petition", petition.public_id, language="en")
