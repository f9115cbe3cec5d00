"""Gather what a request asks for, look through it row by row, write it, hand it over; log what was released."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit, holds
from alongside.agencies.models import Agency, Hold, Release, ReleaseKind, User
from alongside.core import clock
from alongside.core.care import patterns
from alongside.core.errors import Refusal
from alongside.core.manifest import RecordKind, Rows, record_kinds
from alongside.core.text import line, lines
from alongside.jobs import actions as jobs
from alongside.records import exporting, texts
from alongside.records.models import (
    LONGEST_ASKED,
    LONGEST_EXEMPTION,
    Decision,
    Export,
    Passage,
    RecordsRequest,
    State,
)

DRAFT, WRITE = "records.draft", "records.write"
AT_ONCE = 500
EXPORT_STAYS = timedelta(days=30)
MOST_RECORDS = 10_000_000


class RequestRefused(Refusal):
    """A request of no kind or no days, or by a number that another has."""


class DecisionRefused(Refusal):
    """What is withheld needs a reason in law; what is over is not looked through again."""


class ReleaseRefused(Refusal):
    """A release without a basis, of a day to come, or with a person in it."""


# -- a request --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """What somebody asked to see."""

    number: str
    asked: str
    first: date
    last: date
    kinds: Collection[str]


@transaction.atomic
def open_request(agency: Agency, said: Asked, *, by: User | None) -> RecordsRequest:
    """Write it down, hold what it asks for, and have it gathered. Raises RequestRefused."""
    kinds = [name for name in record_kinds() if name in set(said.kinds)]
    number, asked = line(said.number, 60), lines(said.asked)[:LONGEST_ASKED]
    if not (number and asked and kinds) or said.last < said.first:
        raise RequestRefused(
            _("Say its number, what was asked, from when to when, and which kinds of record.")
        )
    try:
        with transaction.atomic():
            request = RecordsRequest.objects.create(
                agency=agency,
                number=number,
                asked=asked,
                first=said.first,
                last=said.last,
                kinds=kinds,
                opened_by=audit.name_of(by, agency),
            )
    except IntegrityError:
        raise RequestRefused(_("There is a request with this number already.")) from None
    why = f"{number}: {asked}"
    placed = [holds.place(agency, kind=kind, reason=why, matter=number, by=by) for kind in kinds]
    request.holds = [hold.public_id for hold in placed]
    request.save(update_fields=["holds"])
    audit.record(agency=agency, by=by, verb="opened", thing=request, detail={"held kind": kinds})
    jobs.enqueue(DRAFT, agency_id=agency.pk, request_id=request.pk)
    return request


def draft(request: RecordsRequest) -> int:
    """Gather the records it asks for, with what should be black in each. Begun again, it goes on. Returns how many."""
    if request.state != State.DRAFTING:
        return 0
    Passage.objects.filter(request=request).delete()
    number = 0
    found = _found(request)
    while some := list(islice(found, AT_ONCE)):
        for passage in some:
            number += 1
            passage.number = number
        Passage.objects.bulk_create(some)
    RecordsRequest.objects.filter(pk=request.pk, state=State.DRAFTING).update(state=State.REVIEW)
    return number


def _found(request: RecordsRequest) -> Iterator[Passage]:
    """One after the other, kind by kind: memory holds some hundreds."""
    for kind in _kinds(request):
        for rows in kind.rows:
            yield from _found_among(request, kind, rows)


def _found_among(request: RecordsRequest, kind: RecordKind, rows: Rows) -> Iterator[Passage]:
    model, agency = apps.get_model(rows.model), request.agency
    asked = texts.rows_of(agency, rows, request.first, request.last)
    for row in asked.select_related(*texts.together(model)).iterator(chunk_size=AT_ONCE):
        said = texts.told(row, agency)
        yield Passage(
            agency=agency,
            request=request,
            kind=kind.name,
            model=rows.model,
            row=row.pk,
            on=texts.day_of(row, rows, agency),
            bars=texts.proposed(model, said),
            mark=texts.mark(said, request.salt),
        )


def _kinds(request: RecordsRequest) -> list[RecordKind]:
    return [kind for name, kind in record_kinds().items() if name in request.kinds]


@dataclass(frozen=True)
class Word:
    """What a person decides of one record. `also`: words that are to be black besides, wherever they stand in it."""

    decision: str
    exemption: str = ""
    also: tuple[str, ...] = ()


@transaction.atomic
def decide(passage: Passage, word: Word, *, seen: str, by: User) -> Passage:
    """Give it, give it with bars, or withhold it by an exemption. Raises DecisionRefused.

    `seen`: the mark of what stood on the page, so that nobody decides what nobody has read.
    """
    passage = _open(passage.request).select_for_update(of=("self",)).get(pk=passage.pk)
    exemption = line(word.exemption, LONGEST_EXEMPTION)
    if word.decision not in {Decision.GIVEN, Decision.REDACTED, Decision.WITHHELD}:
        raise DecisionRefused(_("Choose what is to become of this record."))
    if word.decision != Decision.GIVEN and not exemption:
        raise DecisionRefused(_("Name the exemption in law by which this is not given, or not all of it."))
    [given] = _as_seen([passage], {passage.number: seen})
    passage.bars, passage.mark = given.bars, given.mark
    if word.decision == Decision.REDACTED:
        passage.bars = texts.also(given.said, passage.bars, word.also)
        if not passage.bars:
            raise DecisionRefused(
                _("Nothing in it is black: give it as it is, or say which words are not given.")
            )
    _decided(passage, word.decision, exemption, by)
    passage.save(update_fields=["bars", "mark", "decision", "exemption", "decided_at", "decided_by"])
    return passage


@transaction.atomic
def accept_proposals(request: RecordsRequest, seen: Mapping[int, str], *, exemption: str, by: User) -> int:
    """Of those that a person has before their eyes and has not decided: as they are proposed. Returns how many.

    `seen`: by the number of each, the mark of what stood on the page.
    """
    exemption = line(exemption, LONGEST_EXEMPTION)
    rows = list(_open(request).waiting().filter(number__in=list(seen)).select_for_update(of=("self",)))
    for given in _as_seen(rows, seen):
        given.passage.bars, given.passage.mark = given.bars, given.mark
    if any(row.bars for row in rows) and not exemption:
        raise DecisionRefused(_("Name the exemption in law by which this is not given, or not all of it."))
    for row in rows:
        _decided(row, Decision.REDACTED if row.bars else Decision.GIVEN, exemption if row.bars else "", by)
    Passage.objects.bulk_update(rows, ["bars", "mark", "decision", "exemption", "decided_at", "decided_by"])
    return len(rows)


def _as_seen(passages: list[Passage], seen: Mapping[int, str]) -> list[exporting.Given]:
    """These as they are now, if that is what stood on the page."""
    every = exporting.read(passages)
    if any(each.mark != seen.get(each.passage.number) for each in every):
        raise DecisionRefused(
            _(
                "A record says something else by now than you saw. This page has it as it is: please look again."
            )
        )
    return every


def _decided(passage: Passage, decision: str, exemption: str, by: User) -> None:
    passage.decision, passage.exemption = decision, exemption if decision != Decision.GIVEN else ""
    passage.decided_at, passage.decided_by = clock.now(), audit.name_of(by, passage.agency)


def _open(request: RecordsRequest) -> Any:
    if RecordsRequest.objects.get(pk=request.pk).state != State.REVIEW:
        raise DecisionRefused(_("This request is not being looked through."))
    return Passage.objects.filter(request=request).select_related("request", "agency")


@transaction.atomic
def finish(request: RecordsRequest, *, by: User) -> RecordsRequest:
    """All was looked at: have the file written. Raises DecisionRefused."""
    request = _locked(request)
    if request.state != State.REVIEW:
        raise DecisionRefused(_("This request is not being looked through."))
    left = Passage.objects.filter(request=request).waiting().count()
    if left:
        raise DecisionRefused(_("%(n)s records were not looked at yet.") % {"n": left})
    request.state = State.WRITING
    request.save(update_fields=["state"])
    audit.record(agency=request.agency, by=by, verb="finished", thing=request)
    jobs.enqueue(WRITE, agency_id=request.agency_id, request_id=request.pk)
    return request


def write(request: RecordsRequest) -> Export | None:
    """Write the file, then its row. A record that says something else than a person saw goes back to be looked at."""
    if request.state != State.WRITING:
        return None
    changed = list(exporting.changed(request))
    if changed:
        _look_again(request, changed)
        return None
    export = Export(
        agency=request.agency,
        request=request,
        expires_on=request.agency.today() + EXPORT_STAYS,
        **_counts(request),
    )
    try:
        exporting.write(request, export)
    except exporting.Changed as odd:  # while it was written
        _look_again(request, [odd.number, *exporting.changed(request)])
        return None
    export.keep()
    with transaction.atomic():
        Export.objects.filter(request=request).delete()
        export.save()
        RecordsRequest.objects.filter(pk=request.pk, state=State.WRITING).update(state=State.FINISHED)
    return export


def _look_again(request: RecordsRequest, numbers: list[int]) -> None:
    with transaction.atomic():
        Passage.objects.filter(request=request, number__in=numbers).update(
            decision=Decision.WAITING, decided_at=None, decided_by="", exemption=""
        )
        again = Passage.objects.filter(request=request, number__in=numbers).select_related(
            "request", "agency"
        )
        for given in exporting.read(list(again)):
            passage = given.passage
            passage.bars, passage.mark = given.bars, given.mark
            passage.save(update_fields=["bars", "mark"])
        RecordsRequest.objects.filter(pk=request.pk).update(state=State.REVIEW)


def _counts(request: RecordsRequest) -> dict[str, int]:
    rows = Passage.objects.filter(request=request)
    return {name: rows.filter(decision=name).count() for name in ("given", "redacted", "withheld")}


@transaction.atomic
def hand_over(request: RecordsRequest, *, on: date, basis: str, by: User) -> Release:
    """It was given to whoever asked: counted in public, and what it held is held no more. Raises ReleaseRefused."""
    request = _locked(request)
    export = Export.objects.filter(request=request).first()
    if request.state != State.FINISHED or export is None:
        raise ReleaseRefused(_("There is nothing to hand over yet."))
    given = export.given + export.redacted
    release = log_release(
        request.agency, kind=ReleaseKind.RECORDS_REQUEST, on=on, basis=basis, records=given, by=by
    )
    _over(request, State.HANDED, by=by)
    audit.record(agency=request.agency, by=by, verb="handed over", thing=request, detail={"records": given})
    return release


@transaction.atomic
def withdraw(request: RecordsRequest, *, by: User) -> RecordsRequest:
    """Whoever asked does not want it any more. Withdrawn twice is withdrawn once."""
    request = _locked(request)
    if not request.is_over:
        Passage.objects.filter(request=request).delete()
        _over(request, State.WITHDRAWN, by=by)
        audit.record(agency=request.agency, by=by, verb="withdrew", thing=request)
    return request


def _over(request: RecordsRequest, state: str, *, by: User) -> None:
    request.state, request.over_at = state, clock.now()
    request.save(update_fields=["state", "over_at"])
    why = f"{request.number}: {request.asked}"
    for hold in Hold.objects.filter(agency=request.agency, public_id__in=request.holds).standing():
        holds.lift(hold, because=why, by=by)


def _locked(request: RecordsRequest) -> RecordsRequest:
    return RecordsRequest.objects.select_for_update(of=("self",)).select_related("agency").get(pk=request.pk)


def take_along(export: Export, *, by: User) -> Export:
    """Somebody of ours downloads it: written down."""
    audit.record(agency=export.agency, by=by, verb="downloaded", thing=export.request)
    return export


def sweep() -> int:
    """Delete files whose day is over, and those that no row speaks of. What was decided stays. Returns how many."""
    over = list(Export.objects.everywhere().out_of_date())
    for export in over:
        export.delete()
        export.discard()
    return len(over)


# -- releases ---------------------------------------------------------------------------------------
@transaction.atomic
def log_release(agency: Agency, *, kind: str, on: date, basis: str, records: int, by: User | None) -> Release:
    """Write down that something was released because the law demanded it. Raises ReleaseRefused."""
    basis = line(basis, 200)
    if kind not in ReleaseKind.values or not basis:
        raise ReleaseRefused(_("Say of which kind it was, and by which law or order."))
    if not clock.EARLIEST <= on <= agency.today():
        raise ReleaseRefused(_("A release is written down once it has happened: choose its day."))
    if not 0 <= records <= MOST_RECORDS:
        raise ReleaseRefused(_("Say how many records were released."))
    if patterns.found_in(basis):
        raise ReleaseRefused(_("Name the law or the order, never a person: this is a log of counts."))
    release = Release.objects.create(
        agency=agency, kind=kind, on=on, basis=basis, records=records, by_name=audit.name_of(by, agency)
    )
    audit.record(
        agency=agency,
        by=by,
        verb="logged",
        thing=release,
        detail={"release": kind, "records": records},
    )
    return release
