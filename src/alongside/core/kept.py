"""Files that rows speak of: a row says how long its file is and what is in it, so that half is never taken for all.

A model that inherits `Kept` is measured when its file is written, looked at by `alongside check`, and asked for
its file by `whole()`, which answers with a file of which every byte is there, or refuses.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from django.apps import apps
from django.db import models

from alongside.core.errors import Phrase, Refusal, phrase

log = logging.getLogger("alongside.kept")


class NotWhole(Refusal):
    """A file that something was to be read from is gone, cut off or changed."""


class Kept(models.Model):
    """A row that speaks of a file in the data folder. Rows of before have no size: they are measured once (`learn`)."""

    size = models.PositiveBigIntegerField(null=True, editable=False)
    sha256 = models.BinaryField(max_length=32, default=b"", editable=False)

    shelf: ClassVar[str]  # what the files of a kind are called together, as in `alongside check`

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

    def measure(self) -> None:
        """Note how long the file is, and its digest. Whoever has written it saves the row after this."""
        self.size, self.sha256 = self.file_path.stat().st_size, digest(self.file_path)

    def whole(self) -> Path:
        """Where the file is, of which every byte is as it was written. Raises NotWhole."""
        if fault := self.fault():
            raise NotWhole(self.not_whole(fault))
        return self.file_path

    @property
    def is_whole(self) -> bool:
        return not self.fault()

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


def kinds() -> list[type[Kept]]:
    """Every model whose rows speak of files."""
    return [model for model in apps.get_models() if issubclass(model, Kept)]


def troubles(model: type[Kept], *, deep: bool = False) -> Iterator[str]:
    """What is wrong with the files of a kind; `deep` looks at every byte, else at whether and how long they are."""
    for row in model.with_files().iterator():
        if fault := row.fault(deep=deep):
            yield str(row.not_whole(fault))


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
