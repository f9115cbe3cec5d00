"""What waits for a person in this room, and what rooms above ask to find theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core.errors import Phrase, phrase
from alongside.core.needs import Need, Where
from alongside.core.origins import Origin
from alongside.gatherings.models import Gathering, GatheringQuerySet, Rsvp, Status
from alongside.outreach import refusals

SOON = timedelta(days=7)
COUNTED_WITHIN = timedelta(days=3)


def where_is(gathering: Gathering) -> Where:
    """Its neighborhood, or the point where it meets; None where only words are known."""
    if gathering.neighborhood_id is not None:
        return gathering.neighborhood_id
    venue = gathering.venue
    return None if venue is None else (venue.lat, venue.lon)


def soon(agency: Agency) -> GatheringQuerySet:
    """Those of the next seven days that take place as far as anybody knows, drafts among them."""
    coming: GatheringQuerySet = Gathering.objects.of(agency).with_places().with_hosts()
    return coming.filter(status__in=[Status.DRAFT, Status.PUBLISHED]).to_begin(within=SOON)


def drafts_near(agency: Agency) -> GatheringQuerySet:
    """Drafts whose day is near, or has passed of late."""
    today = agency.today()
    drafts: GatheringQuerySet = Gathering.objects.of(agency).with_places().filter(status=Status.DRAFT)
    return drafts.on_days(today - SOON, today + SOON)


def a_page_of(gathering: Gathering, view: str, at: str = "") -> str:
    """The address of a page that is known by a gathering, and a place on it."""
    return reverse(view, args=[gathering.agency.slug, gathering.public_id]) + at


def about(
    gathering: Gathering,
    url: str,
    *,
    key: Origin | None = None,
    by: date | datetime | None = None,
    says: Phrase | str = "",
) -> Need:
    """What waits about one gathering, where it lies: known by it, and for its day, where no other is named."""
    return Need(
        key=str(key or gathering.key),
        about=gathering.title,
        url=url,
        by=by or gathering.on,
        where=where_is(gathering),
        says=says,
    )


def uncounted(agency: Agency) -> Iterator[Need]:
    """Gatherings that are over, of which nobody has said how many came."""
    for gathering in Gathering.objects.of(agency).with_places().published().past():
        yield about(gathering, a_page_of(gathering, "gatherings:held"), by=gathering.on + COUNTED_WITHIN)


def unpublished(agency: Agency) -> Iterator[Need]:
    """Drafts whose day is near or has passed: published or thrown away. A room above says it of its own."""
    for gathering in drafts_near(agency).filter(page_id=""):
        page = a_page_of(gathering, "gatherings:overview")
        yield about(gathering, page, by=gathering.on - timedelta(days=1))


def unarranged(agency: Agency) -> Iterator[Need]:
    """What people ask for to take part, and nobody has said that it is arranged."""
    asked = Rsvp.objects.of(agency).still_in().asking().filter(arranged_at=None)
    ahead = Gathering.objects.of(agency).with_places().published().coming()
    known = ahead.in_bulk()
    for rsvp in asked.filter(gathering__in=list(known)).only("public_id", "gathering"):
        gathering = known[rsvp.gathering_id]
        yield about(
            gathering,
            a_page_of(gathering, "gatherings:overview", "#needs"),
            key=rsvp.key,
            by=min(gathering.needs_by or gathering.on, gathering.on),
        )


def unplaced(agency: Agency) -> Iterator[Need]:
    """What is public and meets where nobody meets any more: the venue is out of use, or the neighborhood is no more."""
    ahead = Gathering.objects.of(agency).with_places().published().coming()
    for gathering in ahead.filter(Q(venue__active=False) | Q(venue=None, neighborhood__active=False)):
        form = "gatherings:move" if gathering.venue is not None else "gatherings:edit"
        yield about(gathering, a_page_of(gathering, form), says=_out_of_use(gathering))


def _out_of_use(gathering: Gathering) -> Phrase:
    if gathering.venue is not None:
        return phrase("%(venue)s is not in use any more.", venue=gathering.venue.name)
    return phrase("%(area)s is no neighborhood any more.", area=str(gathering.neighborhood))


def unreached(agency: Agency) -> Iterator[Need]:
    """Gatherings ahead, or called off, of which somebody who answered hears nothing: their address is dead.

    As long as it helps them to be told, by a person; until then, or until their address is gone or lives again.
    """
    silent = Rsvp.objects.of(agency).still_in().reachable()
    of_whom = silent.filter(public_id__in=refusals.known_by(agency, Rsvp.KIND)).values("gathering")
    for gathering in Gathering.objects.of(agency).with_places().filter(pk__in=of_whom).coming():
        yield about(gathering, a_page_of(gathering, "gatherings:overview", "#unreached"))


def hosted(agency: Agency, gatherings: Collection[Gathering]) -> set[int]:
    """Those that have a host."""
    return {each.pk for each in gatherings if each.host}
