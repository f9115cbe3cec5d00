"""What the first pages show, composed of every room."""

from typing import Any

from django.contrib.auth.models import AnonymousUser

from alongside.agencies.models import Agency, User


def home(user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """The next walk, where we walked, and what else is coming."""
    return {}


def this_week(user: User, agency: Agency) -> dict[str, Any]:
    """What waits for this member, the nearest date first."""
    return {}
