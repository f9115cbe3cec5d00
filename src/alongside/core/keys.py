"""Keys, made on first need into the data folder, readable by its owner only. Backups leave them out by default."""

import os
import secrets
from pathlib import Path


def load(data: Path, name: str) -> bytes:
    """The 32 secret bytes called `name`, the same for every process that asks."""
    path = data / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _offer(path, secrets.token_hex(32))
    return bytes.fromhex(path.read_text())


def _offer(path: Path, text: str) -> None:
    """Write whole or not at all: of two processes that start together, one key wins."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
