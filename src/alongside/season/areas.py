"""The neighborhoods with the walks in them, for other people's maps. Nothing finer than a neighborhood leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from alongside.agencies.models import Agency
from alongside.cadence.periods import cadence
from alongside.core.publicdata import Column, Dataset
from alongside.gatherings.models import Gathering, Status
from alongside.places.models import Area, AreaKind
from alongside.season.pledge import WALKS

TWO_YEARS = 104  # weeks

AREAS = Dataset(
    name="areas",
    title=_("Neighborhoods and their walks"),
    about=_("Where walks took place within two years, by neighborhood, with its outline."),
    columns=(
        Column("id", "string", _("The neighborhood’s public id; it stays.")),
        Column("name", "string", _("The neighborhood’s name.")),
        Column("walks", "integer", _("How many walks took place within the last two years.")),
        Column("last_walk", "date", _("The day of the last one; empty where there was none.")),
        Column(
            "next_walk", "date", _("The day of the next one that is published; empty where there is none.")
        ),
        Column("as_of", "date", _("The day it was counted.")),
    ),
    has_shapes=True,
)


def rows(agency: Agency) -> Iterator[dict[str, Any]]:
    """As a stranger sees them, whoever asks. Two years of walks, and one question for the neighborhoods."""
    stranger = AnonymousUser()
    by_home: dict[int, list[Gathering]] = defaultdict(list)
    for week in cadence(stranger, agency, WALKS, back=TWO_YEARS).periods:
        for walk in week.gatherings:
            if walk.neighborhood_id and walk.status in {Status.HELD, Status.PUBLISHED}:
                by_home[walk.neighborhood_id].append(walk)
    homes = Area.objects.visible_to(stranger, at=agency).active().of_kind(AreaKind.NEIGHBORHOOD)
    return (_row(agency, home, by_home[home.pk]) for home in homes.iterator(chunk_size=100))


def _row(agency: Agency, home: Area, walks: list[Gathering]) -> dict[str, Any]:
    past = [walk for walk in walks if walk.is_over]
    coming = [walk for walk in walks if not walk.is_over]
    return {
        "id": home.public_id,
        "name": home.name,
        "walks": len(past),
        "last_walk": max((walk.on for walk in past), default=None),
        "next_walk": min((walk.on for walk in coming), default=None),
        "as_of": agency.today(),
        "geometry": home.shape,
    }
