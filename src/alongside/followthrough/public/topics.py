"""What people may follow of promises: all of an agency, those in one neighborhood, one concern; and how news is said.

Told in the morning, all of it together, to whoever follows; and never who said what.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from alongside.agencies.models import Agency
from alongside.core.links import absolute
from alongside.core.origins import Origin
from alongside.followthrough.models import Concern, Deed, Step
from alongside.followthrough.promises.models import Kept, Promise
from alongside.followthrough.public.lines import PublicPromise, in_public, of_promise
from alongside.outreach.subscriptions import actions as subscriptions
from alongside.outreach.subscriptions.models import Channel, Happening, Subscription
from alongside.outreach.subscriptions.rooms import Item
from alongside.places.models import Area, AreaKind

CHANGED, TOLD = "followthrough.changed", "followthrough.told"
CONCERN, PROMISE, IN_ONE, AREA, EVERY = "told", "promise", "promisesin", "area", Origin("promises", "every")
# What those who follow hear of; a step that everybody reads only as a month is told no sooner than on the page.
TELLS = {
    Deed.ASSIGNED,
    Deed.NOTED,
    Deed.PROMISED,
    Deed.KEPT,
    Deed.NOT_KEPT,
    Deed.CLOSED,
    Deed.REOPENED,
    Deed.ANSWERED,
}


# -- what may be followed -----------------------------------------------------------------------------
def every(agency: Agency) -> dict[str, str]:
    return {
        EVERY.public_id: _("Every promise of %(agency)s, and what became of it") % {"agency": agency.name}
    }


def concerns(agency: Agency, ids: Sequence[str]) -> dict[str, str]:
    """Those of these that stand on the public list, by the words that were released."""
    rows = Concern.objects.of(agency).public(agency).filter(public_id__in=ids)
    return {each: str(summary) for each, summary in rows.values_list("public_id", "summary")}


def neighborhoods(agency: Agency, ids: Sequence[str]) -> dict[str, str]:
    rows = Area.objects.of(agency).filter(active=True, kind=AreaKind.NEIGHBORHOOD, public_id__in=ids)
    return {
        each: _("Promises in %(place)s") % {"place": name}
        for each, name in rows.values_list("public_id", "name")
    }


def of_concern(concern: Concern) -> Origin:
    """Its topic for everybody: not that of whoever holds the code."""
    return Origin(CONCERN, concern.public_id)


def _topics(area: Area | None, *more: Origin) -> list[Origin]:
    here = [Origin(IN_ONE, area.public_id), Origin(AREA, area.public_id)] if area is not None else []
    return [EVERY, *here, *more]


# -- what happened ------------------------------------------------------------------------------------
def tell(concern: Concern, step: Step) -> None:
    """Whoever follows hears of a step, where the concern stands on the public list."""
    if step.deed in TELLS and is_listed(concern):
        tell_how_it_stands(concern)


def tell_how_it_stands(concern: Concern) -> None:
    where = _topics(concern.neighborhood, of_concern(concern))
    subscriptions.tell(CHANGED, of_concern(concern), agency=concern.agency, topics=where)


def is_listed(concern: Concern) -> bool:
    return Concern.objects.of(concern.agency).public(concern.agency).filter(pk=concern.pk).exists()


def tell_ending(promise: Promise) -> None:
    """“You asked, we did”, or “we did not”."""
    concern = promise.concern
    where = _topics(promise.area, *([of_concern(concern)] if concern is not None else []))
    subscriptions.tell(TOLD, promise.topic, agency=promise.agency, topics=where)


# -- in words, when the mail is written ------------------------------------------------------------------
def changed(agency: Agency, happenings: Sequence[Happening]) -> dict[int, Item]:
    """How it stands now. What does not stand on the list any more is told no more."""
    rows = Concern.objects.of(agency).public(agency).telling_where_it_is()
    rows = rows.select_related("agency", "owner__rank", "neighborhood")
    known = {str(of_concern(each)): each for each in _of(rows, happenings)}
    return {
        each.pk: _item("%(state)s: %(words)s", in_public(known[each.about]))
        for each in happenings
        if each.about in known
    }


def told(agency: Agency, happenings: Sequence[Happening]) -> dict[int, Item]:
    """As long as it has ended so, and everybody may read it."""
    rows = Promise.objects.of(agency).open_to_all().exclude(state=Kept.OPEN).listed()
    known = {str(each.topic): each for each in _of(rows, happenings) if each.told_at is not None}
    return {each.pk: _ended(known[each.about]) for each in happenings if each.about in known}


def _ended(promise: Promise) -> Item:
    title = {
        Kept.KEPT: _("You asked, we did: %(words)s"),
        Kept.NOT_KEPT: _("You asked, we did not: %(words)s"),
        Kept.PASSED_ON: _("You asked, we passed it on: %(words)s"),
    }[Kept(promise.state)]
    return _item(title, of_promise(promise))


def _item(title: str, line: PublicPromise) -> Item:
    more = (line.outcome.shown.with_mark if line.outcome else "", line.evidence, line.owner)
    said = {"state": line.says_whole, "words": line.summary.shown.with_mark}
    return Item(title=title % said, lines=tuple(each for each in more if each), url=absolute(line.url))


def _of(rows: QuerySet[Any], happenings: Iterable[Happening]) -> list[Any]:
    return list(rows.filter(public_id__in=[Origin.of(each.about).public_id for each in happenings]))


def holders(agency: Agency, happenings: Sequence[Happening]) -> dict[int, set[str]]:
    """Who left an address with the code of one: they hear by a mail of their own."""
    kept = {f"concern:{Origin.of(each.about).public_id}": each.pk for each in happenings}
    rows = Subscription.objects.of(agency).filter(topic__in=kept, channel=Channel.EMAIL)
    told: dict[int, set[str]] = {}
    for topic, address in rows.values_list("topic", "address"):
        told.setdefault(kept[topic], set()).add(address)
    return told
