"""Real cities to run against. They are never part of the project: where they are absent, a test says so and skips."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def real_data(*parts: str) -> Path:
    """The path of a real file, or a skip that says which one is missing."""
    folder = Path(os.environ.get("ALONGSIDE_SHARED_DATA", ROOT.parent / "shared" / "data"))
    path = folder.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"real data not here: {'/'.join(parts)} (set ALONGSIDE_SHARED_DATA)")
    return path
