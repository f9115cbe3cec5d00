"""Commands of this room."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from alongside.agencies.commands import the_agency
from alongside.incidents import actions
from alongside.incidents.models import Import
from alongside.incidents.readers import MAPPING


@click.group()
def incidents() -> None:
    """The incident lake: what police involvement there was, by cell of stated size, without names."""


@incidents.command("import")
@click.argument("slug")
@click.argument("files", nargs=-1, required=True)
@click.option(
    "--mapping", "mapping_file", type=click.Path(path_type=Path), help="A TOML file: which column means what."
)
@click.option("--json", "as_json", is_flag=True, help="Print the quality report as one JSON object.")
def import_incidents(slug: str, files: tuple[str, ...], mapping_file: Path | None, as_json: bool) -> None:
    """Read FILES (CSV, also gzip or zip, or Parquet) into the lake of agency SLUG, and report on every row."""
    agency = the_agency(slug)
    given = MAPPING.read(mapping_file) if mapping_file else None
    watched = sys.stderr.isatty()  # a program that calls us reads errors there, one line each
    with click.progressbar(length=1000, label="Reading", file=sys.stderr, hidden=not watched) as bar:
        done = actions.import_files(
            agency, files, given=given, progress=lambda share: bar.update(int(share * 1000) - bar.pos)
        )
    click.echo(json.dumps(done.report) if as_json else "\n".join(report_lines(done)))


def _dates(report: dict[str, Any]) -> str:
    if report["first"]:
        return f"incidents, {report['first']} to {report['last']}"
    return "places with counts, without dates" if report["dataset"] == "undated" else "incidents"


def report_lines(done: Import) -> list[str]:
    """The quality report as a person reads it."""
    report = done.report
    lines = [
        f"Read       {report['read']:>12,} rows of {report['files']} file(s)",
        f"Kept       {report['kept']:>12,} {_dates(report)}",
        f"Merged     {report['merged']:>12,} rows of incidents kept already",
    ]
    lines += [f"Set aside  {count:>12,} {reason}" for reason, count in report["set_aside"].items()]
    lines += [f"Flagged    {count:>12,} {why}" for why, count in report["flagged"].items() if count]
    layers = report["layers"]
    lines.append(
        f"Layers     {layers['investigation']:>12,} investigation, {layers['enforcement']:,} enforcement, "
        f"{layers['both']:,} in both"
    )
    lines.append(f"In the lake{report['events']:>12,} events, by cells of {report['cell']['area_m2']:,} m²")
    if report["covered"] not in ([], [[report["first"], report["last"]]]):
        stretches = "; ".join(" to ".join(stretch) for stretch in report["covered"])
        lines.append(f"Days covered: {stretches}. Hot spots look at no others.")
    lines.append(f"Study area: {report['study_area']['source']}.")
    lines += [
        f"Cut off: {part['events']:,} lie together, {part['km']:,.0f} km from the rest. If that is a part of the city, "
        "across water perhaps, give its boundaries (alongside places import) and import the file again."
        for part in report["study_area"].get("cut_off", ())
    ]
    if report["converted_from"]:
        lines.append(f"Coordinates converted from {report['converted_from']}.")
    if report["swapped_coordinates"]:
        lines.append("Latitude and longitude had changed places: turned round.")
    if report["dropped_fields"]:
        lines.append(f"Dropped on the way in: {', '.join(report['dropped_fields'])}.")
    for name, table in report["loss"].items():
        lines += [
            f"Lost by {name}: {row['value'] or '(none)'}: {row['lost']:,} of {row['read']:,} ({row['rate']:.1%})"
            for row in table[:3]
            if row["difference"] > 0
        ]
    hints: list[str] = report["hints"]
    return lines + hints
