"""Bring areas, streets and venues in, and change them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.core.errors import Refusal
from alongside.places.boundaries import geojson
from alongside.places.boundaries.counts import Counts
from alongside.places.boundaries.outlines import Outline, Report, outlines, plain_name
from alongside.places.models import Area, AreaKind, AreaLabel


class NoSuchKind(Refusal):
    """A kind of area was named that there is not."""


class AreaRefused(Refusal):
    """An area cannot be kept as it was drawn."""


class NameTaken(AreaRefused):
    """Two areas of one kind would have the same name."""


@dataclass(frozen=True)
class AreasRead:
    """A boundary file, understood and not yet kept: what the preview shows."""

    kind: str
    file_name: str
    areas: list[Outline]
    report: Report


@dataclass
class AreasImported:
    """What an import changed. `report` tells what was found and mended on the way."""

    kind: str
    areas: int
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0
    removed: list[str] = field(default_factory=list)
    report: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        return {**told, **told.pop("report")}


def read_areas(
    content: bytes,
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
        raise NoSuchKind(f"“{kind}” is no kind of area: choose one of {', '.join(AreaKind.values)}.")
    file = geojson.read(content, crs=crs)
    areas, report = outlines(file, name=name, population=population, key=key, counts=counts)
    return AreasRead(kind=kind, file_name=file_name, areas=areas, report=report)


@transaction.atomic
def keep_areas(agency: Agency, read: AreasRead, *, by: User | None) -> AreasImported:
    """Make the agency's areas of this kind the ones of the file. The same file again changes nothing.

    An area keeps its identity by its name. One that the file leaves out stays, inactive: walks of the past
    still happened there.
    """
    _lock(agency)
    there = {area.name.casefold(): area for area in Area.objects.filter(agency=agency, kind=read.kind)}
    done = AreasImported(kind=read.kind, areas=len(read.areas), report=asdict(read.report))
    for outline in read.areas:
        area = there.pop(outline.name.casefold(), None)
        if area is None:
            _add(agency, read.kind, outline, source=read.file_name)
            done.added.append(outline.name)
        elif _change(area, outline, source=read.file_name):
            done.changed.append(outline.name)
        else:
            done.unchanged += 1
    gone = [area for area in there.values() if area.active]
    Area.objects.filter(pk__in=[area.pk for area in gone]).update(active=False, changed_at=clock.now())
    done.removed = sorted(area.name for area in gone)
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
    Agency.objects.select_for_update().get(pk=agency.pk)


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


@transaction.atomic
def draw_area(
    agency: Agency, *, kind: str, name: str, drawing: str, population: int | None = None, by: User | None
) -> Area:
    """Keep an area somebody drew: `drawing` is the GeoJSON of one polygon. Raises a Refusal."""
    called = plain_name(name)
    if not called:
        raise AreaRefused("Give the area a name.")
    outline = outline_of(drawing)
    _lock(agency)
    if Area.objects.filter(agency=agency, kind=kind, name__iexact=called).exists():
        raise NameTaken(f"There is an area called “{called}” already. Choose another name.")
    outline.name, outline.population = called, population
    area = _add(agency, kind, outline, source="drawn")
    audit.record(agency=agency, by=by, verb="drew", thing=area)
    return area


def outline_of(drawing: str) -> Outline:
    """The one outline of a drawing, mended where two of its lines crossed. Raises a Refusal."""
    file = geojson.read(drawing.encode())
    named = [geojson.Feature(each.row, {"name": "drawn"}, each.shape, each.trouble) for each in file.features]
    areas, _report = outlines(geojson.BoundaryFile(named, ["name"], file.converted_from), name="name")
    return areas[0]


@transaction.atomic
def change_area(area: Area, *, name: str, population: int | None, active: bool, by: User | None) -> Area:
    """Change what is said of an area; its outline comes from a file or a drawing."""
    called = plain_name(name)
    if not called:
        raise AreaRefused("Give the area a name.")
    twins = Area.objects.filter(agency=area.agency, kind=area.kind, name__iexact=called).exclude(pk=area.pk)
    if twins.exists():
        raise NameTaken(f"There is an area called “{called}” already. Choose another name.")
    area.name, area.population, area.active, area.changed_at = called, population, active, clock.now()
    area.save(update_fields=["name", "population", "active", "changed_at"])
    audit.record(agency=area.agency, by=by, verb="changed", thing=area)
    return area


@transaction.atomic
def name_kinds(agency: Agency, *, words: dict[str, tuple[str, str]], by: User | None) -> None:
    """The agency's own words: kind to (one of them, several). Empty words mean ours again."""
    for kind, (singular, plural) in words.items():
        one, several = plain_name(singular)[:40], plain_name(plural)[:40]
        if one and several:
            AreaLabel.objects.update_or_create(
                agency=agency, kind=AreaKind(kind), defaults={"singular": one, "plural": several}
            )
        else:
            AreaLabel.objects.filter(agency=agency, kind=kind).delete()
    audit.record(agency=agency, by=by, verb="named the kinds of area of", thing=agency)
