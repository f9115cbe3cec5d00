"""Keep what was read: each gathering once, however often the file comes, and also when half-way the power goes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import translation

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core.errors import Refusal, phrase
from alongside.gatherings import actions
from alongside.gatherings.hanging import neighborhood_of
from alongside.gatherings.importing import reading
from alongside.gatherings.importing.events import Event, Trouble
from alongside.gatherings.importing.files import GATHERINGS
from alongside.gatherings.importing.reading import Read
from alongside.gatherings.importing.rows import LARGEST_BYTES, Aside, UnreadableFile
from alongside.gatherings.models import Gathering, Import, Imported, ImportState, Status
from alongside.jobs import actions as jobs
from alongside.places import staging
from alongside.places.models import Area, Venue

# So many in one transaction: others may write in between, and little is done twice after a crash.
AT_ONCE = 50
PLACE_AND_TIME = frozenset({"on", "at", "meeting_point", "venue"})


KINDS = "kinds.json"


def not_too_large(size: int | None) -> None:
    """Refuse a file before it is put aside."""
    if size is not None and size > LARGEST_BYTES:
        raise UnreadableFile(
            phrase(
                "the file is larger than %(largest)s MB: export fewer dates.", largest=LARGEST_BYTES // 2**20
            )
        )


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


def read_staged(agency: Agency, staged: staging.Staged) -> Read:
    """What an upload says: the file is read once, its rows are judged by what is here now. Raises a Refusal."""
    file = staged.remembered("rows", lambda: GATHERINGS.read(staged.path, today=agency.today()))
    return reading.judged(agency, file, file_name=staged.name)


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
    read = read_staged(agency, staged)

    def note_progress(done: int, total: int) -> None:
        Import.objects.of(agency).filter(pk=record.pk).update(done=done, total=total)
        progress(done, total)

    done = keep(
        agency,
        read,
        by=record.by,
        announce=record.announce,
        kinds=corrections(staged),
        progress=note_progress,
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
    keeper = Keeper(agency, Kept(read), by=by, announce=announce, kinds=kinds or {})
    events = list(read.events)
    for start in range(0, len(events), AT_ONCE):
        keeper.keep(events[start : start + AT_ONCE])
        progress(min(start + AT_ONCE, len(events)), len(events))
    assert keeper.done.adds_up, "a row was lost between reading and keeping"
    return keeper.done


class MovedInPublic(Refusal):
    """A file gives another time or place to a gathering that the public knows."""


class Known:
    """What is here already of some events: asked of the database once for all of them."""

    def __init__(self, agency: Agency, events: list[Event]) -> None:
        names, rows = [event.name for event in events], [event.row for event in events]
        origins = Imported.objects.of(agency).select_related("gathering__agency", "gathering__venue")
        self.by_name = {each.name_digest: each for each in origins.filter(name_digest__in=names)}
        self.by_row = {each.row_digest: each for each in origins.filter(row_digest__in=rows).order_by("-pk")}
        days = {event.words["on"] for event in events}
        by_hand = Gathering.objects.of(agency).filter(imported=None, on__in=days)
        self.by_hand = {
            (
                title.text.casefold(),
                each.on,
                each.at,
                each.venue_id,
                each.meeting_point.original.casefold(),
            ): each
            for each in by_hand.order_by("-pk")
            for title in each.title.texts.values()
        }

    def origin(self, event: Event) -> Imported | None:
        """Where the gathering came from that this row became before: by its name, or by all that it says."""
        return self.by_name.get(event.name) or self.by_row.get(event.row)

    def planned_by_hand(self, event: Event) -> Gathering | None:
        """The same title at the same hour and place, written by somebody here."""
        words, venue = event.words, event.venue.pk if event.venue else None
        return self.by_hand.get(
            (words["title"].casefold(), words["on"], words["at"], venue, words["meeting_point"].casefold())
        )


@dataclass
class Keeper:
    """Writes down event after event, and counts what became of each."""

    agency: Agency
    done: Kept
    by: User | None
    announce: bool
    kinds: Mapping[int, str]
    neighborhoods: dict[int, Area | None] = field(default_factory=dict)

    @transaction.atomic
    def keep(self, events: list[Event]) -> None:
        """Some events in one transaction; one that is refused takes no other with it."""
        known = Known(self.agency, events)
        for event in events:
            try:
                self._keep_one(event, known)
            except MovedInPublic:
                self._set_aside(event, Aside.MOVED_IN_PUBLIC)
            except Refusal:
                self._set_aside(event, Aside.REFUSED)

    def _set_aside(self, event: Event, reason: str) -> None:
        """All the rows that spoke of it: none is left out of the account."""
        self.done.read.events.remove(event)
        title = str(event.words["title"])
        self.done.read.set_aside += [Trouble(line, reason, title) for line in event.lines]

    @transaction.atomic
    def _keep_one(self, event: Event, known: Known) -> None:
        origin = known.origin(event)
        with translation.override(event.language):  # what the file says is written in this one; others stay
            if origin is None:
                outcome = self._add(event, known)
            elif event.version < origin.version or _said(event) == origin.said:
                outcome = "changed" if self._took_place(origin.gathering, event) else "unchanged"
            else:
                outcome = _bring_up_to_date(origin, event, by=self.by)
                self._took_place(origin.gathering, event)
        self.done.outcomes[outcome] += 1

    def _add(self, event: Event, known: Known) -> str:
        twin = known.planned_by_hand(event)
        gathering = twin or self._draft(event)
        Imported.objects.create(
            agency=self.agency,
            gathering=gathering,
            name_digest=event.name,
            row_digest=event.row,
            version=event.version,
            said=_said(event),
        )
        return "unchanged" if twin else "added"

    def _draft(self, event: Event) -> Gathering:
        kind = self.kinds.get(event.lines[0], event.words["kind"])
        gathering = actions.draft(
            self.agency,
            **event.words | {"kind": kind},
            venue=event.venue,
            neighborhood=event.area or self._neighborhood_of(event.venue),
        )
        if event.cancelled:
            return actions.call_off_unseen(gathering, reason=event.cancelled)
        if self._took_place(gathering, event):
            return gathering
        if self.announce and not event.needs_a_person and gathering.place and not gathering.is_over:
            gathering = actions.publish(gathering, by=self.by)
            self.done.published += 1
        return gathering

    def _took_place(self, gathering: Gathering, event: Event) -> bool:
        """What was over when it came is public as held, if whoever brings it says so; with its number, loaded later."""
        if not (self.announce and event.is_held and not event.needs_a_person and gathering.is_draft):
            return False
        actions.show_as_held(gathering, came=event.came)
        self.done.published += 1
        return True

    def _neighborhood_of(self, venue: Venue | None) -> Area | None:
        """Where a venue stands, so that whoever follows one neighborhood hears of it."""
        if venue is None:
            return None
        if venue.pk not in self.neighborhoods:
            self.neighborhoods[venue.pk] = neighborhood_of(venue)
        return self.neighborhoods[venue.pk]


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
        raise MovedInPublic(phrase("public here already"))
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
    said = words | {"cancelled": event.cancelled, "venue": event.venue.pk if event.venue else None}
    return said | ({"came": event.came} if event.is_held else {})
