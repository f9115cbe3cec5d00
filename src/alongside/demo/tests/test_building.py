"""The demo city is built once, begins anew where it was stopped, and never mixes with anybody's real data."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.demo_city import BUILT_ON, MORNING

from alongside.agencies import actions as agencies
from alongside.agencies.models import Agency, Hold, Member, Release, User
from alongside.core import clock, demo
from alongside.demo import build, marker
from alongside.demo.city import CityFiles
from alongside.demo.commands import demo as demo_command
from alongside.demo.personas import PERSONAS
from alongside.demo.staffing import MAJORS, NAMED, OFFICER
from alongside.field.models import Note
from alongside.field.queries import recap_of
from alongside.followthrough.actions import card_behind
from alongside.followthrough.models import Concern, Promise, Step
from alongside.gatherings.models import Gathering
from alongside.hotspots.models import Petition, Run
from alongside.incidents.models import Import
from alongside.ledger.chain import verify
from alongside.ledger.models import Entry
from alongside.records.models import Export, RecordsRequest
from alongside.rosters.models import Post
from alongside.rosters.queries import conflicts, quorum_warnings
from alongside.season.models import Season
from alongside.walks.models import Walk

UNTIL = date(2026, 6, 3)


@pytest.fixture
def folder(settings: Any) -> Path:
    path = Path(settings.DATA)
    path.mkdir(parents=True, exist_ok=True)
    return path


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A build without a city: what is left is when it builds at all. Says which steps ran."""
    ran: list[str] = []
    files = CityFiles(Path(), *[Path()] * 11, counts={})
    monkeypatch.setattr(build, "generate_city", lambda *_, **__: files)
    monkeypatch.setattr(build, "STEPS", (("a step", lambda story: ran.append(story.agency.slug)),))
    return ran


@pytest.mark.django_db(transaction=True)
def test_the_first_start_builds_and_the_second_finds_it_standing(folder: Path, quick: list[str]) -> None:
    first = build.build_demo(until=UNTIL)
    again = build.build_demo(until=UNTIL)
    assert quick == ["riverbend"]
    assert again == first
    assert json.loads((folder / demo.MARKER).read_text())["until"] == "2026-06-03"


@pytest.mark.django_db(transaction=True)
def test_build_only_builds_where_it_is_told_says_so_and_ends_well_when_the_city_stands(
    folder: Path, quick: list[str]
) -> None:
    first, again = build_only(), build_only()
    assert quick == ["riverbend"]
    for done in (first, again):
        assert done.exit_code == 0, done.output
        assert f"Riverbend stands in {folder}" in done.stderr
        assert "http://" not in done.output, "nothing is served"
    assert "Building Riverbend" in first.stderr
    assert "Building" not in again.stderr


def build_only() -> Result:
    return CliRunner().invoke(demo_command, ["--build-only"])


@pytest.mark.django_db(transaction=True)
def test_an_install_with_its_own_agency_is_refused(folder: Path, quick: list[str]) -> None:
    agencies.create_agency(slug="somewhere-real", name="Somewhere", timezone="America/New_York")
    with pytest.raises(build.NotADemoFolder, match="ALONGSIDE_DATA"):
        build.build_demo()
    assert Agency.objects.get().slug == "somewhere-real"
    assert not quick
    assert marker.read(folder) is None


@pytest.mark.django_db
def test_a_database_that_may_hold_real_people_is_refused(
    folder: Path, quick: list[str], settings: Any
) -> None:
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"database_url": "postgres://x/y"})
    with pytest.raises(marker.DemoOnPostgres):
        build.build_demo()
    assert not quick


@pytest.mark.django_db(transaction=True)
def test_a_build_that_was_stopped_begins_anew_and_is_no_demo_before_it_ends(
    folder: Path, quick: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stops(_story: build.Story) -> None:
        raise KeyboardInterrupt

    whole = build.STEPS
    monkeypatch.setattr(build, "STEPS", (("stops", stops),))
    with pytest.raises(KeyboardInterrupt):
        build.build_demo(until=UNTIL)
    assert Agency.objects.count() == 1
    assert not demo.is_on()

    monkeypatch.setattr(build, "STEPS", whole)
    lines: list[str] = []
    build.build_demo(until=UNTIL, progress=lines.append)
    assert any("anew" in line for line in lines)
    assert Agency.objects.count() == 1
    assert demo.is_on()


def test_a_broken_mark_is_no_mark(folder: Path) -> None:
    (folder / demo.MARKER).write_text("{")
    assert marker.read(folder) is None
    marker.finish(folder, seed=1, until=UNTIL)
    mark = marker.read(folder)
    assert mark is not None
    assert len(mark.id) >= 12
    assert mark.id != marker.finish(folder, seed=1, until=UNTIL).id


def test_one_can_step_into_the_shoes_of_all_who_have_an_account() -> None:
    hired = {person.email for person in [*NAMED, *MAJORS, OFFICER] if person.email}
    assert {persona.email for persona in PERSONAS} == hired


def test_clock_at_moves_time_within_and_only_within() -> None:
    then = datetime(2025, 1, 1, 12, tzinfo=UTC)
    with clock.at(then):
        assert abs(clock.now() - then) < timedelta(seconds=5)
    assert clock.now().year > 2025


@pytest.fixture
def that_morning() -> Iterator[None]:
    with clock.at(MORNING):
        yield


@pytest.mark.heavy
def test_the_whole_city_is_taken_in_by_the_actions_that_pages_use(
    in_the_demo_city: Path, that_morning: None
) -> None:
    riverbend = Agency.objects.get(slug="riverbend")
    city = marker.read(in_the_demo_city)
    assert city is not None
    assert (city.seed, city.until) == (build.SEED, str(BUILT_ON - timedelta(days=1)))

    for persona in PERSONAS:
        user = User.objects.get(email=persona.email)
        assert not user.has_usable_password()
        assert Member.objects.get(user=user, agency=riverbend).active

    report = Import.objects.get().report
    assert report["read"] == report["kept"] + report["merged"] + sum(report["set_aside"].values())
    assert min(report["layers"].values()) > 1_000
    assert len(report["set_aside"]) >= 5

    latest = Run.objects.filter(agency=riverbend).latest_published()
    assert latest is not None
    names = {area.neighborhood.name for area in latest.areas.all() if not area.is_single_site}
    assert len(names) >= 5
    assert {"Three Oaks", "Mill Row", "Lantern Heights"} <= names
    assert not names & {"Cathedral Square", "Bluffside"}, "high on one layer only"
    assert Run.objects.count() == 2

    coming = Gathering.objects.filter(agency=riverbend, kind="walk").coming()
    first = coming[0]
    assert first.numbers.is_full
    assert first.numbers.waiting
    assert {gathering.status for gathering in coming} == {"published", "cancelled", "draft"}
    assert any(gathering.was_moved and gathering.stand_in for gathering in coming)
    assert all(gathering.change_reason for gathering in coming if gathering.is_cancelled)
    assert Walk.objects.get(gathering=first).route.is_checked
    held = Gathering.objects.filter(agency=riverbend, status="held", kind="walk").run_here()
    assert held.count() >= 10
    assert Petition.objects.filter(agency=riverbend).waiting().exists()
    assert demo.is_on()
    the_program_is_lived(riverbend, city)


def the_program_is_lived(riverbend: Agency, city: marker.Marker) -> None:
    """What the rooms of the program would show of this city."""
    today = riverbend.today()
    # What was loaded from before has neither rosters nor notes.
    walks = Gathering.objects.filter(agency=riverbend, kind="walk").run_here()
    for walk in walks.filter(status="held"):
        assert Post.objects.filter(gathering=walk, state="came").count() >= 3, walk.on
        assert walk.notes.count() >= 5, walk.on
        assert walk.head_counts.exists(), walk.on
    ahead = walks.filter(status="published", on__gt=today)
    assert any(quorum_warnings(walk) for walk in ahead)
    assert any(post.heard == "away" for post in Post.objects.filter(gathering__in=ahead, part="host"))
    assert not any(conflicts(walk) for walk in ahead), "whoever is away has somebody who stands in"

    concerns = Concern.objects.filter(agency=riverbend)
    assert concerns.late(today).count() == 2
    assert set(concerns.values_list("state", flat=True)) >= {
        "done",
        "declined",
        "owned",
        "passed",
        "promised",
        "withheld",
    }
    assert concerns.filter(confirmed_at__isnull=False).count() >= 3
    assert Step.objects.filter(agency=riverbend, deed="reopened").count() >= 3
    assert {*Promise.objects.filter(agency=riverbend).values_list("state", flat=True)} == {
        "open",
        "kept",
        "not kept",
        "passed",
    }
    entries = Entry.objects.filter(agency=riverbend).order_by("n")
    told = verify([entry.line.encode() + b"\n" for entry in entries])
    assert told.entries > 100
    assert told.day == (today - timedelta(days=1)).isoformat()
    assert set(Note.objects.held().values_list("concern__withheld", flat=True)) == {"officer", "crime"}
    assert {*Note.objects.values_list("concern__language", flat=True)} == {"en", "es"}
    assert card_behind(riverbend, city.follow).concern in concerns.late(today)
    assert Gathering.objects.get(public_id=city.scribe).has_begun

    recaps = [recap_of(walk) for walk in walks.filter(status="held")]
    states = [recap.state for recap in recaps if recap is not None]
    assert states.count("published") >= 9
    assert "late" in states
    assert sum(bool(recap and recap.themes) for recap in recaps) >= 3

    asked = RecordsRequest.objects.filter(agency=riverbend)
    assert dict(asked.values_list("number", "state")) == {"RR-114": "handed", "RR-121": "review"}
    assert Release.objects.get(agency=riverbend).records >= 3
    assert Export.objects.get(agency=riverbend).withheld == 1
    standing = Hold.objects.filter(agency=riverbend).standing()
    assert sorted((hold.matter, hold.kind) for hold in standing) == [
        ("26-CI-0417", ""),
        ("RR-121", "hotspots.choices"),
        ("RR-121", "season.seasons"),
    ]

    versions = Season.objects.filter(agency=riverbend).order_by("version")
    assert [season.state for season in versions] == ["superseded", "approved"]
    before, after = ([(week.day, week.where) for week in season.weeks.all()] for season in versions)
    assert len(after) == 12
    assert before[-1] != after[-1]
    changed = sum(old != new for old, new in zip(before, after, strict=True))
    assert 1 <= changed < len(after), (
        "other weeks may have to move, as the lots fall; what is published stays"
    )


@pytest.mark.heavy
def test_no_row_keeps_an_address_that_a_move_to_another_port_would_break(demo_city: Path) -> None:
    """Links are made when they are shown or sent: the city may be served elsewhere than where it was built."""
    rows = sqlite3.connect(f"file:{demo_city / 'alongside.sqlite3'}?mode=ro&immutable=1", uri=True)
    tables = [name for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    columns = [(table, row[1]) for table in tables for row in rows.execute(f"PRAGMA table_info({table})")]
    asked = 'SELECT count(*) FROM "{}" WHERE CAST("{}" AS TEXT) LIKE ?'
    keep = [
        (table, name)
        for table, name in columns
        if rows.execute(asked.format(table, name), ["%://localhost%"]).fetchone()[0]
    ]
    assert len(columns) > 300, "the premise"
    assert keep == []
