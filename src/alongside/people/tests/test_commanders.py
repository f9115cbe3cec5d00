"""Who commands which division, from which day."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from alongside.agencies.actions import add_member
from alongside.agencies.models import AuditEntry, Member
from alongside.people import actions, queries
from alongside.people.models import Commander
from alongside.places.models import Area, AreaKind
from alongside.places.tests.cities import SOUTH, WEST, square

TODAY = date(2026, 11, 22)


def area(agency, name="First Division", kind=AreaKind.DIVISION, west=WEST):
    import shapely

    shape = shapely.Polygon(square(west, SOUTH)[0])
    return Area.objects.create(agency=agency, kind=kind, name=name, **Area.columns_of(shape))


@pytest.fixture
def first(riverbend):
    return area(riverbend)


@pytest.fixture
def major(riverbend, dent):
    return Member.objects.get(agency=riverbend, user=dent)


@pytest.fixture
def ellis(riverbend):
    return add_member(riverbend, name="Joan Ellis", by=None)


def test_major_dent_commands_from_the_day_he_is_named(first, major, ada):
    assert queries.commander_of(first, on=TODAY) is None
    actions.give_command(first, to=major, since=TODAY, by=ada)
    assert queries.commander_of(first, on=TODAY) == major
    assert queries.commander_of(first, on=TODAY - timedelta(days=1)) is None
    assert AuditEntry.objects.get(verb="gave command of").detail == {"to": str(major)}


def test_the_next_one_takes_over_and_the_past_stays_true(first, major, ellis):
    actions.give_command(first, to=major, since=TODAY, by=None)
    handover = TODAY + timedelta(days=30)
    actions.give_command(first, to=ellis, since=handover, by=None)
    assert queries.commander_of(first, on=handover - timedelta(days=1)) == major
    assert queries.commander_of(first, on=handover) == ellis
    assert Commander.objects.get(member=major).until == handover - timedelta(days=1)


def test_naming_somebody_again_or_correcting_it_the_same_day_leaves_one(first, major, ellis):
    actions.give_command(first, to=major, since=TODAY, by=None)
    again = actions.give_command(first, to=major, since=TODAY + timedelta(days=5), by=None)
    assert (again.since, Commander.objects.count()) == (TODAY, 1)
    actions.give_command(first, to=ellis, since=TODAY, by=None)
    assert [each.member for each in Commander.objects.all()] == [ellis]


def test_what_cannot_be_is_refused(riverbend, elsewhere, first, major, ellis, eve):
    later = TODAY + timedelta(days=10)
    actions.give_command(first, to=major, since=later, by=None)
    with pytest.raises(actions.CommandRefused, match="choose a later day"):
        actions.give_command(first, to=ellis, since=TODAY, by=None)
    with pytest.raises(actions.CommandRefused, match="member of staff of this agency"):
        actions.give_command(first, to=Member.objects.get(user=eve), since=TODAY, by=None)
    with pytest.raises(actions.CommandRefused):
        actions.give_command(
            area(riverbend, "Mill Row", AreaKind.NEIGHBORHOOD), to=major, since=TODAY, by=None
        )


@pytest.mark.database
def test_the_database_itself_refuses_two_at_once(riverbend, first, major, ellis):
    Commander.objects.create(agency=riverbend, division=first, member=major, since=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Commander.objects.create(agency=riverbend, division=first, member=ellis, since=TODAY)


def test_one_who_left_is_not_proposed(first, major):
    actions.give_command(first, to=major, since=TODAY, by=None)
    major.active = False
    major.save(update_fields=["active"])
    first.refresh_from_db()
    assert queries.commander_of(first, on=TODAY) is None


def test_the_commander_is_proposed_by_place(riverbend, first, major, ellis):
    second = area(riverbend, "Second Division", west=WEST + 0.01)
    actions.give_command(first, to=major, since=TODAY, by=None)
    actions.give_command(second, to=ellis, since=TODAY, by=None)
    import shapely

    mostly_second = shapely.box(WEST + 0.008, SOUTH, WEST + 0.015, SOUTH + 0.005)
    assert queries.commander_for(riverbend, mostly_second, on=TODAY) == (second, ellis)
    nowhere = shapely.box(0, 0, 1, 1)
    assert queries.commander_for(riverbend, nowhere, on=TODAY) == (None, None)
    assert queries.commanders(riverbend, on=TODAY) == {first.pk: major, second.pk: ellis}
