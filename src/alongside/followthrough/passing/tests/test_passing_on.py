"""A street light goes to the city: once, without a name, and what the city says of it comes back to whoever asked."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from alongside.agencies import audit
from alongside.core import clock, shut
from alongside.followthrough import actions as concerns
from alongside.followthrough.models import Concern, Deed, State
from alongside.followthrough.passing import actions, georeport, queries
from alongside.followthrough.passing.actions import NotNowThere, NotPassedOn
from alongside.followthrough.passing.georeport import Incomplete, Silent, TellsOfSomebody
from alongside.followthrough.passing.models import Body, Passing, Sending, Speaks
from alongside.followthrough.passing.tests.cast import (
    BLOCK,
    KEY,
    SUMMARY,
    TOLD,
    a_body,
    ask_now,
    do,
    later,
    passed,
    sent,
)
from alongside.followthrough.tests.cast import ben_says
from alongside.followthrough.tests.georeport_server import a_service, an_attribute, hangs_up
from alongside.followthrough.writing import WordsMissing
from alongside.jobs.models import Job
from alongside.outreach.models import Mail
from alongside.outside import web


class TestBodies:
    def test_its_services_are_learned(self, city, works):
        assert [each.name for each in works.known_services] == ["Street light out", "Pothole"]
        assert works.attributes("LIGHT") == []
        assert not works.wrong

    def test_so_is_what_each_asks(self, city, works, riverbend):
        city.services = [a_service(metadata=True), a_service("HOLE", metadata=True)]
        city.attributes["LIGHT"] = [an_attribute()]
        city.faults["GET", "services/HOLE"] = (503, {}, b"")
        actions.learn(works)
        works.refresh_from_db()
        assert [each.code for each in works.attributes("LIGHT")] == ["POLE"]
        assert works.attributes("HOLE") is None, "not known yet, which is not the same as nothing"

    def test_its_discovery_file_leads_there(self, city, riverbend, ada):
        body = a_body(riverbend, ada, speaks=Speaks.OPEN311_JSON, endpoint=f"{city.site}/discovery.json")
        do(actions.LEARNING)
        body.refresh_from_db()
        assert body.endpoint == city.url
        assert body.services

    @pytest.mark.parametrize(
        ("fault", "why"),
        [((200, {}, b"<html><p>Hello"), "web page"), ((503, {}, b""), "503"), ((200, {}, b"[]"), "nothing")],
    )
    def test_what_goes_wrong_is_said(self, city, works, fault, why):
        city.faults["GET", "services"] = fault
        actions.learn(works)
        works.refresh_from_db()
        assert why in str(works.wrong)
        assert works.asking_since is None

    def test_a_key_is_shut_and_goes_with_its_row(self, works, riverbend):
        assert KEY not in works.secret
        assert (works.key, works.has_key) == (KEY, True)
        other = Body(agency=riverbend, name="Other", secret=works.secret)
        with pytest.raises(shut.CannotBeOpened):
            _ = other.key
        actions.set_body(works, key=None, by=None)
        assert works.key == KEY, "what nobody typed stays"
        actions.set_body(works, key="", by=None)
        assert not works.has_key

    def test_one_that_is_called_has_an_address(self, riverbend, ada):
        with pytest.raises(actions.BodyRefused, match="GeoReport"):
            a_body(riverbend, ada, speaks=Speaks.OPEN311_XML)
        with pytest.raises(actions.BodyRefused):
            a_body(riverbend, ada, speaks=Speaks.OPEN311_XML, endpoint="no address")

    def test_another_address_has_other_services(self, works, ada):
        works.endpoint = "https://elsewhere.example/v2"
        actions.set_body(works, by=ada)
        assert works.services == []


class TestPassingOn:
    def test_the_city_has_it(self, city, works, lamp, ada):
        passing = sent(lamp, works, ada)
        assert (passing.state, passing.request_id) == (Sending.SENT, "1234")
        lamp.refresh_from_db()
        assert (lamp.state, lamp.outcome.original) == (State.PASSED, TOLD)
        step = lamp.steps.get(deed=Deed.CLOSED)
        assert (step.facts["body"], step.facts["number"], step.by) == ("Public Works", "1234", ada)
        assert dict(city.forms()[0]) == {
            "api_key": KEY, "service_code": "LIGHT", "description": SUMMARY, "address_string": BLOCK,
        }  # fmt: skip

    def test_it_is_open_until_the_city_has_it(self, city, works, lamp, ada):
        passing = passed(lamp, works, ada)
        lamp.refresh_from_db()
        assert (passing.state, lamp.is_closed) == (Sending.WAITING, False)
        assert city.forms() == []
        assert queries.told_of(lamp) == []

    def test_whoever_asked_hears_of_it_once(self, works, lamp, ada):
        before = Mail.objects.count()
        sent(lamp, works, ada)
        assert Mail.objects.count() == before + 1

    def test_only_words_that_were_released_leave(self, works, riverbend, ada):
        unwritten = ben_says(riverbend, key="note:2").concern
        with pytest.raises(NotPassedOn, match="words for the public"):
            passed(unwritten, works, ada)

    def test_words_are_owed_to_whoever_asked(self, works, lamp, ada):
        with pytest.raises(WordsMissing):
            passed(lamp, works, ada, outcome="")

    @pytest.mark.parametrize("more", [{"service": "NONE"}, {"more": {"POLE": ["w"]}}])
    def test_only_what_they_take_leaves(self, works, lamp, ada, more):
        with pytest.raises(NotPassedOn):
            passed(lamp, works, ada, **more)

    def test_their_questions_are_answered_first(self, city, works, lamp, ada):
        city.services = [a_service(metadata=True)]
        city.attributes["LIGHT"] = [
            an_attribute(),
            an_attribute("NOTE", "Anything?", required=False, values=[]),
        ]
        actions.learn(works)
        works.refresh_from_db()
        with pytest.raises(NotPassedOn, match="pole made of"):
            passed(lamp, works, ada)
        with pytest.raises(NotPassedOn, match="list"):
            passed(lamp, works, ada, more={"POLE": ["glass"]})
        with pytest.raises(TellsOfSomebody):
            passed(lamp, works, ada, more={"POLE": ["w"], "NOTE": ["Call 502-555-0134"]})
        passing = sent(lamp, works, ada, more={"POLE": ["w"]})
        assert passing.state == Sending.SENT
        assert ("attribute[POLE]", "w") in city.forms()[0]

    def test_a_service_that_wants_a_person_gets_none(self, city, works, lamp, ada):
        city.services = [a_service(metadata=True)]
        city.attributes["LIGHT"] = [an_attribute("FNAME", "First name", datatype="string", values=[])]
        actions.learn(works)
        works.refresh_from_db()
        with pytest.raises(NotPassedOn, match="tell nobody"):
            passed(lamp, works, ada, more={"FNAME": ["Ben"]})

    def test_without_a_block_nobody_finds_it(self, works, lamp, ada):
        with pytest.raises(Incomplete):
            passed(lamp, works, ada, place="")

    def test_it_is_there_once(self, works, lamp, ada):
        passed(lamp, works, ada)
        with pytest.raises(NotPassedOn, match="already"):
            passed(lamp, works, ada)

    def test_the_database_knows_that_too(self, works, lamp, ada):
        passed(lamp, works, ada)
        with pytest.raises(IntegrityError), transaction.atomic():
            Passing.objects.create(agency=lamp.agency, concern=lamp, body=works)

    def test_a_body_of_others_is_none_of_ours(self, lamp, elsewhere, ada):
        with pytest.raises(NotPassedOn):
            passed(lamp, a_body(elsewhere), ada)

    def test_one_that_is_not_in_use(self, works, lamp, ada):
        works.active = False
        with pytest.raises(NotPassedOn):
            passed(lamp, works, ada)

    def test_what_was_set_apart_meanwhile_stays_here(self, city, works, lamp, ada):
        passing = passed(lamp, works, ada)
        concerns.withhold(lamp, reason="officer", by=ada)
        do(actions.HANDING_OVER)
        passing.refresh_from_db()
        assert passing.state == Sending.REFUSED
        assert city.forms() == []

    def test_words_that_were_taken_back_stay_here(self, city, works, lamp, ada):
        passing = passed(lamp, works, ada)
        concerns.clear(lamp, summary="", by=ada)
        do(actions.HANDING_OVER)
        passing.refresh_from_db()
        assert passing.state == Sending.REFUSED
        assert city.forms() == []

    def test_a_no_is_shown_and_it_stays_open(self, city, works, lamp, ada):
        city.key = "another"
        passing = sent(lamp, works, ada)
        lamp.refresh_from_db()
        assert (passing.state, lamp.is_closed) == (Sending.REFUSED, False)
        assert "Invalid api_key" in str(passing.wrong)
        assert KEY not in str(passing.trouble)
        city.key = KEY
        actions.send_again(passing, by=ada)
        do(actions.HANDING_OVER)
        passing.refresh_from_db()
        assert passing.state == Sending.SENT

    def test_a_key_that_cannot_be_opened(self, city, works, lamp, ada):
        Body.objects.filter(pk=works.pk).update(secret="1234567.AAAA")
        passing = sent(lamp, works, ada)
        assert passing.state == Sending.REFUSED
        assert "Type it again" in str(passing.wrong)


class TestOnce:
    """A worker that is killed, an answer that gets lost: it is there once, or a person looks."""

    def test_whoever_was_cut_off_does_not_send_it_again(self, city, works, lamp, ada):
        passing = passed(lamp, works, ada)
        Passing.objects.filter(pk=passing.pk).update(state=Sending.SENDING)  # as a killed worker leaves it
        do(actions.HANDING_OVER)
        passing.refresh_from_db()
        assert passing.state == Sending.UNCLEAR
        assert city.forms() == []

    def test_it_says_that_it_sends_before_a_word_leaves(self, works, lamp, ada, monkeypatch):
        passing = passed(lamp, works, ada)
        seen = []

        def post(*_args, **_more):
            seen.append(Passing.objects.get(pk=passing.pk).state)
            raise KeyboardInterrupt

        monkeypatch.setattr(web, "post", post)
        with pytest.raises(KeyboardInterrupt):
            actions.hand_over(passing.pk)
        assert seen == [Sending.SENDING]
        assert Passing.objects.get(pk=passing.pk).state == Sending.SENDING

    def test_a_lost_answer_is_looked_for_and_a_person_decides(self, city, works, lamp, ada):
        city.after["POST", "requests"] = hangs_up
        passing = sent(lamp, works, ada)
        assert passing.state == Sending.UNCLEAR
        do(actions.HANDING_OVER)
        assert len(city.forms()) == 1
        city.reports["1234"]["requested_datetime"] = clock.now().isoformat()
        do(actions.LOOKING)
        passing.refresh_from_db()
        assert passing.maybe == ["1234"]
        lamp.refresh_from_db()
        assert not lamp.is_closed, "nobody has said so yet"
        actions.it_arrived(passing, number="1234", by=ada)
        lamp.refresh_from_db()
        assert lamp.state == State.PASSED
        assert len(city.forms()) == 1

    def test_what_is_not_there_is_sent_again_by_a_person(self, city, works, lamp, ada):
        city.faults["POST", "requests"] = (502, {}, b"")
        passing = sent(lamp, works, ada)
        assert passing.state == Sending.UNCLEAR
        do(actions.LOOKING)
        passing.refresh_from_db()
        assert passing.maybe == []
        city.faults.clear()
        actions.send_again(passing, by=ada)
        with pytest.raises(NotNowThere):
            actions.send_again(passing, by=ada)
        do(actions.HANDING_OVER)
        passing.refresh_from_db()
        assert passing.state == Sending.SENT

    def test_whoever_was_taken_for_lost_and_was_not(self, works, lamp, ada):
        passing = passed(lamp, works, ada)
        Passing.objects.filter(pk=passing.pk).update(state=Sending.UNCLEAR)
        actions._arrived(passing, georeport.Sent("77"))
        passing.refresh_from_db()
        assert (passing.state, passing.request_id) == (Sending.SENT, "77")

    def test_nobody_home_is_tried_again(self, works, lamp, ada, settings):
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"outside_allow": ["127.0.0.1:9"]})
        Body.objects.filter(pk=works.pk).update(endpoint="http://127.0.0.1:9/v2")
        passing = passed(lamp, works, ada)
        with pytest.raises(Silent):
            actions.hand_over(passing.pk)
        passing.refresh_from_db()
        assert passing.state == Sending.WAITING
        actions.given_up(passing.pk)
        passing.refresh_from_db()
        assert (passing.state, str(passing.wrong)) == (Sending.REFUSED, str(actions.NOT_ANSWERED))

    def test_given_up_in_the_middle_nobody_knows(self, works, lamp, ada):
        passing = passed(lamp, works, ada)
        Passing.objects.filter(pk=passing.pk).update(state=Sending.SENDING)
        actions.given_up(passing.pk)
        passing.refresh_from_db()
        assert passing.state == Sending.UNCLEAR

    def test_taken_back_it_goes_nowhere(self, city, works, lamp, ada):
        passing = passed(lamp, works, ada)
        actions.take_back(passing, by=ada)
        do(actions.HANDING_OVER)
        assert city.forms() == []


class TestWhatTheyThenSay:
    @pytest.fixture
    def passing(self, works, lamp, ada):
        return sent(lamp, works, ada)

    def heard(self, passing):
        with later(hours=7):
            asked = ask_now()
        passing.refresh_from_db()
        return asked

    def test_that_it_is_there_is_no_news(self, passing, lamp):
        assert self.heard(passing) == 1
        assert passing.asked_at is not None
        assert not lamp.steps.filter(deed=Deed.ANSWERED).exists()

    def test_what_is_new_is_told_once(self, city, passing, lamp):
        city.answer("1234", status="Open", status_notes="A crew comes on Tuesday.")
        self.heard(passing)
        step = lamp.steps.get(deed=Deed.ANSWERED)
        assert step.text.original == "A crew comes on Tuesday."
        assert step.public
        with later(hours=20):
            assert ask_now() == 1
        assert lamp.steps.filter(deed=Deed.ANSWERED).count() == 1

    def test_nobodys_number_is_told_on(self, city, passing, lamp):
        city.answer("1234", status_notes="Spoke to Ben, 502-555-0134, ben@neighbors.example.")
        self.heard(passing)
        told = lamp.steps.get(deed=Deed.ANSWERED).text.original
        assert "502" not in told + passing.their_notes.original
        assert "ben@" not in told + passing.their_notes.original

    def test_closed_there_it_is_asked_after_no_more(self, city, passing, lamp):
        Concern.objects.filter(pk=lamp.pk).update(confirm_by=None)
        city.answer("1234", status="CLOSED", status_notes="New lamp.")
        self.heard(passing)
        assert (passing.state, passing.ask_after) == (Sending.ENDED, None)
        lamp.refresh_from_db()
        assert lamp.confirm_by is not None, "whoever asked says whether it is so"
        with later(days=9):
            assert ask_now() == 0

    def test_it_is_asked_after_less_and_less_and_not_for_ever(self, passing):
        asked: list[datetime] = []
        while passing.ask_after is not None:
            asked.append(passing.ask_after)
            with clock.at(passing.ask_after - timedelta(minutes=1)):
                assert ask_now() == 0, "not before"
            with clock.at(passing.ask_after):
                assert ask_now() == 1
            passing.refresh_from_db()
            assert len(asked) < 200, "it ends"
        hours = [round((after - before) / timedelta(hours=1)) for before, after in pairwise(asked)]
        assert hours == sorted(hours)
        assert hours[0] < 24 < hours[-1]
        assert len(asked) > 100

    def test_a_body_that_does_not_answer_is_left_alone_in_this_round(
        self, city, works, passing, riverbend, ada
    ):
        for number in range(3):
            other = concerns.clear(ben_says(riverbend, key=f"n:{number}").concern, summary=SUMMARY, by=ada)
            sent(other, works, ada)
        before = len(city.asked)
        city.faults["GET", "requests"] = (503, {}, b"")
        with later(hours=7):
            assert ask_now() == 1
        assert len(city.asked) == before + 1

    def test_a_token_becomes_a_number(self, city, works, riverbend, ada):
        city.services = [a_service(type="batch")]
        actions.learn(works)
        works.refresh_from_db()
        other = concerns.clear(ben_says(riverbend, key="n:9").concern, summary=SUMMARY, by=ada)
        passing = sent(other, works, ada)
        assert (passing.token, passing.request_id) == ("T1234", "")
        self.heard(passing)
        assert passing.request_id == ""
        city.tokens["T1234"] = "1234"
        with later(days=2):
            ask_now()
        passing.refresh_from_db()
        assert passing.request_id == "1234"
        assert other.steps.get(deed=Deed.ANSWERED).facts["number"] == "1234"

    def test_a_black_box_is_not_asked(self, city, works, riverbend, ada):
        city.services = [a_service(type="blackbox")]
        actions.learn(works)
        works.refresh_from_db()
        other = concerns.clear(ben_says(riverbend, key="n:9").concern, summary=SUMMARY, by=ada)
        passing = sent(other, works, ada)
        assert (passing.state, passing.ask_after) == (Sending.SENT, None)
        assert "gave no number" in queries.told_of(other)[0].lines[0]

    def test_another_number_waits_for_a_person(self, city, passing, ada):
        city.answer("1234", service_request_id="77", status="closed")
        self.heard(passing)
        assert (passing.state, passing.maybe) == (Sending.SENT, ["77"])
        city.reports["77"] = city.reports["1234"]
        actions.follow(passing, number="77", by=ada)
        with later(hours=8):
            ask_now()
        passing.refresh_from_db()
        assert (passing.request_id, passing.state) == ("77", Sending.ENDED)

    def test_so_does_one_that_they_know_no_more(self, city, passing):
        city.reports.clear()
        self.heard(passing)
        assert passing.state == Sending.SENT
        assert "was not found" in str(passing.wrong)

    def test_what_was_set_apart_meanwhile_is_told_nobody(self, city, passing, lamp, ada):
        concerns.withhold(lamp, reason="officer", by=ada)
        city.answer("1234", status="closed")
        self.heard(passing)
        assert not lamp.steps.filter(deed=Deed.ANSWERED).exists()


class TestSilence:
    def test_it_is_shown_as_silence(self, works, lamp, ada):
        passing = sent(lamp, works, ada)
        with later(days=29):
            ask_now()
        with later(days=29, hours=1):
            (told,) = queries.told_of(lamp)
            assert told.days_silent >= 7
            assert "nothing new for 29 days" in told.lines[-1]
            assert "number 1234" in told.lines[0]
            assert not Passing.objects.silent(clock.now()).exists()
        with later(days=31):
            assert list(Passing.objects.silent(clock.now())) == [passing]
            actions.looked(passing, by=ada)
            assert not Passing.objects.silent(clock.now()).exists()
            assert queries.told_of(lamp)[0].days_silent == 31, "that we asked is no answer"

    def test_one_question_for_a_list(self, works, riverbend, ada, django_assert_num_queries):
        rows = []
        for number in range(3):
            rows.append(
                concerns.clear(ben_says(riverbend, key=f"n:{number}").concern, summary=SUMMARY, by=ada)
            )
            sent(rows[-1], works, ada)
        with django_assert_num_queries(1):
            assert len(queries.told_of_all(rows)) == 3


class TestByHand:
    @pytest.fixture
    def rail(self, riverbend, ada):
        return a_body(riverbend, ada, name="The railroad")

    def test_one_of_us_has_said_it(self, lamp, rail, ada):
        passing = actions.pass_on(lamp, body=rail, outcome=TOLD, number="R-7", by=ada)
        lamp.refresh_from_db()
        assert (passing.state, lamp.state) == (Sending.SENT, State.PASSED)
        assert "R-7" in queries.told_of(lamp)[0].lines[0]
        assert not Job.objects.filter(name=actions.HANDING_OVER).exists()

    def test_and_writes_down_what_they_say(self, lamp, rail, ada):
        passing = actions.pass_on(lamp, body=rail, outcome=TOLD, by=ada)
        actions.they_say(passing, text="They cut the hedge in June.", by=ada)
        actions.they_say(passing, text="The hedge is cut.", closed=True, by=ada)
        assert lamp.steps.filter(deed=Deed.ANSWERED).count() == 2
        passing.refresh_from_db()
        assert passing.state == Sending.ENDED
        with pytest.raises(NotNowThere):
            actions.they_say(passing, text="Again.", by=ada)


class TestErased:
    def test_what_left_is_erased_here(self, works, lamp, ada):
        passing = sent(lamp, works, ada)
        concerns.redact(lamp, because="They asked us to.", by=ada)
        passing.refresh_from_db()
        assert passing.sent == {}
        assert not passing.their_notes

    def test_before_it_left_it_stays_here(self, city, works, lamp, ada):
        passing = passed(lamp, works, ada)
        concerns.redact(lamp, because="They asked us to.", by=ada)
        do(actions.HANDING_OVER)
        passing.refresh_from_db()
        assert passing.state == Sending.REFUSED
        assert city.forms() == []

    def test_what_they_say_from_then_on_is_written_down_no_more(self, city, works, lamp, ada):
        passing = sent(lamp, works, ada)
        city.answer(passing.request_id, status="closed", status_notes="Mrs. Hill of Oak Street was told.")
        seen = Passing.objects.select_related("agency", "body__agency", "concern").get(pk=passing.pk)
        concerns.redact(lamp, because="They asked us to.", by=ada)
        with later(hours=7):
            assert ask_now() == 0
        actions.ask(seen)  # whoever had begun to ask before
        passing.refresh_from_db()
        assert (str(passing.their_notes), passing.ask_after) == ("", None)
        with pytest.raises(NotNowThere, match="erased"):
            actions.they_say(passing, text="Mrs. Hill was told.", by=ada)
        with pytest.raises(NotNowThere, match="erased"):
            actions.follow(passing, number="R-9", by=ada)

    def test_while_it_is_being_sent_only_its_number_is_kept(self, city, works, lamp, ada, monkeypatch):
        passing = passed(lamp, works, ada)
        arrived = actions._arrived

        def erased_first(*given):
            concerns.redact(lamp, because="They asked us to.", by=ada)
            arrived(*given)

        monkeypatch.setattr(actions, "_arrived", erased_first)
        actions.hand_over(passing.pk)
        passing.refresh_from_db()
        assert passing.state == Sending.SENT
        assert passing.request_id
        assert (str(passing.their_notes), passing.ask_after, passing.sent) == ("", None, {})
        assert not lamp.steps.filter(deed=Deed.CLOSED).exists()

    def test_the_clock_lets_go_of_it(self, works, lamp, ada):
        passing = sent(lamp, works, ada)
        with later(days=lamp.agency.words_retention_days + 2):
            assert actions.forget_old() == 1
        passing.refresh_from_db()
        assert passing.sent == {}


class TestNobodyIsTold:
    """Planted at every door that there is; the city kept every word that it was sent."""

    def test_no_name_no_number_no_door(self, city, works, riverbend, ada):
        said = ben_says(
            riverbend,
            key="canary",
            words="I am Benedikt Canary, 502-555-0199, canary@neighbors.example, at 417 Oak Street.",
            place="417 Oak Street, Apt 9",
        )
        concern = said.concern
        concerns.leave_contact(concern, email="canary@neighbors.example")
        concerns.correct(concern, text="Canary Benedikt says: the other lamp.")
        concerns.clear(concern, summary=SUMMARY, by=ada)
        passing = sent(concern, works, ada, place=concern.place)
        assert passing.state == Sending.SENT
        city.answer("1234", status="closed")
        with later(hours=7):
            ask_now()
        words = city.words()
        assert SUMMARY in words, "the premise"
        of_ben = ("Canary", "Benedikt", "canary@", "555-0199", "417", "Apt 9", said.code)
        for planted in (*of_ben, ada.email, audit.name_of(ada, riverbend)):
            assert planted not in words, planted
