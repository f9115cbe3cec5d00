"""`alongside backup`: one file that holds this install, to be restored here, elsewhere, or on the other database."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from alongside.core.errors import Refusal, phrase
from alongside.core.stores import is_address, place

PASSPHRASE = "ALONGSIDE_BACKUP_PASSPHRASE"  # noqa: S105 - where it stands
SHORTEST = 12
# What hangs on each ring of keys, to whoever restores without it.
LOST = {
    "codes": "codes on printed cards",
    "links": "links in mails and on phones: rosters, answers, what people follow",
    "forms": "that a form sent twice is one answer",
    "voices": "that a device which has spoken is known again",
    "addresses": "how often we wrote to an address",
    "draws": "the draw among places alike",
    "ledger": "the keys by which the ledgers' days are signed: a new one is named, and the old one said to be lost",
    "incident-ids": "that an old incident is known again when its file is imported anew",
}


class Place(click.ParamType[Path]):
    """A file of this machine, or an address such as s3://bucket/town.backup."""

    name = "path"

    def convert(self, value: str | Path, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        return place(value)


class NoPassphrase(Refusal):
    """Keys go into a backup only behind words that nobody guesses."""


@click.command()
@click.argument("file", type=Place())
@click.option(
    "--with-keys", is_flag=True, help=f"Keys, too, shut with a passphrase ({PASSPHRASE}, or asked)."
)
def backup(file: Path, with_keys: bool) -> None:
    """Write rows, lake, streets, media and the city's words to FILE. Interrupted, it goes on from FILE.part."""
    from alongside.core.backup import beside, making, sending

    if not is_address(file):
        making.check_place(file, Path(settings.DATA))
    passphrase = _new_passphrase() if with_keys else None
    path = sending.draft_of(file) if is_address(file) else file
    made = sending.made_before(path, with_keys=with_keys) if is_address(file) else None
    if made is None:
        with progress("Backing up") as (total, done):
            made = making.make(
                path, known_as=file, passphrase=passphrase, needs=needs(), total=total, progress=done
            )
    if is_address(file):
        with progress("Sending") as (total, done):
            total(made.size)
            sending.send(made, file, done)
    click.echo(f"{file}: {made.rows} rows, {made.files} files, {made.size / 1e6:.1f} MB.")
    if not with_keys:
        click.echo("Without its keys. These stay shut where it is restored, unless you put back keys/:")
        for line in told(needs()):
            click.echo(f"  {line}")
    click.echo(
        f"What people have deleted from now on is written to {beside.of(file)} while it can be reached, and to "
        f"{made.erased}. Keep it beside the file, wherever that goes."
    )


def needs() -> dict[str, int]:
    """How many stored codes and links need each ring of keys."""
    from alongside.core import key_use

    return {ring: sum(use.rows for use in key_use.uses(ring).values()) for ring in key_use.rings()}


def told(needed: Mapping[str, int]) -> Iterator[str]:
    """What does not open without keys: where rows need a ring, how many do."""
    for ring, what in LOST.items():
        if ring not in needed:
            yield what
        elif needed[ring]:
            yield f"{what} ({needed[ring]})"


def _new_passphrase() -> str:
    given = os.environ.get(PASSPHRASE) or str(
        click.prompt("Passphrase for the keys", hide_input=True, confirmation_prompt=True, err=True)
    )
    if len(given.strip()) < SHORTEST:
        raise NoPassphrase(
            phrase(
                "A passphrase for keys has at least %(count)s characters: take some words.", count=SHORTEST
            )
        )
    return given


@contextmanager
def progress(label: str) -> Iterator[tuple[Callable[[int], object], Callable[[int], object]]]:
    """How far it is, on the error stream: to be told how many bytes there are, and of each that is done."""
    with click.progressbar(length=1, label=label, file=sys.stderr) as shown:
        bar = _Bar(shown)
        yield bar.expect, bar.add


class _Bar:
    """A bar whose length is known only once something was looked at."""

    def __init__(self, bar: Any) -> None:
        self.bar = bar

    def expect(self, total: int) -> None:
        self.bar.length = max(total, 1)

    def add(self, count: int) -> None:
        if self.bar.pos + count <= self.bar.length:
            self.bar.update(count)
