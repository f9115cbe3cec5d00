"""The two menus, composed of every room: what a resident may visit, and where a member of staff works."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Member, Role

COORDINATOR, ANALYST, COMMANDER = Role.COORDINATOR, Role.ANALYST, Role.COMMANDER
INFORMATION, RECORDS, ADMINISTRATOR = Role.INFORMATION_OFFICER, Role.RECORDS_OFFICER, Role.ADMINISTRATOR


@dataclass(frozen=True)
class Way:
    """One line of a menu. `roles`: who finds it of use; empty for every member of staff."""

    view: str
    label: str | Promise
    roles: tuple[Role, ...] = ()
    group: str | Promise = ""


PUBLIC = [
    Way("front:home", _("Home")),
    Way("walks:list", _("Walks")),
    Way("program:program", _("Week by week")),
    Way("hotspots:how-we-choose", _("Where and why")),
    Way("gatherings:coming", _("Calendar")),
    Way("followthrough:follow", _("Your code")),
    Way("front:wall", _("What we keep")),
]

WORKSPACE = [
    Way("front:workspace", _("This week")),
    Way("walks:workspace", _("Walks"), group=_("Walks")),
    Way("hotspots:focus-areas", _("Where to walk next"), (COORDINATOR, ANALYST, COMMANDER)),
    Way("rosters:coming", _("Who comes"), (COORDINATOR, COMMANDER, Role.OFFICER)),
    Way("rosters:mine", _("My invitations")),
    Way("field:desk", _("What was heard"), (COORDINATOR, COMMANDER)),
    Way("gatherings:desk", _("All gatherings"), (COORDINATOR, COMMANDER, INFORMATION)),
    Way("program:seasons", _("Season"), (COORDINATOR, COMMANDER, ANALYST, Role.OFFICER)),
    Way("program:pauses", _("Pauses"), (COORDINATOR, COMMANDER)),
    Way(
        "followthrough:concerns", _("Promises"), (COORDINATOR, COMMANDER, Role.OFFICER, INFORMATION, RECORDS)
    ),
    Way("weather:alerts", _("Weather"), (COORDINATOR, COMMANDER)),
    Way("hotspots:petitions", _("What residents ask"), (COORDINATOR, ANALYST, COMMANDER, INFORMATION)),
    Way("incidents:imports", _("Incidents"), (COORDINATOR, ANALYST), _("Data")),
    Way("hotspots:runs", _("Hot spots"), (COORDINATOR, ANALYST)),
    Way("places:areas", _("Areas"), (COORDINATOR, ANALYST), _("Places and people")),
    Way("places:streets", _("Streets"), (COORDINATOR, ANALYST)),
    Way("places:venues", _("Venues"), (COORDINATOR,)),
    Way("people:staff", _("Staff"), (COORDINATOR,)),
    Way("people:partners", _("Partners"), (COORDINATOR,)),
    Way("program:handovers", _("Handing over"), (COORDINATOR, COMMANDER)),
    Way("front:members", _("Members"), (ADMINISTRATOR,), _("The agency")),
    Way("front:settings", _("Settings"), (ADMINISTRATOR,)),
    Way("front:checklist", _("Getting started"), (COORDINATOR,)),
    Way("outreach:mail", _("Mail"), (COORDINATOR, INFORMATION)),
    Way("outreach:work", _("Background work"), (ADMINISTRATOR,)),
    Way("front:audit", _("Audit trail"), (COORDINATOR, COMMANDER, INFORMATION, RECORDS)),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    agency, member = getattr(request, "agency", None), getattr(request, "member", None)
    if agency is None:
        return {"public_nav": [], "workspace_nav": []}
    return {
        "public_nav": _lines(PUBLIC, agency.slug, request.path),
        "workspace_nav": _lines(_of_use(member), agency.slug, request.path) if member else [],
    }


def _of_use(member: Member) -> Iterable[Way]:
    return [way for way in WORKSPACE if not way.roles or member.holds(way.roles)]


def _lines(ways: Iterable[Way], slug: str, here: str) -> list[dict[str, Any]]:
    """Each with its address; the deepest one that this page lies below is the current one."""
    lines: list[dict[str, Any]] = []
    for way in ways:
        try:
            lines.append({"label": way.label, "group": way.group, "url": reverse(way.view, args=[slug])})
        except NoReverseMatch:
            continue
    below: list[str] = [line["url"] for line in lines if here.startswith(line["url"])]
    current = max(below, key=len, default="")
    return [{**line, "current": line["url"] == current} for line in lines]
