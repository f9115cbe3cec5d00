"""Where files are kept apart from this machine: an address such as `s3://bucket/alongside`, reached through fsspec.

The data folder is what is read. A store has the same files by the same names, for the day on which the disk is gone.
Knows nothing of Django: a backup is read from an address before there are settings.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from fsspec.callbacks import Callback
from upath import UPath

from alongside.core.errors import Refusal, phrase
from alongside.core.files import FULL, whole

MARK = "alongside-store"  # beside what is kept: the id of the install whose it is
ID = "store.id"  # in the data folder: our own
RESTS_FOR = 30.0
"""Seconds for which a store that did not answer is not asked for a file again: each page would wait as long."""
OPTIONS: dict[str, dict[str, Any]] = {
    "s3": {
        "use_listings_cache": False,  # what stands there is asked for, not remembered
        "default_block_size": 8 << 20,  # bytes read ahead
        # s3fs tries again by itself.
        "config_kwargs": {"connect_timeout": 3, "read_timeout": 60, "retries": {"max_attempts": 1}},
    },
    "file": {"auto_mkdir": True},  # a share that is mounted
}
Progress = Callable[[int], object]


class Unreachable(Refusal):
    """A store does not answer, or will not have us."""

    passing = True


class AnotherInstalls(Refusal):
    """A store has the files of another install: what we would sweep there is not ours."""


# -- addresses --------------------------------------------------------------------------------------
def is_address(text: object) -> bool:
    """Whether it is reached through fsspec, and not by a path on this machine."""
    return "://" in str(text)


def place(text: str | Path) -> Path:
    """A path of this machine, or an address that is used like one."""
    if not is_address(text):
        return Path(text)
    scheme = str(text).partition("://")[0]
    with answering(text):
        return cast(Path, UPath(str(text), **OPTIONS.get(scheme, {})))  # it has a path's methods


@contextmanager
def answering(address: object) -> Iterator[None]:
    """Whatever the libraries below an address say, it is one sentence; that something is not there stays what it is."""
    try:
        yield
    except (FileNotFoundError, Refusal):
        raise
    except Exception as error:
        if not is_address(address) or (isinstance(error, OSError) and error.errno in FULL):
            raise
        why = " ".join(str(error).split()) or type(error).__name__
        raise Unreachable(
            phrase("%(address)s does not answer: %(why)s", address=str(address), why=why)
        ) from error


@contextmanager
def writing_to(address: object) -> Iterator[None]:
    """As `answering`; where what is written to is not there, no bucket is made."""
    try:
        with answering(address):
            yield
    except FileNotFoundError as error:
        raise Unreachable(
            phrase("%(address)s is not there: make its bucket, or its folder, first.", address=str(address))
        ) from error


def write(target: Path, held: bytes) -> None:
    """Have a few bytes at an address. Raises Unreachable."""
    there = cast(Any, target)
    with writing_to(target):
        there.fs.pipe_file(there.path, held)


def send(source: Path, target: Path, progress: Progress = lambda count: None) -> None:
    """Copy a file of this machine to an address, in parts where it is large. Raises Unreachable."""
    there, told = cast(Any, target), 0

    def tell(_size: int, gone: int, **_more: object) -> None:
        nonlocal told
        progress(gone - told)
        told = gone

    with writing_to(target):
        there.fs.put_file(str(source), there.path, callback=Callback(hooks={"progress": tell}))
    progress(source.stat().st_size - told)


# -- a store ----------------------------------------------------------------------------------------
class Store:
    """The files of one install below one address. Only the install that it is of writes there."""

    def __init__(self, address: str, home: Path) -> None:
        self.address, self.home = address.rstrip("/"), home
        self._rests_until = 0.0

    def __str__(self) -> str:
        return self.address

    @cached_property
    def root(self) -> Any:
        return place(self.address)

    def put(self, name: str, source: Path) -> None:
        """Have it there, whole, before anybody is told that it is kept. Raises Unreachable, AnotherInstalls."""
        self.be_ours()
        send(source, self.root / name)

    def bring(self, name: str, target: Path, sha256: bytes) -> bool:
        """Have it here again. Whether it is there, with these bytes. Raises Unreachable."""
        try:
            with self._asking(), (self.root / name).open("rb") as source:
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                return _copied(source, target, sha256)
        except FileNotFoundError:
            return False

    def remove(self, name: str) -> None:
        """Have it there no more. Raises Unreachable, AnotherInstalls."""
        self.be_ours()
        with answering(self):
            (self.root / name).unlink(missing_ok=True)

    def has(self, name: str, size: int | None) -> bool:
        """Whether it is there, as long as it should be. Raises Unreachable."""
        try:
            with self._asking():
                there: int = (self.root / name).stat().st_size
        except FileNotFoundError:
            return False
        return there == size

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """For whoever asks again and again: one that did not answer is let alone for a while."""
        if time.monotonic() < self._rests_until:
            raise Unreachable(phrase("%(address)s did not answer a moment ago.", address=str(self)))
        try:
            with answering(self):
                yield
        except Unreachable:
            self._rests_until = time.monotonic() + RESTS_FOR
            raise

    def digest(self, name: str) -> bytes:
        """The SHA-256 of what is there. Raises FileNotFoundError."""
        with answering(self), (self.root / name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()

    def sizes(self, below: str) -> dict[str, int]:
        """The files below a folder of it: name, bytes."""
        root = self.root
        with answering(self):
            found: dict[str, Any] = root.fs.find((root / below).path, detail=True)
        skip = len(root.path.rstrip("/")) + 1
        return {path[skip:]: about["size"] for path, about in found.items()}

    def age(self, name: str) -> timedelta:
        """How long it has been there, by the clock of where it is."""
        with answering(self):
            return timedelta(seconds=time.time() - (self.root / name).stat().st_mtime)

    # -- whose it is --------------------------------------------------------------------------------
    def be_ours(self) -> None:
        """Take a store that is nobody's; raise AnotherInstalls where it is somebody else's. Asked once a process."""
        _ = self._is_ours

    @cached_property
    def _is_ours(self) -> bool:
        try:
            with answering(self):
                of = (self.root / MARK).read_text()
        except FileNotFoundError:
            self.take()
            return True
        if of != self._id():
            raise AnotherInstalls(
                phrase(
                    "%(address)s keeps the files of another install: name another address in ALONGSIDE_STORE. If this "
                    "install takes that one’s place: alongside store --take",
                    address=str(self),
                )
            )
        return True

    def take(self) -> None:
        """From now on it is ours; whoever had it writes there no more."""
        write(self.root / MARK, self._id().encode())

    def _id(self) -> str:
        path = self.home / ID
        if not path.exists():
            with whole(path, over=False) as file:
                file.write(secrets.token_hex(16).encode())
        return path.read_text()


def _copied(source: Any, target: Path, sha256: bytes) -> bool:
    """Copy what has this digest. Nothing else ever stands at the target."""
    try:
        with whole(target) as file:
            said = hashlib.sha256()
            while held := source.read(1 << 20):
                said.update(held)
                file.write(held)
            if said.digest() != sha256:
                raise _OtherBytes
    except _OtherBytes:
        return False
    return True


class _OtherBytes(Exception):
    """What came is not what was asked for."""
