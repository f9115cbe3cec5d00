"""What waits for a person in this room: weather that stands against a gathering, and nobody has decided."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core.needs import Need
from alongside.gatherings.models import Gathering
from alongside.gatherings.needs import about
from alongside.weather.queries import alerts_for


def warned(agency: Agency) -> Iterator[Need]:
    """Gatherings that the forecast stands against: they move, are called off, or somebody says that they go ahead."""
    coming = list(Gathering.objects.of(agency).with_places().published().coming()[:60])
    against = alerts_for(coming)
    page = reverse("weather:alerts", args=[agency.slug])
    for gathering in coming:
        alerts = against.get(gathering.pk, [])
        if any(alert.settled_at is None for alert in alerts):
            there = f"{page}#{gathering.public_id}"
            yield about(gathering, there, by=gathering.starts, says=alerts[0].said)
