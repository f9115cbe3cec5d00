"""Files that rows speak of: a row says how long its file is and what is in it, so that half is never taken for all.

A model that inherits `Kept` keeps its file when it is written (`keep`), is looked at by `alongside check`, and asked
for its file by `whole()`, which answers with a file of which every byte is there, or refuses. Where there is a store
(ALONGSIDE_STORE), the file is in it before its row is, and comes back from it where the data folder has lost it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from django.apps import apps
from django.conf import settings
from django.db import models

from alongside.core.errors import Phrase, Refusal, phrase
from alongside.core.slow import not_in_a_transaction
from alongside.core.stores import Progress, Store, Unreachable

log = logging.getLogger("alongside.kept")

SWEPT_AFTER = timedelta(days=1)
"""A file without a row may be of a row that is about to come."""


class NotWhole(Refusal):
    """A file that something was to be read from is gone, cut off or changed."""


class Kept(models.Model):
    """A row that speaks of a file in the data folder. Rows of before have no size: they are measured once (`learn`)."""

    size = models.PositiveBigIntegerField(null=True, editable=False)
    sha256 = models.BinaryField(max_length=32, default=b"", editable=False)

    shelf: ClassVar[str]  # what the files of a kind are called together, as in `alongside check`
    below: ClassVar[str]  # the folder in which they are, below the data folder: no others that last are there

    class Meta:
        abstract = True

    @classmethod
    def with_files(cls) -> models.QuerySet[Any]:
        """The rows that have a file: of some it is deleted, and the row stays."""
        return cls._base_manager.all()

    @property
    def file_path(self) -> Path:
        raise NotImplementedError

    def read_through(self) -> None:
        """Read the whole file as what it is; raises whatever its reader does. Asked once, of a file of before."""
        raise NotImplementedError

    def not_whole(self, fault: Phrase) -> Phrase:
        """What is wrong with its file, and what to do."""
        raise NotImplementedError

    @property
    def kept_as(self) -> str:
        """What its file is called in the data folder, in a store and in a backup."""
        return self.file_path.resolve().relative_to(Path(settings.DATA).resolve()).as_posix()

    def keep(self) -> None:
        """The file is written: measure it, and have it in the store. Whoever has written it saves the row after this.

        Not within the transaction of the row: a store may take long. Raises Unreachable, AnotherInstalls.
        """
        self.measure()
        if (there := store()) is not None:
            not_in_a_transaction("A file is put into a store")
            there.put(self.kept_as, self.file_path)

    def measure(self) -> None:
        """Note how long the file is, and its digest."""
        self.size, self.sha256 = self.file_path.stat().st_size, digest(self.file_path)

    def discard(self) -> None:
        """Delete the file, here and in the store. One that cannot be reached is swept within a day (`tend`)."""
        self.file_path.unlink(missing_ok=True)
        if (there := store()) is not None:
            try:
                there.remove(self.kept_as)
            except Refusal as refusal:
                log.warning("%s stays in the store for now: %s", self.kept_as, refusal)

    def whole(self) -> Path:
        """Where the file is, of which every byte is as it was written. Raises NotWhole."""
        if (fault := self.fault()) and (fault := self._brought_back(fault)):
            raise NotWhole(self.not_whole(fault))
        return self.file_path

    @property
    def is_whole(self) -> bool:
        fault = self.fault()
        return not (fault and self._brought_back(fault))

    def _brought_back(self, fault: Phrase) -> Phrase | None:
        """Have the file from the store. What is wrong with it still, after that."""
        there = store()
        if there is None or self.size is None:
            return fault
        try:
            return None if there.bring(self.kept_as, self.file_path, bytes(self.sha256)) else fault
        except Refusal as refusal:
            log.warning("%s: %s", self.kept_as, refusal)
            return phrase("%(fault)s, and its store does not answer", fault=fault)

    def fault(self, *, deep: bool = True) -> Phrase | None:
        """What is wrong with the file; `deep` looks at every byte, once a process as long as it does not change."""
        try:
            there = self.file_path.stat().st_size
        except OSError:
            return phrase("is missing")
        if self.size is None:
            return None if self._can_be_read() else phrase("cannot be read")
        if there != self.size:
            return phrase("has %(there)s bytes and not %(all)s", there=there, all=self.size)
        if deep and digest(self.file_path) != bytes(self.sha256):
            return phrase("has other bytes than were written")
        return None

    def _can_be_read(self) -> bool:
        try:
            self.read_through()
        except Exception as error:  # whatever a reader stumbles over
            log.warning("%s cannot be read through: %r", self.file_path, error)
            return False
        return True


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Every array of a file of them."""
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def digest(path: Path) -> bytes:
    """The SHA-256 of a file. Read again only where it was written since."""
    found = path.stat()
    return _digest(path, found.st_ino, found.st_size, found.st_mtime_ns)


@lru_cache(maxsize=10_000)
def _digest(path: Path, *_version: int) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def store() -> Store | None:
    """Where files are kept apart from this machine, if anywhere."""
    address: str = settings.ALONGSIDE.store
    return _store(address, Path(settings.DATA)) if address else None


_store = lru_cache(maxsize=8)(Store)


def kinds() -> list[type[Kept]]:
    """Every model whose rows speak of files."""
    return [model for model in apps.get_models() if issubclass(model, Kept)]


def troubles(model: type[Kept], *, deep: bool = False) -> Iterator[str]:
    """What is wrong with the files of a kind; `deep` looks at every byte, else at whether and how long they are."""
    for row in model.with_files().iterator():
        if (fault := row.fault(deep=deep)) and not _will_come(row):
            yield str(row.not_whole(fault))


def _will_come(row: Kept) -> bool:
    """Whether the store has its file, as far as that can be asked now."""
    there = store()
    try:
        return there is not None and there.has(row.kept_as, row.size)
    except Unreachable:
        return False


def learn() -> int:
    """Measure what a version before has written, where it can be read. How many files that were."""
    learnt = 0
    for model in kinds():
        for row in model.with_files().filter(size=None).iterator():
            if row.is_whole:
                row.measure()
                row.save(update_fields=["size", "sha256"])
                learnt += 1
    return learnt


def names(below: str) -> set[str]:
    """The name of every file in this folder that rows speak of."""
    models = [model for model in kinds() if model.below == below]
    return {row.kept_as for model in models for row in model.with_files().iterator()}


def size_of_all() -> int:
    """Bytes of every file that rows speak of."""
    return sum(model.with_files().aggregate(all=models.Sum("size"))["all"] or 0 for model in kinds())


def bring_back() -> int:
    """Have every file here that the store has and the data folder has lost. How many came."""
    if store() is None:
        return 0
    came = 0
    for model in kinds():
        for row in model.with_files().exclude(size=None).iterator():
            came += row.fault(deep=False) is not None and row.is_whole
    return came


@dataclass
class Tended:
    """What a store has now, and what was done for that."""

    files: int = 0
    size: int = 0
    sent: int = 0
    removed: int = 0
    missing: int = 0  # rows whose file is neither there nor here


def tend(there: Store, progress: Progress = lambda count: None) -> Tended:
    """Have in the store what rows speak of, and nothing else that is older than a day. Sends what is not there yet.

    A database that speaks of no file at all is a new one, or one that was lost: then nothing is swept.
    """
    there.be_ours()
    done = Tended()
    sweeps = any(model.with_files().exists() for model in kinds())
    for model in kinds():
        wanted = {row.kept_as: row for row in model.with_files().exclude(size=None).iterator()}
        found = there.sizes(model.below)
        for name, row in wanted.items():
            if found.get(name) != row.size:
                if row.fault():
                    done.missing += 1
                    continue
                there.put(name, row.file_path)
                done.sent += 1
            done.files += 1
            done.size += row.size
            progress(row.size)
        for name in found.keys() - wanted.keys():
            if sweeps and there.age(name) > SWEPT_AFTER:
                there.remove(name)
                done.removed += 1
    return done


def not_in_store(there: Store, *, deep: bool = False) -> Iterator[str]:
    """What is wrong with what a store has: files that rows speak of and it does not have; `deep` reads every byte."""
    for model in kinds():
        found = there.sizes(model.below)
        for row in model.with_files().exclude(size=None).iterator():
            name = row.kept_as
            if found.get(name) != row.size:
                yield f"{name} is not there as it was written: alongside store"
            elif deep and there.digest(name) != bytes(row.sha256):
                yield f"{name} has other bytes there than were written: delete it there, then alongside store"
