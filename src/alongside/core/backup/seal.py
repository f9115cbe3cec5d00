"""What a seal says. It proves that nothing was damaged, not who made it: so nothing in it is taken as given.

A file may have been made by somebody else from one of ours, and be whole. Names lead nowhere but below the folder,
and to nothing that stays behind; numbers are numbers; and no word of it reaches a terminal that is none of ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, TypeVar

from pydantic import BaseModel, Field, NonNegativeInt, StringConstraints, ValidationError

from alongside.core.backup.archive import FILES, HEAD, KEYS, ROWS, NotOurs, Reader
from alongside.core.backup.folder import goes_along
from alongside.core.errors import phrase

Word = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]{1,100}$")]
Label = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)?$", max_length=200)]
# Whose packages a backup may name: they are looked up before anything else is known of it.
Package = Annotated[str, StringConstraints(pattern=r"^(alongside|allauth|django\.contrib)\.[a-z0-9_]+$")]
Moment = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d[0-9:.+]*$")]


class Stamp(BaseModel):
    """By which a version knows whether it may read the rest."""

    migrations: dict[Label, list[Word]]
    packages: dict[Label, Package]


class About(BaseModel):
    """One table."""

    columns: list[Word]
    rows: NonNegativeInt
    last: NonNegativeInt
    chunks: list[str] = Field(alias="in")


class Seal(Stamp):
    """All of it."""

    id: Word
    erased: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    moment: Moment
    tables: dict[Label, About]
    keys: bool
    needs: dict[str, NonNegativeInt]
    files: bool
    stood: list[tuple[str, NonNegativeInt]]


Kind = TypeVar("Kind", bound=Stamp)


def check_stamp(reader: Reader) -> None:
    """Raises NotOurs."""
    stamp = _as(Stamp, reader)
    if not set(stamp.migrations) <= set(stamp.packages):
        raise _not_ours(reader)


def check(reader: Reader) -> None:
    """Raises NotOurs, also where it names what a backup of ours never holds."""
    seal = _as(Seal, reader)
    names = reader.members
    files = [name.removeprefix(FILES) for name in names if name.startswith(FILES)]
    rows = [name for about in seal.tables.values() for name in about.chunks]
    known = {HEAD, *([KEYS] if seal.keys else []), *(f"{FILES}{name}" for name in files), *rows}
    if (
        set(names) - known
        or not set(rows) <= {name for name in names if name.startswith(ROWS)}
        or (seal.keys and KEYS not in names)
        or not all(map(goes_along, [*files, *(name for name, _size in seal.stood)]))
        or _one_in_another(files)
    ):
        raise _not_ours(reader)


def _one_in_another(files: Iterable[str]) -> bool:
    """A file cannot stand where another needs a folder."""
    names = set(files)
    return any(name[:at] in names for name in names for at, letter in enumerate(name) if letter == "/")


def _as(kind: type[Kind], reader: Reader) -> Kind:
    try:
        return kind.model_validate(reader.seal)
    except ValidationError:
        raise _not_ours(reader) from None


def _not_ours(reader: Reader) -> NotOurs:
    return NotOurs(
        phrase(
            "%(file)s is whole, and was not made by Alongside: its seal names what no backup of ours holds.",
            file=str(reader.path),
        )
    )
