"""What the first pages show, composed of every room."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.agencies.models import Agency, Member, User
from alongside.agencies.templatetags.doors import may_open
from alongside.core import clock, manifest
from alongside.core.manifest import HOME, THIS_WEEK
from alongside.core.svgmap import Map
from alongside.front.needs import needs_of
from alongside.front.panels import panels_of
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.maps import MapWords, map_by_neighborhood
from alongside.gatherings.models import Gathering, Status

YEAR = timedelta(days=365)
SHOWN_NEXT = 3
TWO_WEEKS = timedelta(days=14)
MOST_COMING = 60


def home(user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """The next walk first; then what else is coming, and where we have been."""
    shown = Gathering.objects.visible_to(user, at=agency).with_places()
    coming = list(shown.published().coming().with_numbers()[: SHOWN_NEXT + 1])
    walk = next((each for each in coming if each.kind == WALK.name), coming[0] if coming else None)
    walked = _walks_by_neighborhood(user, agency)
    return {
        "gathering": walk,
        "others": [each for each in coming if each is not walk][:SHOWN_NEXT],
        "map": map_of_walks(user, agency, walked, walk),
        "panels": panels_of(HOME, user, agency),
    }


def _walks_by_neighborhood(user: User | AnonymousUser, agency: Agency) -> Counter[int | None]:
    """Walks of the last year, by neighborhood. What was cancelled is no walk."""
    walks = (
        Gathering.objects.visible_to(user, at=agency)
        .filter(
            Q(status=Status.HELD) | Q(status=Status.PUBLISHED), kind=WALK.name, neighborhood__isnull=False
        )
        .past()
        .on_days(agency.today() - YEAR, None)
        .order_by()
    )
    return Counter(walks.values_list("neighborhood", flat=True))


def map_of_walks(
    user: User | AnonymousUser, agency: Agency, walked: Counter[int | None], following: Gathering | None
) -> Map | None:
    """Whole neighborhoods: where we walked this year, and where we walk next."""
    words = MapWords(
        title=_("Where we walked in the last year"),
        description=_("Each neighborhood in which a walk took place, and the one where the next walk is."),
        table=_("Walks in the last year"),
        count=_("Walks"),
        looks={"walked-2": _("Walked this year")},
        none=_("Not yet"),
        next=_("The next walk"),
        note=_in_words(walked),
    )
    goal = following.neighborhood_id if following else None
    return map_by_neighborhood(user, agency, walked, words, goal=goal)


def _in_words(walked: Counter[int | None]) -> str:
    """How many walks, and in how many places."""
    if not walked:
        return _("No walk has taken place yet.")
    walks = ngettext("%(n)d walk in the last year", "%(n)d walks in the last year", walked.total())
    places = ngettext("in %(n)d neighborhood.", "in %(n)d neighborhoods.", len(walked))
    return f"{walks % {'n': walked.total()}}, {places % {'n': len(walked)}}"


def this_week(user: User, agency: Agency) -> dict[str, Any]:
    """What waits for this member; the gatherings of two weeks, each with what it still needs; then what comes later."""
    shown = Gathering.objects.visible_to(user, at=agency).with_places().with_hosts()
    coming = list(shown.coming().with_numbers()[:MOST_COMING])
    member = user.membership_at(agency)
    until = clock.now() + TWO_WEEKS
    soon = [each for each in coming if each.starts <= until]
    ticks = ticks_of(agency, soon)
    return {
        "needs": needs_of(member) if member else None,
        "panels": panels_of(THIS_WEEK, user, agency),
        "soon": [(each, desk_of(each, member), ticks[each.pk]) for each in soon],
        "later": [(each, desk_of(each, member)) for each in coming if each.starts > until],
        "nothing_yet": not coming and not shown.exists(),
    }


def ticks_of(agency: Agency, gatherings: list[Gathering]) -> dict[int, list[tuple[str, bool]]]:
    """For each gathering what it needs before its day, and whether that is done; nothing of one that is called off."""
    found: dict[int, list[tuple[str, bool]]] = {each.pk: [] for each in gatherings}
    for name, (tick, *_same) in manifest.ticks().items():
        asked = [each for each in gatherings if tick.is_of(each.kind) and each.may_take_place]
        known = manifest.done(name, agency, asked)
        for each in asked:
            found[each.pk].append((str(tick.label), each.pk in known))
    return found


def desk_of(gathering: Gathering, member: Member | None) -> str:
    """Where this member works on a gathering: at its own desk, where it has one that they may open."""
    if gathering.has_own_page and may_open(member, gathering.is_of.desk):
        return gathering.get_desk_url()
    return reverse("gatherings:overview", args=[gathering.agency.slug, gathering.public_id])
