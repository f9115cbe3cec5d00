"""What becomes of a concern is read in the reader's language, or says in which it was written."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from alongside.core.authored import Words
from alongside.followthrough import actions, queries
from alongside.followthrough.models import rules_of
from alongside.followthrough.tests.cast import ben_says
from alongside.outreach.models import Mail

DAYS = {"days": 14, "acknowledge_days": 3, "confirm_days": 14, "in_front": 3, "shown_after_days": 7}
pytestmark = pytest.mark.django_db

BOTH = Words.of("Four lamps are new.", language="en").written("Cuatro faroles son nuevos.", language="es")
ENGLISH = Words.of("We walked the alley.", language="en")


def page(agency, code, language):
    with translation.override(language):
        return Client().get(reverse("followthrough:page", args=[agency.slug, code])).text


def test_the_page_by_code_and_the_mail_are_in_the_readers_language(riverbend, ada):
    said = ben_says(riverbend)
    actions.leave_contact(said.concern, email="ben@neighbors.example", language="es")
    actions.progress(said.concern, text=ENGLISH, by=ada)
    actions.close(said.concern, state="done", outcome=BOTH, by=ada)
    spanish, english = page(riverbend, said.code, "es"), page(riverbend, said.code, "en")
    assert "Cuatro faroles son nuevos." in spanish
    assert "Four lamps" not in spanish
    assert '<div lang="en" dir="ltr"><p>We walked the alley.</p></div>' in spanish
    assert "Escrito en inglés" in spanish
    assert "Four lamps are new." in english
    assert "Written in" not in english
    walked, closed = (mail.text for mail in Mail.objects.order_by("pk"))
    assert "We walked the alley. (escrito en inglés)" in walked
    assert "Cuatro faroles son nuevos." in closed


def test_a_promise_is_released_in_both_and_neither_names_the_block(riverbend, ada):
    said = ben_says(riverbend, place="400 block of Oak Street")
    with pytest.raises(actions.WordsRefused, match="Leave out the block"):
        actions.clear(
            said.concern,
            summary=BOTH.written("Un farol, 400 block of Oak Street.", language="es"),
            by=ada,
        )
    actions.clear(said.concern, summary=BOTH, by=ada)
    [promise] = queries.public_promises(riverbend)
    assert {text.by for text in promise.summary.texts.values()} == {"Ada Coordinator"}
    with translation.override("es"):
        assert str(promise.summary) == "Cuatro faroles son nuevos."


def test_where_complaints_go_is_said_in_the_readers_language(riverbend, ada, client_for):
    sent = {**DAYS, "complaints_en": "Call us.", "complaints_es": "Llámenos.", "reports_en": "Call 911."}
    client_for(ada).post(reverse("followthrough:rules", args=["riverbend"]), sent)
    assert rules_of(riverbend).complaints.texts.keys() == {"en", "es"}
    withheld = ben_says(riverbend, withheld="officer")
    assert "Llámenos." in page(riverbend, withheld.code, "es")


def test_rules_of_nobody_we_know_are_nobodys_until_they_change(riverbend, ada, client_for):
    actions.set_rules(
        riverbend, days=14, owner=None, complaints="Call us.", complaints_url="", reports="Call 911.", by=None
    )
    stood = rules_of(riverbend)
    assert {each.by for each in stood.complaints.texts.values()} <= {""}, "the premise"
    sent = {**DAYS, "complaints_en": "Call us.", "reports_en": "Call 911 or 311."}
    client_for(ada).post(reverse("followthrough:rules", args=["riverbend"]), sent)
    now = rules_of(riverbend)
    assert now.complaints == stood.complaints
    assert now.reports.texts["en"].by == "Ada Coordinator"


def test_what_was_put_right_by_code_goes_when_the_words_go(riverbend, ada):
    said = ben_says(riverbend)
    actions.correct(said.concern, text="Es el otro farol.")
    actions.progress(said.concern, text=BOTH, by=ada)
    assert "Es el otro farol." in page(riverbend, said.code, "en")
    actions.redact(said.concern, because=Words.of("Nombra a alguien.", language="es"), by=ada)
    gone = page(riverbend, said.code, "en")
    assert "Es el otro farol." not in gone
    assert "Four lamps" not in gone
    assert "Nombra a alguien." in gone
    assert "Written in Spanish" in gone
