"""What pages, downloads and commands ask of a ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Q

from alongside.agencies.models import Agency
from alongside.ledger.chain import BEGUN, CHANGED, CONFIRMED, LOST, SEALED
from alongside.ledger.models import Entry

AT_ONCE = 2000  # lines held at one time
SIGNED_WITHIN = timedelta(days=2)  # a day is signed in the hour after it is over


def lines(agency: Agency, *, up_to: int | None = None) -> Iterator[bytes]:
    """Every line in its order, byte for byte as it was written; however many there are, memory holds a few."""
    asked = Entry.objects.of(agency).order_by("n")
    if up_to is not None:
        asked = asked.filter(n__lte=up_to)
    for line in asked.values_list("line", flat=True).iterator(chunk_size=AT_ONCE):
        yield line.encode() + b"\n"


def key_of(agency: Agency) -> str:
    """The public key by which the next day is signed; nothing where the ledger was not begun."""
    last = Entry.objects.of(agency).keys().first()
    return str(last.body["key"]) if last else ""


def with_a_ledger() -> list[Agency]:
    """Those whose ledger began, in the order in which whoever writes in several waits for them."""
    begun = Entry.objects.everywhere().filter(n=1).values("agency")
    return list(Agency.objects.filter(pk__in=begun).order_by("pk"))


def last_head(agency: Agency) -> Entry | None:
    return Entry.objects.of(agency).heads().first()


def lost_key(agency: Agency) -> Entry | None:
    """What says that a key was lost, until a person of the agency has stood by the new one."""
    said = Entry.objects.of(agency).filter(kind__in=[BEGUN, CHANGED, LOST, CONFIRMED]).order_by("-n").first()
    return said if said and said.kind == LOST else None


def signed_up_to(agency: Agency) -> date | None:
    """The last day that is signed, or the one before the ledger began; None where it did not begin. One question."""
    last = Entry.objects.of(agency).filter(Q(kind=SEALED) | Q(n=1)).order_by("-n").first()
    if last is None:
        return None
    return last.day if last.kind == SEALED else agency.local(last.moment).date() - timedelta(days=1)


def wrongly_signed(agency: Agency) -> date | None:
    """The last signed day, where it should be another: one that is still to come, or is more than two days past.

    A machine whose clock was wrong once has signed a day in the years to come, and none is signed until then.
    """
    day, today = signed_up_to(agency), agency.today()
    return day if day and not today - SIGNED_WITHIN <= day < today else None
