"""What this room's tests begin with: Ben's street light, and the divisions of a small town."""

from __future__ import annotations

from datetime import date
from typing import Any

import shapely

from alongside.agencies.models import Agency, Member, User
from alongside.core.origins import Origin
from alongside.followthrough import actions
from alongside.followthrough.actions import Received
from alongside.followthrough.models import Concern
from alongside.places.models import Area, AreaKind

PEACE_WALK = Origin("gathering", "7fq2mz9k4b")
WORDS = "The light at the bus stop has been out since March."


def ben_says(agency: Agency, key: str = "note:1", **said: Any) -> Received:
    """Ben says something on a walk, and a scribe writes it down."""
    usual = {
        "kind": "concern",
        "category": "lighting",
        "words": WORDS,
        "place": "400 block of Oak Street",
        "heard_on": date(2026, 6, 4),
        "origin": PEACE_WALK,
        "origin_label": "Peace Walk in Eastbank",
        "origin_link": f"/{agency.slug}/walks/abc/",
    }
    handled = {name: said.pop(name) for name in ("code", "owner", "due", "withheld", "by") if name in said}
    return actions.receive(agency, actions.Intake(**{**usual, **said}), key=key, **handled)


def member(user: User, agency: Agency) -> Member:
    membership = user.membership_at(agency)
    assert membership is not None
    return membership


def area(agency: Agency, kind: AreaKind, name: str, west: float, east: float) -> Area:
    shape = shapely.box(west, 38.20, east, 38.21)
    return Area.objects.create(agency=agency, kind=kind, name=name, **Area.columns_of(shape))


def town(agency: Agency) -> dict[str, Area]:
    """Two divisions side by side, a neighborhood in each."""
    return {
        "First": area(agency, AreaKind.DIVISION, "First", -85.72, -85.70),
        "Second": area(agency, AreaKind.DIVISION, "Second", -85.70, -85.68),
        "Eastbank": area(agency, AreaKind.NEIGHBORHOOD, "Eastbank", -85.715, -85.705),
        "Mill Row": area(agency, AreaKind.NEIGHBORHOOD, "Mill Row", -85.695, -85.685),
    }


def it_is_so(concern: Concern) -> Concern:
    """Whoever asked has read the answer as it stands, and says so."""
    concern.refresh_from_db()
    return actions.confirm(concern, read=concern.answer_mark)
