"""What waits for a person in this room: weather that stands against a gathering, and nobody has decided."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core.needs import Need
from alongside.gatherings.models import Gathering
from alongside.gatherings.needs import about
from alongside.weather.queries import against


def warned(agency: Agency) -> Iterator[Need]:
    """Gatherings that the forecast stands against: they move, are called off, or somebody says that they go ahead."""
    page = reverse("weather:alerts", args=[agency.slug])
    for gathering, alerts in against(Gathering.objects.of(agency)):
        if any(alert.settled_at is None for alert in alerts):
            there = f"{page}#{gathering.public_id}"
            yield about(gathering, there, by=gathering.starts, says=alerts[0].said)
