"""A season is proposed with its reasons, changed only by a next version, and signed by two people."""

import hashlib
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from tests.cast import an_agency, staff_member

from alongside.agencies.models import AuditEntry, Member, Role
from alongside.cadence import pauses
from alongside.cadence.periods import cadence
from alongside.core import clock
from alongside.gatherings import actions as gatherings
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Cause, Gathering
from alongside.hotspots.actions import set_criteria
from alongside.hotspots.tests import town
from alongside.methods.scheduling import commitment
from alongside.places.models import Known, Permission, Venue, VenueKind
from alongside.rosters.models import Away
from alongside.season import actions, draws, planning, reasons
from alongside.season.draws import Named
from alongside.season.models import Draw, DrawQuerySet, Rhythm, Season, SeasonState, Week
from alongside.season.pledge import WALKS
from alongside.season.tests.season_town import (
    ANNOUNCED,
    DECEMBER,
    JANUARY,
    NAMED,
    a_mall,
    a_value,
    build,
    the_area,
)
from alongside.walks.models import Walk

pytestmark = pytest.mark.django_db
SPRING = date(2027, 4, 3)


@pytest.fixture(autouse=True)
def in_december():
    with clock.at(DECEMBER):
        yield


def a_town():
    """An agency, its coordinator, its areas."""
    with clock.at(DECEMBER):
        agency = an_agency("riverbend", "Riverbend Police", "America/New_York")
        ada = staff_member(agency, "Ada Coordinator", Role.COORDINATOR)
        return agency, ada, build(agency)


def with_a_season():
    """And six weeks from the spring, as proposed."""
    agency, ada, areas = a_town()
    with clock.at(DECEMBER):
        a_value(agency, SPRING)
        return agency, ada, areas, actions.propose(agency, start=SPRING, weeks=6, by=ada)


@pytest.fixture
def begin(request):
    return with_a_season if "season" in request.fixturenames else a_town


@pytest.fixture
def riverbend(begun):
    return begun[0]


@pytest.fixture
def ada(begun):
    return begun[1]


@pytest.fixture
def homes(begun):
    return begun[2]


@pytest.fixture
def season(begun):
    return begun[3]


def where(season: Season) -> list[str]:
    return [week.where for week in season.weeks.all()]


# -- what is planned ------------------------------------------------------------------------------
def test_every_week_has_its_walk_and_says_why(season):
    weeks = list(season.weeks.listed())
    assert [week.day for week in weeks] == [SPRING + timedelta(weeks=n) for n in range(6)]
    first = next(week for week in weeks if week.where == "Eastbank")  # in which week, the draw decides
    sentences = reasons.because(first)
    assert "Police involvement here is high: at least four times the average." in sentences
    assert "There was never a walk here." in sentences
    assert first.division_name == "Second Division"
    assert not first.indoor
    assert first.venue is None
    assert season.state == SeasonState.PROPOSED
    assert season.best <= season.bound + 1e-9
    assert AuditEntry.objects.filter(verb="proposed", thing_id=season.public_id).exists()


def test_each_week_names_other_choices_and_what_they_cost(season):
    assert season.weeks.exists()
    for week in season.weeks.all():
        assert 1 <= len(week.alternatives) <= 3
        costs = [each["cost"] for each in week.alternatives]
        assert costs == sorted(costs)
        assert week.where not in {each["name"] for each in week.alternatives}
    others = reasons.others(season.weeks.first())
    assert others
    assert all(other.price for other in others)


def test_a_price_and_a_reason_say_where_somebody_waits_longer_than_promised(season):
    prices = {
        (12.0, 0.0): "a week without a walk, or without a roof",
        (54.2, 54.1): "somebody would wait longer than promised",
        (45.0, 50.0): "somebody would wait longer than promised",
        (
            64.2,
            54.1,
        ): "somebody would wait longer than promised, and a week be without a walk, or without a roof",
        (54.2, None): "a week without a walk or a roof, or somebody would wait longer than promised",
    }
    for (cost, late), said in prices.items():
        assert reasons.price({"cost": cost, "late": late, "least": cost, "exact": True}) == said
    week = season.weeks.first()
    assert "late" in week.alternatives[0]
    week.because["terms"]["late"] = 54.1667
    said = f"Without this walk, {week.neighborhood_name or week.where} would wait longer than promised."
    assert reasons.because(week)[0] == said
    assert reasons.in_short(week)[0] == "The longest wait"
    assert ("The longest wait", "54.17") in reasons.points(week)
    week.because["terms"]["late"] = 0.0
    assert said not in reasons.because(week)


def test_in_winter_one_meets_under_a_roof_in_reach_and_otherwise_on_the_streets(riverbend, homes, ada):
    however_far(riverbend)
    winter = actions.propose(riverbend, start=date(2027, 3, 20), weeks=4, by=ada)
    weeks = [(week.day.month, week.indoor, week.venue_name) for week in winter.weeks.all()]
    assert weeks == [
        (3, True, "Fairground Mall"),
        (3, True, "Fairground Mall"),
        (4, False, ""),
        (4, False, ""),
    ]
    said = " ".join(reasons.because(winter.weeks.first()))
    assert "No other roof without steps is open to us in reach: at the mall Fairground Mall," in said
    assert "to reach more people" not in said, "no person chose it"


def test_a_mall_in_reach_is_left_to_a_person_wherever_another_roof_is(riverbend, homes, ada):
    """However near it is. Whoever chooses it reads why one would."""
    however_far(riverbend)
    library = a_roof(riverbend, "Library")
    nearer = a_mall(riverbend, "Shelby Arcade", **in_the_middle_of(homes["Shelby"]))
    winter = actions.propose(riverbend, start=JANUARY, weeks=5, by=ada)
    assert {week.venue for week in winter.weeks.all()} == {library}
    chosen = actions.set_week(winter, 1, area=the_area(riverbend, "Eastbank"), venue=nearer, by=ada)
    said = " ".join(reasons.because(chosen.weeks.first()))
    assert "At the mall, to reach more people: Shelby Arcade" in said
    library.opening_hours = "Mo 10:00-12:00"
    library.save()
    shut = actions.propose(riverbend, start=JANUARY, weeks=5, by=ada)
    assert library not in {week.venue for week in shut.weeks.all()}
    assert nearer in {week.venue for week in shut.weeks.all()}


def in_the_middle_of(home) -> dict[str, float]:
    middle = home.shape.representative_point()
    return {"lat": middle.y, "lon": middle.x}


def test_nobody_is_sent_to_a_mall_that_is_farther_than_the_agency_allows(riverbend, homes, ada):
    winter = actions.propose(riverbend, start=JANUARY, weeks=5, by=ada)
    for week in winter.weeks.all():
        assert week.needs_roof
        said = " ".join(reasons.because(week))
        assert "no indoor place that is open to us lies within 20 minutes on foot" in said
        assert "To reach more people you can choose the mall Fairground Mall" in said
    here = the_area(riverbend, "Eastbank")
    chosen = actions.set_week(winter, 1, area=here, venue=Venue.objects.get(), by=ada)
    said = " ".join(reasons.because(chosen.weeks.first()))
    assert "At the mall, to reach more people: Fairground Mall, 3.4 mi from Eastbank." in said


def test_a_roof_in_the_area_goes_before_every_other_and_steps_come_last(riverbend, homes, ada):
    however_far(riverbend)
    steps = a_roof(riverbend, "Old hall", step_free=Known.NO)
    weeks = {week.where: week for week in propose_five(riverbend, ada)}
    assert weeks["Eastbank"].venue == Venue.objects.get(name="Fairground Mall")
    library = a_roof(riverbend, "Library", lat=39.1135)
    weeks = {week.where: week for week in propose_five(riverbend, ada)}
    assert weeks["Eastbank"].venue == library
    assert "Under a roof in the area itself: Library." in reasons.because(weeks["Eastbank"])
    assert steps not in {week.venue for week in weeks.values()}
    Venue.objects.exclude(pk=steps.pk).update(permission=Permission.ASKED, permission_by="")
    alone = next(week for week in propose_five(riverbend, ada) if week.where == "Eastbank")
    assert alone.venue == steps
    assert "There are steps at the door" in " ".join(reasons.because(alone))


def test_whose_roof_is_not_ours_yet_is_named_with_its_distance_the_nearest_first(riverbend, homes, ada):
    a_roof(riverbend, "Library", permission=Permission.MISSING, permission_by="")
    weeks = {week.where: " ".join(reasons.because(week)) for week in propose_five(riverbend, ada)}
    assert "ask the owner of Library, in the area, or choose outdoors" in weeks["Eastbank"]
    assert "The nearest place to ask is Library, 3.2 mi away." in weeks["Shelby"]


def however_far(agency) -> None:
    agency.roof_minutes = 120
    agency.save()


def a_roof(agency, name: str, **words) -> Venue:
    """A room in the middle of Eastbank."""
    return a_mall(agency, name, **{"kind": VenueKind.LIBRARY, "lat": 39.1125, "lon": -84.5250} | words)


def propose_five(agency, by):
    return actions.propose(agency, start=JANUARY, weeks=5, by=by).weeks.all()


def test_a_mall_whose_owner_has_not_agreed_is_named_to_be_asked_and_never_planned(riverbend, homes, ada):
    Venue.objects.update(permission=Permission.ASKED, permission_by="")
    winter = actions.propose(riverbend, start=JANUARY, weeks=2, by=ada)
    for week in winter.weeks.all():
        assert week.needs_roof
        assert week.venue is None
        assert "The nearest place to ask is Fairground Mall" in " ".join(reasons.because(week))


def test_permission_that_ends_and_hours_that_do_not_fit_close_a_mall(riverbend, homes, ada):
    however_far(riverbend)
    Venue.objects.update(permission_until=date(2027, 1, 9))
    winter = actions.propose(riverbend, start=JANUARY, weeks=3, by=ada)
    assert [week.venue_name for week in winter.weeks.all()] == ["Fairground Mall"] * 2 + [""]
    Venue.objects.update(permission_until=None, opening_hours="Mon–Fri 10 to 9")
    shut = actions.propose(riverbend, start=JANUARY, weeks=2, by=ada)
    assert [week.needs_roof for week in shut.weeks.all()] == [True, True]
    Venue.objects.update(opening_hours="Mon–Sat 10 to 9")
    fits = actions.propose(riverbend, start=JANUARY, weeks=2, by=ada)
    assert [week.venue_name for week in fits.weeks.all()] == ["Fairground Mall"] * 2


def test_people_meet_at_the_roof_that_is_nearest_to_their_area(riverbend, homes, ada):
    however_far(riverbend)
    far, near = Venue.objects.get(), a_mall(riverbend, "Eastbank Arcade", lat=39.1125, lon=-84.5250)
    winter = actions.propose(riverbend, start=JANUARY, weeks=5, by=ada)
    places = {week.where: week.venue for week in winter.weeks.listed()}
    assert places["Eastbank"] == near
    assert places["Shelby"] == far


def test_holidays_pauses_and_weeks_without_a_leader_say_why_nobody_walks(riverbend, homes, ada, dent):
    chief = staff_member(riverbend, "Ruth Chief", Role.OFFICER, rank="Chief")
    actions.set_rhythm(riverbend, weekday=0, by=ada)  # Mondays, and three of them are special
    for user in (chief, dent):
        member = Member.objects.get(user=user)
        Away.objects.create(agency=riverbend, member=member, first=date(2027, 1, 25), last=date(2027, 1, 31))
    pauses.pause(
        riverbend,
        of=WALK,
        first=date(2027, 2, 1),
        last=date(2027, 2, 2),
        cause=Cause.MOURNING,
        reason="We stay away this week: a family here buries their son.",
        by=ada,
    )
    season = actions.propose(riverbend, start=date(2027, 1, 11), weeks=5, by=ada)
    sentences = [reasons.because(week)[0] for week in season.weeks.all() if week.is_empty]
    assert [week.is_empty for week in season.weeks.all()] == [False, True, True, True, False]
    assert sentences == [
        "No walk: Martin Luther King Jr. Day.",
        "No walk: nobody who could lead it is free on this day.",
        "No walk: We stay away this week: a family here buries their son.",
    ]
    actions.set_rhythm(riverbend, skip_holidays=False, by=ada)
    again = actions.propose(riverbend, start=date(2027, 1, 11), weeks=2, by=ada)
    assert [week.is_empty for week in again.weeks.all()] == [False, False]


def test_a_neighborhood_that_mourns_is_left_alone_and_the_others_are_not(riverbend, homes, ada):
    pauses.pause(
        riverbend,
        of=WALK,
        first=SPRING,
        last=SPRING + timedelta(weeks=1),
        cause=Cause.MOURNING,
        reason="A family here buries their son.",
        neighborhood=homes["Eastbank"],
        by=ada,
    )
    season = actions.propose(riverbend, start=SPRING, weeks=4, by=ada)
    assert "Eastbank" not in where(season)[:2]
    assert "Eastbank" in where(season)[2:]


def test_who_asked_and_who_has_waited_come_first(riverbend, homes, ada):
    town.a_petition(riverbend, homes["Riverside"])
    town.a_petition(riverbend, homes["Riverside"])
    asked = actions.propose(riverbend, start=SPRING, weeks=2, by=ada)
    assert "Riverside" in where(asked)
    week = asked.weeks.get(where="Riverside")
    assert "2 residents asked for a walk here and have had none since." in reasons.because(week)


def test_a_neighborhood_without_a_focus_area_is_planned_if_residents_asked(riverbend, homes, ada):
    town.a_petition(riverbend, homes["Old Market"])
    season = actions.propose(riverbend, start=SPRING, weeks=6, by=ada)
    week = season.weeks.get(where="Old Market")
    assert (week.area, week.neighborhood) == (None, homes["Old Market"])
    assert reasons.as_json(week)["area"] is None


def test_without_focus_areas_and_petitions_the_refusal_says_what_to_do(elsewhere, ada):
    with pytest.raises(planning.NowhereToWalk, match="hotspots run elsewhere"):
        actions.propose(elsewhere, start=SPRING, by=ada)


@pytest.mark.parametrize(
    ("start", "weeks"), [(date(2026, 11, 1), 4), (date(2029, 1, 1), 4), (SPRING, 0), (SPRING, 53)]
)
def test_a_season_that_cannot_be_is_refused(riverbend, homes, ada, start, weeks):
    with pytest.raises(planning.SeasonRefused):
        actions.propose(riverbend, start=start, weeks=weeks, by=ada)
    assert not Season.objects.exists()


def test_a_published_walk_keeps_its_week(riverbend, homes, ada):
    walk = gatherings.plan(
        riverbend,
        kind="walk",
        title="Known already",
        on=SPRING,
        at=time(10, 0),
        meeting_point="the fountain",
        neighborhood=homes["Shelby"],
        by=ada,
    )
    gatherings.publish(walk, by=ada)
    season = actions.propose(riverbend, start=SPRING, weeks=3, by=ada)
    first = season.weeks.first()
    assert (first.neighborhood, first.fixed) == (homes["Shelby"], True)
    assert reasons.because(first)[0] == "This walk is published already."
    with pytest.raises(actions.NotNow):
        actions.set_week(season, 1, area=the_area(riverbend, "Eastbank"), by=ada)


# -- the draw -------------------------------------------------------------------------------------
def test_either_of_two_areas_alike_can_come_first(riverbend, homes, ada):
    season = drawn_season(riverbend, ada)
    assert season.draw.public == "2027-04-03:3-12-15-22-30"
    assert season.seed == hashlib.sha256(b"2027-04-03:3-12-15-22-30:0").hexdigest()
    assert season.commitment == commitment(season.seed)
    days = planning.days_of(Rhythm.of(riverbend), SPRING, 6, today=riverbend.today())
    known = planning.basis(riverbend, days, seed=season.seed)
    again = planning.solve(known, alternatives=0)
    assert [week.area for week in again.weeks] == [week.area.public_id for week in season.weeks.all()]
    alike = {the_area(riverbend, name).public_id for name in ("Mill Row", "Hilltop")}
    drawn = [planning.solve(replace(known, seed=seed), alternatives=0) for seed in map(str, range(12))]
    assert {next(week.area for week in each.weeks if week.area in alike) for each in drawn} == alike


def drawn_season(agency, ada):
    a_value(agency, SPRING)
    return actions.propose(agency, start=SPRING, weeks=6, by=ada)


def test_a_proposal_waits_for_the_value_that_it_names(riverbend, homes, ada, dent):
    season = actions.propose(riverbend, start=SPRING, weeks=6, named=NAMED, by=ada)
    assert (season.seed, season.wants_draw, season.draw.waits) == ("", True, True)
    with pytest.raises(actions.NotNow, match=r"known on Dec\. 2, 2026"):
        actions.approve(season, role=Role.COORDINATOR, by=ada)
    with pytest.raises(actions.NotNow, match=r"before Dec\. 2, 2026"):
        draws.type_value(season.draw, ANNOUNCED, by=ada)
    with clock.at(DECEMBER + timedelta(days=1)):
        draws.type_value(season.draw, ANNOUNCED, by=ada)
        with pytest.raises(actions.NotNow, match="draw it first"):
            actions.approve(season, role=Role.COORDINATOR, by=ada)
        second = actions.draw(season, by=ada)
        assert (second.version, second.seed) == (2, second.draw.seed)
        assert [week.day for week in second.weeks.all()] == [week.day for week in season.weeks.all()]
        assert actions.approve(second, role=Role.COORDINATOR, by=ada).coordinator
    assert AuditEntry.objects.get(verb="typed in").detail["value"] == ANNOUNCED


def test_seven_starts_are_one_draw_whatever_is_discarded(riverbend, homes, ada):
    """Whoever proposes from another day, names another value or discards what does not please, has the same seed."""
    actions.set_rhythm(riverbend, weekday=SPRING.weekday(), by=ada)
    seeds = set()
    for before in range(7):
        named = (
            Named(f"Another lottery, number {before}", date(2026, 12, 3 + before), "000") if before else NAMED
        )
        start = SPRING - timedelta(days=before)
        season = actions.propose(riverbend, start=start, weeks=6 - before % 2, named=named, by=ada)
        assert season.draw.source == NAMED.source
        with clock.at(DECEMBER + timedelta(days=1)):
            draws.type_value(season.draw, ANNOUNCED, by=ada)
        seeds.add(Draw.objects.get(pk=season.draw_id).seed)
        actions.discard(season, by=ada)
    assert len(seeds) == Draw.objects.count() == 1
    assert Season.objects.count() == 7


@pytest.mark.parametrize(
    ("source", "known_on", "says"),
    [
        ("A lottery", date(2026, 12, 1), "Nobody may know"),
        ("A lottery", date(2026, 11, 1), "Nobody may know"),
        ("A lottery", SPRING, "before the first walk"),
        ("  ", date(2026, 12, 2), "which public value"),
    ],
)
def test_a_value_that_is_known_or_too_late_draws_nothing(riverbend, homes, ada, source, known_on, says):
    with pytest.raises(draws.CannotDraw, match=says):
        actions.propose(riverbend, start=SPRING, named=Named(source, known_on, "000"), by=ada)
    assert not Season.objects.exists()
    assert not Draw.objects.exists()


def test_a_value_is_typed_once_and_put_right_only_in_public(riverbend, homes, season, ada):
    draw = season.draw
    assert draws.type_value(draw, "03 12 15 22 & 30", by=ada).value == ANNOUNCED, (
        "the same, otherwise written"
    )
    with pytest.raises(draws.CannotDraw, match="digits or letters"):
        draws.type_value(draw, "...", by=ada)
    with pytest.raises(actions.NotNow, match="put it right"):
        draws.type_value(draw, "3 12 15 22 31", by=ada)
    with pytest.raises(draws.CannotDraw, match="why"):
        draws.put_right(draw, "3 12 15 22 31", why="", by=ada)
    right = draws.put_right(draw, "3 12 15 22 31", why="We misread the last number.", by=ada)
    assert (right.version, right.source) == (2, draw.source)
    assert Draw.objects.visible_to(AnonymousUser(), at=riverbend).count() in {0, 2}
    with pytest.raises(actions.NotNow):
        draws.put_right(draw, "3 12 15 22 32", why="Once more, at the old one.", by=ada)
    with pytest.raises(actions.NotNow, match="draw it first"):
        actions.approve(season, role=Role.COORDINATOR, by=ada)
    second = actions.draw(season, by=ada)
    assert (second.draw, second.seed) == (right, right.seed)
    with pytest.raises(actions.NotNow, match="drawn already"):
        actions.draw(second, by=ada)


def test_a_season_that_was_drawn_before_values_were_public_stays_as_it_is(
    riverbend, homes, season, ada, dent
):
    Season.objects.filter(pk=season.pk).update(draw=None, seed="ab" * 32, commitment=commitment("ab" * 32))
    season.refresh_from_db()
    again = actions.replan(season, by=ada)
    assert (again.seed, again.draw) == ("ab" * 32, None)
    for role, user in ((Role.COORDINATOR, ada), (Role.COMMANDER, dent)):
        again = actions.approve(again, role=role, by=user)
    assert again.is_approved


def test_a_value_has_the_shape_that_was_named_for_it(riverbend, homes, season, ada):
    with pytest.raises(draws.CannotDraw, match="such as 00-00-00"):
        draws.name(riverbend, SPRING + timedelta(days=7), replace(NAMED, example="-"), by=ada)
    assert season.draw.shape == "00-00-00-00-00"
    for typed in ("3 12 15 22", "Cash Ball 3 12 15 22 30", "312 15 22 30"):
        with pytest.raises(draws.CannotDraw, match="00-00-00-00-00"):
            draws.put_right(season.draw, typed, why="We misread it.", by=ada)
        with pytest.raises(draws.CannotDraw, match="00-00-00-00-00"):
            actions.draft(riverbend, start=SPRING, weeks=2, public=typed, by=ada)
    other = draws.name(riverbend, SPRING + timedelta(days=7), NAMED, by=ada)
    with clock.at(DECEMBER + timedelta(days=1)):
        with pytest.raises(draws.CannotDraw, match="00-00-00-00-00"):
            draws.type_value(other, "Cash Ball 3 12 15 22 30", by=ada)
        assert draws.type_value(other, "3 12 15 22 30", by=ada).value


def test_no_rule_is_chosen_once_it_is_known_whom_it_draws(riverbend, homes, ada):
    """Whoever knows the value could try bands, spacings, waits and criteria until the plan pleases."""
    season = actions.propose(riverbend, start=SPRING, weeks=6, named=NAMED, by=ada)
    with clock.at(DECEMBER + timedelta(days=1)):
        draws.type_value(season.draw, ANNOUNCED, by=ada)
        actions.set_rhythm(riverbend, band=0, spacing=1, longest_wait=10, winter_first=4, by=ada)
        set_criteria(
            riverbend, weights={"involvement": 0, "requests": 9, "waiting": 0, "fairness": 0}, by=ada
        )
        previewed = actions.draft(riverbend, start=SPRING, weeks=6, by=ada).season
        drawn = actions.draw(season, by=ada)
        right = draws.put_right(season.draw, "3 12 15 22 31", why="We misread it.", by=ada)
    rules = ("band", "spacing", "longest_wait", "criteria", "weights")
    for each in (previewed, drawn):
        assert {name: each.inputs[name] for name in rules} == {name: season.inputs[name] for name in rules}
    assert right.rules == season.draw.rules
    assert [week.indoor for week in drawn.weeks.all()] == [week.indoor for week in season.weeks.all()]
    free = actions.draft(riverbend, start=SPRING + timedelta(days=7), weeks=6, by=ada).season
    assert (free.inputs["band"], free.inputs["spacing"], free.inputs["longest_wait"]) == (0, 1, 10)


def test_of_two_who_name_at_once_the_first_holds(riverbend, homes, ada, monkeypatch):
    held, asked = DrawQuerySet.in_force, []

    def late(self, first):
        asked.append(first)
        return None if len(asked) == 1 else held(self, first)

    first = draws.name(riverbend, SPRING, NAMED, by=ada)
    monkeypatch.setattr(DrawQuerySet, "in_force", late)
    assert draws.name(riverbend, SPRING, replace(NAMED, source="Another"), by=ada) == first
    assert Draw.objects.count() == 1


def test_the_longest_wait_that_is_kept_is_the_one_that_is_said(riverbend, homes, ada):
    actions.set_rhythm(riverbend, spacing=4, longest_wait=2, by=ada)
    made = actions.propose(riverbend, start=SPRING, weeks=2, by=ada)
    assert made.inputs["longest_wait"] == made.inputs["spacing"] == 4


def test_where_nothing_is_drawn_nobody_waits_for_a_value(riverbend, homes, ada):
    actions.set_rhythm(riverbend, band=0, by=ada)
    season = actions.propose(riverbend, start=SPRING, weeks=2, named=NAMED, by=ada)
    assert (season.draw, season.wants_draw) == (None, False)
    assert actions.approve(season, role=Role.COORDINATOR, by=ada).coordinator
    with pytest.raises(actions.NotNow, match="Nothing is drawn"):
        actions.name_value(season, NAMED, by=ada)


# -- the next version -----------------------------------------------------------------------------
def test_a_fixed_week_stays_whatever_changes(riverbend, homes, season, ada):
    second = actions.fix_week(season, 3, by=ada)
    kept = season.weeks.get(number=3).where
    week = second.weeks.get(number=3)
    assert (second.version, second.follows) == (2, season)
    assert (week.where, week.fixed, week.fixed_by) == (kept, True, "Ada Coordinator")
    other = next(name for name in ("Riverside", "Shelby") if name != kept)
    for _petition in range(6):
        town.a_petition(riverbend, homes[other])
    third = actions.replan(second, by=ada)
    assert third.weeks.get(number=3).where == kept
    fourth = actions.release_week(third, 3, by=ada)
    assert not fourth.weeks.get(number=3).fixed


def test_another_choice_costs_what_was_said_and_is_planned_around(riverbend, homes, season, ada):
    area = the_area(riverbend, season.weeks.first().alternatives[0]["name"])
    said = season.weeks.first().alternatives[0]["cost"]
    assert actions.cost_of(season, 1, area=area) == pytest.approx(said, abs=1e-3)
    assert Season.objects.count() == 1
    second = actions.set_week(season, 1, area=area, why="Their fair is on this day.", by=ada)
    week = second.weeks.get(number=1)
    assert (week.where, week.fixed) == (area.name, True)
    assert reasons.because(week)[0] == "Fixed by Ada Coordinator: Their fair is on this day."
    assert season.best - second.best == pytest.approx(said, abs=1e-3)
    season.refresh_from_db()
    assert season.state == SeasonState.SUPERSEDED
    changes = reasons.difference(list(season.weeks.all()), list(second.weeks.all()))
    assert f"{area.name} instead of {season.weeks.first().where}" in [each.sentence for each in changes]


def test_only_the_latest_version_can_be_followed(riverbend, homes, season, ada):
    actions.replan(season, by=ada)
    with pytest.raises(actions.NotLatest):
        actions.replan(season, by=ada)
    with pytest.raises(actions.NotLatest):
        actions.fix_week(season, 1, by=ada)
    assert Season.objects.count() == 2


def test_weeks_gone_by_stay_as_they_were(riverbend, homes, season, ada):
    before = where(season)
    with clock.at(DECEMBER + (SPRING - DECEMBER.date()) + timedelta(days=10)):  # two walks later
        second = actions.replan(season, by=ada)
        assert [week.day for week in second.weeks.all()] == [week.day for week in season.weeks.all()]
        assert where(second)[:2] == before[:2]
        with pytest.raises(actions.NotNow):
            actions.fix_week(second, 1, by=ada)


def test_another_agencys_places_are_refused(riverbend, homes, season, elsewhere, ada):
    there = build(elsewhere)
    with pytest.raises(planning.SeasonRefused):
        actions.set_week(season, 1, area=there["Eastbank"], by=ada)
    mall = Venue.objects.get(agency=elsewhere)
    with pytest.raises(planning.SeasonRefused):
        actions.set_week(season, 1, area=the_area(riverbend, "Eastbank"), venue=mall, by=ada)


# -- signing --------------------------------------------------------------------------------------
def test_a_coordinator_and_a_commander_sign_and_then_the_walks_are_drafted_once(season, ada, dent):
    half = actions.approve(season, role=Role.COORDINATOR, by=ada)
    assert (half.state, half.coordinator) == (SeasonState.PROPOSED, "Ada Coordinator")
    assert not Walk.objects.exists()
    whole = actions.approve(half, role=Role.COMMANDER, by=dent)
    assert (whole.state, whole.commander) == (SeasonState.APPROVED, "Major Harvey Dent")
    walks = [week.walk for week in whole.weeks.select_related("walk__gathering")]
    assert len({walk.pk for walk in walks}) == 6
    assert [walk.gathering.on for walk in walks] == [week.day for week in whole.weeks.all()]
    assert all(walk.gathering.is_draft for walk in walks)
    assert [walk.focus_area for walk in walks] == [week.area for week in whole.weeks.all()]
    actions.approve(whole, role=Role.COMMANDER, by=dent)
    assert actions.draft_walks(whole, by=ada) == {}
    assert Walk.objects.count() == 6


def test_a_drafted_walk_begins_where_people_can_meet(riverbend, homes, season, ada, dent):
    """Under the open sky at the nearest meeting point whose owner lets us in; else Ada says where."""
    middle = homes["Eastbank"].shape.centroid
    here = {"agency": riverbend, "kind": VenueKind.OUTDOOR, "lat": middle.y, "lon": middle.x}
    Venue.objects.create(name="Locked yard", permission=Permission.MISSING, **here)
    green = Venue.objects.create(name="Eastbank Green", permission=Permission.NOT_NEEDED, **here)
    for role, user in ((Role.COORDINATOR, ada), (Role.COMMANDER, dent)):
        season = actions.approve(season, role=role, by=user)
    met = {
        week.where: week.walk.gathering.venue
        for week in season.weeks.select_related("walk__gathering__venue")
    }
    assert met["Eastbank"] == green
    assert None in met.values(), "elsewhere nobody has said where people meet"


def test_one_person_does_not_sign_twice_whatever_roles_they_hold(season, administrator, ada, officer):
    actions.approve(season, role=Role.COORDINATOR, by=administrator)
    with pytest.raises(actions.NotYours, match="signed already"):
        actions.approve(season, role=Role.COMMANDER, by=administrator)
    with pytest.raises(actions.NotYours, match="do not hold"):
        actions.approve(season, role=Role.COMMANDER, by=ada)
    with pytest.raises(actions.NotYours):
        actions.approve(season, role=Role.COMMANDER, by=officer)
    with pytest.raises(actions.NotYours):
        actions.approve(season, role=Role.OFFICER, by=officer)
    season.refresh_from_db()
    assert season.state == SeasonState.PROPOSED


def test_eve_cannot_sign_for_another_agency(season, eve):
    with pytest.raises(actions.NotYours):
        actions.approve(season, role=Role.COMMANDER, by=eve)


def test_a_later_version_takes_over_the_drafts_that_it_still_wants(riverbend, homes, season, ada, dent):
    for role, user in ((Role.COORDINATOR, ada), (Role.COMMANDER, dent)):
        season = actions.approve(season, role=role, by=user)
    changed = season
    for number in (1, 2, 3):
        changed = actions.fix_week(changed, number, by=ada)
    changed = actions.set_week(changed, 6, area=homes["Old Market"], by=ada)
    season.refresh_from_db()
    assert season.state == SeasonState.APPROVED  # in force until the next is signed
    for role, user in ((Role.COORDINATOR, ada), (Role.COMMANDER, dent)):
        changed = actions.approve(changed, role=role, by=user)
    season.refresh_from_db()
    assert (season.state, changed.state) == (SeasonState.SUPERSEDED, SeasonState.APPROVED)
    before = {week.day: (week.where, week.walk_id) for week in season.weeks.all()}
    same = [week for week in changed.weeks.all() if before[week.day][0] == week.where]
    assert len(same) >= 3
    assert all(week.walk_id == before[week.day][1] for week in same)
    with pytest.raises(actions.NotLatest):
        actions.approve(season, role=Role.COORDINATOR, by=ada)


def test_a_week_without_a_roof_gets_no_draft_until_it_has_one(riverbend, homes, ada, dent):
    Venue.objects.update(permission=Permission.MISSING, permission_by="")
    a_value(riverbend, JANUARY)
    winter = actions.propose(riverbend, start=JANUARY, weeks=2, by=ada)
    for role, user in ((Role.COORDINATOR, ada), (Role.COMMANDER, dent)):
        winter = actions.approve(winter, role=role, by=user)
    assert not Gathering.objects.exists()
    outside = actions.set_week(winter, 1, area=winter.weeks.first().area, outdoors=True, by=ada)
    week = outside.weeks.first()
    assert (week.indoor, week.needs_roof) == (False, False)


def test_a_proposal_is_discarded_and_an_approved_plan_is_not(season, ada, dent):
    for role, user in ((Role.COORDINATOR, ada), (Role.COMMANDER, dent)):
        season = actions.approve(season, role=role, by=user)
    with pytest.raises(actions.NotNow):
        actions.discard(season, by=ada)
    other = actions.propose(season.agency, start=SPRING, weeks=2, by=ada)
    assert actions.discard(other, by=ada).state == SeasonState.DISCARDED
    with pytest.raises(actions.NotNow):
        actions.replan(other, by=ada)


def test_two_seasons_in_force_never_plan_the_same_day(riverbend, season, ada, dent):
    for weeks in (5, 6):
        a_value(riverbend, SPRING + timedelta(weeks=weeks))
    twin = actions.propose(riverbend, start=SPRING + timedelta(weeks=5), weeks=2, by=ada)
    after = actions.propose(riverbend, start=SPRING + timedelta(weeks=6), weeks=2, by=ada)
    for role, user in ((Role.COORDINATOR, ada), (Role.COMMANDER, dent)):
        season = actions.approve(season, role=role, by=user)
    with pytest.raises(actions.NotNow, match="May 8, 2027"):
        actions.approve(twin, role=Role.COORDINATOR, by=ada)
    assert actions.approve(after, role=Role.COORDINATOR, by=ada).coordinator


def test_the_database_keeps_the_rules_too(season):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Season.objects.filter(pk=season.pk).update(state=SeasonState.APPROVED)
    twin = replace_week(season)
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def replace_week(season: Season) -> Week:
    first = season.weeks.first()
    first.pk, first._state.adding = None, True
    return first


def test_the_plan_does_not_depend_on_who_looks_or_when_it_is_asked_again(riverbend, homes, ada):
    one = actions.draft(riverbend, start=SPRING, weeks=6, by=ada)
    two = actions.draft(riverbend, start=SPRING, weeks=6, by=None)
    assert [week.where for week in one.weeks] == [week.where for week in two.weeks]
    assert not Season.objects.exists()
    assert replace(one, weeks=[]).season.objective == pytest.approx(two.season.objective)


def test_a_week_that_the_plan_left_out_says_why_in_public(riverbend, homes, ada, dent):
    """A holiday is no missed week, as soon as two people have signed."""
    actions.set_rhythm(riverbend, weekday=0, by=ada)
    walk = gatherings.plan(
        riverbend,
        kind="walk",
        title="The first",
        on=date(2027, 1, 11),
        at=time(10, 0),
        meeting_point="the fountain",
        neighborhood=homes["Shelby"],
        by=ada,
    )
    gatherings.publish(walk, by=ada)
    a_value(riverbend, date(2027, 1, 18))
    season = actions.propose(riverbend, start=date(2027, 1, 18), weeks=1, by=ada)
    with clock.at(DECEMBER + timedelta(days=70)):
        assert became(riverbend, date(2027, 1, 18)) == ("missed", "")
    for role, user in ((Role.COORDINATOR, ada), (Role.COMMANDER, dent)):
        season = actions.approve(season, role=role, by=user)
    with clock.at(DECEMBER + timedelta(days=70)):
        assert became(riverbend, date(2027, 1, 18)) == ("paused", "No walk: Martin Luther King Jr. Day.")


def became(agency, week: date) -> tuple[str, str]:
    judged = next(each for each in cadence(AnonymousUser(), agency, WALKS).periods if each.begins == week)
    return judged.became, str(judged.reason)
