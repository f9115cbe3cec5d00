"""Commands of this room."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sized
from pathlib import Path

import click

from alongside.agencies.commands import the_agency
from alongside.outside.readers import refuse_if_none_is_left
from alongside.people import actions
from alongside.people.tables import PeopleRead, understand_partners, understand_staff
from alongside.places.sheets import SHEET

SHOWN = 10
a_file = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group()
def partners() -> None:
    """Organisations that walk with us."""


@partners.command("import")
@click.argument("slug")
@click.argument("file", type=a_file)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def import_partners(slug: str, file: Path, as_json: bool) -> None:
    """Add the partners of a CSV FILE to agency SLUG. Several areas in one cell are divided by semicolons."""
    read = understand_partners(SHEET.read(file))
    _refuse_if_none_is_left(read, read.partners)
    _say(actions.keep_partners(the_agency(slug), read, by=None), as_json)


@click.group()
def staff() -> None:
    """Members of staff and their ranks."""


@staff.command("import")
@click.argument("slug")
@click.argument("file", type=a_file)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def import_staff(slug: str, file: Path, as_json: bool) -> None:
    """Add the members of staff of a CSV FILE (name, rank, roles, division) to agency SLUG. Nobody is invited by it."""
    read = understand_staff(SHEET.read(file))
    _refuse_if_none_is_left(read, read.staff)
    _say(actions.keep_staff(the_agency(slug), read, by=None), as_json)


def _refuse_if_none_is_left(read: PeopleRead, left: Sized) -> None:
    why = next((trouble.reason for trouble in read.set_aside), "")
    refuse_if_none_is_left(len(left), rows=read.rows, why=why)


def _say(done: actions.PeopleImported, as_json: bool) -> None:
    click.echo(json.dumps(done.as_json()) if as_json else "\n".join(_report_lines(done)))


def _report_lines(done: actions.PeopleImported) -> Iterable[str]:
    yield f"{done.rows} rows: {done.added} new, {done.changed} changed, {done.unchanged} as before."
    for trouble in done.set_aside[:SHOWN]:
        yield f"Set aside, line {trouble['line']}: {trouble['reason']}."
    if done.areas_not_known:
        yield f"No such area: {', '.join(done.areas_not_known[:SHOWN])}."
