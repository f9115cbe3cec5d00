"""All of one agency in one file, for an agency that leaves: rows as lines of JSON, its files, and how to read them.

Written as it is read: memory holds some hundreds of rows, whatever the agency has gathered. Nothing of another agency
is in it, nothing that opens anything (digests, passwords, links), and nothing that only this install needs. What each
member is stands in docs/reference/leaving.md, which a program can rely on.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from alongside.agencies import audit
from alongside.agencies.models import Agency, AgencyOwned, User
from alongside.core import clock, files, languages
from alongside.core.backup.rows import plain
from alongside.core.errors import Refusal, phrase
from alongside.core.kept import Kept, NotWhole
from alongside.core.manifest import follow, manifests
from alongside.core.tokens import DigestField

FORMAT = "alongside-agency-1"
AT_ONCE = 500
CHUNK = 1 << 20
# Rows of these open something, or say only what this install was about to do: they are no records, and stay.
STAYS = {
    "agencies.Bearer": "links and passes: they open pages of this install",
    "agencies.Invitation": "links by which members of staff were let in here",
    "field.Pass": "passes to the field pages of this install",
    "followthrough.Card": "digests of codes: they open pages of this install",
}
# Columns that open something, though no digest: links in mail that waits, the key that another body gave this install.
SECRET = frozenset({"outreach.Mail.facts", "followthrough.Body.secret"})


class Taken(Refusal):
    """The file cannot be written."""


@dataclass
class Report:
    """What was taken along."""

    rows: dict[str, int] = field(default_factory=dict)
    files: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def all_rows(self) -> int:
        return sum(self.rows.values())


@dataclass(frozen=True)
class Owned:
    """A model whose rows are an agency's, and the way from a row to it."""

    model: type[models.Model]
    way: str

    @property
    def label(self) -> str:
        return self.model._meta.label

    @property
    def fields(self) -> list[models.Field[Any, Any]]:
        return [each for each in self.model._meta.concrete_fields if _goes_along(each)]

    def rows(self, agency: Agency) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(**{self.way: agency}).order_by("pk")


def _goes_along(column: models.Field[Any, Any]) -> bool:
    return not isinstance(column, DigestField) and f"{column.model._meta.label}.{column.name}" not in SECRET


def owned() -> list[Owned]:
    """Every model of an agency's rows but those that stay; and what hangs on such rows without saying whose it is."""
    every = apps.get_models(include_auto_created=True)
    own: dict[type[models.Model], str] = {
        model: "agency" for model in every if issubclass(model, AgencyOwned)
    }
    hanging = {model: way for model in every if model not in own and (way := _hangs_on(model, own))}
    found = [Owned(model, way) for model, way in {**own, **hanging}.items() if model._meta.label not in STAYS]
    return sorted(found, key=lambda each: each.label)


def _hangs_on(model: type[models.Model], own: dict[type[models.Model], str]) -> str:
    """By which column a row is of an agency that says nothing of it itself: a duty by its member."""
    if not model.__module__.startswith("alongside."):
        return ""
    for each in model._meta.concrete_fields:
        if each.is_relation and not each.null and each.related_model in own:
            return f"{each.name}__agency"
    return ""


# -- writing ----------------------------------------------------------------------------------------
def take(agency: Agency, path: Path, *, by: User | None = None) -> Report:
    """Write all of an agency into one file. Raises Taken, where one is there already."""
    if path.exists():
        raise Taken(phrase("%(file)s is there already: choose another name.", file=str(path)))
    report, sums = Report(), {}
    audit.record(
        agency=agency, by=by, verb="took along", thing=agency
    )  # the last line of the trail that goes along
    with files.whole(path, over=False) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        with _one_moment():
            for name, pieces in chain(_of_rows(agency, report), _of_rooms(agency)):
                sums[name] = _put(packed, name, pieces)
        for name, pieces in chain(_of_files(agency, report), _of_languages(agency)):
            sums[name] = _put(packed, name, pieces)
        head = _head(agency, report)
        sums["README.md"] = _put(packed, "README.md", [_readme(agency, report).encode()])
        packed.writestr("manifest.json", json.dumps(head | {"sha256": sums}, ensure_ascii=False, indent=1))
    return report


@contextmanager
def _one_moment() -> Iterator[None]:
    """The rows of one moment, as a backup has them: what others go on writing meanwhile is in none of them."""
    ours = not connection.in_atomic_block
    with _as_a_reader(), transaction.atomic():
        if ours and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@contextmanager
def _as_a_reader() -> Iterator[None]:
    """On SQLite a transaction begins as a writer’s, and no other could write for as long as it lasts."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    sqlite: Any = connection
    usual, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
    try:
        yield
    finally:
        sqlite.transaction_mode = usual


def _put(packed: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> str:
    """One member, piece by piece. Returns its digest."""
    seen = hashlib.sha256()
    with packed.open(name, "w", force_zip64=True) as out:
        for piece in pieces:
            seen.update(piece)
            out.write(piece)
    return seen.hexdigest()


def _of_rows(agency: Agency, report: Report) -> Iterator[tuple[str, Iterator[bytes]]]:
    yield "rows/agencies.Agency.jsonl", _lines("agencies.Agency", _itself(agency), report)
    yield "rows/agencies.User.jsonl", _lines("agencies.User", _accounts(agency), report)
    for each in owned():
        yield f"rows/{each.label}.jsonl", _lines(each.label, _rows(each, agency), report)


def _lines(label: str, rows: Iterable[dict[str, Any]], report: Report) -> Iterator[bytes]:
    report.rows[label] = 0
    for row in rows:
        report.rows[label] += 1
        yield json.dumps(row, default=plain, ensure_ascii=False).encode() + b"\n"


def _itself(agency: Agency) -> Iterator[dict[str, Any]]:
    itself: dict[str, Any] = dict(Agency._base_manager.filter(pk=agency.pk).values().get())
    yield itself


def _accounts(agency: Agency) -> Iterator[dict[str, Any]]:
    """Who of the staff signs in with which address: without a password, which is nobody else's to have."""
    rows = User._base_manager.filter(memberships__agency=agency).order_by("pk").distinct()
    for row in rows.values("id", "email", "language", "is_active").iterator(chunk_size=AT_ONCE):
        account: dict[str, Any] = dict(row)
        yield account


def _rows(each: Owned, agency: Agency) -> Iterator[dict[str, Any]]:
    """As the columns have them: values, and no objects. A text in several languages is the JSON that it is kept as."""
    names = [column.attname for column in each.fields]
    plainly = {column.attname: column for column in each.fields}
    for row in each.rows(agency).values_list(*names).iterator(chunk_size=AT_ONCE):
        yield {name: _plain(plainly[name], value) for name, value in zip(names, row, strict=True)}


def _plain(column: models.Field[Any, Any], value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool | list | dict | bytes):
        return value
    try:
        return plain(value)
    except TypeError:
        return _unpacked(column.get_prep_value(value))


def _unpacked(stored: Any) -> Any:
    """A text in several languages, a sentence with its facts: kept as JSON, and given as what that says."""
    try:
        return json.loads(stored) if isinstance(stored, str) and stored.startswith("{") else stored
    except ValueError:
        return stored


# -- files ------------------------------------------------------------------------------------------
def _of_files(agency: Agency, report: Report) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Every file that a row of the agency's speaks of: lake, streets, photos, runs. What is not whole is named."""
    for each in owned():
        if issubclass(each.model, Kept):
            rows: models.QuerySet[Any] = each.model.with_files().filter(agency=agency)
            for row in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
                try:
                    there = row.whole()
                except NotWhole:
                    report.missing.append(row.kept_as)
                    continue
                report.files += 1
                yield f"files/{row.kept_as}", _bytes(there)


def _of_languages(agency: Agency) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Catalogues of a city's own, of the languages that this agency writes in."""
    folder = Path(settings.DATA) / "locale"
    for code in languages.among(agency.languages):
        for path in sorted((folder / code.replace("-", "_")).rglob("*.po")):
            yield f"languages/{path.relative_to(folder).as_posix()}", _bytes(path)


def _of_rooms(agency: Agency) -> Iterator[tuple[str, Iterator[bytes]]]:
    """What a room gives along besides, such as a ledger that others can check."""
    for room in manifests().values():
        for name, dotted in room.takes.items():
            yield name, follow(dotted)(agency)


def _bytes(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


# -- what it says of itself -------------------------------------------------------------------------
def _head(agency: Agency, report: Report) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "agency": agency.slug,
        "name": agency.name,
        "made_at": clock.now().isoformat(timespec="seconds"),
        "rows": report.rows,
        "files": report.files,
        "missing": report.missing,
        "left_out": STAYS,
    }


def _readme(agency: Agency, report: Report) -> str:
    """For whoever opens the file in ten years and knows nothing of us."""
    lines = [
        f"# All that {agency.name} kept in Alongside",
        "",
        f"Written {clock.now():%Y-%m-%d}. Format: `{FORMAT}`.",
        "",
        "- `manifest.json`: how many rows of each table, how many files, and the SHA-256 of every member.",
        "- `rows/TABLE.jsonl`: one row a line, as JSON (UTF-8). A column that ends in `_id` holds the `id` of a row of "
        "another table. Days are `2026-06-04`, moments have their offset. A text in several languages is an object: by "
        "language code its text and how it came.",
        "- `files/`: the files that rows speak of (Parquet, NumPy arrays, JPEG, zip), by the name in the row.",
        "- `languages/`: catalogues of languages of this city's own.",
        "- anything else: what a part of the program gave along; the reference says how to read each.",
        "",
        "Not in it: passwords, links, passes and codes, and digests of them; another agency's rows; what the program "
        "needs only where it runs.",
        "",
    ]
    if report.missing:
        lines += ["These files were not whole and are missing: " + ", ".join(report.missing), ""]
    for each in owned():
        lines += _table(each, report.rows.get(each.label, 0))
    return "\n".join(lines) + "\n"


def _table(each: Owned, count: int) -> list[str]:
    about = (each.model.__doc__ or "").strip().split("\n")[0]
    lines = [
        f"## {each.label}: {count} rows",
        "",
        *([about, ""] if not each.model._meta.auto_created else []),
    ]
    lines += [f"- `{column.attname}`{_of_what(column)}" for column in each.fields]
    return [*lines, ""]


def _of_what(column: models.Field[Any, Any]) -> str:
    if column.is_relation and isinstance(column.related_model, type):
        return f": a row of {column.related_model._meta.label}"
    choices = ", ".join(str(value) for value, _label in column.flatchoices)
    return f": one of {choices}" if choices else ""
