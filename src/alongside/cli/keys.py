"""`alongside keys`: which keys there are, what needs them, and how a new one is made."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings

from alongside.core import key_use
from alongside.core import keys as rings

IN_USE = "in use"
# A process reads it when it starts; every other ring is looked at whenever it is needed.
START_AGAIN = "Start bin/alongside serve again: until then people are signed in by the key of before."


@click.group(name="keys", invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """Which keys there are, when each was made, and how many stored codes and links need it, until when."""
    if context.invoked_subcommand:
        return
    data = Path(settings.DATA)
    for name in rings.names(data):
        found = key_use.uses(name)
        *_older, in_use = ring = rings.ring(data, name)
        for key in ring:
            click.echo(_line(name, key, key_use.needed(key, found), in_use=key is in_use))


@keys.command()
@click.argument("name")
def rotate(name: str) -> None:
    """Make a new key of the ring NAME. Older ones are read until nothing needs them, and then deleted."""
    made = rings.rotate(Path(settings.DATA), name)
    click.echo(f"{name}: {made.id} is {IN_USE}. Keep a copy of keys/{name} where you keep keys.")
    if name == rings.SESSION:
        click.echo(START_AGAIN)


def _line(name: str, key: rings.Key, use: key_use.Use, *, in_use: bool) -> str:
    made = f"made {key.made:%Y-%m-%d}" if key.made else "of before there were rings"
    until = f" until {use.until}" if use.until else ""
    return f"{name}  {key.id}  {made}  {IN_USE if in_use else 'read'}, needed by {use.rows}{until}"
