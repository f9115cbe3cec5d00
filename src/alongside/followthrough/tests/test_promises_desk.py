"""Promises at the desk: made aloud, moved with a reason, kept so that anybody can see it, or not kept."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.cast import staff_member

from alongside.agencies.models import Role
from alongside.core import clock
from alongside.followthrough import needs
from alongside.followthrough.models import Promise
from alongside.followthrough.promises import actions
from alongside.followthrough.tests.cast import ben_says, member, town
from alongside.people import actions as people
from alongside.places.models import Area

pytestmark = pytest.mark.django_db


def url(name, *args, agency="riverbend"):
    return reverse(f"followthrough:{name}", args=[agency, *args])


def do(client, promise, deed, **given):
    sent = {f"{deed}-{name}": value for name, value in given.items()}
    return client.post(url("promise-act", promise.public_id, deed), sent)


@pytest.fixture
def promise(riverbend, ada, dent):
    area = town(riverbend)["Eastbank"]
    due = riverbend.today() + timedelta(days=9)
    said = actions.Said("We will repaint the crossing.", member(dent, riverbend), due, area=area)
    return actions.make(riverbend, said, by=ada, public=True)


def test_made_from_a_stage_it_is_public_and_pressed_twice_it_is_once(riverbend, ada, dent, client_for):
    browser = client_for(ada)
    form = browser.get(url("new-promise")).context["form"]
    given = {
        "form_key": form["form_key"].value(),
        "what": "A new lamp at the stop.",
        "owner": member(dent, riverbend).pk,
        "due": riverbend.today() + timedelta(days=30),
        "origin_label": "Forum in the library",
        "item": "tf:4.5.1",
    }
    for _time in range(2):
        assert browser.post(url("new-promise"), given).status_code == 302
    made = Promise.objects.get()
    assert made.published_at
    assert (made.owner, str(made.origin_label)) == (member(dent, riverbend), "Forum in the library")
    for wrong in ({"due": "1900-01-01"}, {"owner": ""}, {"item": "four"}, {"what": ""}):
        assert browser.post(url("new-promise"), given | wrong | {"form_key": "x"}).status_code == 422, wrong
    assert Promise.objects.count() == 1


def test_moved_with_a_reason_and_kept_with_evidence(riverbend, promise, dent, client_for):
    browser = client_for(dent)
    later = riverbend.today() + timedelta(days=20)
    owner = member(dent, riverbend).pk
    assert do(browser, promise, "move", owner=owner, due=later).status_code == 422
    assert do(browser, promise, "move", owner=owner, due=later, why="The paint is late.").status_code == 302
    assert do(browser, promise, "keep", outcome="").status_code == 422
    given = {"outcome": "It is white again.", "evidence_url": "https://city.example/1"}
    assert do(browser, promise, "keep", **given).status_code == 302
    page = browser.get(url("promise", promise.public_id)).text
    for words in ("It is white again.", "https://city.example/1", "The paint is late.", "First promised for"):
        assert words in page
    assert "You asked, we did: tell it" in page
    assert do(browser, promise, "fail", outcome="It was not.").status_code == 422


def test_not_kept_is_told_as_loudly(riverbend, promise, dent, client_for):
    browser = client_for(dent)
    assert do(browser, promise, "fail", outcome="The street is the county’s.").status_code == 302
    assert "You asked, we did not: tell it" in browser.get(url("promise", promise.public_id)).text
    assert [need.key for need in needs.untold(riverbend)] == [str(promise.topic)]


def test_who_keeps_it_who_commands_and_who_coordinates(riverbend, promise, ada, officer, eve, client_for):
    hargrove = staff_member(riverbend, "Hal Hargrove", Role.COMMANDER, rank="Major")
    assert do(client_for(hargrove), promise, "keep", outcome="Done, I hear.").status_code == 403
    first = Area.objects.get(agency=riverbend, name="First")
    people.give_command(first, to=member(hargrove, riverbend), since=riverbend.today(), by=None)
    assert do(client_for(officer), promise, "keep", outcome="Done, I hear.").status_code == 403
    assert client_for(officer).get(url("promise", promise.public_id)).status_code == 200
    assert client_for(eve).get(url("promise", promise.public_id, agency="elsewhere")).status_code == 404
    assert do(client_for(hargrove), promise, "keep", outcome="It is white again.").status_code == 302


def test_of_a_concern_it_is_read_by_who_reads_that(riverbend, ada, dent, officer, client_for):
    concern = ben_says(riverbend).concern
    said = actions.Said("A lamp.", member(dent, riverbend), riverbend.today(), concern=concern)
    made = actions.make(riverbend, said, by=ada)
    assert client_for(dent).get(url("promise", made.public_id)).status_code == 200
    assert client_for(officer).get(url("promise", made.public_id)).status_code == 404
    assert "A lamp." not in client_for(officer).get(url("promises")).text


def test_the_list_says_what_is_late_and_waits_for_who_keeps_it(riverbend, promise, ada, dent, client_for):
    with clock.at(clock.now() + timedelta(days=7)):
        assert [need.people for need in needs.due_promises(riverbend)] == [(dent.pk,)]
    with clock.at(clock.now() + timedelta(days=10)):
        page = client_for(ada).get(url("promises"), {"show": "late"}).text
        assert "Late (1)" in page
        assert "repaint the crossing" in page
        assert [need.people for need in needs.late_promises(riverbend)] == [(dent.pk,)]


def test_the_list_asks_a_few_things(riverbend, promise, ada, client_for, django_assert_num_queries):
    browser = client_for(ada)
    browser.get(url("promises"))
    # session, user, agency, member, duties, tab counts, page count, rows
    with django_assert_num_queries(8):
        browser.get(url("promises"))
    for n in range(5):
        said = actions.Said(f"Lamp {n}", member(ada, riverbend), riverbend.today(), area=promise.area)
        actions.make(riverbend, said, by=ada, public=True)
    with django_assert_num_queries(8):
        browser.get(url("promises"))
