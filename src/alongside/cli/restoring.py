"""`alongside restore`: an empty folder and an empty database become what a backup holds, and lie quiet.

Nothing of Django's stands at the top: settings make keys where there are none, and those of the backup come first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from alongside.cli.moving import PASSPHRASE, Place, progress, told
from alongside.core import keys, safe
from alongside.core.backup import archive, keyring, restoring, seal
from alongside.core.errors import Refusal, phrase
from alongside.core.files import to_disk
from alongside.core.stores import answering


class WithoutKeys(Refusal):
    """A backup has no keys, and nobody said that it may be restored so."""


class FilesElsewhere(Refusal):
    """A backup from before an upgrade holds rows: its files are where it was made, and nobody said where that is."""


@click.command()
@click.argument("file", type=Place())
@click.option("--without-keys", is_flag=True, help="Restore though printed codes and links will not open.")
@click.option(
    "--files-from",
    type=click.Path(path_type=Path),
    help="For a backup from before an upgrade: the data folder that it was made of, whose files and keys it shares.",
)
def restore(file: Path, without_keys: bool, files_from: Path | None) -> None:
    """Make an empty data folder and an empty database what FILE holds. Interrupted, give it again: it begins anew."""
    home = restoring.data_folder()
    if restoring.is_done(home):
        _finish(home)
        return
    restoring.check_folder(home)
    restoring.check_database()
    with ExitStack() as stack:
        with progress("Looking at the backup") as (total, done):
            total(_size_of(file))
            reader = stack.enter_context(archive.reading(file, done))
        seal.check_stamp(reader)
        restoring.check_version(reader.seal)
        seal.check(reader)
        said = restoring.what_was_erased(reader)
        if not reader.seal["files"]:
            _check_files(reader, files_from)
        rings = _rings(reader, without_keys=without_keys or files_from is not None)
        _restore(reader, home, rings, said, files_from)


def _size_of(file: Path) -> int:
    """To show how far it is: that it is not there is said by whoever opens it."""
    try:
        with answering(file):
            return file.stat().st_size
    except FileNotFoundError:
        return 1


def _rings(reader: archive.Reader, *, without_keys: bool) -> dict[str, str]:
    if reader.seal["keys"] and not without_keys:
        passphrase = os.environ.get(PASSPHRASE) or str(
            click.prompt("Passphrase of the keys", hide_input=True, err=True)
        )
        return keyring.opened(reader.read(archive.KEYS), passphrase, of=reader.seal["id"])
    if not without_keys:
        raise WithoutKeys(
            phrase(
                "This backup has no keys. Without them these are lost: %(lost)s. Put keys/ into the folder afterwards, "
                "if you keep it elsewhere. Say --without-keys to restore it so.",
                lost="; ".join(told(reader.seal["needs"])),
            )
        )
    return {}


def _check_files(reader: archive.Reader, source: Path | None) -> None:
    """Of a backup of rows only: whether the folder that was named is that of its files."""
    if source is None:
        raise FilesElsewhere(
            phrase(
                "This backup is from before an upgrade and holds rows only: name the data folder that it was made of, "
                "whose files it shares, with --files-from FOLDER."
            )
        )
    stood = reader.seal["stood"]
    if not (source / "keys").is_dir() or (
        stood and not any((source / name).is_file() for name, _size in stood)
    ):
        raise FilesElsewhere(
            phrase("%(folder)s is not the data folder that this backup was made of.", folder=str(source))
        )


def _restore(
    reader: archive.Reader,
    home: Path,
    rings: dict[str, str],
    said: dict[str, Any] | None,
    source: Path | None,
) -> None:
    os.umask(safe.OURS_ALONE)  # whatever is made from here on is its owner's
    with restoring.begun(home, reader.seal["id"]) as mark:
        with progress("Restoring") as (total, done):
            total(sum(member.size for member in reader.members.values()))
            files = restoring.put_files(reader, home, done)
            restoring.put_keys(home, rings)
            gone = _take_from(source, home, reader) if source is not None else []
            files += len(reader.seal["stood"]) - len(gone)
            _open(home)
            counts = restoring.put_rows(reader, done)
        from alongside.cli import database, resting

        database.bring_up_to_date(restoring=True)
        rested = resting.rest(said)
        restoring.end(home, mark)
    click.echo(f"Restored: {sum(counts.values())} rows, {files} files, as of {reader.seal['moment'][:16]}Z.")
    for line in (*_missed(gone, said), *rested.lines(reader.seal, bool(rings) or source is not None)):
        click.echo(line)


def _missed(gone: list[str], said: Mapping[str, Any] | None) -> Iterator[str]:
    """Files that stood then, and that nobody is known to have deleted."""
    missed = sorted(set(gone) - set(said["files"] if said else ()))
    if missed:
        more = f" and {len(missed) - 3} more" if len(missed) > 3 else ""
        yield (
            f"Not in the folder any more: {', '.join(missed[:3])}{more}. bin/alongside check names what needs them."
        )


def _finish(home: Path) -> None:
    """All was there, but for the marks."""
    with restoring.held(home) as mark:
        _open(home)
        restoring.end(home, mark)
    click.echo("Restored: it was stopped when all was there.")


def _open(home: Path) -> None:
    """From here on there are settings, and a database."""
    os.environ["ALONGSIDE_DATA"] = str(home)
    import django

    django.setup()


def _take_from(source: Path, home: Path, reader: archive.Reader) -> list[str]:
    """Files and keys of the folder that the backup was made of. Returns what is not there any more.

    Somebody may have had it deleted since, or taken an import back: the way back is not closed by that.
    """
    stood = [name for name, _size in reader.seal["stood"]]
    rings = [f"keys/{name}" for name in keys.names(source)]
    gone = [name for name in stood if not (source / name).is_file()]
    for name in sorted({*stood, *rings} - set(gone)):
        restoring.make_folder(home / name, home)
        shutil.copy2(source / name, home / name)
        (home / name).chmod(0o600)
        to_disk(home / name)
    return gone
