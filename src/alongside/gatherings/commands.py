"""Commands of this room."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from alongside.agencies import audit
from alongside.agencies.commands import the_agency
from alongside.gatherings.importing import keeping, reading
from alongside.gatherings.kinds import KINDS
from alongside.gatherings.models import Import, ImportState
from alongside.outside.readers import refuse_if_none_is_left

a_file = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group()
def gatherings() -> None:
    """Coffees, youth gatherings, listening sessions and all the other dates."""


@gatherings.command("import")
@click.argument("slug")
@click.argument("file", type=a_file)
@click.option(
    "--keep",
    "keeps",
    is_flag=True,
    help="Write them down. Without it you only see what would become of each row.",
)
@click.option(
    "--publish",
    is_flag=True,
    help="With --keep: publish what is to come, has a place and needs nobody to look.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
def import_gatherings(slug: str, file: Path, keeps: bool, publish: bool, as_json: bool) -> None:
    """Read the gatherings of a calendar (.ics), a table (.csv) or a list (.json) for agency SLUG."""
    agency = the_agency(slug)
    if publish and not keeps:
        raise click.UsageError("--publish goes with --keep.")
    read = reading.read(agency, file, file_name=file.name)
    refuse_if_none_is_left(len(read.events), rows=read.rows, why=reading.first_why_aside(read))
    kept = None
    if keeps:
        kept = keeping.keep(agency, read, by=None, announce=publish)
        record = Import.objects.create(
            agency=agency,
            file_name=file.name[:160],
            state=ImportState.DONE,
            announce=publish,
            total=read.kept,
            done=read.kept,
            report=kept.as_json(),
        )
        audit.record(agency=agency, by=None, verb="imported", thing=record, detail=dict(kept.outcomes))
    report = kept.as_json() if kept else read.as_json()
    click.echo(json.dumps(report) if as_json else "\n".join(_in_words(read, kept)))


def _in_words(read: reading.Read, kept: keeping.Kept | None) -> Iterable[str]:
    """The report, as a person reads it."""
    yield (
        f"{read.rows:,} rows read ({read.format}): {read.kept:,} kept, {read.merged:,} merged, "
        f"{len(read.set_aside):,} set aside."
    )
    for reason, count in reading.why_aside(read):
        yield f"Set aside, {count:,}: {reason}."
    for what, count in reading.what_is_odd(read):
        yield f"Kept, {count:,}: {what}."
    kinds = ", ".join(f"{KINDS[kind]} {count:,}" for kind, count in read.kinds.most_common())
    yield f"Kinds, guessed from the titles: {kinds or 'none'}."
    if kept is None:
        yield "Nothing was written. Add --keep to write them down."
        return
    yield (
        f"{kept.outcomes['added']:,} new, {kept.outcomes['changed']:,} changed, "
        f"{kept.outcomes['unchanged']:,} as before; {kept.published:,} published."
    )
