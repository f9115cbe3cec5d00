"""The desk sees what leaves before it leaves; whoever asked reads who has it; a key is never shown again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from alongside.core import formats
from alongside.followthrough import actions as concerns
from alongside.followthrough.models import State
from alongside.followthrough.passing import actions
from alongside.followthrough.passing.models import Body, Passing, Sending
from alongside.followthrough.passing.tests.cast import (
    BLOCK,
    KEY,
    SUMMARY,
    TOLD,
    a_body,
    ask_now,
    do,
    later,
    sent,
)
from alongside.followthrough.tests.cast import ben_says
from alongside.followthrough.tests.georeport_server import a_service, an_attribute
from alongside.followthrough.writing import new_code


@pytest.fixture
def desk(client_for, ada):
    return client_for(ada)


def at(name, agency, *more):
    return reverse(f"followthrough:{name}", args=[agency.slug, *more])


def the_form(**more):
    return {"place": BLOCK, "outcome_en": TOLD, "outcome": TOLD} | more


def the_body(**more):
    return {"name_en": "Public Works", "name": "Public Works", "active": "on"} | more


def choosing(lamp, works, service="LIGHT"):
    return f"{at('pass-on', lamp.agency, lamp.public_id)}?body={works.public_id}&service={service}"


class TestBodies:
    def test_ada_adds_the_city(self, city, desk, riverbend):
        page = desk.post(
            at("body-add", riverbend),
            {
                "name_en": "Public Works",
                "name": "Public Works",
                "speaks": "json",
                "endpoint": city.url,
                "key": KEY,
                "active": "on",
            },
            follow=True,
        )
        assert page.status_code == 200, page.text
        body = Body.objects.get()
        assert body.key == KEY
        assert KEY not in page.text
        do(actions.LEARNING)
        page = desk.get(body.get_absolute_url())
        assert "Street light out" in page.text
        assert KEY not in page.text

    def test_what_is_wrong_stands_there(self, desk, riverbend):
        page = desk.post(at("body-add", riverbend), the_body(speaks="xml"))
        assert page.status_code == 422
        assert "GeoReport" in page.text
        assert not Body.objects.exists()

    def test_a_key_stays_or_goes_and_is_not_shown(self, works, desk):
        usual = {
            "name_en": "Works",
            "name": "Works",
            "speaks": works.speaks,
            "endpoint": works.endpoint,
            "active": "on",
        }
        desk.post(works.get_absolute_url(), usual)
        works.refresh_from_db()
        assert works.key == KEY
        desk.post(works.get_absolute_url(), usual | {"no_key": "on"})
        works.refresh_from_db()
        assert not works.has_key

    def test_its_list_is_asked_anew(self, city, works, desk, riverbend):
        city.services = [a_service("NEW", "Graffiti")]
        page = desk.post(at("body-ask", riverbend, works.public_id), follow=True)
        assert "We are asking" in page.text
        do(actions.LEARNING)
        assert "Graffiti" in desk.get(works.get_absolute_url()).text

    def test_others_do_not_see_it(self, works, client_for, eve, officer, riverbend):
        assert client_for(eve).get(works.get_absolute_url()).status_code == 404
        assert client_for(officer).get(works.get_absolute_url()).status_code == 403
        assert client_for(officer).get(at("passed", riverbend)).status_code == 200


class TestPassingOn:
    def test_it_leaves_once_somebody_has_seen_it(self, city, works, lamp, desk):
        url = choosing(lamp, works)
        page = desk.get(url)
        assert page.status_code == 200
        assert "See what leaves" in page.text
        assert not Passing.objects.exists()
        seen = desk.post(url, the_form(act="look"))
        assert seen.status_code == 200, seen.text
        assert "This leaves, and nothing else" in seen.text
        assert SUMMARY in seen.text
        assert not Passing.objects.exists()
        digest = seen.context["form"]["seen"].value()
        done = desk.post(url, the_form(act="send", seen=digest))
        assert done.status_code == 302
        do(actions.HANDING_OVER)
        assert Passing.objects.get().state == Sending.SENT
        page = desk.get(done.url)
        assert "number 1234" in page.text
        assert KEY not in page.text

    def test_what_was_changed_beside_the_button_is_seen_first(self, works, lamp, desk):
        url = choosing(lamp, works)
        digest = desk.post(url, the_form(act="look")).context["form"]["seen"].value()
        again = desk.post(url, the_form(act="send", seen=digest, place="Elm St and 5th"))
        assert again.status_code == 200
        assert "Elm St and 5th" in again.text
        assert not Passing.objects.exists()

    def test_a_house_number_is_rounded_in_sight(self, works, lamp, desk):
        seen = desk.post(choosing(lamp, works), the_form(act="look", place="412 Oak Street"))
        assert ("Where, to the block", "400 block of Oak Street") in seen.context["leaves"]

    def test_what_tells_of_a_person_is_refused_with_what_was_typed(self, works, lamp, desk):
        page = desk.post(choosing(lamp, works), the_form(act="look", place="Oak St, call 502-555-0134"))
        assert page.status_code == 422
        assert "phone number" in page.text
        assert "call 502-555-0134" in page.text

    def test_their_questions_are_asked(self, city, works, lamp, desk):
        city.services = [a_service(metadata=True)]
        city.attributes["LIGHT"] = [
            an_attribute(),
            an_attribute("WHEN", "When is it dark?", datatype="multivaluelist", required=False, order=2),
            an_attribute("MAIL", "Your e-mail", datatype="string", required=False, values=[], order=3),
        ]
        actions.learn(works)
        url = choosing(lamp, works)
        page = desk.get(url)
        assert "What is the pole made of?" in page.text
        assert "Your e-mail" not in page.text
        assert "We tell nobody" in page.text
        assert desk.post(url, the_form(act="look")).status_code == 422
        answers = {"more_0": "w", "more_1": ["w", "m"]}
        seen = desk.post(url, the_form(act="look", **answers))
        assert ("What is the pole made of?", "w") in seen.context["leaves"]
        digest = seen.context["form"]["seen"].value()
        desk.post(url, the_form(act="send", seen=digest, **answers))
        do(actions.HANDING_OVER)
        assert [v for n, v in city.forms()[0] if n == "attribute[WHEN][]"] == ["w", "m"]

    def test_first_the_words_for_the_public(self, works, riverbend, desk):
        concern = ben_says(riverbend, key="n:3").concern
        page = desk.get(choosing(concern, works))
        assert "Write the words for the public first" in page.text

    def test_by_hand_it_is_there_at_once(self, lamp, riverbend, ada, desk):
        rail = a_body(riverbend, ada, name="The railroad")
        url = f"{at('pass-on', riverbend, lamp.public_id)}?body={rail.public_id}"
        assert "We have told them" in desk.get(url).text
        assert desk.post(url, {"number": "R-7", "outcome_en": TOLD, "outcome": TOLD}).status_code == 302
        lamp.refresh_from_db()
        assert lamp.state == State.PASSED

    def test_whoever_only_reads_it_may_not(self, works, lamp, riverbend, client_for, officer, dent):
        assert client_for(officer).get(choosing(lamp, works)).status_code == 404


class TestWhatAPersonDoes:
    def test_it_arrived(self, city, works, lamp, ada, desk):
        city.faults["POST", "requests"] = (502, {}, b"")
        passing = sent(lamp, works, ada)
        Passing.objects.filter(pk=passing.pk).update(trouble=passing.trouble | {"numbers": ["77"]})
        page = desk.get(passing.get_absolute_url())
        assert "nobody knows" in page.text
        assert 'value="77"' in page.text
        act = at("passing-act", lamp.agency, passing.public_id, "arrived")
        assert desk.post(act, {"arrived-number": "77"}).status_code == 302
        passing.refresh_from_db()
        assert (passing.state, passing.request_id) == (Sending.SENT, "77")
        assert desk.post(act, {"arrived-number": "77"}).status_code == 422, "done already"

    @pytest.mark.parametrize(("act", "state"), [("again", Sending.WAITING), ("back", Sending.REFUSED)])
    def test_it_did_not(self, city, works, lamp, ada, desk, act, state):
        city.faults["POST", "requests"] = (502, {}, b"")
        passing = sent(lamp, works, ada)
        assert desk.post(at("passing-act", lamp.agency, passing.public_id, act)).status_code == 302
        passing.refresh_from_db()
        assert passing.state == state

    def test_what_they_say(self, lamp, riverbend, ada, desk):
        rail = a_body(riverbend, ada, name="The railroad")
        passing = actions.pass_on(lamp, body=rail, outcome=TOLD, by=ada)
        act = at("passing-act", riverbend, passing.public_id, "said")
        assert desk.post(act, {"said-expected_on": "soon"}).status_code == 422
        assert (
            desk.post(
                act, {"said-text_en": "It is cut.", "said-text": "It is cut.", "said-closed": "on"}
            ).status_code
            == 302
        )
        passing.refresh_from_db()
        assert passing.state == Sending.ENDED

    def test_what_nobody_knows_how_to_do(self, lamp, riverbend, ada, desk):
        passing = actions.pass_on(lamp, body=a_body(riverbend, ada), outcome=TOLD, by=ada)
        assert desk.post(at("passing-act", riverbend, passing.public_id, "juggle")).status_code == 404
        assert desk.get(at("passing-act", riverbend, passing.public_id, "looked")).status_code == 405

    def test_eve_sees_nothing_of_it(self, lamp, riverbend, ada, client_for, eve):
        passing = actions.pass_on(lamp, body=a_body(riverbend, ada), outcome=TOLD, by=ada)
        assert client_for(eve).get(passing.get_absolute_url()).status_code == 404

    def test_the_list_says_how_long_nothing_came(self, works, lamp, ada, desk, django_assert_max_num_queries):
        sent(lamp, works, ada)
        with later(days=12), django_assert_max_num_queries(20):
            assert "12 days" in desk.get(at("passed", lamp.agency)).text


class TestWhoeverAsked:
    def test_reads_who_has_it_and_their_silence(self, works, lamp, ada, client):
        page = at("page", lamp.agency, new_code(lamp))
        assert "number 1234" not in client.get(page).text
        sent(lamp, works, ada)
        with later(days=9):
            ask_now()
        with later(days=10):
            text = client.get(page).text
            assert "Public Works has it: number 1234" in text
            assert "nothing new for 10 days" in text
            assert "Call 311." in text
        assert BLOCK in text, "the premise: their own page shows the block"
        assert KEY not in text

    def test_in_spanish_too(self, works, lamp, ada, client):
        sent(lamp, works, ada)
        assert client.get("/es" + at("page", lamp.agency, new_code(lamp))).status_code == 200


class TestEverybody:
    def test_reads_who_has_it_but_neither_the_number_nor_a_day_that_tells_when_it_was_said(
        self, works, riverbend, ada, client
    ):
        """By its number the city's own list shows the address and the hour of it."""
        today = riverbend.today()
        lamp = concerns.clear(
            ben_says(riverbend, place=BLOCK, heard_on=today).concern, summary=SUMMARY, by=ada
        )
        sent(lamp, works, ada)
        with later(days=2):
            ask_now()
        with later(days=21):
            concerns.clear(lamp, summary=SUMMARY + " ", by=ada)
            text = client.get(at("public-concern", riverbend, lamp.public_id)).text
        assert "Public Works" in text
        assert "1234" not in text
        for days in (0, 2):
            assert formats.day(today + timedelta(days=days)) not in text
        assert f"<small>{formats.month(today)}</small>" in text
        assert "1234" in client.get(at("page", riverbend, new_code(lamp))).text, (
            "whoever has the code reads it"
        )

    def test_reads_the_day_of_what_came_later(self, works, riverbend, ada, client):
        lamp = ben_says(riverbend, place=BLOCK, heard_on=riverbend.today() - timedelta(days=40)).concern
        sent(concerns.clear(lamp, summary=SUMMARY, by=ada), works, ada)
        text = client.get(at("public-concern", riverbend, lamp.public_id)).text
        assert f"<small>{formats.day(riverbend.today())}</small>" in text
