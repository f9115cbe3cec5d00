"""One file for whoever asked: what is given, black where a person said so, and a list of what is not, and why."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, islice
from typing import Any

from django.apps import apps
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from alongside.core import clock, files, spreadsheets
from alongside.core.readers import written_for
from alongside.core.slow import not_in_a_transaction
from alongside.records import texts
from alongside.records.models import Decision, Export, Passage, RecordsRequest

AT_ONCE = 500
HERE = "[records]"  # where they stand in the page


class Changed(Exception):
    """A record says something else than a person saw: it is not given."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class Given:
    """A record with what a person decided of it: its words as they are now, by the name of the column."""

    passage: Passage
    said: dict[str, str]

    @cached_property
    def mark(self) -> str:
        """By which it is known, when somebody decides, whether this is what they saw."""
        return texts.mark(self.said, self.passage.request.salt)

    @property
    def is_as_it_was(self) -> bool:
        """It says what it said when a person looked at it."""
        return self.mark == self.passage.mark

    @cached_property
    def bars(self) -> texts.Bars:
        """What is black: as it was proposed or decided; proposed anew where it says something else by now."""
        return self.passage.bars if self.is_as_it_was else texts.proposed(self.model, self.said)

    @property
    def kind(self) -> str:
        return str(texts.kind_of(self.model).label)

    @property
    def model(self) -> Any:
        return apps.get_model(self.passage.model)

    @property
    def lines(self) -> Iterator[tuple[str, str]]:
        """Each column and its text, with bars."""
        for name, text in self.said.items():
            yield texts.label(self.model, name), texts.barred(text, self._bars.get(name, []))

    @property
    def pieces(self) -> list[tuple[str, list[tuple[str, bool]]]]:
        """The same, for a page that shows what lies under a bar to whoever decides."""
        return [
            (texts.label(self.model, name), texts.parts(text, self.bars.get(name, [])))
            for name, text in self.said.items()
        ]

    @property
    def look(self) -> str:
        """The color of its state on a page."""
        return "wait" if self.passage.decision == Decision.WAITING else ""

    @property
    def _bars(self) -> texts.Bars:
        return self.passage.bars if self.passage.decision == Decision.REDACTED else {}


def read(passages: list[Passage]) -> list[Given]:
    """These with their words: one question for each model among them. A row that is gone says nothing."""
    by_model: dict[str, dict[int, Any]] = {}
    for label, some in groupby(sorted(passages, key=lambda each: each.model), key=lambda each: each.model):
        model = apps.get_model(label)
        rows = model._base_manager.select_related(*texts.together(model))
        by_model[label] = rows.in_bulk([each.row for each in some])
    return [_given(each, by_model[each.model].get(each.row)) for each in passages]


def _given(passage: Passage, row: Any) -> Given:
    return Given(passage, texts.told(row, passage.agency) if row is not None else {})


def all_of(request: RecordsRequest) -> Iterator[Given]:
    """Every record of a request in its order; some hundreds in memory at a time."""
    rows = (
        Passage.objects.belonging_to(request=request).select_related("request", "agency").order_by("number")
    )
    passages = rows.iterator(chunk_size=AT_ONCE)
    while some := list(islice(passages, AT_ONCE)):
        yield from read(some)


def changed(request: RecordsRequest) -> Iterator[int]:
    """The numbers of records that say something else than a person saw."""
    return (each.passage.number for each in all_of(request) if each.said and not each.is_as_it_was)


# -- the file ---------------------------------------------------------------------------------------
def write(request: RecordsRequest, export: Export) -> None:
    """records.csv, records.html, withheld.csv and a word beforehand. Whole, or not there. Raises Changed."""
    not_in_a_transaction("An export is written")
    with (
        written_for(request.agency.language),
        files.whole(export.file_path) as file,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        with _member(packed, "records.csv") as out:
            out.writelines(_table(request))
        with _member(packed, "records.html") as out:
            out.writelines(_page(request))
        with _member(packed, "withheld.csv") as out:
            out.writelines(_withheld(request))
        packed.writestr("README.txt", _before(request))


@contextmanager
def _member(packed: zipfile.ZipFile, name: str) -> Iterator[io.TextIOWrapper]:
    with packed.open(name, "w", force_zip64=True) as raw, io.TextIOWrapper(raw, "utf-8", newline="") as out:
        yield out


def _released(request: RecordsRequest) -> Iterator[Given]:
    """Read again for each member of the file, which may take minutes: nothing leaves that nobody saw."""
    for each in all_of(request):
        if each.passage.decision in {Decision.GIVEN, Decision.REDACTED}:
            if each.said and not each.is_as_it_was:
                raise Changed(each.passage.number)
            yield each


def _table(request: RecordsRequest) -> Iterator[str]:
    """A line for each column of each record: records of several kinds have no columns in common."""
    rows = (
        [each.passage.number, each.kind, each.passage.on, name, text]
        for each in _released(request)
        for name, text in each.lines
    )
    return spreadsheets.lines(["record", "kind", "day", "column", "text"], rows)


def _page(request: RecordsRequest) -> Iterator[str]:
    """A page that needs nothing else, to be read and printed; record by record."""
    facts = {"request_of": request, "made_at": clock.now(), "here": HERE}
    head, _here, tail = render_to_string("records/export.html", facts).partition(HERE)
    yield head
    for each in _released(request):
        yield render_to_string("records/export_record.html", {"each": each})
    yield tail


def _withheld(request: RecordsRequest) -> Iterator[str]:
    """What is not given: which record, all or part of it, by which exemption. Never what it says."""
    rows = (
        [
            each.passage.number,
            each.kind,
            each.passage.on,
            each.passage.get_decision_display(),
            "; ".join(texts.label(each.model, name) for name in each.passage.bars)
            if each.passage.decision == Decision.REDACTED
            else "",
            each.passage.exemption,
        ]
        for each in all_of(request)
        if each.passage.decision in {Decision.REDACTED, Decision.WITHHELD}
    )
    return spreadsheets.lines(["record", "kind", "day", "what", "columns", "exemption"], rows)


def _before(request: RecordsRequest) -> str:
    return _(
        "%(agency)s, records request %(number)s, records from %(first)s to %(last)s.\n\n"
        "records.html and records.csv hold the same: what is given. %(bar)s stands where something is not given.\n"
        "withheld.csv names each record that is not given, or not all of it, and the exemption in law.\n"
    ) % {
        "agency": request.agency.name,
        "number": request.number,
        "first": request.first.isoformat(),
        "last": request.last.isoformat(),
        "bar": texts.BAR,
    }
