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
from alongside.core.svgmap import Map, Shape
from alongside.core.tables import Head, Table
from alongside.front.parts import parts_of
from alongside.gatherings.kinds.walk import WALK
from alongside.gatherings.models import Gathering, Status
from alongside.places.models import Area, AreaKind, labels_of
from alongside.walks.queries import bounds_of, credit, streets_beneath

YEAR = timedelta(days=365)
SHOWN_NEXT = 4


def home(user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """The next walk first; then what else is coming, and where we have been."""
    today = agency.today()
    shown = Gathering.objects.visible_to(user, at=agency).with_places()
    coming = list(shown.published().coming(since=today).with_numbers()[: SHOWN_NEXT + 1])
    coming = [each for each in coming if not each.is_over]
    walk = next((each for each in coming if each.kind == WALK.name), coming[0] if coming else None)
    walked = _walks_by_neighborhood(user, agency)
    return {
        "gathering": walk,
        "others": [each for each in coming if each is not walk][:SHOWN_NEXT],
        "map": map_of_walks(user, agency, walked, walk),
        "parts": parts_of("home", user, agency),
    }


def _walks_by_neighborhood(user: User | AnonymousUser, agency: Agency) -> Counter[int]:
    """Walks of the last year, by neighborhood. What was cancelled is no walk."""
    today = agency.today()
    walks = (
        Gathering.objects.visible_to(user, at=agency)
        .filter(
            Q(status=Status.HELD) | Q(status=Status.PUBLISHED), kind=WALK.name, neighborhood__isnull=False
        )
        .filter(on__lt=today, on__gte=today - YEAR)
    )
    return Counter(walks.values_list("neighborhood", flat=True))


def map_of_walks(
    user: User | AnonymousUser, agency: Agency, walked: Counter[int], following: Gathering | None
) -> Map | None:
    """Whole neighborhoods: where we walked this year, and where we walk next."""
    homes = list(Area.objects.visible_to(user, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD))
    if not homes:
        return None
    goal = following.neighborhood_id if following else None
    shapes = [Shape(home.shape, _look(home, walked, goal), home.name, home.pk == goal) for home in homes]
    rows = [[home.name, walked[home.pk]] for home in homes if walked[home.pk]]
    word = labels_of(agency)[AreaKind.NEIGHBORHOOD][0]
    legend = [("chosen", _("The next walk"))] if goal else []
    shapes.sort(key=lambda shape: shape.kind == "chosen")
    beneath = streets_beneath(agency, bounds_of(shapes), main_only=True)
    return Map(
        title=_("Where we walked in the last year"),
        description=_("Each neighborhood in which a walk took place, and the one where the next walk is."),
        shapes=[*shapes, *beneath],
        credit=credit() if beneath else "",
        table=Table(_("Walks in the last year"), [Head(word), Head(_("Walks"), number=True)], rows),
        legend=[*legend, ("level-2", _("Walked this year")), ("quiet", _("Not yet"))],
        note=_in_words(walked),
        name="walked",
    )


def _in_words(walked: Counter[int]) -> str:
    """How many walks, and in how many places."""
    if not walked:
        return _("No walk has taken place yet.")
    walks = ngettext("%(n)d walk in the last year", "%(n)d walks in the last year", walked.total())
    places = ngettext("in %(n)d neighborhood.", "in %(n)d neighborhoods.", len(walked))
    return f"{walks % {'n': walked.total()}}, {places % {'n': len(walked)}}"


def _look(home: Area, walked: Counter[int], goal: int | None) -> str:
    if home.pk == goal:
        return "chosen"
    return "level-2" if walked[home.pk] else "quiet"


def this_week(user: User, agency: Agency) -> dict[str, Any]:
    """What waits for this member, the nearest date first."""
    today = agency.today()
    shown = Gathering.objects.visible_to(user, at=agency).with_places()
    coming = list(shown.coming(since=today).with_numbers()[:12])
    member = user.membership_at(agency)
    return {
        "coming": [(each, desk_of(each, member)) for each in coming if not each.is_draft],
        "drafts": [(each, desk_of(each, member)) for each in coming if each.is_draft],
        "parts": parts_of("this week", user, agency, member),
        "nothing_yet": not shown.exists(),
    }


def desk_of(gathering: Gathering, member: Member | None) -> str:
    """Where this member works on a gathering: at its own desk, where it has one that they may open."""
    if gathering.has_own_page and may_open(member, gathering.is_of.desk):
        return gathering.get_desk_url()
    return reverse("gatherings:overview", args=[gathering.agency.slug, gathering.public_id])
