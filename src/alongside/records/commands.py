"""Commands of this room."""

from pathlib import Path

import click
from django.utils.translation import gettext as _

from alongside.agencies import retention
from alongside.agencies.commands import the_agency
from alongside.core.errors import Refusal
from alongside.places.sheets import SHEET
from alongside.records import taking


class BadSchedule(Refusal):
    """A row of a schedule that says no kind, or days that are no number."""


@click.command()
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def take(slug: str, file: Path) -> None:
    """Write all that agency SLUG keeps here into FILE, for an agency that leaves: rows, files, and how to read them."""
    report = taking.take(the_agency(slug), file)
    click.echo(f"{file}: {report.all_rows:,} rows of {len(report.rows)} tables and {report.files:,} files.")
    for name in report.missing:
        click.echo(f"not whole, and left out: {name}", err=True)


@click.group()
def records() -> None:
    """How long records are kept."""


@records.command()
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def schedule(slug: str, file: Path) -> None:
    """Set how long each kind of record of agency SLUG is kept, from a table: kind, days (empty: kept), authority."""
    agency, sheet = the_agency(slug), SHEET.read(file)
    for row in sheet.rows:
        kind, days = row.cells.get("kind", ""), row.cells.get("days", "")
        if days and not days.isdecimal():
            raise BadSchedule(
                _("line %(line)d: “%(days)s” is no number of days.") % {"line": row.line, "days": days}
            )
        number = int(days) if days else None
        retention.schedule(agency, kind, days=number, authority=row.cells.get("authority", ""), by=None)
    click.echo(f"{agency.name}: {len(sheet.rows)} kinds of record scheduled.")
