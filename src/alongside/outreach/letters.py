"""The install's own letters: their words were made before, by others."""

from __future__ import annotations

from alongside.outreach.models import Letter, Mail


def own(mail: Mail) -> Letter:
    """A new password, a changed address; and what an earlier version had written out."""
    return Letter(**mail.known)
