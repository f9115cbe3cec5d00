"""What waits for a person in this room: signatures, weeks without a walk, a pause that does not hold, a reason owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from alongside.agencies.models import Agency, Role
from alongside.cadence import pauses
from alongside.cadence.periods import cadence
from alongside.core.errors import phrase
from alongside.core.needs import Need
from alongside.gatherings.needs import about
from alongside.season.models import Season, SeasonState, Week
from alongside.season.pledge import WALKS

DRAFTED_BEFORE = timedelta(weeks=4)
DRAWN_BEFORE = timedelta(weeks=1)


def for_the_coordinator(agency: Agency) -> Iterator[Need]:
    """Proposals that no coordinator has signed."""
    return _unsigned(agency, Role.COORDINATOR)


def for_the_commander(agency: Agency) -> Iterator[Need]:
    """Proposals that no commander has signed."""
    return _unsigned(agency, Role.COMMANDER)


def to_draw(agency: Agency) -> Iterator[Need]:
    """Proposals whose value can be looked up, or that nobody has named one for."""
    today = agency.today()
    rows = Season.objects.of(agency).filter(state=SeasonState.PROPOSED, followers=None, seed="")
    ahead = rows.filter(weeks__day__gte=today).exclude(inputs__band=0).distinct()
    for season in ahead.select_related("draw").order_by("start", "pk"):
        if season.wants_draw and (season.draw is None or season.draw.known_on <= today):
            yield Need(
                key=f"season:{season.public_id}",
                about=season.called,
                url=_page(agency, season) + "#draw",
                by=season.draw.known_on if season.draw else season.start - DRAWN_BEFORE,
                says="" if season.draw else phrase("Nobody has named the value yet."),
            )


def unpublished(agency: Agency) -> Iterator[Need]:
    """Seasons in force that begin within days, were drawn, and whose draws nobody can look up."""
    today = agency.today()
    soon = Season.objects.of(agency).filter(state=SeasonState.APPROVED, draw__isnull=False, followers=None)
    near = soon.filter(start__lte=today + DRAWN_BEFORE, weeks__day__gte=today).distinct()
    for season in near.exclude(seed="").filter(redraws__published_at=None).order_by("start", "pk"):
        yield Need(
            key=f"season:{season.public_id}",
            about=season.called,
            url=_page(agency, season) + "#draw",
            by=season.start,
        )


def _page(agency: Agency, season: Season) -> str:
    return reverse("season:season", args=[agency.slug, season.public_id])


def _unsigned(agency: Agency, role: Role) -> Iterator[Need]:
    """The latest proposals with days ahead. Whoever signed the other line cannot sign this one, too."""
    other = Role.COMMANDER if role == Role.COORDINATOR else Role.COORDINATOR
    rows = Season.objects.of(agency).filter(state=SeasonState.PROPOSED, followers=None)
    ahead = rows.filter(**{f"{role.value}_at": None}, weeks__day__gte=agency.today()).distinct()
    for season in ahead.order_by("start", "pk"):
        if season.wants_draw:
            continue
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
