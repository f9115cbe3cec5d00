"""The two menus, composed of every room: what a resident may visit, and where a member of staff works."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from alongside.agencies.models import Agency, Member, Role
from alongside.core.manifest import MenuLine, manifests

# The headings of the workspace's menu, by the name that manifests call them.
GROUPS: dict[str, str | Promise] = {
    "": "",
    "plan": pgettext_lazy("menu", "Plan"),
    "meet": pgettext_lazy("menu", "Meet"),
    "follow": pgettext_lazy("menu", "Follow up"),
    "data": pgettext_lazy("menu", "Data"),
    "records": pgettext_lazy("menu", "Records"),
    "setup": pgettext_lazy("menu", "Set up"),
}


@cache
def public_menu() -> list[MenuLine]:
    """What a resident may visit, of every room."""
    return sorted(
        (line for room in manifests().values() for line in room.public_menu), key=lambda line: line.at
    )


@cache
def workspace_menu() -> list[MenuLine]:
    """Where a member of staff works, of every room."""
    return sorted(
        (line for room in manifests().values() for line in room.workspace_menu), key=lambda line: line.at
    )


def navigation(request: HttpRequest) -> dict[str, Any]:
    agency, member = getattr(request, "agency", None), getattr(request, "member", None)
    if agency is None:
        return {"public_nav": [], "workspace_nav": []}
    place = _place_of(request, agency)
    return {
        "public_nav": _lines(public_menu(), agency.slug, place),
        "workspace_nav": _lines(_of_use(member), agency.slug, place) if member else [],
    }


def _place_of(request: HttpRequest, agency: Agency) -> str:
    """Below which address a page stands: its own, if its view does not say another (Request.stands_below)."""
    listed: str = getattr(request, "stands_below", "")
    return reverse(listed, args=[agency.slug]) if listed else request.path


def _of_use(member: Member) -> Iterable[MenuLine]:
    return [line for line in workspace_menu() if not line.roles or member.holds(map(Role, line.roles))]


def _lines(menu: Iterable[MenuLine], slug: str, here: str) -> list[dict[str, Any]]:
    """Each with its address, a heading where a group begins; the deepest one that this page lies below is current.

    Every page lies below the first, so that one is current only on its own.
    """
    lines: list[dict[str, Any]] = []
    group, first = "", ""
    places: dict[str, str] = {}  # each address below which pages stand, and that of its line
    for each in menu:
        heading = GROUPS[each.group] if each.group != group else ""
        url = reverse(each.view, args=[slug])
        lines.append({"label": each.label, "group": heading, "url": url, "foot": each.foot})
        places |= {url: url} | {reverse(view, args=[slug]): url for view in each.also}
        group, first = each.group, first or url
    below = [place for place in places if here.startswith(place) and place != first]
    current = places[max(below, key=len)] if below else here
    return [{**line, "current": line["url"] == current} for line in lines]
