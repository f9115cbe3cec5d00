"""“You asked, we did”, and “we did not”: told once, to all who follow, by one button."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import User
from alongside.core import clock
from alongside.followthrough.promises.models import Promise
from alongside.followthrough.public import topics
from alongside.followthrough.writing import NotNow


@transaction.atomic
def tell_all(promise: Promise, by: User | None) -> Promise:
    """Whoever follows it, its neighborhood or the agency reads how it ended. Told twice it is told once.

    Raises NotNow while it is open, or nothing of it is public.
    """
    promise = (
        Promise.objects.select_for_update(of=("self",))
        .select_related("agency", "area", "concern__agency")
        .get(pk=promise.pk)
    )
    if promise.told_at is not None:
        return promise
    refusal = why_not(promise)
    if refusal:
        raise NotNow(refusal)
    promise.told_at = clock.now()
    promise.save(update_fields=["told_at"])
    topics.tell_ending(promise)
    audit.record(agency=promise.agency, by=by, verb="told everybody of", thing=promise)
    return promise


def why_not(promise: Promise) -> str:
    """Why it cannot be told now; nothing, where it can."""
    if promise.is_open:
        return _("It is open: tell how it ended once it has.")
    if promise.published_at is None:
        return _("Nothing of it is public. Release words for the public first.")
    if promise.concern is not None and not topics.is_listed(promise.concern):
        return _("What it answers to does not stand on the public list yet.")
    return ""
