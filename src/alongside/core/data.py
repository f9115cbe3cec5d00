"""The data folder: everything an install must keep, apart from a PostgreSQL of its own."""

from pathlib import Path

from django.conf import settings

from alongside.core.safe import CLOSED


def folder(*parts: str) -> Path:
    """A folder below the data folder, made when it is first asked for."""
    path = Path(settings.DATA).joinpath(*parts)
    path.mkdir(parents=True, exist_ok=True, mode=CLOSED)
    return path
