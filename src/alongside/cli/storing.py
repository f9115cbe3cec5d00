"""`alongside store`: the store of ALONGSIDE_STORE gets what it has not, and the data folder what it has lost."""

from __future__ import annotations

import click

from alongside.core.errors import Refusal, phrase


class NoStore(Refusal):
    """No store is named."""


@click.command()
@click.option("--take", is_flag=True, help="This install takes the place of the one that the store is of.")
def store(*, take: bool) -> None:
    """Send to ALONGSIDE_STORE what is not there yet, bring back what is missing here, sweep what has gone."""
    from alongside.cli.moving import progress
    from alongside.core import kept

    there = kept.store()
    if there is None:
        raise NoStore(phrase("no store is named: set ALONGSIDE_STORE, such as s3://bucket/folder."))
    if take:
        there.take()
    with progress("Comparing") as (total, done):
        total(kept.size_of_all())
        came = kept.bring_back()
        tended = kept.tend(there, done)
    click.echo(
        f"{there}: {tended.files} files, {tended.size / 1e6:.1f} MB. "
        f"{tended.sent} sent, {came} brought back, {tended.removed} removed."
    )
    if tended.missing:
        click.echo(f"{tended.missing} files are neither here nor there: alongside check names them.")
