"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from typing import Any

from tests.doors.samples import TOMORROW

from alongside.core import clock

INSISTS: dict[str, dict[str, Any]] = {
    "field.Note": {"held_words": "", "heard_at": clock.now()},
    "field.HeadCount": {"residents": 12, "officers": 3, "partners": 1, "at": clock.now()},
    "field.EnforcementException": {"kind": "stop", "count": 1},
    "field.Recap": {"approved_by": "", "approved_at": None, "published_at": None, "publish_by": TOMORROW},
    "field.QuarterThemes": {"first_day": TOMORROW},
}
