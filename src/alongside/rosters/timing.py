"""When a gathering may be answered: before it is over or cancelled. And who writes at a time, in which order."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TypeVar

from django.utils.translation import gettext as _

from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.gatherings.models import Gathering, Status
from alongside.rosters.models import Invitee, InviteeQuerySet

LINK_OUTLIVES = timedelta(days=14)
"""A link still shows what became of the gathering for so long; it answers only until the end."""
Somebody = TypeVar("Somebody", bound=Invitee)
REMIND_BEFORE = timedelta(days=2)
ASKED_JUST_NOW = timedelta(hours=24)


class NotNow(Refusal):
    """The gathering is cancelled or over: nobody is asked, and nobody answers any more."""


def locked(gathering: Gathering) -> Gathering:
    """The gathering, one writer at a time: two coordinators who ask at once ask once."""
    return (
        Gathering.objects.select_for_update(of=("self",))
        .select_related("agency", "venue")
        .get(pk=gathering.pk)
    )


def locked_with_its_day(gathering: Gathering) -> Gathering:
    """The gathering, with all that may happen at the same hour: nobody is put in two places at once."""
    lock_days(gathering.agency_id, gathering.on, gathering.on)
    return locked(gathering)


def lock_days(agency_id: int, first: date, last: date) -> None:
    """Every roster of these days and of the nights around them, in one order, so that no two wait for each other.

    SQLite needs no more than the transaction itself.
    """
    night = timedelta(days=1)
    rows = Gathering.objects.select_for_update().filter(agency=agency_id)
    list(rows.on_days(first - night, last + night).order_by("pk").values_list("pk", flat=True))


def opened(gathering: Gathering) -> Gathering:
    """The gathering, locked, while one may still be asked to it."""
    gathering = locked_with_its_day(gathering)
    must_be_open(gathering)
    return gathering


def both_locked(invitee: Somebody) -> Somebody:
    """Somebody as they stand now, with their gathering locked first: everybody locks in this order."""
    return of_kind(type(invitee), locked_with_its_day(invitee.gathering)).get(pk=invitee.pk)


def of_kind(kind: type[Somebody], gathering: Gathering) -> InviteeQuerySet[Somebody]:
    """Everybody of a kind who was ever on the list of a gathering; each knows it, and nobody asks again."""
    rows: InviteeQuerySet[Somebody] = getattr(gathering, f"{kind._meta.model_name}s")
    return rows.with_people().order_by("pk")


def is_ahead(gathering: Gathering) -> bool:
    return gathering.status in {Status.DRAFT, Status.PUBLISHED} and not gathering.is_over


def must_be_open(gathering: Gathering) -> None:
    if gathering.is_cancelled:
        raise NotNow(_("This gathering was cancelled."))
    if not is_ahead(gathering):
        raise NotNow(_("This gathering is over."))


def link_ends(gathering: Gathering) -> datetime:
    """The last day of a link, which moves with the gathering."""
    return gathering.ends + LINK_OUTLIVES


def is_of_use(gathering: Gathering) -> bool:
    """Whether news of it still helps: nobody needs to hear on Monday that Saturday was called off."""
    return not gathering.is_over


def what_is_true(gathering: Gathering) -> str:
    """What somebody must know to stand at the right place: when and where, or that it is off.

    To compare: the place in each of its languages, whoever asks and whoever reads.
    """
    if gathering.is_cancelled:
        return "cancelled"
    texts = gathering.place.texts
    place = " / ".join(dict.fromkeys(texts[language].text for language in sorted(texts)))
    return f"{gathering.on:%Y-%m-%d} {gathering.at:%H:%M} {place}"[:500]


def is_of_that_day(told: str, gathering: Gathering) -> bool:
    """Whether what somebody was told is about the day on which it begins now."""
    return told.startswith(f"{gathering.on:%Y-%m-%d}")


def is_near(gathering: Gathering) -> bool:
    """Whether it is time to remind people."""
    return is_ahead(gathering) and clock.now() >= gathering.starts - REMIND_BEFORE and not gathering.has_begun


def asked_just_now(invitee: Invitee) -> bool:
    return invitee.asked_at is not None and clock.now() - invitee.asked_at < ASKED_JUST_NOW
