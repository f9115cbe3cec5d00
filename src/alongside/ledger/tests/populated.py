"""What rows of this room insist on, for tests that ask every page of the wall: an entry that no head covers yet."""

from __future__ import annotations

from typing import Any

from tests.doors.samples import SECRET

from alongside.ledger import chain

SAID = {
    "about": "",
    "at": "2026-01-02T18:00:00Z",
    "body": {"agency": "riverbend", "format": chain.FORMAT, "key": "ab" * 32, "name": SECRET},
    "kind": chain.BEGUN,
    "n": 1,
    "previous": chain.NOTHING,
}
WHOLE = chain.with_hash(SAID)
INSISTS: dict[str, dict[str, Any]] = {
    "ledger.Entry": {
        "n": 1,
        "kind": chain.BEGUN,
        "about": "",
        "hash": WHOLE["hash"],
        "line": chain.canonical(WHOLE).decode(),
    },
}
