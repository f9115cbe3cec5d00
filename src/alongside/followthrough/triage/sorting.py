"""Put a concern where it belongs: another topic, another neighborhood. Its owner and its day stay."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import User
from alongside.followthrough.models import Category, Concern, Deed
from alongside.followthrough.writing import ConcernRefused, NotNow, locked, write
from alongside.places import queries as places
from alongside.places.models import Area, AreaKind


@transaction.atomic
def sort(
    concern: Concern, *, by: User | None, category: str = "", neighborhood: Area | None = None
) -> Concern:
    """It is about something else, or lies elsewhere. What is not given stays; whoever commands there reads it now."""
    concern = locked(concern)
    if not concern.takes("sort"):
        raise NotNow(_("This concern is not handled here, or its words were erased."))
    if category and category not in Category.values:
        raise ConcernRefused(_("Choose one of the topics."))
    if neighborhood is not None and neighborhood.agency_id != concern.agency_id:
        raise ConcernRefused(_("Choose a neighborhood of this agency."))
    moves = neighborhood is not None and neighborhood.pk != concern.neighborhood_id
    if not moves and category in {"", concern.category}:
        return concern
    facts = {"was_category": concern.category, "category": category or concern.category}
    concern.category = category or concern.category
    if neighborhood is not None and moves:
        _move(concern, neighborhood)
    concern.save(update_fields=["category", "neighborhood", "division", "in_front_since"])
    write(concern, Deed.SORTED, by=by, facts=facts)
    audit.record(agency=concern.agency, by=by, verb="sorted", thing=concern)
    return concern


def _move(concern: Concern, neighborhood: Area) -> None:
    """The division follows. What was in front of one neighborhood is not at once in front of another."""
    concern.neighborhood, concern.in_front_since = neighborhood, None
    if neighborhood.kind == AreaKind.NEIGHBORHOOD:
        concern.division = places.division_of(concern.agency, neighborhood.shape)
