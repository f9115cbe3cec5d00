"""What rows of this room insist on, for tests that ask every page of the wall. Drafts, where there are drafts."""

from __future__ import annotations

from typing import Any

INSISTS: dict[str, dict[str, Any]] = {
    "agencies.Member": {"user": None},
    "agencies.Bearer": {"purpose": "invitation", "who": "", "typed": "", "opens": "member:2222222222"},
}
