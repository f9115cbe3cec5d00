"""Commands of this room. `verify` needs no data folder: a stranger runs it on a file from anywhere."""

from __future__ import annotations

import re
from pathlib import Path

import click

from alongside.agencies.commands import the_agency
from alongside.core.files import whole
from alongside.ledger import actions, queries
from alongside.ledger.chain import Verdict, lines_of
from alongside.ledger.chain import verify as look_at


class Digits(click.ParamType[str]):
    """64 hex digits: a public key, or the hash of an entry."""

    name = "64 hex digits"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        said = value.strip().lower()
        if not re.fullmatch(r"[0-9a-f]{64}", said):
            self.fail(
                f"{value[:80]!r} is not 64 hex digits (0-9, a-f), as the page of the ledger shows them.",
                param,
                ctx,
            )
        return said


@click.group()
def ledger() -> None:
    """The public ledger: taken along, checked, and by which key its days are signed."""


@ledger.command()
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(slug: str, file: Path) -> None:
    """Write every entry of SLUG to FILE, a line each: also those that no signed head covers yet."""
    agency = the_agency(slug)
    actions.begin(agency)
    count = 0
    with whole(file, mode=0o644) as written:
        for line in queries.lines(agency):
            written.write(line)
            count += 1
    click.echo(f"{file}: {_counted(count)}.")


@ledger.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", type=Digits(), metavar="PUBLIC", help="The agency's public key, as you know it.")
@click.option("--head", type=Digits(), metavar="HEAD", help="The hash of any entry, that you kept.")
def verify(file: Path, key: str | None, head: str | None) -> None:
    """Check every entry of FILE, on any machine. Exit 2 says the first bad entry, and why."""
    with file.open("rb") as lines:
        found = look_at(lines_of(lines), key=key or "", head=head or "")
    click.echo("; ".join(_said(found, key=key, head=head)) + ".")


def _said(found: Verdict, *, key: str | None, head: str | None) -> list[str]:
    """One line of what was found."""
    said = [_counted(found.entries), f"head {found.head}", f"last signed day {found.day or 'none'}"]
    if unsigned := found.entries - found.signed_to:
        said.append(f"not signed yet: the last {_counted(unsigned)}")
    if key:
        said.append(f"proven by the key that you gave up to entry {found.proven_to}")
    if head:
        said.append(f"the head that you gave is entry {found.head_at}, and what follows is growth")
    if not key and not head:
        said.append("consistent in itself; not proven to be the one published")
    return said


def _counted(entries: int) -> str:
    return f"{entries} {'entry' if entries == 1 else 'entries'}"


@ledger.command("key")
@click.argument("slug")
@click.option("--new", "turn", flag_value="new", help="Another key from now on. The old one signs it.")
@click.option("--lost", "turn", flag_value="lost", help="Say that keys/ledger is lost, or in other hands.")
def key(slug: str, turn: str | None) -> None:
    """By which key the days of SLUG are signed. With --new or --lost: another one from now on.

    --lost gives up the key of every agency: all are made of the secrets in keys/ledger.
    """
    agency = the_agency(slug)
    actions.begin(agency)
    if turn == "new":
        actions.change_key(agency, by=None)
    if turn == "lost":
        actions.lose_key(agency, by=None)
    click.echo(queries.key_of(agency))
    if turn == "lost":
        for other in queries.with_a_ledger():
            if other != agency:
                click.echo(f"Given up too: {other.slug}, whose key is now {queries.key_of(other)}", err=True)
    if turn:
        click.echo(
            "Keep a copy of keys/ledger where you keep keys, and tell whoever keeps this ledger's heads.",
            err=True,
        )
