"""Commands of this room."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from alongside.agencies.commands import the_agency
from alongside.agencies.models import Agency
from alongside.outside.readers import refuse_if_none_is_left
from alongside.places import actions, queries
from alongside.places.boundaries.counts import Counts
from alongside.places.boundaries.files import COUNTS
from alongside.places.exposure import ExposureRead
from alongside.places.models import AreaKind, StreetNetwork, VenueKind

SHOWN = 10

a_file = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group()
def places() -> None:
    """Areas: neighborhoods, divisions, beats, districts, tracts."""


@places.command("import")
@click.argument("slug")
@click.argument("file", type=a_file)
@click.option("--kind", required=True, type=click.Choice(AreaKind.values))
@click.option("--name", required=True, help="The field that names each area.")
@click.option("--population", help="A field with the residents of each area.")
@click.option("--population-csv", type=a_file, help="A table with residents; needs the three options below.")
@click.option("--key", help="The field of the areas that the table is joined on.")
@click.option("--csv-key", help="The table's column with that key. Rows of one key are summed.")
@click.option("--csv-value", help="The table's column with residents.")
@click.option("--crs", help="The projection, such as EPSG:2246, where the file does not say.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def import_places(slug: str, file: Path, as_json: bool, **options: Any) -> None:
    """Import the areas of a GeoJSON FILE for agency SLUG. The same file again changes nothing."""
    agency = the_agency(slug)
    read = actions.read_areas(
        file,
        file_name=file.name,
        kind=options["kind"],
        name=options["name"],
        population=options["population"],
        key=options["key"],
        crs=options["crs"],
        counts=_counts(options),
    )
    done = actions.keep_areas(agency, read, by=None)
    click.echo(json.dumps(done.as_json()) if as_json else "\n".join(_area_lines(done)))


def _counts(options: dict[str, Any]) -> Counts | None:
    table: Path | None = options["population_csv"]
    joined = [options["key"], options["csv_key"], options["csv_value"]]
    if table is None:
        return None
    if not all(joined):
        raise click.UsageError("--population-csv needs --key, --csv-key and --csv-value.")
    return COUNTS.read(table, key=options["csv_key"], value=options["csv_value"])


def _area_lines(done: actions.AreasImported) -> Iterable[str]:
    """The report, as a person reads it."""
    report = done.report
    yield (
        f"{done.areas} areas ({done.kind}): {len(done.added)} new, {len(done.changed)} changed, "
        f"{done.unchanged} as before."
    )
    if report["converted_from"]:
        yield f"Converted from {report['converted_from']}."
    if done.removed:
        yield f"Not in the file any more, kept inactive: {_some(done.removed)}."
    for repair in report["repaired"]:
        yield f"Repaired {repair['name']}: {repair['reason']} (area {repair['area_change_percent']:+.3f} %)."
    if report["merged"]:
        yield f"Several features of one name became one area: {_some(each['name'] for each in report['merged'])}."
        yield "If they are different areas, choose a --name field that tells them apart."
    for row in report["set_aside"][:SHOWN]:
        yield f"Set aside, feature {row['row']}{' ' + row['name'] if row['name'] else ''}: {row['reason']}."
    for overlap in report["overlaps"][:SHOWN]:
        yield f"Overlap: {' and '.join(overlap['names'])} share {overlap['km2']} km²."
    if report["gaps"]:
        yield f"{len(report['gaps'])} gaps between areas, the largest {report['gaps'][0]['km2']} km²."
    yield from _people_lines(report["population"])


def _people_lines(people: dict[str, Any] | None) -> Iterable[str]:
    if people is None:
        return
    yield f"{people['total']:,} residents in {people['areas_with']} areas ({people['source']})."
    if people.get("keys_summed"):
        yield f"{people['keys_summed']} keys had several rows: summed."
    if people["areas_without_count"]:
        yield f"No count for {people['areas_without_count']} areas: {_some(people['areas_without'])}."
    if people.get("keys_without_area_count"):
        yield (
            f"{people['keys_without_area_count']} keys of the table have no area "
            f"({people['residents_without_area']:,} residents)."
        )


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - SHOWN} more" if len(listed) > SHOWN else ""
    return ", ".join(listed[:SHOWN]) + more


@places.command("exposure")
@click.argument("slug")
@click.argument("file", type=a_file, required=False)
@click.option(
    "--weight", "weights", multiple=True, metavar="COLUMN=WEIGHT", help="How many people one of a column is."
)
@click.option("--lat", help="The column with latitudes; guessed from its name.")
@click.option("--lon", help="The column with longitudes.")
@click.option(
    "--area", help="The column that names the area of a row, by its name or key, instead of a point."
)
@click.option("--withdraw", is_flag=True, help="Count residents alone from now on.")
@click.option("--json", "as_json", is_flag=True, help="Print what is in force as one JSON object.")
def exposure(
    slug: str, file: Path | None, weights: tuple[str, ...], withdraw: bool, as_json: bool, **where: str
) -> None:
    """Count people who are there without living there, by weighted columns of a CSV FILE, for agency SLUG.

    The latest table is in force until it is withdrawn. Without FILE, say what is in force.
    """
    agency = the_agency(slug)
    if file is not None and withdraw:
        raise click.UsageError("Give a FILE or --withdraw, not both.")
    read = None
    if withdraw:
        actions.withdraw_exposure(agency, by=None)
    elif file is not None:
        columns = dict(_weighed(each) for each in weights)
        read = actions.read_exposure(agency, file, file_name=file.name, weights=columns, where=where)
        why = next((trouble.reason for trouble in read.set_aside), "")
        refuse_if_none_is_left(read.used, rows=read.rows, why=why)
        actions.keep_exposure(agency, read, by=None)
    said = _exposure_said(agency, read)
    click.echo(json.dumps(said) if as_json else "\n".join(_exposure_lines(said)))


def _weighed(text: str) -> tuple[str, float]:
    name, equals, weight = text.rpartition("=")
    try:
        return name.strip(), float(weight if equals else "")
    except ValueError:
        raise click.UsageError(f"--weight {text}: write it as COLUMN=WEIGHT, such as jobs=0.5.") from None


def _exposure_said(agency: Agency, read: ExposureRead | None) -> dict[str, Any]:
    there, people, all_of_them = queries.exposure(agency), queries.residents(agency), queries.at_risk(agency)
    return {
        "in_force": there.file_name if there else None,
        "columns": there.columns if there else [],
        "people": round(there.people) if there else 0,
        "residents": round(people.total) if people else None,
        "at_risk": round(all_of_them.total) if all_of_them else None,
        "rows": read.rows if read else None,
        "set_aside": read.reasons if read else {},
        "set_aside_lines": [asdict(trouble) for trouble in read.set_aside] if read else [],
    }


def _exposure_lines(said: dict[str, Any]) -> Iterable[str]:
    """The same, as a person reads it."""
    if said["rows"] is not None:
        yield f"{said['rows']:,} rows: {said['rows'] - len(said['set_aside_lines']):,} kept."
    for reason, count in said["set_aside"].items():
        lines = [str(each["line"]) for each in said["set_aside_lines"] if each["reason"] == reason]
        yield f"Set aside, {count:,} rows: {reason} (line {_some(lines)})."
    if said["in_force"] is None:
        yield "People at risk are the residents: no table of others is in force."
    for column in said["columns"]:
        yield f"{column['name']}: {column['sum']:,.0f}, each {column['weight']:g} of a person."
    if said["in_force"] is not None:
        residents = "unknown" if said["residents"] is None else f"{said['residents']:,}"
        yield f"People at risk: {said['at_risk']:,} ({residents} residents, {said['people']:,} others)."


@click.group()
def streets() -> None:
    """The streets people walk, from OpenStreetMap."""


@streets.command("import")
@click.argument("slug")
@click.argument("file", type=a_file)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def import_streets(slug: str, file: Path, as_json: bool) -> None:
    """Read the walkable streets of an .osm.pbf FILE for agency SLUG. They replace those read before."""
    agency = the_agency(slug)
    report = actions.import_streets(agency, file, file_name=file.name, by=None).report
    click.echo(json.dumps(report) if as_json else "\n".join(_street_lines(report)))


def _street_lines(report: dict[str, Any]) -> Iterable[str]:
    """The report, as a person reads it."""
    free, left = report["km_step_free"], report["parts_left_out"]
    yield f"{report['edges']:,} stretches of street between {report['nodes']:,} junctions, {report['km']:,} km in all."
    yield f"By kind, km: {_numbers(report['km_by_kind'])}."
    yield (
        f"Step-free: {free['yes']} km known, {free['no']} km known not to be, "
        f"{free['unknown']} km the map does not say."
    )
    yield (
        f"To be avoided on foot: {report['km_to_avoid']} km; without them {report['km_together_without_avoided']} km "
        "hang together."
    )
    points = f"{report['crossings']:,} crossings, {report['points_with_kerb']:,} kerbs"
    yield f"{points}, {report['steps']:,} flights of steps."
    yield f"Community places: {_numbers(report['places']) or 'none in this file'}."
    yield f"Ways left out: {_numbers(report['dropped']) or 'none'}."
    yield f"Not connected with the others, left out: {left['km']} km in {left['parts']} parts."
    if report["areas_covered"] is not None:
        yield f"The file reaches {100 * report['areas_covered']:.0f} % of the agency’s areas."
    yield StreetNetwork.ATTRIBUTION


def _numbers(counts: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items())


@click.group()
def venues() -> None:
    """Where people can meet."""


@venues.command("import")
@click.argument("slug")
@click.argument("file", type=a_file)
@click.option("--kind", type=click.Choice(VenueKind.values), help="For rows that do not say their kind.")
@click.option(
    "--column", "columns", multiple=True, metavar="FIELD=COLUMN", help="Which column holds a field."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def import_venues(slug: str, file: Path, kind: str | None, columns: tuple[str, ...], as_json: bool) -> None:
    """Add the venues of a CSV FILE to agency SLUG. Those known by name and address are brought up to date."""
    agency = the_agency(slug)
    mapping = dict(_pair(each) for each in columns) or None
    read = actions.read_venues(agency, file, file_name=file.name, mapping=mapping, kind=kind)
    why = next((trouble.reason for trouble in read.set_aside), "")
    refuse_if_none_is_left(len(read.venues), rows=read.rows, why=why)
    done = actions.keep_venues(agency, read, by=None)
    click.echo(json.dumps(done.as_json()) if as_json else "\n".join(_venue_lines(done)))


def _pair(text: str) -> tuple[str, str]:
    name, equals, column = text.partition("=")
    if not equals:
        raise click.UsageError(f"--column {text}: write it as FIELD=COLUMN, such as name=DisplayName.")
    return name.strip(), column.strip()


def _venue_lines(done: actions.VenuesImported) -> Iterable[str]:
    yield (
        f"{done.venues} venues in {done.rows} rows: {done.added} new, {done.changed} changed, "
        f"{done.unchanged} as before; {done.merged} rows spoke of a venue again."
    )
    for reason, count in done.set_aside.items():
        yield f"Set aside, {count} rows: {reason}."
