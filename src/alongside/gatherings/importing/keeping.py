"""Keep what was read: each gathering once, however often the file comes, and also when half-way the power goes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core.errors import Refusal
from alongside.gatherings import actions
from alongside.gatherings.importing import reading
from alongside.gatherings.importing.events import Event, Trouble
from alongside.gatherings.importing.reading import Read
from alongside.gatherings.importing.rows import LARGEST_BYTES, Aside, UnreadableFile
from alongside.gatherings.models import Gathering, Import, Imported, ImportState, Kind, Status
from alongside.jobs import actions as jobs
from alongside.places import staging

# So many in one transaction: others may write in between, and little is done twice after a crash.
AT_ONCE = 50
PLACE_AND_TIME = frozenset({"on", "at", "meeting_point", "venue"})


KINDS = "kinds.json"


def not_too_large(size: int | None) -> None:
    """Refuse a file before it is put aside."""
    if size is not None and size > LARGEST_BYTES:
        raise UnreadableFile(f"the file is larger than {LARGEST_BYTES // 2**20} MB: export fewer dates.")


def corrections(staged: staging.Staged) -> dict[int, str]:
    """The kinds that a person chose in the preview, by line."""
    try:
        held = json.loads((staged.path.parent / KINDS).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return {int(line): str(kind) for line, kind in held.items()}


def correct(staged: staging.Staged, kinds: Mapping[int, str]) -> None:
    """Remember them beside the file, until it is kept or swept."""
    (staged.path.parent / KINDS).write_text(json.dumps(dict(kinds)), encoding="utf-8")


@transaction.atomic
def begin(agency: Agency, staged: staging.Staged, read: Read, *, announce: bool, by: User) -> Import:
    """Hand the file over to a worker. Twice is once: the same upload is one import."""
    record, is_new = Import.objects.get_or_create(
        agency=agency,
        staged=staged.public_id,
        defaults={"file_name": staged.name[:160], "by": by, "announce": announce, "total": read.kept},
    )
    if is_new:
        jobs.enqueue("gatherings.import", key=staged.public_id, agency_id=agency.pk, import_id=record.pk)
    return record


def run(record: Import, *, progress: Callable[[int, int], object] = lambda done, total: None) -> Import:
    """Keep the file of an import. After a crash it is done again from the beginning, and counts once."""
    agency, staged = record.agency, staging.find(record.agency, record.staged)
    read = reading.read(agency, staged.content(), file_name=staged.name)

    def tell(done: int, total: int) -> None:
        Import.objects.filter(pk=record.pk).update(done=done, total=total)
        progress(done, total)

    done = keep(
        agency, read, by=record.by, announce=record.announce, kinds=corrections(staged), progress=tell
    )
    _close(record, done)
    staged.discard()
    return record


@transaction.atomic
def _close(record: Import, done: Kept) -> None:
    record.state, record.report, record.done = ImportState.DONE, done.as_json(), done.read.kept
    record.save(update_fields=["state", "report", "done"])
    audit.record(
        agency=record.agency, by=record.by, verb="imported", thing=record, detail=dict(done.outcomes)
    )


@dataclass
class Kept:
    """What became of the gatherings that were read."""

    read: Read
    outcomes: Counter[str] = field(default_factory=Counter)
    published: int = 0

    @property
    def adds_up(self) -> bool:
        return self.read.adds_up and self.outcomes.total() == self.read.kept

    def as_json(self) -> dict[str, Any]:
        outcomes = {name: self.outcomes[name] for name in ("added", "changed", "unchanged")}
        return self.read.as_json() | outcomes | {"published": self.published}


def keep(
    agency: Agency,
    read: Read,
    *,
    by: User | None,
    announce: bool = False,
    kinds: Mapping[int, str] | None = None,
    progress: Callable[[int, int], object] = lambda done, total: None,
) -> Kept:
    """Write the gatherings down as drafts; what the other calendar called off, as cancelled.

    announce: publish what is still to come, has a place, and needs nobody to look first.
    kinds: the kind of a gathering by the first of its lines, where a person knew better than the guess.
    The same file again adds nothing. A newer version changes what it changed there, and leaves what people here
    have mended; what is public here already keeps its time and place until a person moves it.
    """
    done = Kept(read)
    events = list(read.events)
    for start in range(0, len(events), AT_ONCE):
        with transaction.atomic():
            for event in events[start : start + AT_ONCE]:
                _one(
                    agency, event, done, by=by, announce=announce, kind=(kinds or {}).get(event.lines[0], "")
                )
        progress(min(start + AT_ONCE, len(events)), len(events))
    assert done.adds_up, "a row was lost between reading and keeping"
    return done


def _one(agency: Agency, event: Event, done: Kept, *, by: User | None, announce: bool, kind: str) -> None:
    words = event.words | ({"kind": kind} if kind in Kind.values else {})
    try:
        with transaction.atomic():
            outcome, gathering = _write(agency, event, words, by=by)
            published = announce and outcome == "added" and _may_be_announced(event, gathering)
            if published:
                actions.publish(gathering, by=by)
    except Refusal as refusal:
        _set_aside(
            done, event, Aside.MOVED_IN_PUBLIC if isinstance(refusal, MovedInPublic) else Aside.REFUSED
        )
        return
    done.outcomes[outcome] += 1
    done.published += published


class MovedInPublic(Refusal):
    """A file gives another time or place to a gathering that the public knows."""


def _may_be_announced(event: Event, gathering: Gathering) -> bool:
    return not event.needs_a_person and gathering.is_draft and bool(gathering.place) and not gathering.is_over


def _set_aside(done: Kept, event: Event, reason: str) -> None:
    """All the rows that spoke of it: none is left out of the account."""
    done.read.events.remove(event)
    done.read.set_aside += [Trouble(line, reason, str(event.words["title"])) for line in event.lines]


def _write(agency: Agency, event: Event, words: dict[str, Any], *, by: User | None) -> tuple[str, Gathering]:
    origin = _origin(agency, event)
    if origin is None:
        return _add(agency, event, words)
    if event.version < origin.version or _said(event) == origin.said:
        return "unchanged", origin.gathering
    return _bring_up_to_date(origin, event, by=by), origin.gathering


def _origin(agency: Agency, event: Event) -> Imported | None:
    """The gathering that this row became before: by its name, or by all that it says."""
    known = Imported.objects.filter(agency=agency).select_related("gathering__agency")
    return (
        known.filter(name_digest=event.name).first()
        or known.filter(row_digest=event.row).order_by("pk").first()
    )


def _add(agency: Agency, event: Event, words: dict[str, Any]) -> tuple[str, Gathering]:
    twin = _planned_by_hand(agency, event)
    gathering = twin or actions.draft(agency, **words, venue=event.venue)
    if twin is None and event.cancelled:
        gathering = actions.call_off_unseen(gathering, reason=event.cancelled)
    Imported.objects.create(
        agency=agency,
        gathering=gathering,
        name_digest=event.name,
        row_digest=event.row,
        version=event.version,
        said=_said(event),
    )
    return "unchanged" if twin else "added", gathering


def _planned_by_hand(agency: Agency, event: Event) -> Gathering | None:
    """The same title at the same hour and place, written by somebody here."""
    same = Gathering.objects.filter(agency=agency, imported=None)
    same = same.filter(title__iexact=event.words["title"], on=event.words["on"], at=event.words["at"])
    return same.filter(venue=event.venue, meeting_point__iexact=event.words["meeting_point"]).first()


def _bring_up_to_date(origin: Imported, event: Event, *, by: User | None) -> str:
    """Change what the newer version changed. What is over or called off here stays as it was."""
    gathering, said = origin.gathering, _said(event)
    news = {name for name in said if said[name] != origin.said.get(name)}
    if gathering.is_cancelled or gathering.status == Status.HELD or _is_history(gathering):
        return "unchanged"
    if gathering.is_draft:
        _mend_draft(gathering, event, news, by=by)
    elif said["cancelled"]:
        actions.cancel(gathering, reason=event.cancelled, by=by)
    elif news & PLACE_AND_TIME:
        raise MovedInPublic("public here already")
    else:
        actions.change(gathering, by=by, **_words(event, news))
    origin.version, origin.said, origin.row_digest = event.version, said, event.row
    origin.save(update_fields=["version", "said", "row_digest"])
    return "changed"


def _is_history(gathering: Gathering) -> bool:
    return gathering.is_over and not gathering.is_draft


def _mend_draft(gathering: Gathering, event: Event, news: set[str], *, by: User | None) -> None:
    gathering = actions.change(gathering, by=by, **_words(event, news))
    if event.cancelled:
        actions.call_off_unseen(gathering, reason=event.cancelled)


def _words(event: Event, news: set[str]) -> dict[str, Any]:
    everything = event.words | {"venue": event.venue}
    return {name: everything[name] for name in everything if name in news}


def _said(event: Event) -> dict[str, Any]:
    """What the row says, as it is remembered: so that the next version changes only what it changed itself."""
    words = {name: str(value) if name in {"on", "at"} else value for name, value in event.words.items()}
    return words | {"cancelled": event.cancelled, "venue": event.venue.pk if event.venue else None}
