"""What waits for a person in this room: residents who ask, and have no answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core.needs import Need
from alongside.hotspots.models import Petition

ANSWERED_WITHIN = timedelta(days=14)


def asked(agency: Agency) -> Iterator[Need]:
    """Requests for walks, and objections to how a neighborhood is described."""
    page = reverse("hotspots:petitions", args=[agency.slug])
    for petition in Petition.objects.of(agency).waiting().listed():
        yield Need(
            key=f"petition:{petition.public_id}",
            about=petition.called,
            url=page,
            alone=reverse("hotspots:petition-answer", args=[agency.slug, petition.public_id]),
            by=agency.local(petition.received_at).date() + ANSWERED_WITHIN,
            where=petition.neighborhood_id,
        )
