"""Somebody asks for records: each is looked at by a person, what is black is gone, and it is counted in public."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from alongside.agencies import holds
from alongside.agencies.models import AuditEntry, Hold, Release
from alongside.core import clock
from alongside.followthrough.models import Concern
from alongside.hotspots.models import Petition
from alongside.jobs.models import Job
from alongside.records import actions, exporting, texts
from alongside.records.actions import Asked, DecisionRefused, ReleaseRefused, RequestRefused, Word
from alongside.records.models import Decision, Export, Passage, RecordsRequest, State
from alongside.records.tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(riverbend):
    return cast.rita(riverbend)


@pytest.fixture
def ben(riverbend):
    return cast.ben_was_here(riverbend)


@pytest.fixture
def request_of(riverbend, rita, ben):
    return cast.a_request(
        riverbend, "followthrough.concerns", "gatherings.answers", "hotspots.petitions", by=rita
    )


def members(export: Export) -> dict[str, str]:
    with zipfile.ZipFile(export.whole()) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def of(request: RecordsRequest, model: str) -> Passage:
    return Passage.objects.get(request=request, model=model)


def shown(passage: Passage) -> exporting.Given:
    """As it stands on a page."""
    return exporting.read([passage])[0]


def decide(passage: Passage, word: Word, rita) -> Passage:
    return actions.decide(passage, word, seen=shown(passage).mark, by=rita)


def decide_all(request: RecordsRequest, rita) -> None:
    seen = {each.passage.number: each.mark for each in exporting.all_of(request)}
    actions.accept_proposals(request, seen, exemption="KRS 61.878(1)(a)", by=rita)


def written(request: RecordsRequest, rita) -> Export:
    actions.finish(request, by=rita)
    request.refresh_from_db()
    export = actions.write(request)
    request.refresh_from_db()
    assert export is not None
    return export


def test_what_is_asked_for_is_gathered_and_held_at_once(riverbend, rita, ben):
    request = cast.a_request(riverbend, "hotspots.petitions", by=rita)
    assert request.state == State.REVIEW
    assert [each.model for each in request.passages.all()] == ["hotspots.Petition"]
    assert Job.objects.filter(name=actions.DRAFT).count() == 1
    assert holds.held(ben["petition"])
    assert not holds.held(ben["concern"])
    assert actions.draft(request) == 0, "it is gathered once"


@pytest.mark.parametrize(
    "change", [{"number": " "}, {"kinds": ("nobody.knows",)}, {"asked": ""}, {"days": -1}]
)
def test_a_request_of_nothing_is_refused(riverbend, rita, change):
    today, days = riverbend.today(), change.pop("days", 1)
    usual = {"number": "1", "asked": "Lamps", "kinds": ("hotspots.petitions",)}
    with pytest.raises(RequestRefused):
        said = Asked(first=today, last=today + timedelta(days=days), **usual | change)
        actions.open_request(riverbend, said, by=rita)
    assert not Hold.objects.exists()


def test_two_requests_have_no_number_in_common(riverbend, rita, request_of):
    with pytest.raises(RequestRefused):
        cast.a_request(riverbend, "hotspots.petitions", by=rita)


def test_names_numbers_and_addresses_are_proposed_to_be_black(request_of):
    concern, answer = of(request_of, "followthrough.Concern"), of(request_of, "gatherings.Rsvp")
    assert answer.bars["name"] == texts.WHOLE
    said = shown(concern).said
    black = "".join(
        piece for piece, is_black in texts.parts(said["words"], concern.bars["words"]) if is_black
    )
    assert "Ben Rivers" in black
    assert "lamp" not in black


def test_what_opens_something_is_in_no_record(request_of, ben):
    for passage in request_of.passages.all():
        said = shown(passage).said
        assert ben["petition"].public_id not in said.values()
        assert not {"form_digest", "digest", "key", "salt"} & set(said)


def test_nothing_is_written_before_all_was_looked_at(request_of, rita):
    with pytest.raises(DecisionRefused):
        actions.finish(request_of, by=rita)
    decide_all(request_of, rita)
    assert actions.finish(request_of, by=rita).state == State.WRITING


def test_what_is_withheld_or_black_needs_an_exemption(request_of, rita):
    answer = of(request_of, "gatherings.Rsvp")
    for decision in (Decision.WITHHELD, Decision.REDACTED):
        with pytest.raises(DecisionRefused):
            decide(answer, Word(decision), rita)
    with pytest.raises(DecisionRefused):
        actions.accept_proposals(request_of, {answer.number: answer.mark}, exemption=" ", by=rita)
    assert decide(answer, Word(Decision.GIVEN), rita).decision == Decision.GIVEN


def test_what_is_black_is_in_no_byte_of_the_file_and_what_is_given_is(request_of, rita):
    decide(of(request_of, "hotspots.Petition"), Word(Decision.WITHHELD, "KRS 61.878(1)(i)"), rita)
    decide(
        of(request_of, "followthrough.Concern"),
        Word(Decision.REDACTED, "KRS 61.878(1)(a)", also=("oak street", "")),
        rita,
    )
    decide_all(request_of, rita)
    export = written(request_of, rita)
    held = members(export)
    everything = "".join(held.values())
    for black in ("Ben Rivers", "Rivers", "Oak Street", "Please come here.", "Mill Row", cast.BENS):
        assert black not in everything, black
    assert "The lamp is out." in held["records.html"]
    assert "The lamp is out." in held["records.csv"]
    assert texts.BAR in held["records.html"]
    withheld = list(csv.DictReader(io.StringIO(held["withheld.csv"].lstrip("\ufeff"))))
    assert {row["exemption"] for row in withheld} == {"KRS 61.878(1)(i)", "KRS 61.878(1)(a)"}
    assert (export.withheld, export.given + export.redacted) == (1, request_of.passages.count() - 1)
    assert request_of.state == State.FINISHED


def test_a_record_that_says_something_else_meanwhile_is_looked_at_again(request_of, rita):
    decide_all(request_of, rita)
    Concern.objects.update(words="My name is Anna Lopez. The lamp is out.")
    actions.finish(request_of, by=rita)
    request_of.refresh_from_db()
    assert actions.write(request_of) is None
    request_of.refresh_from_db()
    assert request_of.state == State.REVIEW
    again = of(request_of, "followthrough.Concern")
    assert again.decision == Decision.WAITING
    decide_all(request_of, rita)
    assert "Anna" not in "".join(members(written(request_of, rita)).values())


def says_something_else() -> None:
    Concern.objects.update(words="My name is Anna Lopez. The lamp is out.")


def test_nobody_decides_of_a_record_that_they_did_not_see(request_of, rita):
    concern = of(request_of, "followthrough.Concern")
    before = shown(concern).mark
    says_something_else()
    exemption = "KRS 61.878(1)(a)"
    for word in (Word(Decision.GIVEN), Word(Decision.REDACTED, exemption)):
        with pytest.raises(DecisionRefused, match="look again"):
            actions.decide(concern, word, seen=before, by=rita)
    with pytest.raises(DecisionRefused, match="look again"):
        actions.accept_proposals(request_of, {concern.number: before}, exemption=exemption, by=rita)
    assert of(request_of, "followthrough.Concern").decision == Decision.WAITING
    black = [piece for _label, pieces in shown(concern).pieces for piece, is_black in pieces if is_black]
    assert any("Anna Lopez" in piece for piece in black), "what is black is proposed anew"
    decide(concern, Word(Decision.REDACTED, exemption), rita)
    decide_all(request_of, rita)
    assert "Anna" not in "".join(members(written(request_of, rita)).values())


def test_a_record_that_changes_while_the_file_is_written_leaves_in_none(request_of, rita, monkeypatch):
    decide_all(request_of, rita)
    page = exporting._page

    def meanwhile(request):
        says_something_else()
        return page(request)

    monkeypatch.setattr(exporting, "_page", meanwhile)
    actions.finish(request_of, by=rita)
    request_of.refresh_from_db()
    assert actions.write(request_of) is None
    request_of.refresh_from_db()
    assert (request_of.state, Export.objects.count()) == (State.REVIEW, 0)
    again = of(request_of, "followthrough.Concern")
    assert again.decision == Decision.WAITING
    assert "Anna Lopez" in str(shown(again).pieces)


def test_whoever_reads_spanish_decides_of_the_same_record(request_of, rita):
    with translation.override("es"):
        decide_all(request_of, rita)
    assert written(request_of, rita).given


def test_a_record_that_is_gone_is_given_to_nobody(request_of, rita):
    decide_all(request_of, rita)
    Petition.objects.all().delete()
    assert "Please come here." not in "".join(members(written(request_of, rita)).values())


def test_handed_over_it_is_counted_in_public_and_held_no_more(riverbend, request_of, rita, ben):
    decide_all(request_of, rita)
    with pytest.raises(ReleaseRefused):
        actions.hand_over(request_of, on=riverbend.today(), basis="KRS 61.870", by=rita)
    export = written(request_of, rita)
    actions.hand_over(request_of, on=riverbend.today(), basis="KRS 61.870", by=rita)
    release = Release.objects.get()
    assert (release.kind, release.records) == ("records_request", export.given + export.redacted)
    assert not holds.held(ben["petition"])
    assert "1 release so far" in Client().get("/riverbend/").text
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"opened", "finished", "handed over", "logged", "placed", "lifted"} <= verbs


def test_withdrawn_nothing_is_held_and_nothing_is_counted(request_of, rita, ben):
    actions.withdraw(request_of, by=rita)
    actions.withdraw(request_of, by=rita)
    assert not holds.held(ben["petition"])
    assert not Release.objects.exists()
    assert not Passage.objects.exists()


def test_the_file_goes_when_its_day_is_over(request_of, rita):
    decide_all(request_of, rita)
    export = written(request_of, rita)
    assert actions.sweep() == 0
    with clock.at(clock.now() + timedelta(days=32)):
        assert actions.sweep() == 1
    assert not export.file_path.exists()
    assert request_of.passages.count() > 2, "what was decided stays"


def test_ten_times_as_many_records_are_ten_times_the_questions_and_no_more(
    riverbend, rita, ben, django_assert_max_num_queries
):
    for number in range(60):
        cast.ben_says(riverbend, key=f"note:{number + 2}")
    request = cast.a_request(riverbend, "followthrough.concerns", by=rita)
    with django_assert_max_num_queries(8):
        assert sum(1 for _each in exporting.all_of(request)) == 122


# -- the pages --------------------------------------------------------------------------------------
def test_rita_goes_all_the_way_in_her_browser(riverbend, rita, ben, client_for):
    client = client_for(rita)
    new = reverse("records:request-new", args=["riverbend"])
    today = riverbend.today()
    said = {
        "number": "2026-9",
        "asked": "Lamps",
        "first": today - timedelta(days=200),
        "last": today,
        "kinds": ["hotspots.petitions", "gatherings.answers"],
    }
    page = client.post(new, said)
    assert page.status_code == 302, page.text
    request = RecordsRequest.objects.get()
    actions.draft(request)
    page = client.get(request.get_absolute_url())
    assert "<mark>Ben Rivers</mark>" in page.text
    seen = {f"seen-{each.passage.number}": each.mark for each in exporting.all_of(request)}
    refused = client.post(
        reverse("records:accept", args=["riverbend", request.public_id]),
        {"number": [1, 2, "²", "9" * 30], "exemption": ""} | seen,
    )
    assert refused.status_code == 422
    assert "exemption" in refused.text
    for number in (1, 2):
        address = reverse("records:record", args=["riverbend", request.public_id, number])
        typed = {"decision": "redacted", "exemption": "KRS 61.878", "also": "come\nRamp"}
        unread = client.post(address, typed | {"seen": "0" * 64})
        assert (unread.status_code, "look again" in unread.text) == (422, True)
        [mark] = re.findall('name="seen" value="([0-9a-f]{64})"', client.get(address).text)
        page = client.post(address, typed | {"seen": mark})
        assert page.status_code == 302, page.text
    client.post(reverse("records:finish", args=["riverbend", request.public_id]))
    request.refresh_from_db()
    actions.write(request)
    taken = client.get(reverse("records:export", args=["riverbend", request.public_id]))
    assert zipfile.ZipFile(io.BytesIO(taken.getvalue())).testzip() is None
    over = client.post(
        reverse("records:hand-over", args=["riverbend", request.public_id]),
        {"on": today.isoformat(), "basis": "KRS 61.870"},
    )
    assert over.status_code == 302, over.text
    assert Release.objects.count() == 1
    for view in ("requests", "person", "holds", "schedule", "certificates", "log"):
        assert client.get(reverse(f"records:{view}", args=["riverbend"])).status_code == 200, view


def test_nobody_else_comes_in(riverbend, ada, eve, client_for, request_of):
    for somebody, status in ((ada, 403), (eve, 404)):
        assert client_for(somebody).get(request_of.get_absolute_url()).status_code == status
    assert Client().get(request_of.get_absolute_url()).status_code == 302
