"""What the page of one concern is made of: what is public of it, and nothing else."""

from __future__ import annotations

from alongside.agencies.models import Agency
from alongside.followthrough.models import Alike, Concern, ConcernQuerySet
from alongside.followthrough.passing.models import THERE, Passing
from alongside.followthrough.promises.models import Promise
from alongside.followthrough.public import rules
from alongside.followthrough.public.listing import PRIVATE

ALIKE = 10


def concerns(agency: Agency) -> ConcernQuerySet:
    """Those that have a page for everybody."""
    rows: ConcernQuerySet = Concern.objects.of(agency).public(agency).telling_where_it_is()
    return rows.select_related("agency", "owner__rank", "neighborhood").defer(*PRIVATE)


def promises(found: Concern) -> list[Promise]:
    """What was promised of it, in the order in which it was."""
    made = Promise.objects.belonging_to(concern=found).open_to_all()
    return list(made.listed().order_by("made_on", "pk"))


def is_told_where(found: Concern) -> bool:
    """Rule 5: whether enough came from where it came for everybody to read where that was."""
    if not found.origin_label or not found.origin:
        return False
    together = concerns(found.agency).filter(origin=found.origin)
    return rules.FROM_ONE_PLACE.enough(together.count())


def passings(found: Concern) -> list[Passing]:
    """What another body has, or had. What they write about it may name people, and is not read."""
    rows = Passing.objects.belonging_to(concern=found).filter(state__in=THERE)
    return list(
        rows.select_related("agency", "body").defer("sent", "trouble", "their_notes", "request_id", "token")
    )


def alike(found: Concern) -> list[Concern]:
    """Those that a person found alike, as far as they are public themselves."""
    pairs = Alike.objects.of(found.agency).standing()
    ones = pairs.filter(other=found).values("one")
    others = pairs.filter(one=found).values("other")
    # In one: of two, joined by “or”, PostgreSQL goes through all concerns there are.
    rows = concerns(found.agency).filter(pk__in=ones.order_by().union(others.order_by()))
    return list(rows.order_by("public_id")[:ALIKE])
