"""Venues from a table: what each row means, what is wrong with it, and which rows are one venue."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from alongside.core.errors import Refusal
from alongside.places.boundaries.outlines import plain_name
from alongside.places.models import INDOORS, Known, Permission, VenueKind
from alongside.places.sheets import Row, Sheet, Trouble, guess

COLUMNS: dict[str, tuple[str, ...]] = {
    "name": (
        "venue",
        "venuename",
        "displayname",
        "establishmentname",
        "place",
        "placename",
        "title",
        "facility",
    ),
    "kind": ("type", "category", "venuetype", "facilitytype"),
    "address": ("streetaddr", "streetaddress", "street", "address1", "location"),
    "lat": ("latitude", "y", "ycoord"),
    "lon": ("longitude", "lng", "long", "x", "xcoord"),
    "capacity": ("seats", "places", "occupancy"),
    "step_free": ("stepfree", "accessible", "wheelchair", "ada"),
    "indoor": ("indoors", "inside"),
    "parking": ("carpark",),
    "toilets": ("restrooms", "restroom", "wc"),
    "opening_hours": ("hours", "openinghours", "open"),
    "permission": ("ownerspermission",),
    "permission_by": ("permittedby", "permissiongivenby"),
    "permission_until": ("permitteduntil",),
    "notes": ("note", "comment", "comments"),
}
NEEDED = ("name", "lat", "lon")

KIND_WORDS = {
    VenueKind.MALL: r"\bmalls?\b|shopping cent(er|re)|\bgalleria\b",
    VenueKind.LIBRARY: r"\blibrar(y|ies)\b|\bbiblioteca\b",
    VenueKind.COMMUNITY_CENTER: (
        r"community[\s_]*cent(er|re)|recreation cent(er|re)|\brec cent(er|re)\b|\by\.?m\.?c\.?a\b"
        r"|boys (&|and) girls club|neighborhood (house|place|cent(er|re))|senior cent(er|re)"
    ),
    VenueKind.WORSHIP: (
        r"\bchurch\b|\bbaptist\b|\bmethodist\b|\bmosque\b|\bmasjid\b|\bsynagogue\b|\btemple\b|\bcathedral\b|\bparish\b"
        r"|\bchapel\b|\biglesia\b|\bworship\b|place_of_worship|\blutheran\b|\bepiscopal\b|\bministries\b"
    ),
    VenueKind.SCHOOL: r"\bschools?\b|\belementary\b|\bacademy\b|\bcollege\b|\buniversity\b",
    VenueKind.OUTDOOR: r"\b(park|playground|plaza|square|meeting point|outdoors?)$",
}
YES_WORDS = {"yes", "y", "true", "t", "1", "x", "si", "sí"}
NO_WORDS = {"no", "n", "false", "f", "0", "none"}
FIRST_PREVIEWED = 50


class ColumnsMissing(Refusal):
    """Nobody can say which column holds the name or the coordinates."""


@dataclass
class VenueRow:
    """One venue, as the table gives it. `lines` are all the rows that speak of it."""

    values: dict[str, Any]
    lines: list[int]


@dataclass
class VenuesRead:
    """A table of venues, understood and not yet kept."""

    file_name: str
    columns: list[str]
    mapping: dict[str, str]
    venues: list[VenueRow] = field(default_factory=list)
    set_aside: list[Trouble] = field(default_factory=list)
    rows: int = 0

    @property
    def reasons(self) -> dict[str, int]:
        """Why rows were set aside, the most frequent first."""
        counts: dict[str, int] = {}
        for trouble in self.set_aside:
            counts[trouble.reason] = counts.get(trouble.reason, 0) + 1
        return dict(sorted(counts.items(), key=lambda pair: -pair[1]))

    @property
    def merged(self) -> int:
        """Rows that said again what another row had said."""
        return sum(len(venue.lines) - 1 for venue in self.venues)


Bounds = tuple[float, float, float, float]


def understand(
    sheet: Sheet,
    *,
    file_name: str,
    mapping: dict[str, str] | None = None,
    kind: str | None = None,
    within: Bounds | None = None,
) -> VenuesRead:
    """What each row means. `mapping` says which column holds what, else it is guessed from the columns' names.

    `kind` is for rows that do not say theirs; without it, such rows are set aside. Raises ColumnsMissing.
    """
    chosen = guess(sheet.columns, COLUMNS) if mapping is None else mapping
    chosen = {name: column for name, column in chosen.items() if name in COLUMNS and column in sheet.columns}
    missing = [name for name in NEEDED if name not in chosen]
    if missing:
        raise ColumnsMissing(
            _("no column for %(missing)s: the table has %(columns)s. Name them name, lat and lon.")
            % {"missing": ", ".join(missing), "columns": ", ".join(sheet.columns[:25])}
        )
    read = VenuesRead(file_name, sheet.columns, chosen, rows=len(sheet.rows))
    by_place: dict[tuple[str, str], VenueRow] = {}
    for row in sheet.rows:
        values, trouble = _venue(row, chosen, kind=kind, within=within)
        if trouble:
            read.set_aside.append(Trouble(row.line, trouble))
            continue
        same = by_place.setdefault(
            (values["name"].casefold(), values["address"].casefold()), VenueRow(values, [])
        )
        same.lines.append(row.line)
    read.venues = list(by_place.values())
    return read


def _venue(
    row: Row, chosen: dict[str, str], *, kind: str | None, within: Bounds | None
) -> tuple[dict[str, Any], str]:
    """The values of one row, or the one reason why it cannot be used."""
    said = {name: row.cells.get(column, "") for name, column in chosen.items()}
    said = {name: "" if cell.upper() == "NULL" else cell for name, cell in said.items()}
    name, lat, lon = plain_name(said["name"]), number(said["lat"]), number(said["lon"])
    if not name:
        return {}, "no name"
    if lat is None or lon is None:
        return {}, "no coordinates" if not (
            said["lat"] and said["lon"]
        ) else "coordinates that are no numbers"
    if lat == 0 and lon == 0:
        return {}, "coordinates at 0, 0"
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return {}, "coordinates that are no place on Earth (are they feet or metres?)"
    if within and not (within[0] <= lon <= within[2] and within[1] <= lat <= within[3]):
        return {}, "outside the agency’s areas"
    which = kind_of(said.get("kind", "")) or kind_of(name) or kind
    if not which:
        return {}, "its kind cannot be told"
    return _values(said, name, lat, lon, which), ""


def _values(said: dict[str, str], name: str, lat: float, lon: float, kind: str) -> dict[str, Any]:
    """Only what the table speaks of: a column it does not have leaves a known venue as it is."""
    values: dict[str, Any] = {
        "name": name,
        "address": plain_name(said.get("address")),
        "lat": lat,
        "lon": lon,
    }
    values["kind"] = kind
    for flag in ("step_free", "parking", "toilets"):
        if flag in said:
            values[flag] = known(said[flag])
    values["indoor"] = _indoor(said.get("indoor", ""), kind)
    if "capacity" in said:
        seats = number(said["capacity"])
        values["capacity"] = round(seats) if seats and 1 <= seats <= 200_000 else None
    for text, longest in (("opening_hours", 200), ("notes", 2000)):
        if text in said:
            values[text] = said[text][:longest]
    return values | _permission(said, kind)


def _indoor(said: str, kind: str) -> str:
    if known(said) != Known.UNKNOWN:
        return known(said)
    if kind in INDOORS:
        return Known.YES
    return Known.NO if kind == VenueKind.OUTDOOR else Known.UNKNOWN


def _permission(said: dict[str, str], kind: str) -> dict[str, Any]:
    """Who let us in. Under the open sky of a public place nobody need be asked, unless the table says so."""
    word = said.get("permission", "").casefold().replace(" ", "_")
    if word not in Permission.values:
        return {"permission": Permission.NOT_NEEDED} if kind == VenueKind.OUTDOOR else {}
    given = word == Permission.GIVEN
    return {
        "permission": word,
        "permission_by": said.get("permission_by", "")[:120] if given else "",
        "permission_until": a_date(said.get("permission_until", "")) if given else None,
    }


def kind_of(text: str) -> str:
    """The kind of venue that a word or a name speaks of, or nothing."""
    plain = text.strip().casefold()
    if plain.replace(" ", "_") in VenueKind.values:
        return plain.replace(" ", "_")
    for kind, pattern in KIND_WORDS.items():
        if re.search(pattern, plain):
            return str(kind)
    return ""


def known(text: str) -> str:
    plain = text.strip().casefold()
    if plain in YES_WORDS:
        return Known.YES
    return Known.NO if plain in NO_WORDS else Known.UNKNOWN


def number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "") if text.count(",") and "." in text else text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def a_date(text: str) -> date | None:
    """A date as 2026-11-30 or 11/30/2026; None for what cannot be read."""
    american = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text.strip())
    try:
        if american:
            return date(int(american[3]), int(american[1]), int(american[2]))
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
