"""From an OpenStreetMap file to the network of an agency's ground, in a process apart."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from alongside.core import measures
from alongside.core.errors import Refusal
from alongside.methods import ground
from alongside.outside.readers import Reader
from alongside.places.streets import extract, network
from alongside.places.streets.network import Bounds

MARGIN_KM = 2.0
"""A walk may begin just outside; what lies farther from the agency's areas is left in the file."""


class FarAway(Refusal):
    """Streets of another city."""


def streets_in(path: Path, *, around: Bounds | None, units: str) -> network.Network:
    """The walkable streets in a file, those `around` an agency's ground where it is known.

    Raises UnreadableStreets, FarAway, NoWalkableStreets, NothingConnected.
    """
    raw = extract.read(path)
    within = with_margin(around) if around else None
    if within is not None:
        _refuse_far_away(raw, within, units)
    return network.build(raw, within=within)


# A city takes seconds, a state minutes; the job has half an hour.
STREETS = Reader(
    streets_in,
    seconds=120,
    seconds_each=10,
    most_seconds=25 * 60,
    megabytes=3000,
    refused=extract.UnreadableStreets,
    queued=True,
)


def with_margin(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    high, wide = ground.degrees_of(MARGIN_KM * 1000, at=(south + north) / 2)
    return west - wide, south - high, east + wide, north + high


def _refuse_far_away(raw: extract.Extract, within: Bounds, units: str) -> None:
    west, south, east, north = within
    inside = (raw.lon >= west) & (raw.lon <= east) & (raw.lat >= south) & (raw.lat <= north)
    if len(raw.lat) and not inside.any():
        here, there = (
            ((south + north) / 2, (west + east) / 2),
            (float(raw.lat.mean()), float(raw.lon.mean())),
        )
        raise FarAway(
            _(
                "these streets lie %(away)s from the agency’s areas (around %(lat)s, %(lon)s): is it "
                "the extract of another city?"
            )
            % {
                "away": measures.distance(ground.metres_between(*here, *there), units),
                "lat": f"{there[0]:.2f}",
                "lon": f"{there[1]:.2f}",
            }
        )
