"""Bring areas, streets and venues in, and change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.core.authored import Words, words_of
from alongside.core.errors import Refusal
from alongside.core.files import whole
from alongside.core.news import News
from alongside.methods.routing.graph import WalkGraph
from alongside.outside import texts
from alongside.places import exposure, queries, venue_file
from alongside.places.boundaries.counts import Counts
from alongside.places.boundaries.files import AREAS, DRAWING
from alongside.places.boundaries.outlines import Outline, Report, plain_name
from alongside.places.exposure import ExposureRead
from alongside.places.models import (
    LONGEST_LABEL,
    Area,
    AreaKind,
    AreaLabel,
    Exposure,
    Permission,
    StreetNetwork,
    Venue,
)
from alongside.places.residents import hull
from alongside.places.sheets import SHEET, Sheet
from alongside.places.streets.reading import STREETS, with_margin
from alongside.places.venue_file import VenuesRead


class NoSuchKind(Refusal):
    """A kind of area was named that there is not."""


class AreaRefused(Refusal):
    """An area cannot be kept as it was drawn."""


class NameTaken(AreaRefused):
    """Two areas of one kind would have the same name."""


@dataclass(frozen=True)
class PlaceChange:
    """What was changed of a venue or an area: field → what it was before."""

    thing: Venue | Area
    before: Mapping[str, object]
    by: User | None


on_change: News[PlaceChange] = News("places.on_change")


def _tell(thing: Venue | Area, stood: Mapping[str, object], *, by: User | None) -> None:
    before = {name: value for name, value in stood.items() if not _same(value, getattr(thing, name))}
    if before:
        on_change.tell(PlaceChange(thing, before, by=by))


SAID_OF_A_VENUE = ("name", "address", "lat", "lon", "active", "step_free", "toilets", "parking")
SAID_OF_AN_AREA = ("name", "active", "geometry")


def _said_of(venue: Venue) -> dict[str, object]:
    return {name: getattr(venue, name) for name in SAID_OF_A_VENUE}


def _said_of_area(area: Area) -> dict[str, object]:
    return {name: getattr(area, name) for name in SAID_OF_AN_AREA} | {"geometry": bytes(area.geometry)}


@dataclass(frozen=True)
class AreasRead:
    """A boundary file, understood and not yet kept: what the preview shows."""

    kind: str
    file_name: str
    areas: list[Outline]
    report: Report


@dataclass
class AreasImported:
    """What an import changed. `report` says what was found and mended on the way."""

    kind: str
    areas: int
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        fields = asdict(self)
        report = fields.pop("report")
        return {**fields, **report}


def read_areas(
    content: texts.Content,
    *,
    file_name: str,
    kind: str,
    name: str,
    population: str | None = None,
    key: str | None = None,
    counts: Counts | None = None,
    crs: str | None = None,
) -> AreasRead:
    """Understand a boundary file without keeping anything. Raises a Refusal that says what to do."""
    if kind not in AreaKind.values:
        raise NoSuchKind(
            _("“%(kind)s” is no kind of area: choose one of %(values)s.")
            % {"kind": kind, "values": ", ".join(AreaKind.values)}
        )
    reader = AREAS.sized_to([content])
    areas, report = reader.read(content, name=name, population=population, key=key, counts=counts, crs=crs)
    return AreasRead(kind=kind, file_name=file_name, areas=areas, report=report)


@transaction.atomic
def keep_areas(agency: Agency, read: AreasRead, *, by: User | None) -> AreasImported:
    """Make the agency's areas of this kind the ones of the file. The same file again changes nothing.

    An area keeps its identity by its name; one that is called otherwise now, by its key. One that the file leaves
    out stays, inactive: walks of the past still happened there.
    """
    _lock(agency)
    there = {area.name.casefold(): area for area in Area.objects.filter(agency=agency, kind=read.kind)}
    in_file = {outline.name.casefold() for outline in read.areas}
    by_key = {area.key: name for name, area in there.items() if area.key and name not in in_file}
    done = AreasImported(kind=read.kind, areas=len(read.areas), report=asdict(read.report))
    news: list[tuple[Area, dict[str, object]]] = []
    for outline in read.areas:
        name = outline.name.casefold()
        area = there.pop(name if name in there else by_key.pop(outline.key, ""), None)
        stood: dict[str, object] = {"active": False} if area is None else _said_of_area(area)
        if area is None:
            area = _add(agency, read.kind, outline, source=read.file_name)
            done.added.append(outline.name)
        elif _change(area, outline, source=read.file_name):
            done.changed.append(outline.name)
        else:
            done.unchanged += 1
        news.append((area, stood))
    gone = [area for area in there.values() if area.active]
    for area in gone:
        area.active, area.changed_at = False, clock.now()
        area.save(update_fields=["active", "changed_at"])
        news.append((area, {"active": True}))
    done.removed = sorted(area.name for area in gone)
    for area, stood in news:  # told when the whole map is drawn
        _tell(area, stood, by=by)
    audit.record(
        agency=agency,
        by=by,
        verb="imported areas of",
        thing=agency,
        detail={
            "kind": read.kind,
            "file": read.file_name[:100],
            "areas": done.areas,
            "added": len(done.added),
            "changed": len(done.changed),
            "removed": len(done.removed),
        },
    )
    return done


def _lock(agency: Agency) -> None:
    """One change of an agency's areas at a time: two imports must not undo each other."""
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _add(agency: Agency, kind: str, outline: Outline, *, source: str) -> Area:
    return Area.objects.create(
        agency=agency,
        kind=kind,
        name=outline.name,
        key=outline.key,
        population=outline.population,
        source=source[:160],
        **Area.columns_of(outline.shape),
    )


def _change(area: Area, outline: Outline, *, source: str) -> bool:
    """Bring one area up to the file; whether anything was different.

    A file without residents leaves those that an earlier one brought.
    """
    columns = Area.columns_of(outline.shape)
    wanted: dict[str, Any] = {"name": outline.name, "active": True, **columns}
    if outline.key:
        wanted["key"] = outline.key
    if outline.population is not None:
        wanted["population"] = outline.population
    if all(_same(getattr(area, column), value) for column, value in wanted.items()):
        return False
    for column, value in wanted.items():
        setattr(area, column, value)
    area.source, area.changed_at = source[:160], clock.now()
    area.save(update_fields=[*wanted, "source", "changed_at"])
    return True


def _same(one: Any, other: Any) -> bool:
    return bytes(one) == bytes(other) if isinstance(one, bytes | memoryview) else bool(one == other)


def draw_area(
    agency: Agency, *, kind: str, name: str, drawing: str, population: int | None = None, by: User | None
) -> Area:
    """Keep an area somebody drew: `drawing` is the GeoJSON of one polygon. Raises a Refusal."""
    called = plain_name(name)
    if not called:
        raise AreaRefused(_("Give the area a name."))
    outline = DRAWING.read(drawing.encode())
    outline.name, outline.population = called, population
    return _keep_drawn(agency, kind, outline, by=by)


@transaction.atomic
def _keep_drawn(agency: Agency, kind: str, outline: Outline, *, by: User | None) -> Area:
    _lock(agency)
    if Area.objects.filter(agency=agency, kind=kind, name__iexact=outline.name).exists():
        raise NameTaken(
            _("There is an area called “%(called)s” already. Choose another name.") % {"called": outline.name}
        )
    area = _add(agency, kind, outline, source="drawn")
    _tell(area, {"active": False}, by=by)
    audit.record(agency=agency, by=by, verb="drew", thing=area)
    return area


@transaction.atomic
def change_area(area: Area, *, name: str, population: int | None, active: bool, by: User | None) -> Area:
    """Change what is said of an area; its outline comes from a file or a drawing."""
    called = plain_name(name)
    if not called:
        raise AreaRefused(_("Give the area a name."))
    twins = Area.objects.filter(agency=area.agency, kind=area.kind, name__iexact=called).exclude(pk=area.pk)
    if twins.exists():
        raise NameTaken(
            _("There is an area called “%(called)s” already. Choose another name.") % {"called": called}
        )
    stood = _said_of_area(Area.objects.get(pk=area.pk))
    area.name, area.population, area.active, area.changed_at = called, population, active, clock.now()
    area.save(update_fields=["name", "population", "active", "changed_at"])
    _tell(area, stood, by=by)
    audit.record(agency=area.agency, by=by, verb="changed", thing=area)
    return area


@transaction.atomic
def name_kinds(
    agency: Agency, *, words: Mapping[str, tuple[Words | str, Words | str]], by: User | None
) -> None:
    """The agency's own words: kind to (one of them, several). Empty words mean ours again."""
    for kind, named in words.items():
        one, several = (words_of(each).each(_label) for each in named)
        both = one.texts.keys() & several.texts.keys()
        one, several = (
            each.among({code: text for code, text in each.texts.items() if code in both})
            for each in (one, several)
        )
        if both:
            AreaLabel.objects.update_or_create(
                agency=agency, kind=AreaKind(kind), defaults={"singular": one, "plural": several}
            )
        else:
            AreaLabel.objects.filter(agency=agency, kind=kind).delete()
    agency.__dict__.pop("_area_words", None)
    audit.record(agency=agency, by=by, verb="named the kinds of area of", thing=agency)


def _label(text: str) -> str:
    return plain_name(text)[:LONGEST_LABEL]


# -- streets --------------------------------------------------------------------------------------
def import_streets(agency: Agency, path: Path, *, file_name: str, by: User | None) -> StreetNetwork:
    """Read an OpenStreetMap extract into the agency's walkable streets; the earlier ones stay until it is done.

    Raises a Refusal that says what to do, and then nothing has changed.
    """
    study = queries.study_area(agency)
    built = STREETS.sized_to([path]).read(path, around=study.bounds, units=agency.units)
    report = {"file": file_name, **built.report, "areas_covered": _share_covered(built.graph, study)}
    west, south, east, north = built.bounds
    row = StreetNetwork(
        agency=agency,
        file_name=file_name[:160],
        report=report,
        nodes=built.graph.nodes,
        edges=built.graph.edges,
        west=west,
        south=south,
        east=east,
        north=north,
    )
    with whole(row.path) as file:
        np.savez_compressed(file, allow_pickle=False, **built.graph.to_arrays(), **built.details)
    row.keep()
    _make_current(row, by=by)
    return row


def _share_covered(graph: WalkGraph, study: queries.StudyArea) -> float | None:
    """How much of the agency's ground the street file reaches; None without boundaries."""
    if study.polygon is None:
        return None
    covered: float = shapely.intersection(study.polygon, hull(graph)).area
    return round(covered / float(study.polygon.area), 4)


@transaction.atomic
def _make_current(row: StreetNetwork, *, by: User | None) -> None:
    _lock(row.agency)
    earlier = list(StreetNetwork.objects.filter(agency=row.agency))
    StreetNetwork.objects.filter(agency=row.agency, current=True).update(current=False)
    row.save()
    audit.record(
        agency=row.agency,
        by=by,
        verb="imported streets of",
        thing=row.agency,
        detail={"file": row.file_name[:100], "edges": row.edges, "km": row.report["km"]},
    )
    # The one before stays readable for whoever is planning on it this minute; older files go.
    transaction.on_commit(lambda: _delete_files(earlier[1:]))


def _delete_files(networks: list[StreetNetwork]) -> None:
    for each in networks:
        each.discard()


# -- people who are there ---------------------------------------------------------------------------
class NothingInForce(Refusal):
    """There is no table of people who are there to withdraw."""


def read_exposure(agency: Agency, content: texts.Content, **how: Any) -> ExposureRead:
    """Understand a table of people who are there without keeping anything. Raises a Refusal that says what to do."""
    return understand_exposure(agency, SHEET.read(content), **how)


def understand_exposure(
    agency: Agency,
    sheet: Sheet,
    *,
    file_name: str,
    weights: Mapping[str, float],
    where: Mapping[str, str] | None = None,
) -> ExposureRead:
    """The same of a table that was read. Raises ExposureRefused."""
    bounds = queries.study_area(agency).bounds
    return exposure.understand(
        sheet,
        file_name=file_name,
        weights=weights,
        where=where,
        areas=list(Area.objects.of(agency).filter(active=True)),
        within=with_margin(bounds) if bounds else None,
    )


def keep_exposure(agency: Agency, read: ExposureRead, *, by: User | None) -> Exposure:
    """Count these people as well from now on, in the place of those of an earlier table."""
    row = Exposure(
        agency=agency,
        file_name=read.file_name[:160],
        columns=[
            {"name": name, "weight": weight, "sum": read.sums[name]} for name, weight in read.weights.items()
        ],
        rows=read.used,
        by=by,
    )
    with whole(row.file_path) as file:
        np.savez_compressed(file, lat=read.lat, lon=read.lon, counted=read.counted)
    row.keep()
    with transaction.atomic():
        _lock(agency)
        _end_exposure(agency)
        row.save()
        audit.record(
            agency=agency,
            by=by,
            verb="said which people are there, of",
            thing=agency,
            detail={"file": row.file_name[:100], "rows": read.used, "weights": dict(read.weights)},
        )
    return row


@transaction.atomic
def withdraw_exposure(agency: Agency, *, by: User | None) -> None:
    """Count residents alone from now on. Raises NothingInForce."""
    _lock(agency)
    ended = _end_exposure(agency, withdrawn_at=clock.now())
    if ended is None:
        raise NothingInForce(_("No table of people who are there is in force: only residents are counted."))
    audit.record(
        agency=agency,
        by=by,
        verb="withdrew which people are there, of",
        thing=agency,
        detail={"file": ended.file_name[:100]},
    )


def _end_exposure(agency: Agency, *, withdrawn_at: datetime | None = None) -> Exposure | None:
    """Nothing is in force any more. Its row stays, to say what was; its file goes once that is settled."""
    row = Exposure.objects.filter(agency=agency, in_force=True).first()
    if row is not None:
        row.in_force, row.withdrawn_at = False, withdrawn_at
        row.save(update_fields=["in_force", "withdrawn_at"])
        transaction.on_commit(row.discard)
    return row


# -- venues ---------------------------------------------------------------------------------------
class VenueRefused(Refusal):
    """A venue cannot be kept as described."""


@dataclass
class VenuesImported:
    """What a table of venues changed."""

    rows: int
    venues: int
    merged: int
    set_aside: dict[str, int]
    set_aside_lines: list[dict[str, Any]]
    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def read_venues(agency: Agency, content: texts.Content, **how: Any) -> VenuesRead:
    """Understand a table of venues without keeping anything. Raises a Refusal that says what to do."""
    return understand_venues(agency, SHEET.read(content), **how)


def understand_venues(
    agency: Agency,
    sheet: Sheet,
    *,
    file_name: str,
    mapping: dict[str, str] | None = None,
    kind: str | None = None,
) -> VenuesRead:
    """The same of a table that was read. Raises ColumnsMissing."""
    bounds = queries.study_area(agency).bounds
    return venue_file.understand(
        sheet,
        file_name=file_name,
        mapping=mapping,
        kind=kind,
        within=with_margin(bounds) if bounds else None,
    )


@transaction.atomic
def keep_venues(agency: Agency, read: VenuesRead, *, by: User | None) -> VenuesImported:
    """Add the venues of a table, and bring those known by name and address up to it."""
    _lock(agency)
    there = {
        (venue.name.casefold(), venue.address.casefold()): venue
        for venue in Venue.objects.filter(agency=agency)
    }
    done = VenuesImported(
        rows=read.rows,
        venues=len(read.venues),
        merged=read.merged,
        set_aside=read.reasons,
        set_aside_lines=[asdict(trouble) for trouble in read.set_aside],
    )
    for row in read.venues:
        venue = there.get((row.values["name"].casefold(), row.values["address"].casefold()))
        if venue is None:
            Venue.objects.create(agency=agency, **row.values)
            done.added += 1
        elif any(getattr(venue, name) != value for name, value in row.values.items()):
            stood = _said_of(venue)
            for name, value in row.values.items():
                setattr(venue, name, value)
            _forget_who_gave(venue)
            venue.save()
            _tell(venue, stood, by=by)
            done.changed += 1
        else:
            done.unchanged += 1
    audit.record(
        agency=agency,
        by=by,
        verb="imported venues of",
        thing=agency,
        detail={"file": read.file_name[:100], "added": done.added, "changed": done.changed},
    )
    return done


@transaction.atomic
def save_venue(venue: Venue, *, by: User | None) -> Venue:
    """Keep a venue as a person described it. Raises VenueRefused where another is called the same there."""
    _lock(venue.agency)
    twins = Venue.objects.filter(
        agency=venue.agency, name__iexact=venue.name, address__iexact=venue.address
    ).exclude(pk=venue.pk)
    if twins.exists():
        raise VenueRefused(_("There is a venue of this name at this address already."))
    new = venue.pk is None
    stood = {} if new else _said_of(Venue.objects.get(pk=venue.pk))
    _forget_who_gave(venue)
    venue.save()
    _tell(venue, stood, by=by)
    audit.record(agency=venue.agency, by=by, verb="added" if new else "changed", thing=venue)
    return venue


def _forget_who_gave(venue: Venue) -> None:
    """Who gave permission, and until when, is said only while it is given."""
    if venue.permission != Permission.GIVEN:
        venue.permission_by, venue.permission_until = "", None
