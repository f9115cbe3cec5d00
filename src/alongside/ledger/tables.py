"""The signed heads as a public table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from alongside.core.publicdata import Column, Dataset
from alongside.ledger.chain import SEALED
from alongside.ledger.models import EntryQuerySet

HEADS = Dataset(
    name="ledger-heads",
    title=gettext_lazy("Signed heads of the public ledger"),
    about=gettext_lazy(
        "The last hash of each day, signed: kept elsewhere, it shows whether anything was changed since."
    ),
    columns=(
        Column("day", "date", gettext_lazy("The day that was over.")),
        Column("entry", "integer", gettext_lazy("The number of the entry that signs it.")),
        Column("head", "string", gettext_lazy("The hash of that entry: all before hangs on it.")),
        Column("key", "string", gettext_lazy("The public key that signed, Ed25519.")),
        Column("signature", "string", gettext_lazy("The signature, as the reference says it is made.")),
    ),
)


def heads(told: EntryQuerySet) -> Iterator[dict[str, Any]]:
    """One a signed day, with the key that was in force."""
    key = ""
    for entry in told.signed_or_turned().order_by("n").iterator():
        if entry.kind != SEALED:
            key = entry.body["key"]
            continue
        yield {
            "day": entry.body["day"],
            "entry": entry.n,
            "head": entry.hash,
            "key": key,
            "signature": entry.body["signature"],
        }
