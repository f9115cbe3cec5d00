"""A file of which a row speaks is as it was written, byte for byte, or nobody reads from it and `check` names it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from alongside.cli import checking
from alongside.core import kept
from alongside.core.kept import Kept, NotWhole
from alongside.hotspots import actions as hotspots
from alongside.hotspots.answers import TableIsGone, cell_table
from alongside.hotspots.tests.town import a_run
from alongside.incidents import actions as incidents
from alongside.incidents import lake
from alongside.incidents.models import Import, LakePart, PartKind, State
from alongside.incidents.tests.reading_help import HEADING
from alongside.incidents.tests.reading_help import row as a_line
from alongside.incidents.tests.test_lake import a_city, a_file
from alongside.media.models import Picture
from alongside.media.tests.test_pictures import a_picture
from alongside.places import maps
from alongside.places.models import StreetNetwork
from alongside.places.queries import street_graph
from alongside.places.tests.people import who_is_there
from alongside.records.tests.cast import an_export
from alongside.season.tests.season_town import drawn
from alongside.walks.tests.cast import lay_streets

Harm = Callable[[Path], object]


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def flipped(path: Path) -> None:
    """One bit, in the middle: a reader may well notice nothing."""
    bytes_ = bytearray(path.read_bytes())
    bytes_[len(bytes_) // 2] ^= 1
    path.write_bytes(bytes_)


HARMS: list[Harm] = [Path.unlink, emptied, cut_off]
ALL_HARMS = [*HARMS, flipped]


@pytest.fixture
def rows(riverbend: Any, tmp_path: Path) -> list[Kept]:
    """One row of each kind that speaks of a file."""
    incidents.import_files(riverbend, [a_city(tmp_path)])
    made: list[Kept] = [
        a_run(riverbend),
        a_picture(riverbend),
        lay_streets(riverbend),
        who_is_there(riverbend),
        drawn(riverbend),
        an_export(riverbend),
    ]
    for row in made:
        row.measure()
        row.save()
    rows = [LakePart.objects.of(riverbend).get(), *made]
    assert {type(row) for row in rows} == set(kept.kinds()), "a kind that nobody harms here"
    return rows


def checked(*options: str) -> dict[str, str]:
    """What `alongside check` says of each shelf of files."""
    done: Result = CliRunner().invoke(checking.check, list(options))
    said = (line.partition(":") for line in done.output.splitlines())
    return {head.strip(): tail for head, _colon, tail in said if head[2:] in SHELVES}


BAD = HEADING + a_line("R-1", "2026-01-10 12:00:00", "THEFT", "0,0")
SHELVES = {"lake", "streets", "exposure", "hot spot runs", "photos", "re-draws", "records exports"}


@pytest.mark.django_db
class TestEachKind:
    def test_what_is_whole_is_well(self, rows):
        assert checked() == checked("--deep") == {f"✓ {shelf}": "" for shelf in SHELVES}
        assert all(row.whole() == row.file_path for row in rows)

    @pytest.mark.parametrize("harm", HARMS)
    def test_what_is_not_is_named_with_the_remedy(self, rows, harm):
        for row in rows:
            harm(row.file_path)
        said = checked()
        assert set(said) == {f"✗ {row.shelf}" for row in rows}
        for row in rows:
            assert row.file_path.name in said[f"✗ {row.shelf}"]

    def test_a_bit_that_flipped_is_found_by_the_deep_look_and_by_whoever_reads(self, rows):
        for row in rows:
            flipped(row.file_path)
            with pytest.raises(NotWhole, match="other bytes"):
                row.whole()
        assert set(checked()) == {f"✓ {row.shelf}" for row in rows}, "the quick look reads no bytes"
        assert set(checked("--deep")) == {f"✗ {row.shelf}" for row in rows}

    @pytest.mark.parametrize("harm", [emptied, cut_off])
    def test_files_of_before_are_measured_once_if_they_can_be_read(self, rows, harm):
        for row in rows:
            type(row)._base_manager.update(size=None, sha256=b"")
        assert kept.learn() == len(rows)
        assert kept.learn() == 0
        for row in rows:
            type(row)._base_manager.update(size=None, sha256=b"")
            harm(row.file_path)
        assert kept.learn() == 0, "half a file is not taken for a whole one"
        assert set(checked()) == {f"✗ {row.shelf}" for row in rows}
        for row in rows:
            row.refresh_from_db()
            with pytest.raises(NotWhole, match="cannot be read"):
                row.whole()

    def test_a_part_with_fewer_rows_than_its_row_says_is_not_whole(self, rows, riverbend):
        LakePart.objects.of(riverbend).update(size=None, rows=61)
        assert kept.learn() == 0
        assert set(checked()) >= {"✗ lake"}


@pytest.mark.django_db
@pytest.mark.parametrize("harm", ALL_HARMS)
class TestWhoReads:
    """Nobody counts fewer, draws other streets or stumbles: whoever would, says which file, and what to do."""

    def test_a_run_and_an_import_refuse(self, rows, riverbend, tmp_path, harm):
        harm(rows[0].file_path)
        for read in (
            lambda: hotspots.run(riverbend, by=None),
            lambda: lake.Lake(riverbend).cell_counts(),
            lambda: lake.Lake(riverbend).events(),
            lambda: incidents.import_files(riverbend, [a_city(tmp_path, start=50)]),
        ):
            with pytest.raises(NotWhole, match="restore it from a backup, or take its import back"):
                read()

    def test_a_route_refuses_and_a_map_goes_without(self, rows, riverbend, harm):
        network = StreetNetwork.objects.of(riverbend).get()
        assert street_graph(riverbend).edges
        assert maps.streets_beneath(riverbend, (network.west, network.south, network.east, network.north))
        harm(network.file_path)
        with pytest.raises(NotWhole, match="import them again"):
            street_graph(riverbend)
        with pytest.raises(NotWhole, match="import them again"):
            hotspots.run(riverbend, by=None)
        assert not maps.streets_beneath(riverbend, (network.west, network.south, network.east, network.north))

    def test_the_cells_of_a_run_are_refused(self, rows, harm):
        harm(rows[1].file_path)
        with pytest.raises(TableIsGone):
            cell_table(rows[1])

    def test_a_photo_is_not_shown_by_half(self, rows, riverbend, ada, client_for, harm):
        picture = Picture.objects.of(riverbend).get()
        assert client_for(ada).get(picture.get_absolute_url()).status_code == 200
        harm(picture.file_path)
        assert client_for(ada).get(picture.get_absolute_url()).status_code == 404

    def test_rows_set_aside_are_a_page_that_says_why_not(
        self, riverbend, tmp_path, analyst, client_for, harm
    ):
        record = incidents.import_files(riverbend, [a_city(tmp_path), a_file(tmp_path, BAD, "bad.csv")])
        url = f"/riverbend/workspace/incidents/{record.public_id}/set-aside.csv"
        harm(LakePart.objects.of(riverbend).get(kind=PartKind.SET_ASIDE).file_path)
        answer = client_for(analyst).get(url)
        assert answer.status_code == 503
        assert "take its import back" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("harm", HARMS)
def test_a_part_that_breaks_once_it_was_looked_at_is_no_fault_of_the_file_that_is_imported(
    rows, riverbend, tmp_path, harm, monkeypatch
):
    """“Export it again” would send a person to their city for what happened on our disk."""
    order = incidents._order

    def then_broken(*of):
        made = order(*of)
        harm(rows[0].file_path)
        return made

    monkeypatch.setattr(incidents, "_order", then_broken)
    with pytest.raises(NotWhole, match="restore it from a backup, or take its import back"):
        incidents.import_files(riverbend, [a_city(tmp_path, start=50)])
    failed = Import.objects.of(riverbend).exclude(pk=rows[0].of_id).get()
    assert failed.state == State.FAILED
    assert "take its import back" in str(failed.error)


@pytest.mark.django_db
def test_a_bit_that_turns_once_its_bytes_were_looked_at_is_said_of_the_part(rows, riverbend, monkeypatch):
    """A disk that turns a bit changes no time of writing, by which a digest is known again."""
    path = rows[0].file_path
    before = kept.digest(path)
    monkeypatch.setattr(kept, "digest", lambda _path: before)
    path.write_bytes(b"PAR1" + bytes(path.stat().st_size - 8) + b"PAR1")
    for read in (lake.Lake(riverbend).cell_counts, lake.Lake(riverbend).months, lake.Lake(riverbend).events):
        with pytest.raises(NotWhole, match="cannot be read: restore it"):
            read()


# What needs no row, and why.
ALONE = {
    "demo",  # what the city was made from; it can be made again
    "demo.json",  # a mark; without it, nobody signs in by one click
    "keys",  # `core.keys` knows half a key
}


def of_no_row(folder: Path, rows: set[Path]) -> set[str]:
    """Where files lie that no row speaks of, by the first part of their path. A lock holds nothing."""
    return {
        path.relative_to(folder).parts[0]
        for path in folder.rglob("*")
        if path.is_file() and path not in rows and path.name != ".lock"
    }


def test_a_file_that_a_room_begins_to_keep_would_be_seen(tmp_path):
    for name in ("lake/1/a/events-0.parquet", "lake/.lock", "recordings/1.wav", "keys/ring", "notes.txt"):
        (path := tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    part = tmp_path / "lake/1/a/events-0.parquet"
    assert of_no_row(tmp_path, {part}) - ALONE == {"recordings", "notes.txt"}
    assert of_no_row(tmp_path, set()) - ALONE == {"recordings", "notes.txt", "lake"}


@pytest.mark.heavy
def test_every_file_of_a_city_is_a_rows_or_needs_none(in_the_demo_city):
    """Whatever a room begins to keep has a row that measures it, or stands here with the reason why not."""
    rows = [row for kind in kept.kinds() for row in kind.with_files()]
    spoken_of = {row.file_path for row in rows}
    assert len(spoken_of) > 5, "the premise"
    assert of_no_row(in_the_demo_city, spoken_of) == ALONE
    for path in spoken_of:
        cut_off(path)
    assert all(checked().get(f"✗ {row.shelf}") for row in rows)
