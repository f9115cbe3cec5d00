"""The data folder is a safe: its owner opens it, and nobody else on this machine.

Knows nothing of Django: it is closed before anything is written into it.
"""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

from alongside.core.errors import Refusal, phrase

OTHERS = stat.S_IRWXG | stat.S_IRWXO
OURS_ALONE = 0o077  # as a umask: what we make from now on is for our user alone
CLOSED = 0o700


class NotOurs(Refusal):
    """The data folder, or something in it, belongs to another user: they can read it, whatever we do."""


def enter(folder: Path) -> bool:
    """Make the data folder if there is none, and close it. Whether others could have read in it. Raises NotOurs.

    One look at one folder: nobody else gets past it, whatever lies below. It may be a link, as to another disk.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=CLOSED)
    found = folder.stat()
    if found.st_uid != os.geteuid():
        raise NotOurs(
            phrase(
                "the data folder %(folder)s belongs to %(owner)s, and this runs as %(user)s: run it as %(owner)s, "
                "or give the folder away: chown -R %(user)s %(folder)s",
                folder=folder,
                owner=_called(found.st_uid),
                user=_called(os.geteuid()),
            )
        )
    return _close(folder, found)


def close(folder: Path) -> int:
    """Close all that lies below. How many files and folders others could have read. Raises NotOurs."""
    return sum(_close(path, found) for path, found in _below(folder))


def open_ones(folder: Path) -> Iterator[tuple[Path, str]]:
    """What is not as it should be, and why: others can read it, it belongs to another user, it leads elsewhere."""
    for path, found in [(folder, folder.stat()), *_below(folder)]:
        if stat.S_ISLNK(found.st_mode):
            yield (
                path,
                f"leads to {path.readlink()}, which is not looked after: move it here, or mount it here",
            )
        elif found.st_uid != os.geteuid():
            yield path, f"belongs to {_called(found.st_uid)}: chown -R {_called(os.geteuid())} {folder}"
        elif found.st_mode & OTHERS:
            yield path, "can be read by others: start again, which closes it"


def _close(path: Path, found: os.stat_result) -> bool:
    if stat.S_ISLNK(found.st_mode) or not found.st_mode & OTHERS:
        return False
    try:
        # No link can be put in its place meanwhile: the folder above is closed already.
        path.chmod(stat.S_IMODE(found.st_mode) & ~OTHERS)
    except FileNotFoundError:  # gone while we look: another process works here
        return False
    except PermissionError as error:
        raise NotOurs(
            phrase(
                "%(path)s belongs to %(owner)s and can be read by others: chown it to %(user)s.",
                path=path,
                owner=_called(found.st_uid),
                user=_called(os.geteuid()),
            )
        ) from error
    return True


def _below(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Every file and folder below, each folder before what is in it. Links are named and not followed."""
    for above, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(above, name)
            try:
                yield path, path.lstat()
            except FileNotFoundError:
                continue


def _called(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
