"""What was deleted since a backup was made, so that restoring it does not bring it back: `FILE.erased`, beside FILE.

Nobody has to report an erasure. A backup leaves in the data folder the numbers of the rows that held somebody's words,
a digest, or something that stood; what holds nothing any more, or has gone, is found by comparing. So no way of letting
go can be forgotten, be it a button, a clock or a command by hand. Numbers only: it holds nobody's words.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, ProtectedError, Q, RestrictedError, Sum

from alongside.core import clock, data, kept, stores
from alongside.core.backup import archive, beside, rows
from alongside.core.backup.archive import FILES, part_of
from alongside.core.backup.folder import BACKUPS
from alongside.core.files import NoRoom, whole
from alongside.core.said import Said
from alongside.core.stores import Unreachable, answering, is_address, place
from alongside.core.tokens import DigestField

log = logging.getLogger("alongside.backup")

KNOWN_FOR = timedelta(days=365)
"""Older backups are told of nothing more: restore says so."""
KNOWN = ".known.json"
STANDS = "stands"  # in the place of a column: the row itself was not over
MEDIA = f"{FILES}media/"
AT_ONCE = 500
Index = dict[str, dict[str, list[list[int]]]]


@dataclass
class Applied:
    """What did not come back: rows that had gone, rows that hold less, files; and what could not be compared."""

    gone: int = 0
    emptied: int = 0
    files: int = 0
    unknown: list[str] = field(default_factory=list)
    at: str = ""


# -- what is watched --------------------------------------------------------------------------------
def watched() -> Iterator[tuple[type[models.Model], dict[str, Q]]]:
    """Models that hold what may be let go of: by column, the rows that hold it.

    Somebody's words, digests that a link is found by; and where a model says when its rows have ended (`ENDED`),
    whether they stand.
    """
    for model in apps.get_models():
        holds = {
            field.attname: ~Q(**{field.attname: ""}) & Q(**{f"{field.attname}__isnull": False})
            for field in model._meta.local_concrete_fields
            if isinstance(field, Said | DigestField)
        }
        if (ended := getattr(model, "ENDED", None)) is not None:
            holds[STANDS] = ~ended
        if holds:
            yield model, holds


def index(still: BaseDatabaseWrapper, last: Mapping[str, Sequence[str]]) -> Index:
    """The numbers of the rows that hold something, in the shape in which the database is now."""
    tables = {table.label: table.model for table in rows.tables(still, last)}
    found: Index = {}
    for model, holds in watched():
        label = model._meta.label_lower
        if label in tables:
            every = tables[label]._base_manager.all()
            found[label] = {"": ranges(_numbers(every, still))}
            for name, condition in holds.items():
                try:
                    found[label][name] = ranges(_numbers(every.filter(condition), still))
                except FieldError:
                    continue  # a column of after the upgrade that is about to come
    return found


def _numbers(asked: models.QuerySet[Any], where: BaseDatabaseWrapper) -> Iterator[int]:
    return (row[0] for row in rows.found(asked.order_by("pk").values_list("pk"), where))


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Numbers in their order, as pairs of first and last."""
    pairs: list[list[int]] = []
    for number in numbers:
        if pairs and number == pairs[-1][1] + 1:
            pairs[-1][1] = number
        else:
            pairs.append([number, number])
    return pairs


def spread(pairs: Iterable[Sequence[int]]) -> set[int]:
    return {number for first, last in pairs for number in range(first, last + 1)}


# -- what was let go of -----------------------------------------------------------------------------
def remember(
    head: Mapping[str, Any], path: Path, moment: datetime, found: Index, files: Sequence[str]
) -> None:
    """From now on it is known what this backup should not bring back."""
    media = [file.removeprefix(FILES) for file in files if file.startswith(MEDIA)]
    known = {
        "id": head["id"],
        "key": head["erased"],
        "path": str(path if is_address(path) else path.resolve()),
        "moment": moment.isoformat(),
        "index": found,
        "media": media,
    }
    _write(_known(head["id"]), known)


def tell(name: str) -> Path:
    """Write down what was let go of since this backup, beside it and in the data folder. Returns where, in there."""
    known = json.loads(_known(name).read_text())
    _write(_known(name), {**known, "owed": not _tell(known)})
    return journal(name)


def journal(name: str) -> Path:
    return data.folder(BACKUPS) / f"{name}.erased"


def _known(name: str) -> Path:
    return data.folder(BACKUPS) / f"{name}{KNOWN}"


def _every_known() -> Iterator[tuple[Path, dict[str, Any]]]:
    """What each backup knows to compare. One that is damaged, or says less than is needed, keeps no other back."""
    for path in sorted(data.folder(BACKUPS).glob(f"*{KNOWN}")):
        try:
            known = json.loads(path.read_text())
            if known.keys() >= {"id", "key", "path", "moment", "index", "media"}:
                yield path, known
        except (ValueError, AttributeError):
            log.warning("%s cannot be read: nothing is written down for its backup.", path)


def write_down() -> int:
    """Look what was let go of since each backup, and write it beside it where it can be reached. Returns how many."""
    count = 0
    for path, known in _every_known():
        now = fingerprint(known["index"], known["media"])
        if now != known.get("print") or not journal(known["id"]).exists():
            beside_too = _tell(known)
            _write(path, {**known, "print": now, "owed": not beside_too})
            count += 1
        elif _is_owed(known) and _tell(known):
            _write(path, {**known, "owed": False})
    return count


def _is_there(file: Path) -> bool:
    """Whether it can be reached now: a disk may be elsewhere, a store may not answer."""
    try:
        with answering(file):
            return file.exists()
    except Unreachable:
        return False


def forget_old() -> int:
    """Backups of more than a year ago, and those in our own folder that were deleted: nothing is written for them."""
    gone = 0
    for path, known in _every_known():
        file, old = place(known["path"]), datetime.fromisoformat(known["moment"]) < clock.now() - KNOWN_FOR
        ours = file.parent == data.folder(BACKUPS).resolve()
        if old or (ours and not _stands(known) and not part_of(file).exists()):  # nor is about to
            for each in (journal(known["id"]), path):
                each.unlink(missing_ok=True)
                gone += 1
    return gone


def fingerprint(found: Index, media: Sequence[str]) -> dict[str, Any]:
    """How many rows hold each thing, and the sum of their numbers: one look at each table. Equal is unchanged."""
    prints: dict[str, Any] = {"media": len(media) - len(_let_go_of(media))}
    for model, holds in watched():
        label = model._meta.label_lower
        if found.get(label, {}).get(""):
            highest = found[label][""][-1][1]
            sums: dict[str, Any] = {"n": Count("pk"), "s": Sum("pk")}
            for place, condition in enumerate(holds.values()):
                sums |= {
                    f"n{place}": Count("pk", filter=condition),
                    f"s{place}": Sum("pk", filter=condition),
                }
            counted = model._base_manager.filter(pk__lte=highest).aggregate(**sums)
            # Whole numbers: PostgreSQL adds up to decimals, which come back from a file as words.
            prints[label] = {name: int(number or 0) for name, number in counted.items()}
    return prints


def since(known: Mapping[str, Any]) -> dict[str, Any]:
    """What has gone, and what rows hold now that hold less than then."""
    watching = {model._meta.label_lower: (model, holds) for model, holds in watched()}
    said: dict[str, Any] = {"rows": {}, "unknown": []}
    for label, then in known["index"].items():
        if label not in watching:
            said["unknown"].append(label)
            continue
        model, holds = watching[label]
        every = model._base_manager.filter(pk__lte=then[""][-1][1] if then[""] else 0)
        gone = spread(then[""]) - set(_numbers(every, connection))
        less: dict[int, set[str]] = {}
        for name, before in then.items():
            if name in holds:
                for number in spread(before) - gone - set(_numbers(every.filter(holds[name]), connection)):
                    less.setdefault(number, set()).add(name)
            elif name:
                said["unknown"].append(f"{label}.{name}")
        if gone or less:
            said["rows"][label] = {"gone": ranges(sorted(gone)), "now": _as_now(model, less)}
    said["files"] = _let_go_of(known["media"])
    return said


def _let_go_of(media: Sequence[str]) -> list[str]:
    """Files that are not here any more, and that no row speaks of: one that a disk has lost was not let go of."""
    home = Path(settings.DATA)
    gone = [name for name in media if not (home / name).exists()]
    spoken_of = kept.names(below="media") if gone else set()
    return [name for name in gone if name not in spoken_of]


def _as_now(model: type[models.Model], less: Mapping[int, set[str]]) -> dict[str, Any]:
    """Rows as they are now, without words that somebody may still let go of."""
    guarded = {
        field.attname
        for field in model._meta.local_concrete_fields
        if isinstance(field, Said | DigestField) or field.primary_key
    }
    fields = {field.attname: field for field in model._meta.local_concrete_fields}
    names = list(fields)
    now: dict[str, Any] = {}
    numbers = sorted(less)
    for at in range(0, len(numbers), AT_ONCE):
        for row in model._base_manager.filter(pk__in=numbers[at : at + AT_ONCE]).values("pk", *names):
            emptied = less[row["pk"]]
            now[str(row["pk"])] = {
                name: _stored(fields[name], row[name])
                for name in names
                if name in emptied or name not in guarded
            }
    return now


def _stored(field: Any, value: Any) -> Any:
    """A field that makes more of its column than Django does goes as the column has it."""
    return field.get_prep_value(value) if rows.is_our_own(field) else value


def _read(field: Any, stored: Any) -> Any:
    if rows.is_our_own(field) and hasattr(field, "from_db_value"):
        return field.from_db_value(stored, None, connection)
    return field.to_python(stored)


def _tell(known: Mapping[str, Any]) -> bool:
    """Write it in the data folder, and beside the backup. Whether it could be reached there."""
    held = {"of": known["id"], "at": clock.now().isoformat(), **since(known)}
    said = beside.sealed(json.loads(json.dumps(held, default=rows.plain)), known["key"])
    _write(journal(known["id"]), said)
    if not _stands(known):
        return False
    path = place(known["path"])
    try:
        _write(beside.of(path), said)
    except (OSError, NoRoom, Unreachable) as error:  # which keeps nobody else's from being written
        log.warning("%s cannot be written now, and is tried again: %r", beside.of(path), error)
        return False
    return True


def _is_owed(known: Mapping[str, Any]) -> bool:
    """Whether what stands in the data folder could not be written beside the backup, and can be now."""
    owed = known.get("owed") or not _is_there(beside.of(place(known["path"])))
    return bool(owed) and _stands(known)


def _stands(known: Mapping[str, Any]) -> bool:
    """Whether the backup is where it was made. Another may have been given its name, and has its own list."""
    return archive.id_of(place(known["path"])) == str(known["id"])


def _write(path: Path, said: Mapping[str, Any]) -> None:
    held = json.dumps(said, default=rows.plain).encode()
    if is_address(path):
        stores.write(path, held)
    else:
        with whole(path, mode=0o600) as file:
            file.write(held)


# -- letting go again -------------------------------------------------------------------------------
@transaction.atomic
def apply(said: Mapping[str, Any]) -> Applied:
    """Let go of all of it again, in a database that has this version's shape. Files: by whoever has the folder."""
    done = Applied(unknown=list(said["unknown"]), at=said["at"])
    for label, what in said["rows"].items():
        try:
            model = apps.get_model(label)
        except LookupError:
            done.unknown.append(label)
            continue
        done.gone += sum(_let_go(model, number) for number in sorted(spread(what["gone"])))
        done.emptied += sum(_hold_less(model, int(number), now) for number, now in what["now"].items())
    for name in said["files"]:
        path = (Path(settings.DATA) / name).resolve()
        if path.is_relative_to((Path(settings.DATA) / "media").resolve()) and path.exists():
            path.unlink()
            done.files += 1
    return done


def _let_go(model: type[models.Model], number: int) -> bool:
    found = model._base_manager.filter(pk=number)
    if not found.exists():
        return False
    try:
        with transaction.atomic():
            found.delete()
    except (ProtectedError, RestrictedError) as held:
        others: Any = getattr(held, "protected_objects", None) or getattr(held, "restricted_objects", None)
        for other in others or ():
            _let_go(type(other), other.pk)
        return _let_go(model, number)
    return True


def _hold_less(model: type[models.Model], number: int, now: Mapping[str, Any]) -> bool:
    """The row as it was when it had let go. Where it cannot stand so here, it goes."""
    found = model._base_manager.filter(pk=number)
    if not found.exists():
        return False
    fields = {each.attname: each for each in model._meta.local_concrete_fields}
    values = {name: _read(fields[name], value) for name, value in now.items() if name in fields}
    for name, value in list(values.items()):
        target = fields[name].related_model
        if target and value is not None and not target._base_manager.filter(pk=value).exists():
            if fields[name].null:
                values[name] = None
            else:
                del values[name]
    try:
        with transaction.atomic():
            found.update(**values)
            connection.check_constraints([model._meta.db_table])
    except IntegrityError:
        return _let_go(model, number)
    return True
