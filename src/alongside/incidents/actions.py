"""What is done with incidents: import them, take an import back, change the rules for reading."""

from __future__ import annotations

import contextlib
import fcntl
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core import clock, data
from alongside.core.errors import Refusal, phrase, said_by
from alongside.core.files import age, move, remembered
from alongside.core.stores import Unreachable
from alongside.incidents import lake, lake_keys, layers
from alongside.incidents.models import Import, LakePart, PartKind, Rules, State
from alongside.incidents.readers import LOOK, LOOK_AT_LEISURE, READ
from alongside.incidents.reading import locating, mapping, pipeline, sources, staging
from alongside.incidents.reading.refusals import CannotImport
from alongside.jobs.actions import enqueue
from alongside.outside.readers import NotNow, Reader
from alongside.places.models import AreaKind
from alongside.places.queries import areas, study_area

Progress = Callable[[float], None]
# Uploads hold names and addresses until they are read: nobody's draft keeps them longer than this.
DRAFTS_LIVE = timedelta(hours=24)


class AnotherImportIsRunning(Refusal):
    """Two imports for one agency at once could each miss what the other adds."""


class KeyIsGone(Refusal):
    """The ids in the lake were hashed with a key that is not here any more."""


class LaterImportsFirst(Refusal):
    """Someone asked to take back an import that later ones built on."""


class NotWaiting(Refusal):
    """Someone asked to start an import that has been started already."""


class RulesAreWrong(Refusal):
    """Rules that cannot be kept."""


# -- importing --------------------------------------------------------------------------------------
def import_files(
    agency: Agency,
    files: Sequence[str],
    *,
    by: User | None = None,
    given: mapping.Mapping | None = None,
    progress: Progress = lambda share: None,
) -> Import:
    """Read files into the lake, now. Answers the import, whose report says what became of every row.

    Raises CannotImport (nothing is written), AnotherImportIsRunning, KeyIsGone.
    """
    tables = _look_into(files, given, LOOK_AT_LEISURE)
    record = Import.objects.create(
        agency=agency,
        state=State.WAITING,
        dataset=pipeline.dataset_of(tables),
        names=[table.source.name for table in tables],
        mapping=mapping.to_dict(given) if given else None,
        by=by,
    )
    try:
        return run(record, tables, progress=progress)
    except Refusal as refusal:
        _fail(record, refusal)
        raise


def upload(agency: Agency, files: Sequence[File[bytes]], *, by: User | None) -> Import:
    """Keep uploaded files until a person has said what their columns mean. Raises CannotImport."""
    record = Import(agency=agency, by=by, names=[Path(str(file.name)).name for file in files])
    folder = uploads(record)
    try:
        for number, file in enumerate(files):
            place = folder / str(number)
            place.mkdir()
            with (place / _short(Path(str(file.name)).name)).open("wb") as kept:
                for chunk in file.chunks():
                    kept.write(chunk)
        with contextlib.suppress(NotNow):  # the files are here: they are looked into when they are asked for
            record.names = [table.source.name for table in sample(record)]
        with transaction.atomic():
            record.save()
            audit.record(agency=agency, by=by, verb="uploaded", thing=record, detail={"files": len(files)})
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return record


def _short(name: str) -> str:
    """The end of a file's name that any file system takes: they count bytes, and some letters have four."""
    return name.encode()[-100:].decode(errors="ignore")


def start(record: Import, *, by: User | None, given: mapping.Mapping | None) -> Import:
    """Put a draft in line, with its columns as the person said. Raises NotWaiting, CannotImport, NotNow."""
    tables = _look_into(_uploaded(record), given, LOOK)
    dataset = pipeline.dataset_of(tables)
    with transaction.atomic():
        changed = Import.objects.filter(pk=record.pk, state=State.DRAFT).update(
            state=State.WAITING,
            mapping=mapping.to_dict(given) if given else None,
            dataset=dataset,
            names=[table.source.name for table in tables],
        )
        if not changed:
            raise NotWaiting(_("This import has been started already."))
        enqueue("incidents.import", import_id=record.pk, agency_id=record.agency_id)
    record.refresh_from_db()
    return record


def run_uploaded(record: Import, *, progress: Progress = lambda share: None) -> None:
    """What the worker does. Run twice, it does nothing the second time; run after a crash, it begins again.

    Raises AnotherImportIsRunning, NotNow, Unreachable: then the files wait for another time.
    """
    try:
        if record.state != State.DONE:
            given = mapping.from_dict(record.mapping) if record.mapping else None
            run(record, _look_into(_uploaded(record), given, LOOK_AT_LEISURE), progress=progress)
    except (AnotherImportIsRunning, NotNow, Unreachable):
        Import.objects.filter(pk=record.pk).update(state=State.WAITING)
        raise
    except Refusal as refusal:
        _fail(record, refusal)
    shutil.rmtree(uploads(record), ignore_errors=True)


def give_up(record: Import) -> None:
    """No further attempt will be made with an upload: nothing of it stays but that it was there."""
    if record.state != State.DONE:
        _fail(record, CannotImport(phrase("The import could not be finished. Import the files again.")))
    shutil.rmtree(uploads(record), ignore_errors=True)


def run(
    record: Import, tables: Sequence[staging.Opened], *, progress: Progress = lambda share: None
) -> Import:
    """Stage, make durable, rename, commit. A death at any moment leaves the lake as it was, or with all of it."""
    agency = record.agency
    with _alone(agency), _workshop(record) as folder:
        lake.sweep(agency)
        _interrupted(agency, record)
        Import.objects.filter(pk=record.pk).update(
            state=State.RUNNING, started_at=clock.now(), percent=0, error=""
        )
        order = _order(agency, tables)
        try:
            outcome = _read(order, folder / "work", _reporting(record, progress))
        except CannotImport:  # it may be a part of our own that could not be read, and not their file
            lake.Lake(agency, pipeline.dataset_of(tables)).refuse_what_is_broken()
            raise
        place = _put_in_place(agency, record, outcome)
        _commit(record, outcome, _kept(record, outcome, place, lake_keys.mark(order.rules.key)))
    record.refresh_from_db()
    return record


def _look_into(
    files: Sequence[str],
    given: mapping.Mapping | None,
    reader: Reader[..., list[staging.Opened]],
    *,
    strict: bool = True,
) -> list[staging.Opened]:
    return reader.sized_to(sources.named(files)).read(files, given, strict=strict)


def _read(order: pipeline.Order, folder: Path, progress: Progress) -> pipeline.Outcome:
    """Read apart: whatever is in the files, this process neither runs out of memory nor waits for ever."""
    reader = READ.sized_to((table.source.path for table in order.tables), more_megabytes=2 * order.memory_mb)
    return reader.read_telling(progress, order, folder)


def _order(agency: Agency, tables: Sequence[staging.Opened]) -> pipeline.Order:
    rules = Rules.of(agency)
    dataset = pipeline.dataset_of(tables)
    here = lake.Lake(agency, dataset)
    return pipeline.Order(
        tables=tables,
        rules=staging.Rules(
            key=_key(agency),
            now=agency.local(clock.now()).replace(tzinfo=None) + timedelta(days=1),
            placeholders=tuple(rules.placeholders),
            zone=agency.timezone,
        ),
        around=_surroundings(agency, rules, here),
        layer_of=layers.layer_of(rules.enforcement, rules.investigation),
        lake=here.paths(PartKind.EVENTS),
        amendments=here.paths(PartKind.AMENDMENTS),
        known_events=here.total,
        memory_mb=settings.ALONGSIDE.lake_memory_mb,
    )


def _surroundings(agency: Agency, rules: Rules, here: lake.Lake) -> locating.Surroundings:
    study = study_area(agency)
    known = [
        locating.KnownArea(kind, area.name, area.shape)
        for kind in (
            AreaKind.BEAT,
            AreaKind.DISTRICT,
            AreaKind.DIVISION,
            AreaKind.TRACT,
            AreaKind.NEIGHBORHOOD,
        )
        for area in areas(agency, kind)
    ]
    earlier = None
    if study.polygon is None and not here.is_empty:
        counts = here.cell_counts()
        earlier = (counts.cells, counts.either)
    return locating.Surroundings(
        study=locating.StudyArea(study.polygon, study.derived),
        areas=tuple(known),
        resolution=rules.resolution,
        flag_metres=rules.flag_metres,
        earlier=earlier,
    )


def _put_in_place(agency: Agency, record: Import, outcome: pipeline.Outcome) -> Path:
    """Rename the parts into the lake, durably. They are orphans until the manifest speaks of them."""
    target = lake.folder(agency) / record.public_id
    if not outcome.parts:
        return target
    source = outcome.parts[0].path.parent
    move(source, target)
    return target


def _kept(record: Import, outcome: pipeline.Outcome, place: Path, key_mark: str) -> list[LakePart]:
    """The rows that will make these files parts of the lake. The files are kept, the rows are not saved."""
    rows = []
    report = outcome.report
    for part in outcome.parts:
        dated = part.kind == PartKind.EVENTS and report["first"]
        row = LakePart(
            agency=record.agency,
            of=record,
            kind=part.kind,
            dataset=outcome.dataset,
            path=f"{place.name}/{part.path.name}",
            rows=part.rows,
            events=report["new_events"] if part.kind == PartKind.EVENTS else 0,
            resolution=report["cell"]["resolution"],
            key_mark=key_mark,
            first=date.fromisoformat(report["first"]) if dated else None,
            last=date.fromisoformat(report["last"]) if dated else None,
        )
        row.keep()
        rows.append(row)
    return rows


@transaction.atomic
def _commit(record: Import, outcome: pipeline.Outcome, parts: Sequence[LakePart]) -> None:
    """The manifest rows are the commit point: with them the parts are the lake's, without them they are nothing."""
    report = outcome.report
    for row in parts:
        row.save(force_insert=True)
    Import.objects.filter(pk=record.pk).update(
        state=State.DONE, percent=100, dataset=outcome.dataset, report=report, finished_at=clock.now()
    )
    counts = {name: report[name] for name in ("read", "kept", "merged", "set_aside")}
    audit.record(agency=record.agency, by=record.by, verb="imported", thing=record, detail=counts)


def _fail(record: Import, refusal: Refusal) -> None:
    Import.objects.filter(pk=record.pk).update(
        state=State.FAILED, error=said_by(refusal), finished_at=clock.now()
    )
    record.refresh_from_db()


def _interrupted(agency: Agency, record: Import) -> None:
    """Imports that say they are running, although nobody but us holds the lock, were killed.

    One whose files were uploaded waits for a worker to begin again with it.
    """
    for killed in Import.objects.filter(agency=agency, state=State.RUNNING).exclude(pk=record.pk):
        if _upload_folder(killed).exists():
            Import.objects.filter(pk=killed.pk, state=State.RUNNING).update(state=State.WAITING)
        else:
            _fail(killed, CannotImport(phrase("It was interrupted. Import the files again.")))


def _reporting(record: Import, progress: Progress) -> Progress:
    """Report to the page and whoever else waits, whenever another percent is done."""
    reported = -1

    def report(share: float) -> None:
        nonlocal reported
        percent = min(int(share * 100), 99)
        if percent > reported:
            reported = percent
            Import.objects.filter(pk=record.pk).update(percent=percent)
        progress(share)

    return report


@contextlib.contextmanager
def _alone(agency: Agency) -> Iterator[None]:
    """One import of an agency at a time. The lock goes with its process, however that ends."""
    with (lake.folder(agency) / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AnotherImportIsRunning(
                phrase("another import for %(agency)s is running: wait until it is done.", agency=agency.slug)
            ) from error
        yield


@contextlib.contextmanager
def _workshop(record: Import) -> Iterator[Path]:
    """A folder that is gone afterwards, and that a later import of this agency clears if we die."""
    mine = lake.staging_folder() / f"import-{record.agency_id}"
    shutil.rmtree(mine, ignore_errors=True)
    mine.mkdir(mode=0o700)
    try:
        yield mine
    finally:
        shutil.rmtree(mine, ignore_errors=True)


# -- keys -------------------------------------------------------------------------------------------
def _key(agency: Agency) -> bytes:
    """What the ids of this agency are hashed with. Raises KeyIsGone."""
    try:
        return lake_keys.of(agency)
    except lake_keys.Lost as lost:
        raise KeyIsGone(
            _(
                "the key that hashed the ids in this lake is not here: put keys/%(key)s back from where "
                "it was kept, or take all earlier imports back and import them again."
            )
            % {"key": lake_keys.RING}
        ) from lost


# -- uploads ----------------------------------------------------------------------------------------
def uploads(record: Import) -> Path:
    """Where the uploaded files of an import wait to be read."""
    folder = _upload_folder(record)
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def _upload_folder(record: Import) -> Path:
    return data.folder("uploads", "incidents") / record.public_id


def _uploaded(record: Import) -> list[str]:
    paths = sorted(uploads(record).glob("*/*"), key=lambda path: int(path.parent.name))
    if not paths:
        raise CannotImport(_("The files of this import are not here any more: upload them again."))
    return [str(path) for path in paths]


def discard(record: Import, *, by: User | None) -> None:
    """Throw a draft away, its files first."""
    shutil.rmtree(uploads(record), ignore_errors=True)
    with transaction.atomic():
        audit.record(agency=record.agency, by=by, verb="discarded", thing=record)
        Import.objects.filter(pk=record.pk, state__in=[State.DRAFT, State.FAILED]).delete()


def forget_old_drafts() -> int:
    """Uploads nobody went on with are deleted after a day. Returns how many."""
    old = list(Import.objects.filter(state=State.DRAFT, created_at__lt=clock.now() - DRAFTS_LIVE))
    for record in old:
        discard(record, by=None)
    _sweep_uploads()
    return len(old)


def _sweep_uploads() -> None:
    """Files of which no import is left that will read them: whoever should have deleted them was killed before."""
    awaited = set(
        Import.objects.exclude(state__in=[State.DONE, State.FAILED]).values_list("public_id", flat=True)
    )
    for folder in data.folder("uploads", "incidents").iterdir():
        if folder.name not in awaited and age(folder) > DRAFTS_LIVE:
            shutil.rmtree(folder, ignore_errors=True)


# -- taking back, and rules -------------------------------------------------------------------------
def take_back(record: Import, *, by: User | None) -> None:
    """Remove the latest import from the lake, as if it had never been. Raises LaterImportsFirst."""
    agency = record.agency
    with _alone(agency):
        later = Import.objects.filter(
            agency=agency, dataset=record.dataset, parts__isnull=False, pk__gt=record.pk
        )
        if later.exists():
            raise LaterImportsFirst(
                _("Later imports build on this one. Take those back first, the newest before the others.")
            )
        with transaction.atomic():
            audit.record(agency=agency, by=by, verb="took back", thing=record, detail=_counts(record))
            record.delete()
        lake.sweep(agency)


def _counts(record: Import) -> dict[str, Any]:
    return {name: record.report.get(name) for name in ("read", "kept", "merged")}


@transaction.atomic
def set_rules(agency: Agency, *, by: User | None, **fields: Any) -> Rules:
    """Change how this agency's files are read from the next import on."""
    rules = Rules.of(agency)
    for name, value in fields.items():
        if isinstance(value, list) and any(word.strip("* ") == "" for word in value):
            raise RulesAreWrong(_("A line with nothing but * matches everything. Say more."))
        setattr(rules, name, value)
    rules.save()
    audit.record(agency=agency, by=by, verb="changed the rules", thing=rules, detail=fields)
    return rules


def sample(record: Import) -> list[staging.Opened]:
    """The first rows of a draft's files and what their columns are taken for; looked into once. Raises NotNow."""
    files = _uploaded(record)
    return remembered(uploads(record) / "looked.read", lambda: _look_into(files, None, LOOK, strict=False))
