"""What pages, downloads and commands ask of a ledger."""

from __future__ import annotations

from collections.abc import Iterator

from alongside.agencies.models import Agency
from alongside.ledger.chain import BEGUN, CHANGED, CONFIRMED, LOST
from alongside.ledger.models import Entry

AT_ONCE = 2000  # lines held at one time


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


def last_head(agency: Agency) -> Entry | None:
    return Entry.objects.of(agency).heads().first()


def lost_key(agency: Agency) -> Entry | None:
    """What says that a key was lost, until a person of the agency has stood by the new one."""
    said = Entry.objects.of(agency).filter(kind__in=[BEGUN, CHANGED, LOST, CONFIRMED]).order_by("-n").first()
    return said if said and said.kind == LOST else None
