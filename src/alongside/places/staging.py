"""Files that somebody uploaded and has not confirmed yet: kept in the data folder for a day, then swept."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.core.files.uploadedfile import UploadedFile

from alongside.agencies.models import Agency
from alongside.core import data, ids
from alongside.core.errors import Refusal, phrase
from alongside.core.files import age, remembered

T = TypeVar("T")
KEPT = timedelta(days=1)


class Gone(Refusal):
    """An upload that was kept already, swept, or never made."""


@dataclass(frozen=True)
class Staged:
    """An upload that waits: its id in addresses, its own name, the file, and what else was said of it."""

    public_id: str
    name: str
    path: Path
    said: dict[str, str]
    second: Path | None = None

    def remembered(self, what: str, read: Callable[[], T], *, said: Mapping[str, str] | None = None) -> T:
        """What a reader makes of it, by what was `said` to it: read once, and kept beside it until it goes itself.

        What a preview shows is what is kept then. It costs one reading, whoever asks how often.
        """
        digest = hashlib.sha256(json.dumps(said or {}, sort_keys=True).encode()).hexdigest()[:16]
        return remembered(self.path.with_name(f"{what}-{digest}.read"), read)

    def discard(self) -> None:
        """Delete it: it is kept, or nobody wants it."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def keep(
    agency: Agency, upload: UploadedFile[Any], *, second: UploadedFile[Any] | None = None, **said: str
) -> Staged:
    """Put an upload aside until it is confirmed."""
    public_id = ids.public_id()
    folder = data.folder("staging", str(agency.pk), public_id)
    _save(upload, folder / "file")
    if second is not None:
        _save(second, folder / "second")
    note = {"name": Path(upload.name or "file").name[:160], "said": said}
    (folder / "note.json").write_text(json.dumps(note), encoding="utf-8")
    return find(agency, public_id)


def _save(upload: UploadedFile[Any], path: Path) -> None:
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)


def find(agency: Agency, public_id: str) -> Staged:
    """An upload of this agency. Raises Gone."""
    folder = data.folder("staging", str(agency.pk)) / public_id
    if not re.fullmatch(r"[a-z0-9]{6,16}", public_id) or not (folder / "note.json").is_file():
        raise Gone(
            phrase(
                "This file is not here any more: it was kept already, or it waited too long. Upload it again."
            )
        )
    note = json.loads((folder / "note.json").read_text(encoding="utf-8"))
    second = folder / "second"
    return Staged(public_id, note["name"], folder / "file", note["said"], second if second.exists() else None)


def sweep() -> int:
    """Delete what has waited longer than a day. Returns how many."""
    old = [folder for folder in _folders() if age(folder) > KEPT]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _folders() -> Iterable[Path]:
    return [folder for folder in data.folder("staging").glob("*/*") if folder.is_dir()]
