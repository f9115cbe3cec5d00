"""Commands of this room."""

from __future__ import annotations

import os
import sys
from datetime import date

import click

from alongside.core import clock, data
from alongside.core.demo import door
from alongside.demo import marker
from alongside.demo.personas import SLUG

STALE_DAYS = 14


@click.command()
@click.option("--seed", type=click.IntRange(0), help="Another number makes another city.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--build-only", is_flag=True, help="Build the city, unless it stands already, and stop.")
def demo(seed: int | None, port: int, build_only: bool) -> None:
    """Build the demo city, unless it stands already, and serve it on this machine."""
    marker.refuse_postgres()
    city = marker.read(data.folder()) or _built(seed)
    if seed is not None and seed != city.seed:
        _say(
            f"Another city stands here (seed {city.seed}): set ALONGSIDE_DATA to an empty folder for a new one."
        )
    age = (clock.now().date() - date.fromisoformat(city.until)).days
    if age > STALE_DAYS:
        _say(
            f"This city was told up to {city.until}, {age} days ago: remove its data folder for a fresh one."
        )
    if build_only:
        _say(f"Riverbend stands in {data.folder()}, told up to {city.until}.")
        return
    _close(city, port)
    # A process of its own, since the server may be restarted and the builder need not be.
    os.execv(sys.executable, [sys.executable, "-m", "alongside.cli", "serve", "--port", str(port)])  # noqa: S606 - our own program, no shell


def _close(city: marker.Marker, port: int) -> None:
    """What there is to see, and in whose shoes."""
    address = f"http://localhost:{port}"
    _say(f"Riverbend stands. Public pages: {address}/{SLUG}/")
    _say(f"In anybody’s shoes, by one click: {door(data.folder(), port)}")
    if city.follow:
        _say(f"Follow a concern as a resident: {address}/{SLUG}/follow/{city.follow}/")
    if city.scribe:
        phone = f"http://127.0.0.1:{port}/{SLUG}/gatherings/{city.scribe}/field/"  # where one is signed in
        _say(f"Take notes as its scribe, signed in as Officer Whitaker: {phone}")


def _built(seed: int | None) -> marker.Marker:
    # A city that stands starts without loading all that builds one.
    from alongside.demo.build import SEED, build_demo

    return build_demo(seed=SEED if seed is None else seed, progress=_say)


def _say(line: str) -> None:
    click.echo(line, err=True)
