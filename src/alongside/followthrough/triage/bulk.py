"""One deed done to many concerns at once, and undone within a day: what stood before stands again.

Undoing deletes nothing. It restores each concern that nobody has touched since, and says which were touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from alongside.agencies import audit
from alongside.agencies.models import Agency, Member, Role, User
from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.followthrough import actions, letters
from alongside.followthrough.models import Bulk, Concern, Deed, Promise, days_to_answer, rules_of
from alongside.followthrough.promises import entering
from alongside.followthrough.promises.models import Turn
from alongside.followthrough.triage import sorting
from alongside.followthrough.writing import NotNow, lock_all, locked, tell, write
from alongside.outreach import actions as outreach
from alongside.outreach.models import Mail
from alongside.places.models import Area

MOST, UNDONE_WITHIN = 200, timedelta(days=1)
# What a deed of these may change; and of it, what is a moment or a day.
FIELDS = (
    "owner_id",
    "due",
    "first_due",
    "state",
    "acknowledged_at",
    "category",
    "neighborhood_id",
    "division_id",
    "in_front_since",
)
MOMENTS, DAYS = ("acknowledged_at", "in_front_since"), ("due", "first_due")


@dataclass(frozen=True)
class Asked:
    """What is done to each: `owner` for `assign`, `category` and `neighborhood` for `sort`."""

    deed: str
    owner: Member | None = None
    category: str = ""
    neighborhood: Area | None = None


@dataclass
class Done:
    """What became of it: the row by which it is undone (None: nothing was), and why some stayed as they were."""

    bulk: Bulk | None = None
    done: list[Concern] = field(default_factory=list)
    refused: list[tuple[Concern, str]] = field(default_factory=list)


@dataclass
class Restored:
    """Which are as they were, and which somebody has touched since."""

    restored: list[Concern] = field(default_factory=list)
    touched: list[Concern] = field(default_factory=list)


@transaction.atomic
def do(agency: Agency, concerns: Iterable[Concern], asked: Asked, *, member: Member, by: User) -> Done:
    """Do it to each that takes it and that the member may do it to. The others stay as they are, and why is said."""
    rows = sorted(concerns, key=lambda each: each.pk)
    _must_be_right(rows, asked)
    lock_all(row.pk for row in rows)
    bulk = Bulk(agency=agency, deed=asked.deed, by=by)
    told = Done()
    for row in rows:
        concern = locked(row)
        if not concern.allows(member, asked.deed) or not concern.takes(asked.deed):
            told.refused.append((concern, _("It is closed, read already, or not yours to work on.")))
            continue
        stood, steps = _as_it_stands(concern), _last_step(concern)
        try:
            with transaction.atomic():
                concern = VERBS[asked.deed](concern, asked, by)
        except Refusal as refusal:
            told.refused.append((concern, str(refusal)))
            continue
        made = list(concern.steps.filter(pk__gt=steps).order_by("pk").values_list("pk", flat=True))
        if made:
            bulk.before[str(concern.pk)] = stood
            bulk.after[str(concern.pk)] = {**_as_it_stands(concern), "steps": made}
            told.done.append(concern)
    if told.done:
        bulk.save()
        told.bulk = bulk
        audit.record(
            agency=agency,
            by=by,
            verb="did to many",
            thing=bulk,
            detail={"deed": asked.deed, "count": len(told.done)},
        )
    return told


def _must_be_right(rows: list[Concern], asked: Asked) -> None:
    if asked.deed not in VERBS:
        raise NotNow(_("This page does not know that button. Please load it again."))
    if not rows:
        raise NotNow(_("Choose some concerns first."))
    if len(rows) > MOST:
        raise NotNow(_("Choose up to %(n)d at once.") % {"n": MOST})
    if asked.deed == "assign" and asked.owner is None:
        raise NotNow(_("Choose who answers."))
    if asked.deed == "sort" and not asked.category and asked.neighborhood is None:
        raise NotNow(_("Choose a topic or a neighborhood."))


def _assign(concern: Concern, asked: Asked, by: User) -> Concern:
    """Each keeps its day; one without a day is answered in as many days as the rules say."""
    assert asked.owner is not None
    usual = concern.agency.today() + days_to_answer(concern, rules_of(concern.agency))
    return actions.assign(concern, owner=asked.owner, due=concern.due or usual, by=by)


def _acknowledge(concern: Concern, asked: Asked, by: User) -> Concern:
    return actions.acknowledge(concern, by=by)


def _sort(concern: Concern, asked: Asked, by: User) -> Concern:
    return sorting.sort(concern, by=by, category=asked.category, neighborhood=asked.neighborhood)


CALLED = {
    "acknowledge": pgettext_lazy("deed", "Read"),
    "assign": pgettext_lazy("deed", "Say who answers"),
    "sort": pgettext_lazy("deed", "Sort anew"),
}
VERBS: dict[str, Callable[[Concern, Asked, User], Concern]] = {
    "acknowledge": _acknowledge,
    "assign": _assign,
    "sort": _sort,
}


# -- undoing ----------------------------------------------------------------------------------------
def may_be_undone(bulk: Bulk, *, member: Member) -> bool:
    """By whoever did it, or a coordinator; until a day has passed; once."""
    if bulk.undone_at is not None or clock.now() - bulk.at > UNDONE_WITHIN:
        return False
    return member.holds([Role.COORDINATOR]) or (bulk.by_id is not None and bulk.by_id == member.user_id)


@transaction.atomic
def undo(bulk: Bulk, *, member: Member, by: User) -> Restored:
    """What stood before stands again, but for those that somebody has touched since. Raises NotNow.

    A mail that has not left is withdrawn; whoever has read one already is told once more.
    """
    bulk = Bulk.objects.select_for_update().get(pk=bulk.pk)
    if not may_be_undone(bulk, member=member):
        raise NotNow(_("This cannot be undone any more: it was undone, or a day has passed."))
    told = Restored()
    lock_all(int(each) for each in bulk.before)
    for concern in Concern.objects.of(bulk.agency_id).filter(pk__in=list(bulk.before)).order_by("pk"):
        _give_back(locked(concern), bulk, by, told)
    bulk.undone_at = clock.now()
    bulk.save(update_fields=["undone_at"])
    audit.record(agency=bulk.agency, by=by, verb="undid", thing=bulk, detail={"count": len(told.restored)})
    return told


def _give_back(concern: Concern, bulk: Bulk, by: User, told: Restored) -> None:
    before, after = bulk.before[str(concern.pk)], bulk.after[str(concern.pk)]
    if _was_touched(concern, before, after):
        told.touched.append(concern)
        return
    for name in FIELDS:
        setattr(concern, name, _read(name, before[name]))
    concern.save(update_fields=[name.removesuffix("_id") for name in FIELDS])
    for promise in Promise.objects.select_for_update().filter(
        concern=concern, pk__in=list(before["promises"])
    ):
        owner, due = before["promises"][str(promise.pk)]
        promise.owner_id, promise.due = owner, date.fromisoformat(due)
        promise.save(update_fields=["owner", "due"])
        entering.enter(
            promise, Turn.MOVED, was_due=date.fromisoformat(after["promises"][str(promise.pk)][1]), by=by
        )
    left = _has_left(concern, after["steps"])
    public = concern.steps.filter(pk__in=after["steps"], public=True).exists()
    step = write(concern, Deed.UNDONE, by=by, facts={"undoes": after["steps"]}, public=public)
    if left:
        tell(concern, step)
    elif concern.contact is not None:
        outreach.look_again(concern.agency, concern.topic)
    told.restored.append(concern)


def _was_touched(concern: Concern, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Something happened to it since; or whoever answered for it before has left, and nobody who left is chosen."""
    if _last_step(concern) != after["steps"][-1]:
        return True
    now = _as_it_stands(concern)
    if any(now[name] != after[name] for name in (*FIELDS, "promises")):
        return True
    owner = before["owner_id"]
    return owner is not None and not Member.objects.of(concern.agency_id).active().filter(pk=owner).exists()


def _has_left(concern: Concern, steps: list[int]) -> bool:
    """Whether a mail about one of these has left, or may have."""
    told = Mail.objects.of(concern.agency_id).filter(
        key__in=[letters.once(concern.pk, step) for step in steps]
    )
    return any(mail.sent_at is not None or mail.perhaps_taken for mail in told)


def _as_it_stands(concern: Concern) -> dict[str, Any]:
    stands: dict[str, Any] = {name: _kept(getattr(concern, name)) for name in FIELDS}
    stands["promises"] = {
        str(pk): [owner, due.isoformat()]
        for pk, owner, due in Promise.objects.belonging_to(concern=concern)
        .open()
        .values_list("pk", "owner", "due")
    }
    return stands


def _kept(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in MOMENTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name in DAYS else value


def _last_step(concern: Concern) -> int:
    last: int | None = concern.steps.order_by("-pk").values_list("pk", flat=True).first()
    return last or 0
