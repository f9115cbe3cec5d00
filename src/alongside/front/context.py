"""The two menus, composed of every room: what a resident may visit, and where a member of staff works."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Member, Role
from alongside.core.manifest import Way, manifests

# The headings of the workspace's menu, by the name that manifests call them.
GROUPS: dict[str, str | Promise] = {
    "": "",
    "walks": _("Walks"),
    "data": _("Data"),
    "places": _("Places and people"),
    "agency": _("The agency"),
}


@cache
def public_menu() -> list[Way]:
    """What a resident may visit, of every room."""
    return sorted((way for room in manifests().values() for way in room.public_menu), key=lambda way: way.at)


@cache
def workspace_menu() -> list[Way]:
    """Where a member of staff works, of every room."""
    return sorted(
        (way for room in manifests().values() for way in room.workspace_menu), key=lambda way: way.at
    )


def navigation(request: HttpRequest) -> dict[str, Any]:
    agency, member = getattr(request, "agency", None), getattr(request, "member", None)
    if agency is None:
        return {"public_nav": [], "workspace_nav": []}
    return {
        "public_nav": _lines(public_menu(), agency.slug, request.path),
        "workspace_nav": _lines(_of_use(member), agency.slug, request.path) if member else [],
    }


def _of_use(member: Member) -> Iterable[Way]:
    return [way for way in workspace_menu() if not way.roles or member.holds(map(Role, way.roles))]


def _lines(ways: Iterable[Way], slug: str, here: str) -> list[dict[str, Any]]:
    """Each with its address; the deepest one that this page lies below is the current one."""
    lines: list[dict[str, Any]] = []
    group = ""
    for way in ways:
        heading = GROUPS[way.group] if way.group != group else ""
        lines.append({"label": way.label, "group": heading, "url": reverse(way.view, args=[slug])})
        group = way.group
    below: list[str] = [line["url"] for line in lines if here.startswith(line["url"])]
    current = max(below, key=len, default="")
    return [{**line, "current": line["url"] == current} for line in lines]
