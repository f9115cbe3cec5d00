"""What we keep: every field for what people say is told to the public, in their language, with this agency's days."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import capfirst

from alongside.core.said import Ends, Keeping, told_of
from alongside.gatherings.models import Rsvp

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_field_for_what_people_say_is_told_there(riverbend, language):
    riverbend.contact_retention_days = 17
    riverbend.save()
    page = " ".join(Client().get(f"{'' if language == 'en' else '/es'}/riverbend/what-we-keep/").text.split())
    told = list(told_of())
    assert len(told) > 20, "the premise"
    with translation.override(language):
        for model, name, keeping in told:
            for words in (
                capfirst(str(keeping.what)),
                keeping.purpose,
                keeping.ends.told(riverbend),
                keeping.sooner,
            ):
                assert str(words) in page, f"{model._meta.label}.{name}"
    assert "17" in page


def test_a_new_one_is_told_without_another_line(riverbend, monkeypatch):
    """The page has no list of its own: what is declared with a field stands there."""
    keeping = Keeping("So that we find you.", Ends("A day."), "walks.jobs.x", what="Where we pick you up")
    before = list(told_of())
    monkeypatch.setattr("alongside.front.keeping.told_of", lambda: [*before, (Rsvp, "pickup", keeping)])
    page = Client().get("/riverbend/what-we-keep/").text
    assert "Where we pick you up" in page
    assert "So that we find you." in page


def test_each_has_words_of_its_own_and_not_a_column_name():
    """Plain words for what it is: given, or the name that a form shows."""
    nameless = [
        f"{model._meta.label}.{name}"
        for model, name, keeping in told_of()
        if not isinstance(keeping.what, Promise)
    ]
    assert nameless == []


def test_forms_for_residents_and_partners_lead_there(riverbend):
    for name in ("hotspots:ask", "hotspots:object"):
        page = Client().get(reverse(name, args=["riverbend"])).text
        assert page.count('href="/riverbend/what-we-keep/"') == 2, "beside the form, and at the foot"
