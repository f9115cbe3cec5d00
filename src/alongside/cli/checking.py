"""`alongside check`: is everything where it should be? One line a thing, and exit code 1 if something is not."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import click
from django.conf import settings
from django.db import connection

from alongside.agencies.models import Agency
from alongside.core import built, clock, demo
from alongside.front import setup
from alongside.incidents import lake
from alongside.incidents.models import LakePart
from alongside.jobs.models import Job, State
from alongside.places.models import StreetNetwork

LITTLE_GB = 2.0
LATE = timedelta(minutes=5)


@click.command()
def check() -> None:
    """Look whether everything is where it should be."""
    wrong = 0
    for name, look in CHECKS.items():
        for problem in look():
            wrong += 1
            click.echo(f"✗ {name}: {problem}")
            break
        else:
            click.echo(f"✓ {name}")
    sys.exit(1 if wrong else 0)


def _database() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA quick_check")
            said = cursor.fetchone()[0]
        if said != "ok":
            yield f"the file is damaged ({said}): restore a copy"


def _data_folder() -> Iterator[str]:
    free = shutil.disk_usage(settings.DATA).free / 1e9
    if free < LITTLE_GB:
        yield f"only {free:.1f} GB are free on its disk"


def _keys() -> Iterator[str]:
    for key in (Path(settings.DATA) / "keys").glob("*"):
        if key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield f"{key.name} can be read by others: chmod 600 {key}"


def _lake() -> Iterator[str]:
    for agency in Agency.objects.all():
        for part in LakePart.objects.of(agency):
            if not (lake.folder(agency) / part.path).exists():
                yield f"{agency.slug}: {part.path} is missing: restore it, or import the file again"


def _streets() -> Iterator[str]:
    for network in StreetNetwork.objects.everywhere().filter(current=True).select_related("agency"):
        if not network.path.exists():
            yield f"{network.agency.slug}: the streets are missing: import them again"


def _work() -> Iterator[str]:
    late = Job.objects.filter(state=State.WAITING, run_after__lt=clock.now() - LATE).count()
    if late:
        yield f"{late} jobs have waited for more than five minutes: is a worker running? (alongside serve)"


def _mail() -> Iterator[str]:
    if not settings.ALONGSIDE.smtp_url and not demo.is_on():
        yield "no mail server: notices wait until ALONGSIDE_SMTP_URL is set"


def _administrator() -> Iterator[str]:
    if setup.is_open():
        yield f"nobody can sign in yet: open {settings.ALONGSIDE.url}/setup/?code={setup.code()}"


def as_new_as_its_sources(what: built.Built) -> Iterator[str]:
    if not what.is_fresh():
        yield "not of this version: start bin/alongside serve again, which builds what is stale"


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "database": _database,
    "data folder": _data_folder,
    "keys": _keys,
    "lake": _lake,
    "streets": _streets,
    "background work": _work,
    "mail": _mail,
    "styles": partial(as_new_as_its_sources, built.STYLES),
    "collected files": partial(as_new_as_its_sources, built.COLLECTED),
    "words in other languages": partial(as_new_as_its_sources, built.WORDS),
    "administrator": _administrator,
}
