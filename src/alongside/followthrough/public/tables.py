"""The public list as a table that anybody may take along: all of it, kept, broken and late alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency
from alongside.core.links import absolute
from alongside.core.publicdata import Column, Dataset
from alongside.followthrough.models import Concern, State
from alongside.followthrough.promises.models import Kept, Promise
from alongside.followthrough.public import rules
from alongside.followthrough.public.lines import of_concern, of_promise
from alongside.followthrough.public.listing import LATE, OF_KEPT, OF_STATE, OPEN_STILL, PRIVATE, Listing

A_TIME = 1000

PROMISES = Dataset(
    name="promises",
    title=_("What people told us, and what we promised"),
    about=_(
        "Every concern whose words a person has released, and every promise made aloud: what was promised, by whom, by "
        "when, and what came of it. From when on, and how exactly: methods/concerns."
    ),
    columns=(
        Column("id", "string", _("Its public id: the last part of its page’s address.")),
        Column("of", "string", _("“concern”: told to us. “promise”: made aloud, on a walk or from a stage.")),
        Column("words", "string", _("Our words for it, without names or places.")),
        Column("language", "string", _("The language of these words.")),
        Column("topic", "string", _("What it is about: one of eleven words. Empty for promises.")),
        Column("neighborhood", "string", _("The neighborhood’s name.")),
        Column("state", "string", _("late, open, kept, not-kept or passed.")),
        Column("in_front", "boolean", _("One of the few that its neighborhood has in front.")),
        Column("loaded", "boolean", _("From before, and loaded later from a table.")),
        Column("said_in", "string", _("The month in which it was said or promised, as in 2026-06.")),
        Column("owner", "string", _("Who answers for it.")),
        Column("due", "date", _("The day promised. Where our rule set it, the last day of its week.")),
        Column("first_due", "date", _("The day promised before it moved.")),
        Column("ended_in", "string", _("The month in which it ended.")),
        Column("passed_to", "string", _("The body that has it, where it was passed on.")),
        Column("outcome", "string", _("What came of it, once these words are released.")),
        Column(
            "confirmed",
            "boolean",
            _(
                "Whether whoever asked says that it is so. Empty while it is open, and where it was loaded later."
            ),
        ),
        Column("evidence", "string", _("Where anybody can see it.")),
        Column("page", "string", _("The address of its page.")),
    ),
)


def rows(agency: Agency) -> Iterator[dict[str, Any]]:
    """In the order of their ids, which says nothing of when they were said; never whole in memory."""
    listed = Listing(agency)
    concerns = listed.concerns.telling_where_it_is().defer(*PRIVATE)
    concerns = concerns.select_related("agency", "owner__rank", "neighborhood")
    for concern in concerns.order_by("public_id").iterator(A_TIME):
        yield _of_concern(concern)
    promises = listed.promises.select_related("agency", "owner__rank", "area").defer("area__geometry")
    for promise in promises.order_by("public_id").iterator(A_TIME):
        yield _of_promise(promise)


def _of_concern(concern: Concern) -> dict[str, Any]:
    line = of_concern(concern)
    ended = f"{concern.agency.local(concern.closed_at):%Y-%m}" if concern.closed_at else None
    still = LATE if line.is_late else OPEN_STILL
    return {
        "id": concern.public_id,
        "of": "concern",
        "words": line.summary.original,
        "language": line.summary.source,
        "topic": concern.category,
        "neighborhood": line.neighborhood or None,
        "state": OF_STATE.get(State(concern.state), still),
        "in_front": line.in_front,
        "loaded": line.is_loaded,
        "said_in": f"{concern.heard_on:%Y-%m}",
        "owner": line.owner or None,
        "due": line.due,
        "first_due": line.first_due,
        "ended_in": ended,
        "passed_to": line.passed_to.original or None,
        "outcome": line.outcome.original or None,
        "confirmed": rules.is_confirmed(concern) if concern.is_closed and not concern.is_loaded else None,
        "evidence": None,
        "page": absolute(line.url),
    }


def _of_promise(promise: Promise) -> dict[str, Any]:
    line = of_promise(promise)
    still = LATE if line.is_late else OPEN_STILL
    return {
        "id": promise.public_id,
        "of": "promise",
        "words": line.summary.original,
        "language": line.summary.source,
        "topic": None,
        "neighborhood": line.neighborhood or None,
        "state": OF_KEPT.get(Kept(promise.state), still),
        "in_front": False,
        "loaded": line.is_loaded,
        "said_in": f"{promise.made_on:%Y-%m}",
        "owner": line.owner or None,
        "due": line.due,
        "first_due": line.first_due,
        "ended_in": f"{promise.closed_on:%Y-%m}" if promise.closed_on else None,
        "passed_to": None,
        "outcome": line.outcome.original or None,
        "confirmed": None,
        "evidence": line.evidence or None,
        "page": absolute(line.url),
    }
