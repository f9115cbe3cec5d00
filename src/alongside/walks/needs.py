"""What waits for a person in this room: a route to check, a plan to confirm, a draft, a walk to plan."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta

from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core.needs import Need
from alongside.gatherings import checks
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.needs import about, drafts_near, soon
from alongside.hotspots.models import Choice
from alongside.walks import cautions
from alongside.walks.models import Walk
from alongside.walks.queries import plan_of

CHOSEN_LATELY = timedelta(days=60)


def unchecked(agency: Agency) -> Iterator[Need]:
    """Walks of the next seven days whose latest route nobody has walked beforehand."""
    for walk in _walks_of(agency, soon(agency)):
        if walk.routes_laid is not None and not walk.route_checked_by:
            yield _need(walk, "walks:walk", "#checked")


def checked(agency: Agency, gatherings: Collection[Gathering]) -> set[int]:
    """Those whose latest route somebody has walked beforehand."""
    return {walk.gathering_id for walk in _walks_of(agency, gatherings) if walk.route_checked_by}


def unconfirmed(agency: Agency) -> Iterator[Need]:
    """Walks of the next seven days whose plan nobody has read as it is now."""
    walks = _walks_of(agency, soon(agency))
    read = _confirmed(agency, walks)
    yield from (_need(walk, "walks:plan-page", "#confirm") for walk in walks if walk.gathering_id not in read)


def confirmed(agency: Agency, gatherings: Collection[Gathering]) -> set[int]:
    """Those whose plan somebody has read as it is now."""
    return _confirmed(agency, _walks_of(agency, gatherings))


LOOKED_AHEAD = timedelta(days=28)


def cautioned(agency: Agency) -> Iterator[Need]:
    """What speaks against walks of the next four weeks, unless somebody confirmed the plan knowing it."""
    rows = Gathering.objects.of(agency).filter(status__in=[Status.DRAFT, Status.PUBLISHED])
    walks = _walks_of(agency, rows.to_begin(within=LOOKED_AHEAD))
    found = cautions.of_walks(agency, walks)
    noted = checks.noted_among(agency, [walk.gathering for walk in walks])
    for walk in walks:
        seen = noted.get(walk.gathering_id, {})
        new = [each for each in found[walk.pk] if seen.get(each.name) != each.value]
        if new:
            page = reverse("walks:plan-page", args=[agency.slug, walk.public_id]) + "#cautions"
            yield about(walk.gathering, page, says=new[0].says)


def unpublished(agency: Agency) -> Iterator[Need]:
    """Drafts whose day is near or has passed; where the plan is still to be read, that comes first."""
    walks = _walks_of(agency, drafts_near(agency))
    read = _confirmed(agency, walks)
    for walk in walks:
        if walk.gathering_id in read or walk.gathering.is_over:
            yield _need(walk, "walks:walk", days=1)


def chosen(agency: Agency) -> Iterator[Need]:
    """Places that somebody chose of late, where no walk is planned."""
    since = agency.today() - CHOSEN_LATELY
    rows = Choice.objects.of(agency).filter(decided_at__date__gte=since, walks=None).listed()
    still = rows.not_walked() | rows.filter(neighborhood=None)
    latest = {choice.place_name: choice for choice in still.order_by("decided_at", "pk")}
    for choice in latest.values():
        yield Need(
            key=f"choice:{choice.public_id}",
            about=choice.place_name,
            url=choice.plan_url,
            where=choice.neighborhood_id,
        )


def _walks_of(agency: Agency, gatherings: Iterable[Gathering]) -> list[Walk]:
    """The walks among these gatherings, each with when, where, who and its route, the soonest first."""
    rows = Walk.objects.of(agency).with_dates().with_hosts().with_routes()
    return list(rows.filter(gathering__in=gatherings).order_by("gathering__on", "gathering__at", "pk"))


def _confirmed(agency: Agency, walks: list[Walk]) -> set[int]:
    return checks.confirmed_among(agency, [(walk.gathering, plan_of(walk)) for walk in walks])


def _need(walk: Walk, view: str, at: str = "", *, days: int = 0) -> Need:
    page = reverse(view, args=[walk.agency.slug, walk.public_id]) + at
    return about(walk.gathering, page, by=walk.gathering.on - timedelta(days=days))
