"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from typing import Any

from tests.doors.samples import SECRET

INSISTS: dict[str, dict[str, Any]] = {
    "outreach.Mail": {
        "state": "waiting",
        "sent_at": None,
        "to": "ben@riverbend.example",
        "kind": "outreach.own",
        "facts": {"subject": "See you", "text": "At six."},
    },
    "outreach.Subscription": {"topic": "program:walk", "address": f"ben@{SECRET.lower()}.example"},
    "outreach.Happening": {"about": "gathering:7fq2mz9k4b", "number": None, "done_at": None},
}
