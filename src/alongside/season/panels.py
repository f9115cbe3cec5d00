"""What this room shows on pages composed of every room."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from alongside.agencies.models import Agency, User
from alongside.cadence.account import kept_in_words
from alongside.cadence.periods import cadence
from alongside.season import needs
from alongside.season.pledge import WALKS, has_begun

QUARTER = 13  # weeks


def weeks_kept(user: User | AnonymousUser, agency: Agency) -> dict[str, Any] | None:
    """Whether we walked every week of the last three months, as everybody sees it; nothing before the first walk."""
    if not has_begun(agency):
        return None
    told = cadence(user, agency, WALKS, back=QUARTER)
    return {"cadence": told, "kept": kept_in_words(told)}


def weeks_for_the_chief(_user: User | AnonymousUser, agency: Agency) -> dict[str, Any]:
    """The same of half a year, with the weeks for which nobody has said why."""
    told = cadence(None, agency, WALKS)
    past = told.past
    return {
        "cadence": told,
        "kept": kept_in_words(told),
        "held": told.kept,
        "of": len(past),
        "owing": len(told.without_reason),
    }


def to_sign(_user: User | AnonymousUser, agency: Agency) -> dict[str, Any] | None:
    """A season that waits for the signature of whoever commands."""
    waiting = list(needs.for_the_commander(agency))
    return {"need": waiting[0], "count": len(waiting)} if waiting else None


def to_say_why(_user: User | AnonymousUser, agency: Agency) -> dict[str, Any] | None:
    """Weeks in which nobody walked, and nobody said why."""
    owing = cadence(None, agency, WALKS).without_reason
    if not owing:
        return None
    return {"count": len(owing), "url": reverse("season:pauses", args=[agency.slug]) + "#owing"}
