"""What waits for a person in this room: signatures, weeks without a walk, a pause that does not hold, a reason owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from alongside.agencies.models import Agency, Role
from alongside.cadence import pauses
from alongside.cadence.periods import cadence
from alongside.core.needs import Need
from alongside.gatherings.needs import about
from alongside.season.models import Season, SeasonState, Week
from alongside.season.pledge import WALKS

DRAFTED_BEFORE = timedelta(weeks=4)


def for_the_coordinator(agency: Agency) -> Iterator[Need]:
    """Proposals that no coordinator has signed."""
    return _unsigned(agency, Role.COORDINATOR)


def for_the_commander(agency: Agency) -> Iterator[Need]:
    """Proposals that no commander has signed."""
    return _unsigned(agency, Role.COMMANDER)


def _unsigned(agency: Agency, role: Role) -> Iterator[Need]:
    """The latest proposals with days ahead. Whoever signed the other line cannot sign this one, too."""
    other = Role.COMMANDER if role == Role.COORDINATOR else Role.COORDINATOR
    rows = Season.objects.of(agency).filter(state=SeasonState.PROPOSED, followers=None)
    ahead = rows.filter(**{f"{role.value}_at": None}, weeks__day__gte=agency.today()).distinct()
    for season in ahead.order_by("start", "pk"):
        yield Need(
            key=f"season:{season.public_id}",
            about=season.called,
            url=reverse("season:season", args=[agency.slug, season.public_id]) + "#signed",
            by=season.start,
            not_for=(getattr(season, f"{other.value}_user_id"),),
        )


def without_draft(agency: Agency) -> Iterator[Need]:
    """Weeks of the plan in force that come soon, and have no walk: one is drafted, or wants a roof first."""
    today = agency.today()
    soon = (
        Week.objects.of(agency).in_force().filter(day__gte=today, day__lte=today + DRAFTED_BEFORE, walk=None)
    )
    for week in soon.exclude(where="").select_related("season").order_by("day"):
        yield Need(
            key=f"week:{week.season.public_id}:{week.number}",
            about=week.where,
            url=reverse("season:season", args=[agency.slug, week.season.public_id]) + "#signed",
            by=week.day - timedelta(weeks=1),
            where=week.division_id or week.neighborhood_id,
        )


def against(agency: Agency) -> Iterator[Need]:
    """Walks published for days on which we said that nobody walks: one of the two must be put right."""
    page = reverse("season:pauses", args=[agency.slug]) + "#against"
    for _pause, gathering in pauses.published_all_the_same(agency, WALKS.of):
        yield about(gathering, page)


def owing(agency: Agency) -> Iterator[Need]:
    """Weeks in which nobody walked, and nobody said why."""
    page = reverse("season:pauses", args=[agency.slug]) + "#owing"
    for week in cadence(None, agency, WALKS).without_reason:
        yield Need(key=f"week:{week.begins.isoformat()}", about=str(week), url=page, by=week.ends)
