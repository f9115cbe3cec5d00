"""Write down what was read, each row once, also when half-way the power goes; mend what it loaded; take a load back."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alongside.agencies import audit, holds
from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.core.authored import Words
from alongside.core.errors import Refusal, phrase
from alongside.followthrough import entering as entering_of_concerns
from alongside.followthrough.models import Concern, ConcernKind, Deed, HowItCame, State, Step
from alongside.followthrough.promises import entering
from alongside.followthrough.promises.loading import judging
from alongside.followthrough.promises.loading.judging import Entry, Read, Trouble
from alongside.followthrough.promises.loading.models import Load, Loaded, LoadState
from alongside.followthrough.promises.loading.rows import COLUMNS, NOT_KEPT, OPEN, Aside
from alongside.followthrough.promises.models import Promise, Turn
from alongside.followthrough.writing import NotNow, name_of
from alongside.jobs import actions as jobs
from alongside.ledger import actions as ledger
from alongside.places import queries as places
from alongside.places import staging
from alongside.places.models import AreaKind
from alongside.places.sheets import TABLE, Sheet

# So many in one transaction: others may write in between, and little is done twice after a crash.
AT_ONCE = 50
CHOSEN = "columns.json"
NOON = time(12)

# What goes together: where a person has changed one of these, a newer row changes none of them.
TOGETHER: dict[type[models.Model], tuple[tuple[str, ...], ...]] = {
    Promise: (
        ("what",),
        ("owner_id", "typed_owner"),
        ("made_on",),
        ("due", "first_due", "due_known"),
        ("state", "outcome", "closed_on", "closed_known"),
        ("origin_label",),
        ("area_id",),
        ("item",),
        ("evidence_url",),
        ("published_at",),
    ),
    Concern: (
        ("category",),
        ("heard_on",),
        ("neighborhood_id", "division_id"),
        ("words", "summary", "cleared_at", "cleared_by"),
        ("origin_label",),
        ("owner_id", "due", "first_due", "state", "outcome", "closed_at"),
    ),
}


class WorkedOn(NotNow):
    """A load cannot be taken back: people have worked on what it brought."""


# -- a file at the desk ---------------------------------------------------------------------------------
def chosen(staged: staging.Staged) -> dict[str, str] | None:
    """Which column holds what, as a person said in the preview; None where nobody did."""
    try:
        held = json.loads((staged.path.parent / CHOSEN).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return {str(name): str(column) for name, column in held.items() if name in COLUMNS}


def choose(staged: staging.Staged, mapping: Mapping[str, str]) -> None:
    """Remember it beside the file, until it is kept or swept."""
    (staged.path.parent / CHOSEN).write_text(json.dumps(dict(mapping)), encoding="utf-8")


def sheet_of(staged: staging.Staged) -> Sheet:
    """The rows of an upload: read once, apart. Raises a Refusal."""
    return staged.remembered("table", lambda: TABLE.read(staged.path))


def read_staged(agency: Agency, staged: staging.Staged) -> Read:
    """What an upload says, judged by what is here now. Raises a Refusal."""
    return judging.judged(agency, sheet_of(staged), file_name=staged.name, mapping=chosen(staged))


@transaction.atomic
def begin(agency: Agency, staged: staging.Staged, read: Read, *, released: bool, by: User) -> Load:
    """Hand the file over to a worker. Twice is once: the same upload is one load."""
    load, is_new = Load.objects.get_or_create(
        agency=agency,
        staged=staged.public_id,
        defaults={"file_name": staged.name[:160], "by": by, "released": released, "total": read.kept},
    )
    if is_new:
        jobs.enqueue("followthrough.load", key=staged.public_id, agency_id=agency.pk, load_id=load.pk)
    return load


def run(load: Load, *, progress: Callable[[int, int], object] = lambda done, total: None) -> Load:
    """Keep the file of a load. After a crash it is done again from the beginning, and counts once."""
    agency, staged = load.agency, staging.find(load.agency, load.staged)

    def note_progress(done: int, total: int) -> None:
        Load.objects.of(agency).filter(pk=load.pk).update(done=done, total=total)
        progress(done, total)

    keep(load, read_staged(agency, staged), progress=note_progress)
    staged.discard()
    return load


def load_file(agency: Agency, read: Read, *, released: bool, by: User | None) -> tuple[Load, Kept]:
    """The same for a command: at once, without a worker."""
    load = Load.objects.create(
        agency=agency, file_name=read.file_name[:160], by=by, released=released, total=read.kept
    )
    return load, keep(load, read)


# -- keeping --------------------------------------------------------------------------------------------
@dataclass
class Kept:
    """What became of the rows that were read. `differ`: lines that say something else than people here wrote since."""

    read: Read
    outcomes: Counter[str] = field(default_factory=Counter)
    differ: list[dict[str, Any]] = field(default_factory=list)

    @property
    def adds_up(self) -> bool:
        return self.read.adds_up and self.outcomes.total() == self.read.kept

    def as_json(self) -> dict[str, Any]:
        outcomes = {name: self.outcomes[name] for name in ("added", "changed", "unchanged", "differs")}
        return self.read.as_json() | outcomes | {"rows_that_differ": self.differ}


def keep(
    load: Load, read: Read, *, progress: Callable[[int, int], object] = lambda done, total: None
) -> Kept:
    """Write down the rows of a load, some at a time. The same file again adds nothing.

    A newer version changes what it changed there, in rows that nobody here has touched; where somebody has, the
    report names the line and what differs.
    """
    keeper = Keeper(load, Kept(read))
    entries = list(read.entries)
    for start in range(0, len(entries), AT_ONCE):
        keeper.keep(entries[start : start + AT_ONCE])
        progress(min(start + AT_ONCE, len(entries)), len(entries))
    assert keeper.done.adds_up, "a row was lost between reading and keeping"
    _close(load, keeper.done)
    return keeper.done


@transaction.atomic
def _close(load: Load, done: Kept) -> None:
    load.state, load.report, load.done = LoadState.DONE, done.as_json(), done.read.kept
    load.save(update_fields=["state", "report", "done"])
    audit.record(agency=load.agency, by=load.by, verb="loaded", thing=load, detail=dict(done.outcomes))


@dataclass
class Keeper:
    """Writes down row after row, and counts what became of each."""

    load: Load
    done: Kept

    @property
    def agency(self) -> Agency:
        return self.load.agency

    @transaction.atomic
    def keep(self, entries: list[Entry]) -> None:
        """Some rows in one transaction; one that is refused takes no other with it."""
        rows = Loaded.objects.of(self.agency).filter(name_digest__in=[each.name for each in entries])
        known = {each.name_digest: each for each in rows.select_related("promise", "concern")}
        for entry in entries:
            try:
                with transaction.atomic():
                    outcome = self._keep_one(entry, known.get(entry.name))
            except (Refusal, ValidationError):
                self._set_aside(entry)
            else:
                self.done.outcomes[outcome] += 1

    def _set_aside(self, entry: Entry) -> None:
        self.done.read.entries.remove(entry)
        said = (entry.what or entry.asked)[:80]
        self.done.read.set_aside += [Trouble(each, Aside.REFUSED, said) for each in entry.lines]

    def _keep_one(self, entry: Entry, origin: Loaded | None) -> str:
        if origin is None:
            return self._add(entry)
        made = self._made(entry)
        before, news = dict(origin.said), False
        touched: list[str] = []
        for name, new in made.items():
            stands, said = getattr(origin, name), origin.said.get(name)
            if stands is None or said is None:
                continue
            changed, others = _mend(stands, new, said)
            touched += others
            if changed:
                news = True
                self._tell_of(stands)
        if news and origin.concern is not None:
            _ends_together(origin.concern)
        if touched:
            self.done.differ.append({"line": entry.lines[0], "fields": sorted(set(touched))})
        if news:
            origin.line = entry.lines[0]
            origin.save(update_fields=["said", "line"])
        if touched:
            return "differs"
        if news:
            return "changed"
        return "added" if origin.load_id == self.load.pk and before == origin.said else "unchanged"

    def _tell_of(self, stands: Promise | Concern) -> None:
        if isinstance(stands, Promise):
            entering.enter(stands, Turn.LOADED, by=self.load.by)
        elif stands.is_closed and not stands.steps.filter(deed=Deed.CLOSED).exists():
            _write_the_end(stands, by=self.load.by)

    def _made(self, entry: Entry) -> dict[str, Promise | Concern]:
        """The rows that an entry becomes, not yet written."""
        public = self.load.released and not entry.signs
        signed = name_of(self.load.by, self.agency)
        made: dict[str, Promise | Concern] = {}
        if entry.asked:
            made["concern"] = concern_of(self.agency, entry, public=public, signed=signed)
        if entry.what:
            made["promise"] = promise_of(self.agency, entry, public=public, signed=signed)
        return made

    def _add(self, entry: Entry) -> str:
        row = Loaded(agency=self.agency, load=self.load, name_digest=entry.name, line=entry.lines[0])
        made = self._made(entry)
        row.said = {name: plain(each) for name, each in made.items()}
        for each in made.values():  # a concern first: its promise is made of it
            if isinstance(each, Concern):
                each.save(force_insert=True)
                _write_steps(each, by=self.load.by)
                row.concern = each
            else:
                each.concern = row.concern
                each.save(force_insert=True)
                entering.enter(each, Turn.LOADED, by=self.load.by)
                row.promise = each
        if row.concern is not None:
            _ends_together(row.concern)
        row.save(force_insert=True)
        return "added"


def promise_of(agency: Agency, entry: Entry, *, public: bool, signed: str) -> Promise:
    """The promise that a row speaks of. Where no day is given, the nearest that is sure stands there, marked."""
    due = entry.due or entry.closed_on or entry.made_on
    promise = Promise(
        agency=agency,
        key=f"loaded:{entry.name}",
        what=_words(agency, entry.what, signed),
        owner=entry.member,
        typed_owner="" if entry.member else entry.who,
        made_on=entry.made_on,
        due=due,
        first_due=due,
        due_known=entry.due is not None,
        origin_label=_words(agency, entry.place, signed),
        area=entry.area,
        item=entry.item,
        state=entry.state,
        outcome=_outcome(agency, entry, signed),
        evidence_url=entry.link,
        closed_on=(entry.closed_on or due) if entry.has_ended else None,
        closed_known=entry.closed_on is not None or not entry.has_ended,
        published_at=clock.now() if public else None,
        loaded_at=clock.now(),
    )
    promise.full_clean(
        exclude=["agency", "owner", "concern", "area"], validate_unique=False, validate_constraints=False
    )
    return promise


def concern_of(agency: Agency, entry: Entry, *, public: bool, signed: str) -> Concern:
    """What was asked. Released, its words are for the public; else they are kept as what was said."""
    ended = {OPEN: State.RECEIVED, NOT_KEPT: State.DECLINED}.get(entry.state, State.DONE)
    closed_on = entry.closed_on or entry.due or entry.made_on
    concern = Concern(
        agency=agency,
        key=f"loaded:{entry.name}",
        came=HowItCame.LOADED,
        kind=ConcernKind.CONCERN,
        category=entry.topic,
        words="" if public else entry.asked,
        summary=_words(agency, entry.asked, signed) if public else Words(),
        cleared_at=clock.now() if public else None,
        cleared_by=signed if public else "",
        language=agency.language,
        neighborhood=entry.area,
        division=_division(agency, entry),
        heard_on=entry.made_on,
        received_at=_noon(agency, entry.made_on),
        origin_label=_words(agency, entry.place, signed),
        owner=entry.member,
        due=entry.due,
        first_due=entry.due,
        state=ended,
        outcome=_outcome(agency, entry, signed),
        closed_at=_noon(agency, closed_on) if entry.has_ended else None,
    )
    if not entry.has_ended and entry.member is not None and entry.due is not None:
        concern.state = State.PROMISED if entry.what else State.OWNED
    concern.full_clean(
        exclude=["agency", "neighborhood", "division", "owner"],
        validate_unique=False,
        validate_constraints=False,
    )
    return concern


def _division(agency: Agency, entry: Entry) -> Any:
    home = entry.area
    return (
        places.division_of(agency, home.shape)
        if home is not None and home.kind == AreaKind.NEIGHBORHOOD
        else None
    )


def _words(agency: Agency, text: str, signed: str) -> Words:
    return Words.of(text, language=agency.language).signed(signed) if text else Words()


def _outcome(agency: Agency, entry: Entry, signed: str) -> Words:
    if not entry.has_ended:
        return Words()
    return _words(agency, entry.outcome, signed) or Words.made(
        phrase("The record of that time says no more.")
    )


def _noon(agency: Agency, day: date) -> datetime:
    """A moment on a day of which no hour is known."""
    return datetime.combine(day, NOON, tzinfo=agency.zone)


def _write_steps(concern: Concern, *, by: User | None) -> None:
    """What happened then, on the days on which it did; and in the ledger, on the day on which it was loaded."""
    _write_step(concern, Deed.RECEIVED, by=by, at=concern.received_at)
    if concern.is_closed:
        _write_the_end(concern, by=by)


def _write_the_end(concern: Concern, *, by: User | None) -> None:
    facts = {"state": str(concern.state)}
    _write_step(concern, Deed.CLOSED, by=by, at=concern.closed_at, text=concern.outcome, facts=facts)


def _ends_together(concern: Concern) -> None:
    """A concern and a promise of one row ended together: opened again, both are."""
    closing = concern.steps.filter(deed=Deed.CLOSED).last()
    ended = Promise.objects.belonging_to(concern=concern).filter(ended_with=None).exclude(state=OPEN)
    if closing is not None:
        ended.update(ended_with=closing)


def _write_step(concern: Concern, deed: Deed, *, by: User | None, at: datetime | None, **told: Any) -> None:
    step = Step(
        agency=concern.agency,
        concern=concern,
        by=by,
        by_name=name_of(by, concern.agency),
        deed=deed,
        at=at or clock.now(),
        public=True,
        **told,
    )
    entering_of_concerns.enter(step)
    step.save(force_insert=True)


# -- what a row said, and what stands there -----------------------------------------------------------
def plain(row: Promise | Concern) -> dict[str, Any]:
    """The fields that a load writes, as JSON keeps them. Of moments only whether they are there, or their day."""
    return {name: _plain(name, getattr(row, name)) for group in TOGETHER[type(row)] for name in group}


def _plain(name: str, value: Any) -> Any:
    match value:
        case Words():
            return value.original
        case datetime() if name in {"published_at", "cleared_at"}:
            return True
        case None if name in {"published_at", "cleared_at"}:
            return False
        case datetime() | date():
            return value.isoformat()[:10]
        case _:
            return value


def _mend(stands: Promise | Concern, new: Promise | Concern, said: dict[str, Any]) -> tuple[bool, list[str]]:
    """Change what the newer row changed and nobody here has touched. Returns whether, and what differs."""
    wanted, current = plain(new), plain(stands)
    written: list[str] = []
    differ: list[str] = []
    for group in TOGETHER[type(stands)]:
        if any(name not in said for name in group):
            continue  # its words were let go of: no file brings them back
        news = [name for name in group if wanted[name] != said.get(name)]
        if not news or _takes_back(news, wanted, said):
            continue
        if all(current[name] == wanted[name] for name in group):
            said.update({name: wanted[name] for name in group})
        elif any(current[name] != said.get(name) for name in group):
            differ += news
        else:
            for name in group:
                setattr(stands, name, getattr(new, name))
            written += group
            said.update({name: wanted[name] for name in group})
    if written:
        stands.save(update_fields=[name.removesuffix("_id") for name in written])
    return bool(written), differ


def _takes_back(news: list[str], wanted: dict[str, Any], said: dict[str, Any]) -> bool:
    """What was released once is not taken back because a file is loaded again without a tick."""
    return any(
        name in {"published_at", "cleared_at"} and said.get(name) and not wanted[name] for name in news
    )


# -- taking a load back ---------------------------------------------------------------------------------
@transaction.atomic
def undo(load: Load, *, by: User | None) -> Load:
    """Take back all that a load added, as if it had never been; while nobody has worked on any of it.

    Raises WorkedOn, NotNow, OnHold.
    """
    load = Load.objects.select_for_update(of=("self",)).select_related("agency").get(pk=load.pk)
    if load.undone_at is not None:
        return load
    if load.state == LoadState.WAITING:
        raise NotNow(_("This load is still on its way."))
    rows = list(load.rows.select_related("promise", "concern").order_by("line"))
    worked_on = [row.line for row in rows if not is_untouched(row)]
    if worked_on:
        raise WorkedOn(
            ngettext(
                "Somebody has worked on %(n)d row of this load since (line %(line)d): it stays.",
                "Somebody has worked on %(n)d rows of this load since (the first is of line %(line)d): it stays.",
                len(worked_on),
            )
            % {"n": len(worked_on), "line": worked_on[0]}
        )
    for row in rows:
        for thing in (row.promise, row.concern):
            if thing is not None:
                holds.refuse_if_held(thing)
                _tell_the_ledger(thing)
    concerns = [row.concern.pk for row in rows if row.concern is not None]
    Promise.objects.of(load.agency_id).filter(loaded__load=load).delete()
    Concern.objects.of(load.agency_id).filter(pk__in=concerns).unload()
    load.undone_at = clock.now()
    load.save(update_fields=["undone_at"])
    audit.record(agency=load.agency, by=by, verb="unloaded", thing=load, detail={"count": len(rows)})
    return load


def _tell_the_ledger(thing: Promise | Concern) -> None:
    """What went into it stays there; that it was taken back goes there, too."""
    if isinstance(thing, Concern):
        entering_of_concerns.tell(thing, "unloaded", {}, apart=thing.cleared_at is None)
    else:
        ledger.record(thing.agency, "promise.unloaded", {"promise": thing.public_id}, about=thing.topic)


def is_untouched(row: Loaded) -> bool:
    """Whether what a row became stands as the row says, and nothing has happened to it since."""
    promise, concern = row.promise, row.concern
    if promise is not None and (promise.told_at is not None or plain(promise) != row.said.get("promise")):
        return False
    if concern is None:
        return True
    steps = 2 if concern.closed_at else 1
    own = {promise.pk} if promise is not None else set()
    return (
        plain(concern) == row.said.get("concern")
        and concern.steps.count() == steps
        and concern.contact is None
        and set(concern.promises.values_list("pk", flat=True)) == own
    )
