"""What waits for a person in this room: files that were handed in, and are not in the lake."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

from alongside.agencies.models import Agency
from alongside.core import clock
from alongside.core.needs import Need
from alongside.incidents.models import Import, ImportQuerySet, State

FAILED_LATELY = timedelta(days=14)


def waiting(agency: Agency) -> Iterator[Need]:
    """Files of which somebody has to say what their columns are."""
    return _of(Import.objects.of(agency).filter(state=State.DRAFT), agency, "incidents:columns")


def failed(agency: Agency) -> Iterator[Need]:
    """Files of late that could not be read, after which none was: it is mended, or taken out of the list."""
    rows = Import.objects.of(agency)
    good = rows.done().order_by("-finished_at").values_list("finished_at", flat=True).first()
    lost = rows.filter(state=State.FAILED, created_at__gte=clock.now() - FAILED_LATELY)
    return _of(lost.filter(created_at__gt=good) if good else lost, agency, "incidents:import")


def _of(rows: ImportQuerySet, agency: Agency, view: str) -> Iterator[Need]:
    for record in rows.order_by("created_at", "pk"):
        yield Need(
            key=f"import:{record.public_id}",
            about=str(record),
            url=reverse(view, args=[agency.slug, record.public_id]),
            people=(record.by_id,),
        )
