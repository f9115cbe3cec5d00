"""`FILE.erased`: what stands beside a backup, read before there are settings. `erased` writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alongside.core.errors import Refusal, phrase
from alongside.core.stores import answering


class NotRead(Refusal):
    """FILE.erased is of another backup, or was cut short."""


def of(path: Path) -> Path:
    return path.with_name(f"{path.name}.erased")


def read(path: Path, *, of: str) -> dict[str, Any] | None:
    """What should not come back of this backup; None where nothing stands beside it."""
    file = path.with_name(f"{path.name}.erased")
    try:
        with answering(file):
            held = file.read_text()
    except FileNotFoundError:
        return None
    try:
        said: dict[str, Any] = json.loads(held)
    except ValueError:
        said = {}
    if said.get("of") != of or not said.get("whole"):
        raise NotRead(
            phrase(
                "%(file)s is not what was deleted since this backup: put the right one there, or take it away.",
                file=str(file),
            )
        )
    return said
