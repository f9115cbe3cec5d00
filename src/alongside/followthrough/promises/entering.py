"""Every change of a promise goes into the ledger, in the transaction that makes it."""

from __future__ import annotations

from alongside.agencies.models import User
from alongside.core.authored import Words
from alongside.followthrough.promises.models import Kept, Promise

ENDED = {Kept.KEPT: "promise.kept", Kept.NOT_KEPT: "promise.not-kept"}


def enter(promise: Promise, kind: str, *, by: User | None, why: Words | str = "") -> None:
    """Which promise, for which day, how it stands: facts that are public, and never a word that is not."""
