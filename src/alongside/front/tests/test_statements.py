"""What public pages say in the agency's name is read and accepted by a person first, and borne by what is there."""

import pytest
from django.urls import reverse
from tests.doors.routes import every_route

from alongside.agencies import statements
from alongside.agencies.models import AuditEntry
from alongside.core.manifest import manifests
from alongside.gatherings.tests.cast import a_draft, a_gathering

pytestmark = pytest.mark.django_db
EVERY_WEEK = "every-week"
SAID = "We promised a walk every week."


@pytest.fixture
def page(riverbend):
    return reverse("front:statements", args=[riverbend.slug])


def in_public(client, riverbend):
    return client.get(reverse("season:program", args=[riverbend.slug])).text


def test_a_promise_is_said_once_a_person_has_accepted_it_and_no_longer_once_they_take_it_back(
    client, riverbend, ada, client_for, page
):
    a_gathering(riverbend)
    desk = client_for(ada)
    assert SAID not in in_public(client, riverbend)
    assert SAID in desk.get(page).text
    assert desk.post(page, {"accept": EVERY_WEEK}).status_code == 302
    assert SAID in in_public(client, riverbend)
    assert "Ada" in desk.get(page).text
    desk.post(page, {"accept": EVERY_WEEK})
    desk.post(page, {"take-back": EVERY_WEEK})
    assert SAID not in in_public(client, riverbend)
    verbs = (
        AuditEntry.objects.filter(verb__contains="statement").order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == ["accepted a statement of", "took back a statement of"]


def test_what_was_said_before_anybody_was_asked_is_kept_by_a_person(client, riverbend, ada, client_for, page):
    a_gathering(riverbend)
    riverbend.statements = {EVERY_WEEK: {"by": "", "at": "2026-01-05T12:00:00+00:00"}}
    riverbend.save(update_fields=["statements"])
    assert SAID in in_public(client, riverbend)
    assert not statements.all_are_settled(riverbend)
    desk = client_for(ada)
    assert "Keep it" in desk.get(page).text
    desk.post(page, {"accept": EVERY_WEEK})
    riverbend.refresh_from_db()
    assert statements.all_are_settled(riverbend)
    assert "Keep it" not in desk.get(page).text
    assert SAID in in_public(client, riverbend)


@pytest.mark.parametrize("name", [EVERY_WEEK, "enforcement-first", "no such", ""])
def test_what_nothing_bears_is_not_accepted(riverbend, ada, client_for, page, name):
    a_draft(riverbend)
    answer = client_for(ada).post(page, {"accept": name})
    assert answer.status_code == 422
    riverbend.refresh_from_db()
    assert riverbend.statements == {}


def test_those_who_do_not_speak_for_the_agency_do_not(riverbend, officer, analyst, client_for, page):
    for member in (officer, analyst):
        assert client_for(member).get(page).status_code == 403


def test_each_statement_stands_on_a_page_for_strangers_and_has_a_name_of_its_own():
    named = [each for room in manifests().values() for each in room.statements]
    assert len(named) == len(statements.known())
    public = {route.name for route in every_route() if route.is_public}
    assert {each.view for each in named} <= public


def test_getting_started_names_what_there_is_to_set_up(riverbend, administrator, client_for):
    page = client_for(administrator).get(reverse("front:checklist", args=[riverbend.slug])).text
    for title in (
        "Mail",
        "Weather",
        "Rules for walks",
        "What you promise of each concern",
        "Where crimes are reported",
        "Languages",
        "What you promise in public",
    ):
        assert title in page
