"""The frame of every page of one gathering at the desk, whichever room draws the page.

One header (what, when, where, how it stands, what to do next), one row of tabs, one way back, one line of the menu.
Tabs and what to do next are what the rooms say in their manifests.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise

from alongside.agencies.models import Member
from alongside.agencies.requests import Request, StaffRequest
from alongside.agencies.templatetags.doors import may_open
from alongside.core.manifest import MainAct, Tab, follow, manifests
from alongside.gatherings.kind import Kind
from alongside.gatherings.kinds.other import OTHER
from alongside.gatherings.models import Gathering, Status


@dataclass(frozen=True)
class ShownTab:
    """A tab as one page draws it: it is this page, or this page stands below it, or neither."""

    label: str | Promise
    url: str
    count: int | None
    current: bool
    below: bool


@dataclass(frozen=True)
class ShownAct:
    """The button of the header. It is filled where the gathering itself is shown: elsewhere the page has its own."""

    label: str | Promise
    url: str
    posts: bool
    look: str


def at_desk(request: StaffRequest, public_id: str) -> Gathering:
    """The gathering of an address at the desk, with all that its frame shows."""
    mine = Gathering.objects.visible_to(request.user, at=request.agency).with_places().with_hosts()
    gathering: Gathering = get_object_or_404(mine.with_numbers(), public_id=public_id)
    return framed(request, gathering)


def framed(request: StaffRequest, gathering: Gathering) -> Gathering:
    """The same, where a room found it by a row of its own: the page stands below the list of its kind."""
    request.stands_below = _kind_of(gathering).list_at_desk
    return gathering


def shown_to_all(request: Request, gathering: Gathering) -> Gathering:
    """A gathering on one of its public pages: they, too, all stand below the list of its kind."""
    request.stands_below = _kind_of(gathering).list_of_pages
    return gathering


def way_back(gathering: Gathering) -> tuple[str | Promise, str]:
    """The list in which staff find it, in the words of the menu. It is the same on each of its pages."""
    listed = _kind_of(gathering).list_at_desk
    return _names_of_lists()[listed], reverse(listed, args=[gathering.agency.slug])


def tabs_of(gathering: Gathering, member: Member, here: str) -> list[ShownTab]:
    """The pages of this gathering that are of use now and open to this member; the one that is open is among them."""
    return [
        ShownTab(
            tab.label,
            _address(tab, gathering),
            follow(tab.count)(gathering) if tab.count else None,
            current=here == tab.view,
            below=here in _below(tab, gathering),
        )
        for tab in every_tab()
        if _is_for(tab, gathering) and may_open(member, tab.view) and _is_shown(tab, gathering, here)
    ]


def main_act_of(gathering: Gathering, member: Member, here: str) -> ShownAct | None:
    """What this member may do next; None where that is this page, or nothing."""
    acts = (act for act in every_main_act() if _is_for(act, gathering) and may_open(member, act.view))
    act = next((act for act in acts if follow(act.when)(gathering)), None)
    if act is None or act.view == here:
        return None
    look = "main" if here == gathering.desk_view else ""
    return ShownAct(act.label, _address(act, gathering), act.posts, look)


@cache
def every_tab() -> list[Tab]:
    """The tabs of every room, in the order of the row."""
    return sorted((tab for room in manifests().values() for tab in room.tabs), key=lambda tab: tab.at)


@cache
def every_main_act() -> list[MainAct]:
    """What every room lets one do next, in the order of a gathering's days."""
    return sorted((act for room in manifests().values() for act in room.main_acts), key=lambda act: act.at)


# -- when something is of use: manifests name these ---------------------------------------------------
def is_public(gathering: Gathering) -> bool:
    """It takes place, or has: neither a draft nor called off."""
    return gathering.status in {Status.PUBLISHED, Status.HELD}


def has_taken_place(gathering: Gathering) -> bool:
    """It has begun, and was not called off."""
    return is_public(gathering) and gathering.has_begun


def waits_for_its_plan(gathering: Gathering) -> bool:
    """A draft that nobody publishes before its plan was read."""
    return gathering.is_draft and gathering.needs_plan_check


def may_be_published(gathering: Gathering) -> bool:
    """A draft that one button publishes."""
    return gathering.is_draft and not gathering.has_own_page


def is_being_counted(gathering: Gathering) -> bool:
    """People arrive, or are here."""
    return gathering.may_be_counted and gathering.is_ahead


def waits_to_be_closed(gathering: Gathering) -> bool:
    """It is over, and nobody has said that it took place."""
    return gathering.is_published and gathering.is_over


def people_coming(gathering: Gathering) -> int | None:
    """How many say that they come, once anybody does."""
    return gathering.numbers.going or None


# -- small things -----------------------------------------------------------------------------------
def _kind_of(gathering: Gathering) -> Kind:
    """What says where it is listed: its kind, where a room above has given it a page."""
    return gathering.is_of if gathering.has_own_page else OTHER


def _is_for(what: Tab | MainAct, gathering: Gathering) -> bool:
    return not what.kind or (gathering.has_own_page and gathering.kind == what.kind)


def _is_shown(tab: Tab, gathering: Gathering, here: str) -> bool:
    return here in {tab.view, *_below(tab, gathering)} or not tab.shown or follow(tab.shown)(gathering)


def _below(tab: Tab, gathering: Gathering) -> set[str]:
    """The other views that stand below it."""
    return {*tab.pages, *(_of_itself() if tab.view == gathering.desk_view else ())}


@cache
def _of_itself() -> set[str]:
    return {view for tab in every_tab() for view in tab.itself}


def _address(what: Tab | MainAct, gathering: Gathering) -> str:
    known_as = gathering.page_id if what.kind else gathering.public_id
    return reverse(what.view, args=[gathering.agency.slug, known_as])


@cache
def _names_of_lists() -> dict[str, str | Promise]:
    return {line.view: line.label for room in manifests().values() for line in room.workspace_menu}
