"""What people may follow of gatherings: those in one neighborhood, those of one kind; and how news of them is said."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from alongside.agencies.models import Agency
from alongside.core.links import absolute
from alongside.core.origins import Origin
from alongside.gatherings.kinds import KINDS
from alongside.gatherings.models import Gathering, NoticeKind, Rsvp
from alongside.outreach import quiet
from alongside.outreach.subscriptions import actions as subscriptions
from alongside.outreach.subscriptions.models import Happening
from alongside.outreach.subscriptions.rooms import Item
from alongside.places.models import Area, AreaKind

AREA, PROGRAM = "area", "program"
PUBLISHED, MOVED, CANCELLED = "gatherings.published", "gatherings.moved", "gatherings.cancelled"
OF_NOTICE: dict[str, str] = {NoticeKind.MOVED: MOVED, NoticeKind.CANCELLED: CANCELLED}


# -- what may be followed -----------------------------------------------------------------------------
def areas(agency: Agency) -> dict[str, str]:
    """Neighborhoods: whatever takes place in one."""
    here = Area.objects.of(agency).filter(active=True, kind=AreaKind.NEIGHBORHOOD)
    return dict(here.order_by("name").values_list("public_id", "name"))


def programs(agency: Agency) -> dict[str, str]:
    """Kinds of gatherings that there were or will be here, wherever they take place."""
    used = Gathering.objects.of(agency).open_to_all().order_by().values_list("kind", flat=True).distinct()
    return {_id_of(name): str(kind.label) for name, kind in KINDS.items() if name in set(used)}


def of(gathering: Gathering) -> list[Origin]:
    """All topics that a gathering belongs to."""
    found = [Origin(PROGRAM, _id_of(gathering.kind))]
    if gathering.neighborhood is not None:
        found.append(Origin(AREA, gathering.neighborhood.public_id))
    return found


def _id_of(kind: str) -> str:
    return kind.replace("_", "")


# -- what happened ------------------------------------------------------------------------------------
def tell(event: str, gathering: Gathering) -> None:
    """Those who follow hear of it; at once where it changes what takes place within a day."""
    urgent = event != PUBLISHED and quiet.is_soon(gathering.starts)
    subscriptions.tell(event, gathering.key, agency=gathering.agency, topics=of(gathering), urgent=urgent)


def published(agency: Agency, happenings: Sequence[Happening]) -> dict[int, Item]:
    """A new date, as it is now. What was called off meanwhile, or is over, is none."""
    return {number: _item("%s", each) for number, each in _things(agency, happenings) if each.is_ahead}


def moved(agency: Agency, happenings: Sequence[Happening]) -> dict[int, Item]:
    """Another time or place, and why; or the first one again, where it moved back."""
    return {
        number: _item(
            _("Moved: %s") if each.was_moved else _("When and where it was first said: %s"),
            each,
            str(each.change_reason),
            *map(str, each.access_changes),
        )
        for number, each in _things(agency, happenings)
        if each.is_ahead
    }


def cancelled(agency: Agency, happenings: Sequence[Happening]) -> dict[int, Item]:
    return {
        number: _item(_("Cancelled: %s"), each, str(each.change_reason))
        for number, each in _things(agency, happenings)
        if each.is_cancelled and not each.is_over
    }


def answered(agency: Agency, happenings: Sequence[Happening]) -> dict[int, set[str]]:
    """Who has said that they come, and hears by a mail of their own."""
    numbers = by_gathering(happenings)
    there = Rsvp.objects.of(agency).still_in().reachable()
    of_these = there.filter(gathering__public_id__in=numbers).select_related("gathering")
    told: dict[int, set[str]] = {}
    for rsvp in of_these.only("gathering__public_id"):
        told.setdefault(numbers[rsvp.gathering.public_id], set()).add(rsvp.address.lower())
    return told


def by_gathering(happenings: Sequence[Happening]) -> dict[str, int]:
    """By the gathering that each is about, the number of the last one: of each thing a reader hears that."""
    return {Origin.of(each.about).public_id: each.pk for each in happenings}


def _item(title: str, gathering: Gathering, *more: str) -> Item:
    return Item(
        title=title % gathering.titled,
        lines=tuple(line for line in (gathering.place.shown.with_mark, *more) if line),
        url=absolute(gathering.get_absolute_url()),
    )


def _things(agency: Agency, happenings: Sequence[Happening]) -> list[tuple[int, Gathering]]:
    rows = Gathering.objects.of(agency).filter(public_id__in=by_gathering(happenings)).with_places()
    known = {str(each.key): each for each in rows}
    return [(each.pk, known[each.about]) for each in happenings if each.about in known]
