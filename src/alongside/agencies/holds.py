"""Legal holds: what may not be disposed of, by a clock or by anybody, until a hold is lifted.

Every clock asks (`not_held`, in `out_of_time`); every verb that erases at somebody's wish asks `held` first.
"""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from alongside.agencies import audit
from alongside.agencies.actions import on_lift
from alongside.agencies.models import EVERYTHING, Agency, Erasure, Hold, User, not_held
from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.core.manifest import record_kinds
from alongside.core.origins import Origin
from alongside.core.text import line

__all__ = ["EVERYTHING", "OnHold", "held", "lift", "not_held", "note_wish", "place", "refuse_if_held"]

SHORTEST = 3

# What can be held: a kind of record, or one thing by its key.
KINDS: dict[str, str | Promise] = {
    EVERYTHING: pgettext_lazy("held", "everything"),
    **{kind.name: kind.label for kind in record_kinds().values()},
}
THINGS: dict[str, str | Promise] = {
    "gathering": pgettext_lazy("held", "walk or meeting"),
    "concern": pgettext_lazy("held", "concern"),
    "area": pgettext_lazy("held", "area"),
    "rsvp": pgettext_lazy("held", "answer"),
    "petition": pgettext_lazy("held", "request or objection"),
    "partner": pgettext_lazy("held", "partner"),
    "member": pgettext_lazy("held", "member of staff"),
    "picture": pgettext_lazy("held", "photo"),
    "note": pgettext_lazy("held", "note"),
    "subscription": pgettext_lazy("held", "address for news"),
    "reader": pgettext_lazy("held", "reader of news"),
}


class OnHold(Refusal):
    """It may not be erased yet: a law or a court wants it kept."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The law makes us keep this for now, so we cannot erase it today. Your wish is written down: it goes "
                "as soon as the law lets it go."
            )
        )


class HoldRefused(Refusal):
    """It covers nothing that we know, or nobody said why."""


def held(thing: models.Model) -> bool:
    """Whether a hold keeps this row."""
    rows: models.QuerySet[Any] = type(thing)._base_manager.filter(pk=thing.pk)
    return rows.exists() and not not_held(rows).exists()


def refuse_if_held(thing: models.Model) -> None:
    """Raises OnHold. For whoever erases for others; a wish of somebody's own is noted besides (`note_wish`)."""
    if held(thing):
        raise OnHold


def note_wish(agency: Agency, key: Origin) -> None:
    """Somebody wants it erased, and may not have it yet: kept until the hold ends. Asked twice is asked once.

    Outside the transaction that is refused, or it would be forgotten with it.
    """
    try:
        with transaction.atomic():
            Erasure.objects.create(agency=agency, key=str(key))
    except IntegrityError:
        return  # it waits already


@transaction.atomic
def place(
    agency: Agency,
    *,
    kind: str = "",
    key: Origin | None = None,
    reason: str,
    matter: str = "",
    by: User | None,
) -> Hold:
    """Keep everything, a kind of record, or one thing by its key, whatever a clock says. Raises HoldRefused."""
    if bool(kind) == bool(key) or (kind and kind not in KINDS) or (key and key.kind not in THINGS):
        raise HoldRefused(_("Say what to hold: a kind of record, or one thing by its key."))
    reason = line(reason, 400)
    if len(reason) < SHORTEST:
        raise HoldRefused(_("Say why it is held: whoever looks later must know."))
    hold = Hold.objects.create(
        agency=agency,
        kind=kind,
        key=str(key or ""),
        reason=reason,
        matter=line(matter, 80),
        placed_by=audit.name_of(by, agency),
    )
    audit.record(agency=agency, by=by, verb="placed", thing=hold, detail=_covers(hold))
    return hold


@transaction.atomic
def lift(hold: Hold, *, because: str, by: User | None) -> Hold:
    """It is over: the clocks go on, and what people asked to be erased may go. Lifted twice is lifted once."""
    hold = Hold.objects.select_for_update(of=("self",)).select_related("agency").get(pk=hold.pk)
    if hold.lifted_at is not None:
        return hold
    because = line(because, 400)
    if len(because) < SHORTEST:
        raise HoldRefused(_("Say why it is lifted: whoever looks later must know."))
    hold.lifted_at, hold.lifted_because = clock.now(), because
    hold.lifted_by = audit.name_of(by, hold.agency)
    hold.save(update_fields=["lifted_at", "lifted_because", "lifted_by"])
    audit.record(agency=hold.agency, by=by, verb="lifted", thing=hold, detail=_covers(hold))
    on_lift.tell(hold)
    return hold


def _covers(hold: Hold) -> dict[str, Any]:
    return {"held kind": hold.kind} if hold.kind else {"held": hold.key}
