"""What we keep of one person, whichever room keeps it: found, given to them, erased by the room's own verb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit, holds
from alongside.agencies.models import Agency, Erasure, Hold, User
from alongside.core import clock, typed
from alongside.core.errors import Refusal
from alongside.core.manifest import Personal, follow, personal_kinds
from alongside.core.origins import Origin

FORMAT = "alongside-personal-data-1"


class NotFound(Refusal):
    """A sort of thing that no room keeps, or a key that opens nothing."""


@dataclass(frozen=True)
class Found:
    """One thing under which something of a person is kept, and all of that in words."""

    key: Origin
    label: str
    told: dict[str, str]


# -- by a link or a code ----------------------------------------------------------------------------
def behind(agency: Agency, kind: str, code: str) -> Origin:
    """What a link or a code opens. Raises a Refusal."""
    return Origin(kind, follow(_known(kind).behind)(agency, code))


def _known(kind: str) -> Personal:
    known = personal_kinds().get(kind)
    if known is None or not known.behind:
        raise NotFound(_("We keep nothing of that sort."))
    return known


def found(agency: Agency, key: Origin) -> Found:
    """All that is kept under a key; nothing in it where it was erased."""
    known = personal_kinds()[key.kind]
    return Found(key, str(known.label), follow(known.told)(agency, key.public_id))


# -- by an address ----------------------------------------------------------------------------------
def of_address(agency: Agency, address: str) -> list[Found]:
    """All that this exact address was left with, of every room."""
    address = address.strip()
    if not typed.is_address(address):
        raise NotFound(_("This is no e-mail address. Please check it."))
    every = (found(agency, key) for key in _keys(agency, address))
    return [each for each in every if each.told]


def looked_up(agency: Agency, address: str, *, by: User) -> list[Found]:
    """The same for somebody of ours, who is written down with how many things there were; the address is not."""
    things = of_address(agency, address)
    audit.record(
        agency=agency,
        by=by,
        verb="looked up somebody’s data at",
        thing=agency,
        detail={"records": len(things)},
    )
    return things


def _keys(agency: Agency, address: str) -> Iterator[Origin]:
    for kind, known in personal_kinds().items():
        if known.with_address:
            for public_id in follow(known.with_address)(agency, address):
                yield Origin(kind, public_id)


def as_json(agency: Agency, things: list[Found]) -> dict[str, Any]:
    """For a program: what is kept, under which sort of thing."""
    return {
        "format": FORMAT,
        "agency": agency.name,
        "as_of": clock.now().isoformat(timespec="seconds"),
        "kept": [{"what": each.label, "kind": each.key.kind, "said": each.told} for each in things],
    }


# -- erasing ----------------------------------------------------------------------------------------
def erase(agency: Agency, key: Origin, *, by: User | None) -> None:
    """By the room's own verb. Where a hold forbids it, the wish is kept until that ends. Raises OnHold."""
    try:
        with transaction.atomic():
            follow(personal_kinds()[key.kind].erase)(agency, key.public_id, by)
    except holds.OnHold:
        holds.note_wish(agency, key)
        raise


def erase_all(agency: Agency, address: str, *, proof: str, by: User) -> tuple[int, int]:
    """All that an address was left with, for whoever proved that it is theirs: how many went, and how many wait.

    How they proved it is not kept: that they did, and how many things it was, is.
    """
    things, waiting = of_address(agency, address), 0
    if len(proof.strip()) < 3:
        raise NotFound(_("Say how they showed that this address is theirs."))
    for each in things:
        try:
            erase(agency, each.key, by=by)
        except holds.OnHold:
            waiting += 1
    count = {"records": len(things) - waiting, "waiting": waiting}
    audit.record(agency=agency, by=by, verb="erased somebody’s data at", thing=agency, detail=count)
    return len(things) - waiting, waiting


def hold_was_lifted(_hold: Hold) -> None:
    """What people asked to be erased meanwhile goes at once, if no other hold keeps it.

    Once the lifting stands, each wish by itself: many in one transaction would wait for whoever writes to one of them,
    and be waited for. What goes wrong is done by the nightly sweep.
    """
    transaction.on_commit(erase_what_waited, robust=True)


def erase_what_waited() -> int:
    """Erase what people asked for while a hold forbade it. Returns how many wishes were fulfilled."""
    done = 0
    for wish in list(Erasure.objects.everywhere().waiting().select_related("agency")):
        key = Origin.of(wish.key)
        try:
            with transaction.atomic():
                if key.kind in personal_kinds():
                    follow(personal_kinds()[key.kind].erase)(wish.agency, key.public_id, None)
                wish.done_at = clock.now()
                wish.save(update_fields=["done_at"])
        except holds.OnHold:
            continue
        done += 1
    return done
