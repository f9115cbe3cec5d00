"""What waits for a person in this room: notes that are held, photos, and recaps that we promised."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from datetime import timedelta

from django.db.models import F, Q

from alongside.agencies.models import Agency, Bearer
from alongside.core.needs import Need
from alongside.core.origins import Origin
from alongside.field.models import SCRIBE, Note, Pass
from alongside.field.queries import DESK_LOOKS_BACK, recap_promise
from alongside.followthrough.models import Withheld
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.needs import a_page_of, where_is
from alongside.media.models import Picture

# What a coordinator alone may read: a complaint, what looks like a record, words as they were heard.
APART = Q(concern__withheld__in=[Withheld.OFFICER, Withheld.CJI]) | ~Q(held_words="")


def held(agency: Agency) -> Iterator[Need]:
    """Notes that came in withheld, and nobody has looked yet."""
    return _held(agency, ~APART)


def held_apart(agency: Agency) -> Iterator[Need]:
    """Those that a coordinator alone may read."""
    return _held(agency, APART)


def _held(agency: Agency, which: Q) -> Iterator[Need]:
    notes = (
        Note.objects.of(agency).held().filter(which).select_related("gathering__agency", "gathering__venue")
    )
    for note in notes:
        yield Need(
            key=f"note:{note.public_id}",
            about=note.gathering.title,
            url=a_page_of(note.gathering, "field:heard", "#held"),
            where=where_is(note.gathering),
        )


def photos(agency: Agency) -> Iterator[Need]:
    """Photos of places that nobody has looked at: unseen for as long as we keep them, they are deleted."""
    waiting = list(Picture.objects.of(agency).waiting())
    known = {Origin.of(each.origin).public_id for each in waiting}
    gatherings = {
        each.public_id: each
        for each in Gathering.objects.of(agency).with_places().filter(public_id__in=known)
    }
    days = agency.days_kept("contact_retention_days", Picture)
    kept = None if math.isinf(days) else timedelta(days=days)
    for picture in waiting:
        gathering = gatherings.get(Origin.of(picture.origin).public_id)
        if gathering is not None:
            yield Need(
                key=f"photo:{picture.public_id}",
                about=gathering.title,
                url=a_page_of(gathering, "field:photos-desk"),
                by=picture.received_at + kept if kept else None,
                where=where_is(gathering),
            )


def recaps(agency: Agency) -> Iterator[Need]:
    """Gatherings that are over, of which we promised to say what came, and have not."""
    today = agency.today()
    over = Gathering.objects.of(agency).with_places().past().on_days(today - DESK_LOOKS_BACK, None)
    seen = over.exclude(status__in=[Status.DRAFT, Status.CANCELLED]).select_related("recap")
    for gathering in seen:
        promised = recap_promise(gathering)
        if promised is not None and not promised.is_published:
            yield Need(
                key=str(gathering.key),
                about=gathering.title,
                url=a_page_of(gathering, "field:recap-desk"),
                by=promised.due,
                where=where_is(gathering),
            )


def with_pass(agency: Agency, gatherings: Collection[Gathering]) -> set[int]:
    """Those at which somebody writes by a pass that was handed to them, a guest too. Who opens the phone's page for a
    look gives themselves one, and is nobody's scribe."""
    handed = Bearer.objects.of(agency).not_ended().filter(purpose=SCRIBE)
    handed = handed.filter(Q(member=None) | ~Q(made_by=F("member__user")))
    passes = Pass.objects.of(agency).filter(gathering__in=gatherings, bearer__in=handed)
    return set(passes.values_list("gathering", flat=True))
