"""A backup to an address: made and sealed in our own folder, sent, and only then deleted here.

So it goes on where it stopped, whatever it was killed at: what is not sealed yet is gone on with, what is, is sent.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from alongside.core import data, stores
from alongside.core.backup import archive, erased
from alongside.core.backup.archive import NotOurs, Progress, nothing
from alongside.core.backup.making import Made
from alongside.core.errors import phrase
from alongside.core.files import age

GIVEN_UP_AFTER = timedelta(days=1)


def draft_of(address: Path) -> Path:
    """Where it is made. Raises NotOurs where something stands at the address, Unreachable."""
    with stores.answering(address):
        if address.exists():
            raise NotOurs(phrase("%(file)s stands already: choose another name.", file=str(address)))
    return _folder() / address.name


def made_before(draft: Path, *, with_keys: bool) -> Made | None:
    """One that was sealed and not sent yet, if it is what is wanted now."""
    if not draft.exists():
        return None
    with archive.reading(draft) as reader:
        seal = reader.seal
        if seal["keys"] == with_keys:
            return Made(
                seal["id"],
                draft,
                sum(table["rows"] for table in seal["tables"].values()),
                sum(name.startswith(archive.FILES) for name in reader.members),
                draft.stat().st_size,
                erased.journal(seal["id"]),
            )
    draft.unlink()
    return None


def send(made: Made, address: Path, progress: Progress = nothing) -> None:
    """Have it there; then it is here no more. Raises Unreachable."""
    stores.send(made.path, address, progress)
    made.path.unlink()
    erased.tell(made.id)


def sweep() -> int:
    """Delete what nobody went on sending: it holds what people have had deleted since. Returns how many."""
    folder = data.folder("backups") / "sending"
    old = [path for path in folder.glob("*") if age(path) > GIVEN_UP_AFTER]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    return data.folder("backups", "sending")
