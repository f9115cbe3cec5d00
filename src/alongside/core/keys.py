"""Keys, made on first need into the data folder, readable by its owner only. Backups leave them out by default."""

import secrets
from pathlib import Path

from alongside.core.files import whole


def load(data: Path, name: str) -> bytes:
    """The 32 secret bytes called `name`, the same for every process that asks."""
    path = data / "keys" / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole(
            path, mode=0o600, over=False
        ) as file:  # of two processes that start together, one key wins
            file.write(secrets.token_hex(32).encode())
    return bytes.fromhex(path.read_text())
