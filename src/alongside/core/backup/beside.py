"""`FILE.erased`: what stands beside a backup, read before there are settings. `erased` writes it.

It is copied about by itself, so it is sealed with a key that only the backup and the data folder have: whoever can
write beside a backup, and read neither, cannot have a restored copy believe what they wrote.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alongside.core.errors import Refusal, phrase
from alongside.core.stores import answering

SEALED = "sealed"


class NotRead(Refusal):
    """FILE.erased is of another backup, was cut short, or was written by somebody else."""


def of(path: Path) -> Path:
    return path.with_name(f"{path.name}.erased")


def new_key() -> str:
    return secrets.token_hex(32)


def sealed(said: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What goes into the file: all of it plain JSON, and by whom it was said."""
    return {**said, SEALED: _seal(said, key)}


def read(path: Path, *, of: str, key: str) -> dict[str, Any] | None:
    """What should not come back of this backup; None where nothing stands beside it."""
    file = path.with_name(f"{path.name}.erased")
    try:
        with answering(file):
            held = file.read_bytes()
    except FileNotFoundError:
        return None
    try:
        said = json.loads(held)
        ours = said.pop(SEALED)
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        said, ours = {}, ""
    if (
        not hmac.compare_digest(str(ours).encode(errors="replace"), _seal(said, key).encode())
        or said.get("of") != of
    ):
        raise NotRead(
            phrase(
                "%(file)s is not what was deleted since this backup: put the right one there, or take it away.",
                file=str(file),
            )
        )
    return dict(said)


def _seal(said: Mapping[str, Any], key: str) -> str:
    held = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    return hmac.digest(bytes.fromhex(key), held, "sha256").hex()
