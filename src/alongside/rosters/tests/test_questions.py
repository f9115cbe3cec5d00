"""Who is free, who met these people before, what stands in the way."""

from datetime import date, timedelta

import pytest
from tests.cast import staff_member

from alongside.agencies.models import Member, Role
from alongside.rosters import queries
from alongside.rosters.models import Away

JUNE_4 = date(2037, 6, 4)


@pytest.fixture
def chief(riverbend):
    return Member.objects.get(
        user=staff_member(riverbend, "Ruth Calloway", Role.COMMANDER, rank="Chief"), agency=riverbend
    )


def test_a_leader_who_is_away_is_not_free(riverbend, chief, officer):
    assert queries.leaders(riverbend) == [chief], "an officer leads nothing"
    Away.objects.create(agency=riverbend, member=chief, first=JUNE_4, last=JUNE_4)
    free = queries.leaders_free(riverbend, [JUNE_4, JUNE_4 + timedelta(days=1)])
    assert free == {JUNE_4: [], JUNE_4 + timedelta(days=1): [chief]}
    assert queries.away(chief, JUNE_4)
    assert not queries.away(chief, JUNE_4 + timedelta(days=1))
