"""Concerns that are alike: suggested by their words, linked by a person, never merged, and parted again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import User
from alongside.core import clock
from alongside.followthrough.models import Alike, Concern, ConcernKind, ConcernQuerySet, Deed, State
from alongside.followthrough.writing import NotNow, locked, name_of, write
from alongside.methods import likeness
from alongside.methods.likeness import Match, Told

# So many are compared at most, and none that is older: what is asked grows with neither rows nor years.
FROM_THE_SAME_PLACE, FROM_ANYWHERE = 300, 200
RECENT = timedelta(days=365)


@dataclass(frozen=True)
class Suggestion:
    """One that may be alike, and why it is thought so."""

    concern: Concern
    match: Match


@transaction.atomic
def link(one: Concern, other: Concern, *, by: User | None) -> Alike:
    """A person finds two alike. Each keeps its page, its code and its people; linked twice they are linked once."""
    first, second = _in_order(one, other)
    for each in (first, second):
        if not each.takes("link"):
            raise NotNow(_("This concern is not handled here, or its words were erased."))
    standing = Alike.objects.of(first.agency_id).standing()
    known = standing.filter(one=first, other=second).first()
    if known is not None:
        return known
    name = name_of(by, first.agency)
    try:
        with transaction.atomic():
            made = Alike.objects.create(agency=first.agency, one=first, other=second, by_name=name)
    except IntegrityError:  # two did it at once
        return standing.get(one=first, other=second)
    _say(Deed.LINKED, first, second, by=by, verb="linked")
    return made


@transaction.atomic
def part(one: Concern, other: Concern, *, by: User | None) -> None:
    """They are not alike after all. That they were linked, and by whom, stays on the row."""
    first, second = _in_order(one, other)
    standing = Alike.objects.of(first.agency_id).standing().filter(one=first, other=second)
    if standing.update(parted_at=clock.now(), parted_by_name=name_of(by, first.agency)):
        _say(Deed.PARTED, first, second, by=by, verb="parted")


def _in_order(one: Concern, other: Concern) -> tuple[Concern, Concern]:
    if one.agency_id != other.agency_id:
        raise NotNow(_("That belongs to another agency."))
    if one.pk == other.pk:
        raise NotNow(_("Choose another concern: this one is itself."))
    first, second = sorted((one, other), key=lambda each: each.pk)
    return locked(first), locked(second)


def _say(deed: Deed, first: Concern, second: Concern, *, by: User | None, verb: str) -> None:
    for each, beside in ((first, second), (second, first)):
        write(each, deed, by=by, facts={"other": beside.public_id})
    audit.record(
        agency=first.agency, by=by, verb=verb, thing=first, detail={"with": f"concern:{second.public_id}"}
    )


def linked_with(concern: Concern, *, reader: Any) -> list[Concern]:
    """Those that somebody found alike, as far as the reader may see them."""
    pairs = Alike.objects.of(concern.agency_id).standing().filter(Q(one=concern) | Q(other=concern))
    ids = {pk for pair in pairs.values_list("one", "other") for pk in pair} - {concern.pk}
    seen = Concern.objects.visible_to(reader, at=concern.agency).filter(pk__in=ids)
    return list(seen.listed().order_by("-received_at", "-pk"))


def suggested_for(concern: Concern, *, reader: Any, most: int = 3) -> list[Suggestion]:
    """Those that may be alike, as far as the reader may see them, and that nobody has linked or parted yet."""
    if not concern.words:
        return []
    others = list(_candidates(concern, reader=reader))
    matches = likeness.alike(_told(concern), [_told(each) for each in others], most=most)
    return [Suggestion(others[match.index], match) for match in matches]


def _candidates(concern: Concern, *, reader: Any) -> list[Concern]:
    """The latest of the same neighborhood, and the latest of all: two walks along an index, each with an end."""
    near = _shown(concern, reader).filter(neighborhood=concern.neighborhood_id)[:FROM_THE_SAME_PLACE]
    anywhere = _shown(concern, reader)[:FROM_ANYWHERE]
    found = {each.pk: each for each in (near if concern.neighborhood_id is not None else anywhere)}
    found |= {each.pk: each for each in anywhere}
    decided = Alike.objects.of(concern.agency_id).filter(Q(one=concern) | Q(other=concern))
    for pair in decided.values_list("one", "other"):
        for pk in pair:
            found.pop(pk, None)
    found.pop(concern.pk, None)
    since = concern.heard_on - RECENT
    return list(islice((each for each in found.values() if each.heard_on >= since), 500))


def _shown(concern: Concern, reader: Any) -> ConcernQuerySet:
    seen: ConcernQuerySet = Concern.objects.visible_to(reader, at=concern.agency)
    asked = seen.exclude(words="").exclude(state=State.WITHHELD).exclude(kind=ConcernKind.THANKS)
    return asked.listed().order_by("-pk")


def _told(concern: Concern) -> Told:
    home = str(concern.neighborhood_id or "")
    return Told(concern.words, concern.category, home, concern.heard_on.toordinal())
