"""Where there is a store: a file is in it before its row is, comes back from it, and goes with its row."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from alongside.core import kept
from alongside.core.backup import erased
from alongside.core.files import NoRoom
from alongside.core.kept import Kept, NotWhole
from alongside.core.stores import Store, Unreachable
from alongside.hotspots.tests.town import a_run
from alongside.incidents import actions as incidents
from alongside.incidents import lake
from alongside.incidents.models import Import, LakePart, State
from alongside.incidents.tests.test_lake import a_city
from alongside.media import actions as media
from alongside.media.models import Picture
from alongside.media.tests.test_pictures import a_picture
from alongside.places.models import StreetNetwork
from alongside.places.tests.people import who_is_there
from alongside.records.tests.cast import an_export
from alongside.season.tests.season_town import drawn
from alongside.walks.tests.cast import lay_streets
from tests.doors.test_files_whole import ALL_HARMS, checked
from tests.objects import KEYS, asked_at, free_port

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(address: str, settings: Any) -> Store:
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"store": address})
    store = kept.store()
    assert store is not None
    return store


@pytest.fixture
def rows(there: Store, riverbend: Any, tmp_path: Path) -> list[Kept]:
    """One row of each kind that speaks of a file. Runs and streets are laid by hand, and kept as their rooms do."""
    incidents.import_files(riverbend, [a_city(tmp_path)])
    photo = a_picture(riverbend)
    made: list[Kept] = [a_run(riverbend), lay_streets(riverbend), who_is_there(riverbend)]
    for row in made:
        row.keep()
        row.save()
    rows = [LakePart.objects.of(riverbend).get(), photo, *made, drawn(riverbend), an_export(riverbend)]
    assert {type(row) for row in rows} == set(kept.kinds()), "a kind that nobody keeps here"
    return rows


def in_store(there: Store) -> dict[str, int]:
    return {name: size for kind in kept.kinds() for name, size in there.sizes(kind.below).items()}


def spoken_of(rows: list[Kept]) -> dict[str, int | None]:
    return {row.kept_as: row.size for row in rows}


class TestEachKind:
    def test_it_has_what_rows_speak_of(self, rows, there):
        assert in_store(there) == spoken_of(rows)
        assert all(there.digest(row.kept_as) == bytes(row.sha256) for row in rows)
        assert all(head.startswith("✓") for head in checked() | checked("--deep"))

    @pytest.mark.parametrize("harm", ALL_HARMS)
    def test_what_the_folder_has_lost_comes_back(self, rows, harm):
        for row in rows:
            before = row.file_path.read_bytes()
            harm(row.file_path)
            assert row.is_whole
            assert row.whole().read_bytes() == before

    @pytest.mark.parametrize("harm", [Path.unlink, ALL_HARMS[-1]])
    def test_what_both_have_lost_is_refused(self, rows, there, harm):
        for row in rows:
            harm(row.file_path)
            there.remove(row.kept_as)
            assert not row.is_whole
            with pytest.raises(NotWhole):
                row.whole()
        assert set(checked("--deep")) == {f"✗ {row.shelf}" for row in rows}

    def test_a_folder_that_is_gone_is_all_there_again(self, rows, settings):
        for kind in kept.kinds():
            shutil.rmtree(settings.DATA / kind.below)
        assert all(head.startswith("✓") for head in checked()), "it will come when it is asked for"
        assert kept.bring_back() == len(rows)
        assert kept.bring_back() == 0
        assert all(row.fault() is None for row in rows)

    def test_it_is_put_there_before_the_transaction_of_its_row(self, rows):
        """Everybody's answers would wait for the network."""
        for row in rows:
            with pytest.raises(RuntimeError, match="before the transaction"), transaction.atomic():
                row.keep()

    def test_it_goes_with_its_row(self, rows, riverbend, there):
        lake_part, photo, _run, streets, people, season, export = rows
        media.refuse(photo, by=None)
        assert photo.kept_as not in in_store(there)
        for row in (streets, people, season, export):
            row.discard()
            assert row.kept_as not in in_store(there)
        incidents.take_back(lake_part.of, by=None)
        long_ago(there)
        kept.tend(there)
        assert set(in_store(there)) == {rows[2].kept_as}


def long_ago(there: Store) -> None:
    """As if all that stands there had been put there the day before yesterday."""
    there.age = lambda name: 2 * kept.SWEPT_AFTER  # type: ignore[method-assign]  # no server is asked to lie


class TestTending:
    def test_what_was_kept_before_there_was_a_store_is_sent(self, rows, there):
        for row in rows:
            there.remove(row.kept_as)
        done = kept.tend(there)
        assert (done.sent, done.files, done.removed, done.missing) == (len(rows), len(rows), 0, 0)
        assert in_store(there) == spoken_of(rows)
        assert kept.tend(there).sent == 0

    def test_what_has_another_length_there_is_sent_again(self, rows, there, tmp_path):
        (tmp_path / "half").write_bytes(b"half")
        there.put(rows[0].kept_as, tmp_path / "half")
        assert kept.tend(there).sent == 1
        assert in_store(there) == spoken_of(rows)

    def test_what_is_broken_here_is_not_sent(self, rows, there):
        there.remove(rows[0].kept_as)
        rows[0].file_path.write_bytes(b"half")
        done = kept.tend(there)
        assert (done.sent, done.missing) == (0, 1)

    def test_what_no_row_speaks_of_goes_after_a_day(self, rows, there, tmp_path):
        (tmp_path / "orphan").write_bytes(b"nobody's")
        there.put("lake/1/died/part-0.parquet", tmp_path / "orphan")
        there.put("backups/town.backup", tmp_path / "orphan")
        assert kept.tend(there).removed == 0, "its row may be about to come"
        long_ago(there)
        assert kept.tend(there).removed == 1
        assert in_store(there) == spoken_of(rows)
        assert there.has("backups/town.backup", 8), "what is not ours to sweep stays"

    def test_a_database_that_speaks_of_nothing_sweeps_nothing(self, rows, there):
        """It is a new one beside the store of one that was lost."""
        stood = in_store(there)
        long_ago(there)
        for row in rows:
            type(row)._base_manager.all().delete()
        assert kept.tend(there).removed == 0
        assert in_store(there) == stood


class TestNobodyAnswers:
    @pytest.fixture
    def silent(self, rows, there, monkeypatch, settings, tmp_path):
        """From one moment to the next."""
        if there.address.startswith("s3:"):
            asked_at({**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{free_port()}"}, monkeypatch)
            address = there.address
        else:
            (tmp_path / "taken").write_text("a file, where a folder would be")
            address = f"file://{tmp_path}/taken/below"
        store = Store(address, Path(settings.DATA))
        monkeypatch.setattr(kept, "store", lambda: store)

    def test_nothing_is_said_to_be_kept(self, silent, riverbend, tmp_path):
        with pytest.raises(NoRoom):
            a_picture(riverbend, client_id=uuid.uuid4())
        assert Picture.objects.count() == 1
        with pytest.raises(Unreachable):
            incidents.import_files(riverbend, [a_city(tmp_path, start=50)])
        assert LakePart.objects.count() == 1
        assert not Import.objects.filter(state=State.DONE).exclude(parts__isnull=False).exists()
        assert lake.Lake(riverbend).total == 60

    def test_what_is_here_is_read_and_what_is_not_says_why(self, silent, rows):
        assert all(row.is_whole for row in rows)
        for row in rows:
            row.file_path.unlink()
            with pytest.raises(NotWhole, match="is missing, and its store does not answer"):
                row.whole()

    def test_check_names_what_is_missing_and_goes_on(self, silent, rows):
        for row in rows:
            row.file_path.unlink()
        assert set(checked()) == {f"✗ {row.shelf}" for row in rows}

    def test_a_photo_is_gone_here_at_once(self, silent, rows):
        media.refuse(rows[1], by=None)
        assert not rows[1].file_path.exists()


def test_a_photo_that_a_disk_lost_was_not_let_go_of(rows, riverbend):
    """A backup would be told to forget it."""
    photo = rows[1]
    photo.file_path.unlink()
    assert erased.since({"index": {}, "media": [photo.kept_as]})["files"] == []
    media.refuse(photo, by=None)
    assert erased.since({"index": {}, "media": [photo.kept_as]})["files"] == [photo.kept_as]


def test_without_a_store_nothing_is_asked(riverbend, settings, monkeypatch):
    assert kept.store() is None
    monkeypatch.setattr("alongside.core.stores.place", lambda address: pytest.fail(f"{address} was asked"))
    photo = a_picture(riverbend)
    media.refuse(photo, by=None)


def test_streets_of_before_stay_a_while_for_whoever_plans_on_them(rows, riverbend, there):
    """As in the folder: the one before the current one is not swept at once."""
    before = StreetNetwork.objects.of(riverbend).get()
    StreetNetwork.objects.filter(pk=before.pk).update(current=False)
    assert kept.tend(there).removed == 0
