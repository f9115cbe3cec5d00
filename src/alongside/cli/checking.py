"""`alongside check`: is everything where it should be? One line a thing, and exit code 1 if something is not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click
from django.conf import settings
from django.db import DatabaseError, connection

from alongside.core import built, catalogs, kept, key_use, keys, languages, safe, space
from alongside.core.errors import Refusal
from alongside.core.manifest import follow, manifests

Look = Callable[[], Iterator[str]]
MOST = 5  # lines about one thing; it says how many more there are


@click.command()
@click.option("--deep", is_flag=True, help="Read every byte of the database and of every file, too.")
def check(*, deep: bool) -> None:
    """Look whether everything is where it should be."""
    wrong = 0
    for name, look in (checks() | (deep_checks() if deep else {})).items():
        problems = _found(look)
        more = len(problems) - MOST
        shown = [*problems[:MOST], *([f"and {more} more"] if more > 0 else [])]
        click.echo("\n".join(f"✗ {name}: {problem}" for problem in shown) or f"✓ {name}")
        wrong += len(problems)
    sys.exit(1 if wrong else 0)


def _found(look: Look) -> list[str]:
    try:
        return list(look())
    except DatabaseError as error:
        return [f"cannot be looked at, the database says: {error}"]


def _database(*, deep: bool = False) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check(1)" if deep else "PRAGMA quick_check(1)")
            if (said := cursor.fetchone()[0]) != "ok":
                yield f"the file is damaged ({said}): restore a copy"


def _data_folder() -> Iterator[str]:
    for path, why in safe.open_ones(Path(settings.DATA)):
        yield f"{path} {why}"
    yield from space.trouble(Path(settings.DATA))


def _keys() -> Iterator[str]:
    if wrong := list(keys.troubles(Path(settings.DATA))):
        yield from map(str, wrong)
        return
    for name in key_use.rings():
        if lost := key_use.missing(name):
            yield (
                f"{lost} stored digests were made by a key that is not here, so the codes and links behind them "
                f"open nothing: put keys/{name} back from where it was kept"
            )


def as_new_as_its_sources(what: built.Built, root: Path = built.ROOT) -> Iterator[str]:
    if not what.is_fresh(root):
        yield "not of this version: start bin/alongside serve again, which builds what is stale"


def _store(*, deep: bool = False) -> Iterator[str]:
    """Where there is one: whether it is ours, and has what rows speak of."""
    if (there := kept.store()) is None:
        return
    try:
        there.be_ours()
        yield from kept.not_in_store(there, deep=deep)
    except Refusal as refusal:
        yield str(refusal)


def _languages_of_the_city() -> Iterator[str]:
    """A city's own catalogues: one that is broken or half is told of, while the site goes on without it."""
    folder = Path(settings.DATA) / languages.OF_A_CITY
    for path in catalogs.catalogs(folder):
        yield from catalogs.troubles(path)
    if folder.is_dir():
        yield from as_new_as_its_sources(built.OF_THE_CITY, Path(settings.DATA))


OWN: dict[str, Look] = {
    "database": _database,
    "data folder": _data_folder,
    "keys": _keys,
    "store": _store,
    "styles": partial(as_new_as_its_sources, built.STYLES),
    "collected files": partial(as_new_as_its_sources, built.COLLECTED),
    "words in other languages": partial(as_new_as_its_sources, built.WORDS),
    "this city’s own languages": _languages_of_the_city,
}


def checks() -> dict[str, Look]:
    """What is looked at: what belongs to no room, what each room wants looked at, and every file with a row."""
    of_rooms = {name: follow(dotted) for room in manifests().values() for name, dotted in room.checks.items()}
    return OWN | of_rooms | {kind.shelf: partial(kept.troubles, kind) for kind in kept.kinds()}


def deep_checks() -> dict[str, Look]:
    """Those in whose place another look goes through every byte."""
    files: dict[str, Look] = {kind.shelf: partial(kept.troubles, kind, deep=True) for kind in kept.kinds()}
    return files | {"database": partial(_database, deep=True), "store": partial(_store, deep=True)}
