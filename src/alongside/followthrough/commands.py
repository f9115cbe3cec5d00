"""Commands of this room."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click
from django.utils.translation import gettext as _

from alongside.agencies.commands import the_agency
from alongside.core.errors import Refusal
from alongside.followthrough.models import Load
from alongside.followthrough.promises.loading import judging, keeping
from alongside.followthrough.promises.loading.judging import Read
from alongside.followthrough.promises.loading.rows import COLUMNS
from alongside.outside.readers import refuse_if_none_is_left
from alongside.places.sheets import TABLE

a_file = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


class NoSuchLoad(Refusal):
    """A command names a load that is not of this agency."""


@click.group()
def promises() -> None:
    """What was promised, and what became of it."""


@promises.command("import")
@click.argument("slug")
@click.argument("file", type=a_file)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help=f"Which column holds a field; may be given again. Fields: {', '.join(COLUMNS)}.",
)
@click.option(
    "--keep",
    "keeps",
    is_flag=True,
    help="Write them down. Without it you only see what would become of each row.",
)
@click.option(
    "--public",
    "released",
    is_flag=True,
    help="With --keep: you have read that the words name nobody, so everybody may read them.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def import_promises(
    slug: str, file: Path, columns: tuple[str, ...], keeps: bool, released: bool, as_json: bool
) -> None:
    """Read promises and concerns of before from a spreadsheet or a table for agency SLUG: they are loaded later."""
    agency = the_agency(slug)
    if released and not keeps:
        raise click.UsageError("--public goes with --keep.")
    sheet = TABLE.read(file)
    guessed = judging.judged(agency, sheet, file_name=file.name)
    mapping = guessed.mapping | _named(columns)
    read = judging.judged(agency, sheet, file_name=file.name, mapping=mapping) if columns else guessed
    refuse_if_none_is_left(read.kept, rows=read.rows, why=judging.first_why_aside(read.set_aside))
    load, kept = keeping.load_file(agency, read, released=released, by=None) if keeps else (None, None)
    report = kept.as_json() | {"load": load.public_id} if kept and load else read.as_json()
    click.echo(json.dumps(report) if as_json else "\n".join(_in_words(read, load, kept)))


@promises.command("undo")
@click.argument("slug")
@click.argument("load_id")
def undo_load(slug: str, load_id: str) -> None:
    """Take back all that a load brought, while nobody has worked on any of it."""
    agency = the_agency(slug)
    load = Load.objects.of(agency).filter(public_id=load_id).first()
    if load is None:
        raise NoSuchLoad(_("no load “%(load)s” here.") % {"load": load_id})
    keeping.undo(load, by=None)
    click.echo(f"Taken back: {load.file_name}.")


def _named(columns: Iterable[str]) -> dict[str, str]:
    """Which column holds what, as it was typed."""
    said = dict(each.split("=", 1) for each in columns if "=" in each)
    if len(said) < len(list(columns)) or not said.keys() <= COLUMNS.keys():
        raise click.UsageError(f"--column FIELD=COLUMN, where FIELD is one of: {', '.join(COLUMNS)}.")
    return said


def _in_words(read: Read, load: Load | None, kept: keeping.Kept | None) -> Iterable[str]:
    """The report, as a person reads it."""
    yield (
        f"{read.rows:,} rows read: {read.kept:,} kept, {read.merged:,} merged, {len(read.set_aside):,} set aside."
    )
    yield "Columns: " + ", ".join(f"{name} = {column}" for name, column in read.mapping.items()) + "."
    for reason, count in judging.why_aside(read):
        yield f"Set aside, {count:,}: {reason}."
    for what, count in judging.what_is_odd(read):
        yield f"Kept, {count:,}: {what}."
    if kept is None or load is None:
        yield "Nothing was written. Add --keep to write them down."
        return
    yield (
        f"{kept.outcomes['added']:,} new, {kept.outcomes['changed']:,} changed, "
        f"{kept.outcomes['unchanged']:,} as before, {kept.outcomes['differs']:,} that differ from what stands here."
    )
    for each in kept.differ[:20]:
        yield f"Line {each['line']} differs: {', '.join(each['fields'])}."
    yield f"Loaded as {load.public_id}: alongside promises undo {load.agency.slug} {load.public_id} takes it back."
