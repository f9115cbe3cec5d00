"""What this room shows on pages composed of every room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q

from alongside.agencies.models import Agency, User
from alongside.hotspots.models import WAITS, Petition, PetitionKind
from alongside.hotspots.queries import latest_public, neighborhoods_by_band
from alongside.methods.disclosure import Rule
from alongside.places.models import Area

YEAR = timedelta(days=365)
# Whoever sees somebody write today does not read of it tomorrow; and few are not counted.
ASKED = Rule(floor=5, step=5, delay=timedelta(days=14))


def asking(_user: User | AnonymousUser, agency: Agency, area: Area) -> dict[str, Any]:
    """How to ask for a walk in a neighborhood, and what became of it when others did; or objected to our words."""
    until = agency.today() - ASKED.delay
    here = Petition.objects.of(agency).filter(
        neighborhood=area, received_at__date__gte=until - YEAR, received_at__date__lte=until
    )
    walk, label = Q(kind=PetitionKind.WALK), Q(kind=PetitionKind.LABEL)
    found = here.aggregate(
        asked=Count("pk", filter=walk & Q(counts=True)),
        asked_waiting=Count("pk", filter=walk & WAITS),
        objected=Count("pk", filter=label & Q(counts=True)),
        objected_waiting=Count("pk", filter=label & WAITS),
    )
    asked = found["asked"]
    return {
        "asked": bool(asked),
        "at_least": asked // ASKED.step * ASKED.step if ASKED.enough(asked) else None,
        "asked_waiting": bool(found["asked_waiting"]),
        "objected": bool(found["objected"]),
        "objected_waiting": bool(found["objected_waiting"]),
        "area": area,
    }


def band(user: User | AnonymousUser, agency: Agency, area: Area) -> dict[str, Any] | None:
    """What the latest published run says of a neighborhood, in one line; nothing before there is one."""
    run = latest_public(agency)
    if run is None:
        return None
    said = {
        name: (each.band, sentence)
        for each in neighborhoods_by_band(user, agency)
        for name, sentence, _page in each.named
    }
    level, sentence = said.get(area.name, (None, ""))
    return {"band": level, "sentence": sentence, "run": run, "area": area}
