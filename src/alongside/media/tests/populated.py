"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from typing import Any

INSISTS: dict[str, dict[str, Any]] = {
    "media.Picture": {"state": "waiting", "width": 40, "height": 30, "origin": "gathering:2222222222"},
}
