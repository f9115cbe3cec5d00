"""Where to walk next: criteria that are public, a proposal with its reasons, a person who decides and says why."""

from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import AuditEntry
from alongside.core import clock
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.hotspots import actions
from alongside.hotspots.candidates import Past, candidates, past, weeks_since
from alongside.hotspots.models import Band, Choice, Criteria, FocusArea
from alongside.hotspots.tests import town
from alongside.places.models import Area

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 1)
REASON = "Neighbors asked twice this spring, and we have not been here since last year."


def url(name, *args):
    return reverse(f"hotspots:{name}", args=["riverbend", *args])


# -- by hand ----------------------------------------------------------------------------------------
def an_area(pk, name, band, people=4000):
    home = Area(pk=pk, name=name, population=people)
    return FocusArea(name=name, neighborhood=home, band=band, population=900.0)


def weigh(areas, history, asked_for=(), **weights):
    criteria = Criteria(**(dict.fromkeys(("involvement", "requests", "waiting", "fairness"), 0) | weights))
    return candidates(areas, history, criteria, today=TODAY, asked_for=asked_for)


def test_each_criterion_by_hand():
    areas = [an_area(1, "Eastbank", Band.FOUR_TIMES), an_area(2, "Hilltop", Band.ABOVE, people=2000)]
    history = Past(
        last_walk={1: TODAY - timedelta(weeks=16)},
        walks={1: 2, 2: 2},
        requests={1: 1, 2: 4},
        began=TODAY - timedelta(weeks=16),
    )
    eastbank, hilltop = weigh(areas, history, involvement=4, requests=3, waiting=2, fairness=1)
    assert (eastbank.name, hilltop.name) == ("Hilltop", "Eastbank")
    # Hilltop: band 1 of 3; most requests; never walked, and waiting since the first walk anywhere; 1 walk per 1,000
    # residents, the most of all.
    assert eastbank.points == pytest.approx(
        {"involvement": 0.4 / 3, "requests": 0.3, "waiting": 0.2 * (1 + 16 / 52), "fairness": 0}
    )
    assert eastbank.score == pytest.approx((4 / 3 + 3 + 2 * (1 + 16 / 52) + 0) / 10)
    assert eastbank.weeks_since is None
    # Eastbank: band 3; 1 of 4 requests; what the walk of 16 weeks ago did has faded by half twice; half as many walks
    # per resident.
    assert hilltop.points == pytest.approx(
        {"involvement": 0.4 * 0.75, "requests": 0.075, "waiting": 0.2 * (0.75 + 16 / 52), "fairness": 0.05}
    )
    assert hilltop.score == pytest.approx((3 + 0.75 + 2 * (0.75 + 16 / 52) + 0.5) / 10)
    assert hilltop.weeks_since == 16


def test_what_weighs_nothing_decides_nothing():
    areas = [an_area(1, "Eastbank", Band.FOUR_TIMES), an_area(2, "Hilltop", Band.ABOVE)]
    asked = Past(last_walk={}, walks={}, requests={2: 9})
    assert [each.name for each in weigh(areas, asked, requests=1)] == ["Hilltop", "Eastbank"]
    assert [each.name for each in weigh(areas, asked, involvement=1)] == ["Eastbank", "Hilltop"]


def test_those_alike_stand_by_the_alphabet():
    areas = [an_area(2, "Shelby", Band.TWICE), an_area(1, "Hilltop", Band.TWICE)]
    nothing = Past(last_walk={}, walks={}, requests={})
    assert [each.name for each in weigh(areas, nothing, involvement=1)] == ["Hilltop", "Shelby"]


def test_a_neighborhood_that_only_residents_speak_for_is_a_candidate_too():
    areas = [an_area(1, "Eastbank", Band.TWICE)]
    wanted = Area(pk=7, name="Riverside", population=3000)
    history = Past(last_walk={}, walks={}, requests={7: 2})
    first, second = weigh(areas, history, [areas[0].neighborhood, wanted], involvement=1, requests=3)
    assert (first.name, first.area, first.points["involvement"]) == ("Riverside", None, 0.0)
    assert second.name == "Eastbank"


def test_weeks_are_whole_and_never_negative():
    assert weeks_since(TODAY - timedelta(days=13), TODAY) == 1
    assert weeks_since(TODAY + timedelta(days=3), TODAY) == 0
    assert weeks_since(None, TODAY) is None


# -- what counts as past ----------------------------------------------------------------------------
def a_walk(agency, home, days_ago, **words):
    walk = gatherings.plan(
        agency,
        kind=words.pop("kind", "walk"),
        title="A walk",
        on=agency.today() + timedelta(days=5),
        at=time(18),
        neighborhood=home,
        meeting_point="The steps",
        by=None,
    )
    Gathering.objects.filter(pk=walk.pk).update(
        on=agency.today() - timedelta(days=days_ago),
        status=words.pop("status", "held"),
        published_at=clock.now(),
        change_reason="Rain",
    )
    return walk


def test_only_walks_that_took_place_count(riverbend):
    homes = town.draw(riverbend)
    a_walk(riverbend, homes["Eastbank"], 30)
    a_walk(riverbend, homes["Eastbank"], 400)
    a_walk(riverbend, homes["Hilltop"], 400)
    a_walk(riverbend, homes["Shelby"], 20, status="cancelled")
    a_walk(riverbend, homes["Mill Row"], 20, kind="coffee")
    a_walk(riverbend, homes["Riverside"], -5, status="published")
    a_walk(riverbend, homes["Old Market"], 8, status="published")
    history = past(riverbend)
    weeks = {
        home.name: weeks_since(history.last_walk.get(home.pk), riverbend.today()) for home in homes.values()
    }
    assert weeks == {
        "Eastbank": 4,
        "Hilltop": 57,
        "Shelby": None,
        "Mill Row": None,
        "Riverside": None,
        "Old Market": 1,
    }
    assert history.walks == {homes["Eastbank"].pk: 1, homes["Old Market"].pk: 1}


# -- criteria ---------------------------------------------------------------------------------------
def test_each_change_is_a_new_version_and_the_old_ones_stay(riverbend, ada, client_for):
    desk = client_for(ada)
    desk.post(url("criteria"), town.WEIGHTS | {"why": "People first."})
    desk.post(url("criteria"), town.WEIGHTS | {"requests": 9})
    versions = list(Criteria.objects.values_list("version", "requests", "published_by"))
    assert versions == [(2, 9, "Ada Coordinator"), (1, 3, "Ada Coordinator")]
    assert "Version 1" in desk.get(url("criteria")).text
    stranger = Client().get(url("how-we-choose")).text
    assert "Version 2" in stranger
    assert "Requests by residents</b> (56%)" in stranger


@pytest.mark.parametrize("wrong", [{"requests": 11}, {"requests": -1}, {"requests": "many"}])
def test_weights_out_of_bounds_are_said(riverbend, ada, client_for, wrong):
    page = client_for(ada).post(url("criteria"), town.WEIGHTS | wrong)
    assert page.status_code == 422
    assert not Criteria.objects.exists()


def test_criteria_must_weigh_something(riverbend, ada):
    with pytest.raises(actions.CriteriaRefused):
        actions.set_criteria(riverbend, weights=dict.fromkeys(town.WEIGHTS, 0), by=ada)
    assert not Criteria.objects.exists()


# -- the choice -------------------------------------------------------------------------------------
@pytest.fixture
def eastbank(riverbend, ada):
    homes = town.draw(riverbend)
    actions.set_criteria(riverbend, weights=town.WEIGHTS, by=ada)
    return town.a_focus_area(town.a_run(riverbend), homes["Eastbank"])


def test_major_dent_decides_on_a_phone_and_the_reason_is_public(riverbend, eastbank, dent, client_for):
    phone = client_for(dent)
    assert url("choose", eastbank.public_id) in phone.get(url("focus-areas")).text
    landed = phone.post(url("choose", eastbank.public_id), {"reason": REASON}, follow=True)
    assert "Chosen" in landed.text
    choice = Choice.objects.get()
    assert (choice.decided_by, choice.criteria.version) == ("Major Harvey Dent", 1)
    assert AuditEntry.objects.filter(verb="chose", actor=dent).exists()
    stranger = Client().get(url("how-we-choose")).text
    assert REASON in stranger
    assert "Major Harvey Dent" in stranger
    assert "Eastbank, south-west" not in stranger


@pytest.mark.parametrize("reason", ["", "because", " " * 40, "x" * 1001])
def test_no_choice_without_a_reason(eastbank, dent, client_for, reason):
    page = client_for(dent).post(url("choose", eastbank.public_id), {"reason": reason})
    assert page.status_code == 422
    with pytest.raises(actions.ChoiceNeedsReason):
        actions.choose(eastbank.agency, area=eastbank, reason=reason, by=dent)
    assert not Choice.objects.exists()


def test_nia_proposes_but_does_not_decide(eastbank, analyst, client_for):
    desk = client_for(analyst)
    assert url("choose", eastbank.public_id) not in desk.get(url("focus-areas")).text
    assert desk.post(url("choose", eastbank.public_id), {"reason": REASON}).status_code == 403
    assert not Choice.objects.exists()


def test_a_place_without_any_data_can_be_chosen(riverbend, ada, client_for):
    home = town.draw(riverbend)["Riverside"]
    desk = client_for(ada)
    desk.post(url("choose-elsewhere"), {"neighborhood": home.pk, "reason": REASON})
    desk.post(url("choose-elsewhere"), {"place": "The fairground", "reason": REASON})
    assert set(Choice.objects.values_list("place_name", flat=True)) == {"Riverside", "The fairground"}
    assert desk.post(url("choose-elsewhere"), {"reason": REASON}).status_code == 422
    with pytest.raises(actions.ChoiceNeedsPlace):
        actions.choose(riverbend, reason=REASON, by=ada)


def test_neighborhoods_of_another_agency_cannot_be_chosen(riverbend, elsewhere, ada, client_for):
    theirs = town.draw(elsewhere)["Riverside"]
    page = client_for(ada).post(url("choose-elsewhere"), {"neighborhood": theirs.pk, "reason": REASON})
    assert page.status_code == 422
    assert not Choice.objects.exists()


def test_a_request_brings_a_neighborhood_onto_the_list(riverbend, eastbank, ada, client_for):
    riverside = Area.objects.get(agency=riverbend, name="Riverside")
    desk = client_for(ada)
    assert "Riverside" not in desk.get(url("focus-areas")).text
    town.a_petition(riverbend, riverside)
    page = desk.get(url("focus-areas")).text
    assert "Riverside" in page
    assert f"?neighborhood={riverside.pk}" in page
    form = desk.get(url("choose-elsewhere") + f"?neighborhood={riverside.pk}").text
    assert f'<option value="{riverside.pk}" selected>' in form


def test_without_criteria_or_run_the_page_says_what_to_do(riverbend, ada, client_for):
    desk = client_for(ada)
    assert "Publish first how you choose" in desk.get(url("focus-areas")).text
    actions.set_criteria(riverbend, weights=town.WEIGHTS, by=ada)
    assert "No run of hot spots is published yet" in desk.get(url("focus-areas")).text
