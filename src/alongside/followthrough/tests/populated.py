"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from typing import Any

from model_bakery import baker

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
    "followthrough.Promise": {
        "state": "open",
        "outcome": "",
        "closed_on": None,
        "ended_with": None,
        "origin": "",
        "item": "",
        "published_at": None,
        "told_at": None,
    },
    "followthrough.Word": {"promise": None},
    "followthrough.Alike": {"other": lambda made: _another(made["followthrough.Concern"])},
}

# Where else to turn: the public reads it as soon as it is saved.
PUBLIC_AT_ONCE = {"followthrough.Rules"}


def _another(concern: Any) -> Any:
    """A second one, with which the first is alike."""
    silent = {**INSISTS["followthrough.Concern"], "words": "", "place": ""}
    return baker.make("followthrough.Concern", **silent, agency=concern.agency)
