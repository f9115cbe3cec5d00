"""Files that are whole or not there: whatever stops the machine, nobody reads half of one.

Knows nothing of Django: keys are made before there are settings.
"""

import errno
import os
import pickle
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from alongside.core.errors import Refusal, phrase

T = TypeVar("T")

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""No space, no quota, or a file as large as this system allows one to be."""


class NoRoom(Refusal):
    """The disk is full, or would not write."""

    passing = True


@contextmanager
def whole(path: Path, *, mode: int = 0o600, over: bool = True) -> Iterator[BinaryIO]:
    """A draft to write into. When the block ends it stands at `path`, name and all on the disk; else nothing changed.

    Not `over` a file that is there: of two who write at once, the first wins.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if over:
            draft.replace(path)
        else:
            with suppress(FileExistsError):
                os.link(draft, path)
        to_disk(path.parent)
    except OSError as error:
        if error.errno in FULL:
            raise NoRoom(phrase("The disk is full: nothing was kept. Make room, and try again.")) from error
        raise
    finally:
        draft.unlink(missing_ok=True)


def remembered(path: Path, make: Callable[[], T]) -> T:
    """What is made costs one making, whoever asks how often: it is kept beside `path`, and goes with its folder.

    Whoever could put such a file there could have us do anything. So it begins with a dot: no backup has such a name,
    and none is restored that has (`core.backup.folder`).
    """
    place = path.with_name(f".{path.name}")
    # Written by an earlier version of us, it may not fit any more.
    with suppress(FileNotFoundError, pickle.UnpicklingError, AttributeError, ImportError, EOFError):
        return cast(T, pickle.loads(place.read_bytes()))  # noqa: S301 - we wrote it here, see above
    made = make()
    with whole(place) as file:
        pickle.dump(made, file)
    return made


def move(source: Path, target: Path) -> None:
    """Rename a folder, once the names in it are on the disk; then its own name is, too."""
    to_disk(source)
    source.rename(target)
    to_disk(target.parent)


def to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def age(path: Path) -> timedelta:
    """How long ago it was written, by the clock of the machine that wrote it: a demo city's may stand elsewhere."""
    return timedelta(seconds=time.time() - path.stat().st_mtime)
