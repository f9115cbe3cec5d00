"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from typing import Any

from alongside.core import clock

INSISTS: dict[str, dict[str, Any]] = {
    "followthrough.Concern": {
        "state": "received",
        "origin": "",
        "outcome": "",
        "closed_at": None,
        "withheld": "",
        "summary": "",
        "cleared_at": None,
        "redacted_at": None,
        "redacted_because": "",
    },
    "followthrough.Card": {"used_at": clock.now(), "expires_on": None, "origin": ""},
    "followthrough.Rules": {"days": 14},
    "followthrough.Body": {"speaks": "hand", "secret": "", "services": [], "trouble": {}},
    "followthrough.Passing": {"state": "waiting", "sent_at": None, "sent": {}, "trouble": {}},
    "followthrough.DueRule": {"days": 14},
    "followthrough.Word": {"promise": None},
}
