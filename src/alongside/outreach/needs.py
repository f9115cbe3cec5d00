"""What waits for a person in this room: mail that could not be sent, and background work that was given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.needs import Need
from alongside.jobs.models import Job
from alongside.outreach.models import Mail, State

# Older news is no news any more: nobody would send it again.
LATELY = timedelta(days=7)


def failed(agency: Agency) -> Iterator[Need]:
    """Mail of late that its server would not take, and that can be sent again. Of a dead address once for each room."""
    page = reverse("outreach:mail", args=[agency.slug]) + f"?state={State.FAILED}"
    rows = Mail.objects.of(agency).failed().filter(created_at__gte=clock.now() - LATELY)
    kept = rows.exclude(to="").filter(facts__isnull=False).order_by("pk")
    dead: set[tuple[str, str]] = set()
    for mail in kept.only("public_id", "subject", "to", "kind", "refused_at"):
        at = (mail.kind.partition(".")[0], mail.to.lower())
        if mail.refused_at is not None and at in dead:
            continue  # held back, since the first was refused
        dead |= {at} if mail.refused_at is not None else set()
        yield Need(key=f"mail:{mail.public_id}", about=mail.subject, url=page)


def dead(agency: Agency) -> Iterator[Need]:
    """Jobs that were tried as often as it makes sense."""
    page = reverse("outreach:work", args=[agency.slug])
    for job in Job.objects.of_agency(agency.pk).dead().only("public_id", "name"):
        yield Need(key=f"job:{job.public_id}", about=job.name, url=page)
