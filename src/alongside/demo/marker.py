"""The mark that a data folder holds a generated city, and how far its building came.

One-click sign-in asks for this mark (core.demo). It is written last, so that half a city is never signed into;
a second mark says from the start whose folder it is, so that a build that was stopped can begin anew.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from alongside.core import demo
from alongside.core.errors import Refusal
from alongside.core.files import whole

BUILDING = "demo-building.json"


class DemoOnPostgres(Refusal):
    """The demo signs anybody in: it never does so on a database that may hold real people."""


def refuse_postgres() -> None:
    """The demo lives in its folder alone."""
    if settings.ALONGSIDE.database_url:
        raise DemoOnPostgres(
            _("The demo lives in a folder of its own, never in a DATABASE_URL: unset it and try again.")
        )


@dataclass(frozen=True)
class Marker:
    """Which city stands here, up to which day its story goes, and what a visitor may try.

    `follow` is the code of a concern, `scribe` the gathering that a scribe's phone opens.
    """

    id: str
    seed: int
    until: str
    follow: str = ""
    scribe: str = ""


def read(folder: Path) -> Marker | None:
    """The mark of a finished city; None where there is none."""
    try:
        fields = json.loads((folder / demo.MARKER).read_text(encoding="utf-8"))
        return Marker(
            id=str(fields["id"]),
            seed=int(fields["seed"]),
            until=str(fields["until"]),
            follow=str(fields.get("follow", "")),
            scribe=str(fields.get("scribe", "")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def begin(folder: Path) -> None:
    """Say that this folder is being built in."""
    _write(folder / BUILDING, {"begun": True})


def was_begun(folder: Path) -> bool:
    """Whether a build was stopped here before it was done."""
    return (folder / BUILDING).is_file() and read(folder) is None


def finish(folder: Path, *, seed: int, until: date, follow: str = "", scribe: str = "") -> Marker:
    """Say that the city stands."""
    marker = Marker(
        id=secrets.token_urlsafe(12), seed=seed, until=until.isoformat(), follow=follow, scribe=scribe
    )
    _write(folder / demo.MARKER, asdict(marker))
    (folder / BUILDING).unlink(missing_ok=True)
    return marker


def _write(path: Path, fields: dict[str, object]) -> None:
    with whole(path) as file:
        file.write(json.dumps(fields).encode())
