"""What this room shows on pages composed of every room."""

from __future__ import annotations

from alongside.agencies.models import Agency
from alongside.gatherings.models import Gathering


def has_begun(agency: Agency) -> bool:
    """Whether anything was ever planned."""
    return Gathering.objects.of(agency).exists()
