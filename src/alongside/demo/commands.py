"""Commands of this room."""

from __future__ import annotations

import os
import sys
from datetime import date

import click

from alongside.core import clock
from alongside.demo.build import SEED, build_demo

STALE_DAYS = 14


@click.command()
@click.option("--seed", default=SEED, show_default=True, help="Another number makes another city.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--build-only", is_flag=True, help="Build the city and stop.")
def demo(seed: int, port: int, build_only: bool) -> None:
    """Build the demo city, unless it stands already, and serve it on this machine."""
    city = build_demo(seed=seed, tell=lambda line: click.echo(line, err=True))
    age = (clock.now().date() - date.fromisoformat(city.until)).days
    if age > STALE_DAYS:
        click.echo(
            f"This city was told up to {city.until}, {age} days ago: remove its data folder for a fresh one.",
            err=True,
        )
    if not build_only:
        # A process of its own, since the server may be restarted and the builder need not be.
        os.execv(sys.executable, [sys.executable, "-m", "alongside.cli", "serve", "--port", str(port)])  # noqa: S606
