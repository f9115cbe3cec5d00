"""Each reader of each room, with thousands of files that nobody should send: a value, or a sentence that says no."""

from __future__ import annotations

import dataclasses
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings

from alongside.agencies.models import Role
from alongside.core.errors import Refusal
from alongside.gatherings.importing import calendar_file
from alongside.outside import apart
from alongside.outside.spells import within
from tests.attack import odd_files
from tests.attack.bad_files import EXAMPLES, Example, bad_files, readers
from tests.cast import staff_member
from tests.realdata import real_data

READERS = sorted(readers())
A_FEW, SOME = 30, 3
SOON = 20  # seconds
SMALL = 4_000  # bytes: what is changed in many ways
MANY, BY_THE_DOOR, BY_THE_PAGE = 3_000, 40, 60
Way = tuple[str, dict[str, str], str]


def test_every_reader_has_an_example():
    assert set(READERS) == EXAMPLES.keys(), "say in bad_files how a good file is made, and how it is read"


def texts_in(value: Any) -> Iterator[str]:
    """Every text in what a parser made."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts_in([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from texts_in(each)
    elif dataclasses.is_dataclass(value):
        yield from texts_in([getattr(value, each.name) for each in dataclasses.fields(value)])


def outcome(parse: Callable[..., Any], example: Example, content: bytes, folder: Path) -> str:
    """“value” or “refusal”. Whatever else the parser does is raised."""
    try:
        value = example.call(parse, content, folder)
    except Refusal as refusal:
        said = " ".join(str(refusal).split())  # as the command line says it
        assert said.encode()
        return "refusal"
    for text in texts_in(value):
        text.encode()  # no page shows half a letter
        assert "\x00" not in text, "no database keeps it"
    return "value"


TRIED = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


def fuzz(
    name: str, parse: Callable[..., Any], *, files: int, folder: Path, more: Sequence[bytes] = ()
) -> Counter[str]:
    """So many bad files, one after the other, and what became of them."""
    reader, example = readers()[name], EXAMPLES[name]
    found: Counter[str] = Counter()

    @settings(TRIED, max_examples=max(files // example.costs, 3))
    @given(bad_files([*example.good(folder), *more]))
    def one(content: bytes) -> None:
        with tempfile.TemporaryDirectory(dir=folder) as place, within(2 * reader.seconds):
            found[outcome(parse, example, content, Path(place))] += 1

    one()
    return found


def say(capsys: pytest.CaptureFixture[str], name: str, found: Counter[str]) -> None:
    with capsys.disabled():
        sys.stdout.write(
            f"\n{name}: {found.total():,} files, {found['value']:,} read, {found['refusal']:,} refused\n"
        )


@pytest.mark.parametrize("name", READERS)
def test_a_good_file_is_read(name, tmp_path):
    reader, example = readers()[name], EXAMPLES[name]
    for number, content in enumerate(example.good(tmp_path)):
        (place := tmp_path / str(number)).mkdir()
        assert outcome(reader.parse, example, content, place) == "value"


@pytest.mark.parametrize("name", READERS)
def test_a_few_bad_files_are_values_or_refusals(name, tmp_path):
    found = fuzz(name, readers()[name].parse, files=A_FEW, folder=tmp_path)
    assert found["value"] + found["refusal"] == found.total() > 0


@pytest.mark.parametrize("name", READERS)
def test_it_is_so_by_the_door_too(name, tmp_path):
    """In the process apart: what is read comes back, and a half of it is a refusal at most."""
    reader, example = readers()[name], EXAMPLES[name]
    good, *_others = example.good(tmp_path)
    for content in (good, good[: len(good) // 2]):
        with tempfile.TemporaryDirectory(dir=tmp_path) as place:
            told = outcome(reader.read, example, content, Path(place))
        assert told == "value" or content is not good


# A line of a thousand points that crosses itself half a million times, and a name of thirty thousand: small, and slow.
# Each is ended by its time, and by nothing else.
ENDED = {"coordinates: a star": odd_files.outlines, "names without end": odd_files.mappings}


def test_every_reader_is_tried_with_odd_files():
    assert set(READERS) == odd_files.OF.keys()


@pytest.mark.heavy
@pytest.mark.parametrize("name", READERS)
def test_what_nobody_sends_by_chance_is_a_value_or_a_refusal(name, tmp_path, capsys):
    """Within the reader's own seconds, each; whatever else its parser raises fails here, and so does a loop."""
    reader, example, found = readers()[name], EXAMPLES[name], Counter()
    for number, (what, content) in enumerate(odd_files.OF[name]().items()):
        if what not in ENDED:
            (place := tmp_path / str(number)).mkdir()
            with within(reader.seconds):
                found[outcome(reader.parse, example, content, place)] += 1
    say(capsys, f"{name}, odd", found)
    assert found["refusal"] > 0


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("what", "name"),
    [(what, name) for what, kind in ENDED.items() for name in READERS if odd_files.OF[name] is kind],
)
def test_what_is_small_and_slow_is_ended(what, name, tmp_path):
    reader, example = readers()[name], EXAMPLES[name]
    began = time.monotonic()
    content = odd_files.OF[name]()[what]
    outcome(reader.sized_to([content]).read, example, content, tmp_path)
    assert time.monotonic() - began < SOON


@pytest.mark.heavy
@pytest.mark.parametrize("name", READERS)
def test_thousands_of_bad_files_are_values_or_refusals(name, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(calendar_file, "SECONDS_EACH", 0.05)  # else the endless ones alone take an hour
    odd = (content for content in odd_files.OF[name]().values() if len(content) < SMALL)
    more = [*(path.read_bytes() for path in _real(name)), *odd]
    found = fuzz(name, readers()[name].parse, files=MANY, folder=tmp_path, more=more)
    say(capsys, name, found)
    assert found["value"] > 0
    assert found["refusal"] > 0


@pytest.mark.heavy
@pytest.mark.parametrize("name", READERS)
def test_a_sample_goes_through_the_door(name, tmp_path, capsys):
    say(capsys, f"{name}, apart", fuzz(name, readers()[name].read, files=BY_THE_DOOR, folder=tmp_path))


REAL = {
    "gatherings.importing.files.GATHERINGS": ("events", ".ics .csv .json"),
    "rosters.tables.WHOLE_DAYS": ("events", ".ics"),
    "places.boundaries.files.AREAS": ("", ".geojson"),
}


def _real(name: str) -> list[Path]:
    """Small real files of the kind, where they are at hand."""
    where, endings = REAL.get(name, ("", ""))
    try:
        folder = real_data(where) if endings else None
    except pytest.skip.Exception:
        return []
    files = sorted(folder.rglob("*")) if folder else []
    return [each for each in files if each.suffix in endings.split() and each.stat().st_size < 100_000][:8]


# -- the pages --------------------------------------------------------------------------------------------
WALK = {"on": "2099-01-01", "at": "18:00", "minutes": "60", "meeting_point": "The gate", "form_key": "k"}
# Where a page takes a file: its address, the field, what else is sent, and whose examples fit.
PAGES: dict[str, Way] = {
    "places:area-import": ("file", {"kind": "neighborhood"}, "places.boundaries.files.AREAS"),
    "places:venue-import": ("file", {}, "places.sheets.SHEET"),
    "places:exposure": ("file", {}, "places.sheets.SHEET"),
    "people:partner-import": ("file", {}, "places.sheets.SHEET"),
    "people:staff-import": ("file", {}, "places.sheets.SHEET"),
    "followthrough:load": ("file", {}, "places.sheets.TABLE"),
    "gatherings:import": ("file", {}, "gatherings.importing.files.GATHERINGS"),
    "rosters:away-calendar": ("file", {}, "rosters.tables.WHOLE_DAYS"),
    "rosters:usual-import": ("file", {}, "places.sheets.SHEET"),
    "rosters:training-import": ("file", {}, "places.sheets.SHEET"),
    "places:streets": ("file", {}, "places.streets.reading.STREETS"),
    "walks:plan": ("upload", WALK, "walks.planning.AREA"),
    "incidents:upload": ("uploaded", {}, "incidents.readers.LOOK"),
}
TYPED: dict[str, Way] = {
    "places:area-draw": ("drawing", {"kind": "beat", "name": "Mine"}, "places.boundaries.files.DRAWING"),
    "walks:plan": ("drawn", WALK, "walks.planning.AREA"),
}


IN_A_JOB = {"places:streets"}


@pytest.fixture
def sender(riverbend, client_for):
    """Who sends a file to a page: one who may do all; one's own days away are sent by an officer."""

    def of(page: str) -> Any:
        roles = [Role.OFFICER] if page == "rosters:away-calendar" else list(Role)
        return client_for(staff_member(riverbend, "Ada Everybody", *roles))

    return of


@pytest.fixture
def read(monkeypatch):
    """Which parsers ran."""
    names, run = [], apart.run

    def noted(function, *args, **how):
        names.append(function.__name__)
        return run(function, *args, **how)

    monkeypatch.setattr(apart, "run", noted)
    return names


FINE = {200, 302, 422}


def send(client: Any, page: str, field: str, more: dict[str, str], content: Any) -> None:
    """The page answers, and the preview that it may lead to."""
    answer = client.post(reverse(page, args=["riverbend"]), more | {field: content})
    assert answer.status_code in FINE
    if answer.status_code == 302:
        shown = client.get(answer.url)
        assert shown.status_code in FINE
        if "preview" in answer.url or "import" in answer.url:
            assert client.post(answer.url, {"act": "keep"}).status_code in {*FINE, 405}


def a_file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("file", content)


def bring(
    client: Any,
    page: str,
    how: Way,
    read: list[str],
    *,
    files: int,
    folder: Path,
    as_sent: Callable[[bytes], Any],
) -> None:
    field, more, name = how

    @settings(TRIED, max_examples=files)
    @given(bad_files(EXAMPLES[name].good(folder)).filter(bool))
    def one(content: bytes) -> None:
        send(client, page, field, more, as_sent(content))

    one()
    assert read or page in IN_A_JOB, "the premise: the file came to a reader"


def typed(content: bytes) -> str:
    return content.decode("utf-8", "replace")


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_whatever_file_is_sent(sender, read, tmp_path, page):
    bring(sender(page), page, PAGES[page], read, files=SOME, folder=tmp_path, as_sent=a_file)


@pytest.mark.django_db
@pytest.mark.parametrize("page", TYPED)
def test_a_page_answers_whatever_is_typed(sender, read, tmp_path, page):
    bring(sender(page), page, TYPED[page], read, files=SOME, folder=tmp_path, as_sent=typed)


@pytest.mark.heavy
@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_whatever_many_files_are_sent(sender, read, tmp_path, page):
    bring(sender(page), page, PAGES[page], read, files=BY_THE_PAGE, folder=tmp_path, as_sent=a_file)


@pytest.mark.heavy
@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_a_page_answers_whatever_odd_file_is_sent(sender, read, page):
    """In time, with no error, and a good file is read after them all."""
    field, more, name = PAGES[page]
    client = sender(page)
    for what, content in odd_files.OF[name]().items():
        if len(content) < SMALL and what not in ENDED:
            began = time.monotonic()
            send(client, page, field, more, a_file(content))
            assert time.monotonic() - began < SOON, what
    assert read or page in IN_A_JOB, "the premise: the files came to a reader"
