"""An agency that leaves takes everything with it in one file: every row of its own, its files, and nobody else's."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import connection, models
from tests.cast import PASSWORD
from tests.doors.populated import one_of_everything

from alongside.agencies.models import Agency, AgencyOwned, User
from alongside.core.manifest import manifests
from alongside.core.tokens import DigestField
from alongside.followthrough.models import Concern
from alongside.ledger import actions as ledger
from alongside.ledger.models import Entry
from alongside.media.tests.test_pictures import a_picture
from alongside.records import taking
from alongside.records.commands import take
from alongside.records.tests import cast

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def both(riverbend, elsewhere, ada, eve):
    one_of_everything(riverbend)
    one_of_everything(elsewhere)
    cast.ben_was_here(riverbend)
    return riverbend


def taken(agency: Agency, path: Path) -> tuple[zipfile.ZipFile, taking.Report]:
    report = taking.take(agency, path)
    return zipfile.ZipFile(path), report


def rows(packed: zipfile.ZipFile, label: str) -> list[dict]:
    held = packed.read(f"rows/{label}.jsonl").decode().splitlines()
    return [json.loads(line) for line in held]


def test_every_model_of_an_agency_is_in_it_or_says_why_not(both, tmp_path):
    packed, _report = taken(both, tmp_path / "riverbend.zip")
    there = {
        name.removeprefix("rows/").removesuffix(".jsonl") for name in packed.namelist() if name[:5] == "rows/"
    }
    own = {model._meta.label for model in apps.get_models() if issubclass(model, AgencyOwned)}
    assert len(own) > 60, "the premise"
    assert own - set(taking.STAYS) <= there
    assert set(taking.STAYS) <= own, "what stays is there"
    assert not there & set(taking.STAYS)
    hanging = {"agencies.Duty", "voices.Voice", "people.Partner_areas"}
    assert hanging <= there, "what hangs on an agency's row goes with it"


def test_as_many_rows_are_in_it_as_the_agency_has_and_none_of_another(both, tmp_path):
    packed, report = taken(both, tmp_path / "riverbend.zip")
    head = json.loads(packed.read("manifest.json"))
    counted = 0
    for each in taking.owned():
        held = rows(packed, each.label)
        assert len(held) == each.rows(both).count() == head["rows"][each.label], each.label
        assert {row["agency_id"] for row in held if "agency_id" in row} <= {both.pk}
        assert {row["id"] for row in held} == set(each.rows(both).values_list("pk", flat=True))
        counted += bool(held)
    assert counted > 60, "the premise"
    assert head["format"] == taking.FORMAT
    assert report.rows["agencies.Agency"] == 1


def test_what_people_said_is_in_it_and_nothing_that_opens_anything(both, tmp_path):
    packed, _report = taken(both, tmp_path / "riverbend.zip")
    assert "The lamp is out." in str(rows(packed, "followthrough.Concern"))
    for each in taking.owned():
        digests = {
            field.attname for field in each.model._meta.concrete_fields if isinstance(field, DigestField)
        }
        for row in rows(packed, each.label):
            assert not digests & set(row), each.label
    accounts = rows(packed, "agencies.User")
    assert set(accounts[0]) == {"id", "email", "language", "is_active"}
    hashes = [user.password for user in User.objects.all()]
    held = b"".join(packed.read(name) for name in packed.namelist()).decode(errors="replace")
    assert hashes, "the premise"
    assert not any(each in held for each in [PASSWORD, *hashes])
    assert "eve@" not in held.lower()
    assert "Elsewhere" not in held


def test_a_row_says_all_that_its_table_has(both, tmp_path):
    packed, _report = taken(both, tmp_path / "riverbend.zip")
    concern = Concern.objects.get(words__contains="lamp")
    row = next(row for row in rows(packed, "followthrough.Concern") if row["id"] == concern.pk)
    assert row["words"] == concern.words
    assert row["heard_on"] == concern.heard_on.isoformat()
    assert row["origin"] == concern.origin
    gathering = rows(packed, "gatherings.Gathering")[-1]
    assert isinstance(gathering["title"], dict), "a text in several languages is an object"


def test_its_files_are_in_it_byte_for_byte_and_what_is_missing_is_named(both, tmp_path):
    picture = a_picture(both)
    picture.measure()
    picture.save()
    packed, report = taken(both, tmp_path / "riverbend.zip")
    assert packed.read(f"files/{picture.kept_as}") == picture.file_path.read_bytes()
    assert report.files == 1
    assert report.missing, "rows of other files that were never written"
    picture.file_path.unlink()
    _packed, report = taken(both, tmp_path / "again.zip")
    assert picture.kept_as in report.missing


def test_every_member_has_its_digest_and_the_first_page_explains_it(both, tmp_path):
    packed, _report = taken(both, tmp_path / "riverbend.zip")
    sums = json.loads(packed.read("manifest.json"))["sha256"]
    assert set(sums) == set(packed.namelist()) - {"manifest.json"}
    for name, digest in sums.items():
        assert hashlib.sha256(packed.read(name)).hexdigest() == digest
    readme = packed.read("README.md").decode()
    for each in taking.owned():
        assert f"## {each.label}: {each.rows(both).count()} rows" in readme


def test_what_a_room_gives_along_is_in_it(both, tmp_path, monkeypatch):
    monkeypatch.setattr(taking, "_of_rooms", lambda agency: [("ledger.jsonl", iter([b"{}\n", b"{}\n"]))])
    packed, _report = taken(both, tmp_path / "riverbend.zip")
    assert packed.read("ledger.jsonl") == b"{}\n{}\n"
    assert all(isinstance(name, str) for room in manifests().values() for name in room.takes)


def test_the_ledger_is_in_it_as_it_is_published(riverbend, ada, tmp_path):
    cast.ben_was_here(riverbend)
    packed, _report = taken(riverbend, tmp_path / "riverbend.zip")
    held = packed.read("ledger.jsonl").decode()
    assert held.count("\n") == Entry.objects.filter(agency=riverbend).count() > 1
    assert "Ben Rivers" not in held


def test_the_command_writes_it_and_never_over_another(both, tmp_path):
    file = tmp_path / "riverbend.zip"
    done = CliRunner().invoke(take, ["riverbend", str(file)])
    assert done.exit_code == 0, done.output
    assert "rows of" in done.output
    assert oct(file.stat().st_mode)[-3:] == "600", "it holds what people said"
    again = CliRunner().invoke(take, ["riverbend", str(file)])
    assert isinstance(again.exception, taking.Taken)


def test_memory_does_not_grow_with_the_rows(riverbend, tmp_path):
    """Ten times as many rows, and as much memory: they are written as they are read."""

    def peak(number: int) -> int:
        Concern.objects.bulk_create(
            Concern(
                agency=riverbend, key=f"k{number}-{each}", words="A lamp. " * 40, heard_on=riverbend.today()
            )
            for each in range(number)
        )
        tracemalloc.start()
        taking.take(riverbend, tmp_path / f"{number}.zip")
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few = peak(2000)
    assert peak(20_000) < 1.6 * few


def test_it_is_of_one_moment(both, tmp_path):
    assert connection.features.supports_transactions
    assert isinstance(Concern._meta.pk, models.BigAutoField)
    with taking._one_moment():
        assert connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_others_go_on_writing_and_nothing_of_that_is_in_it(riverbend, tmp_path, monkeypatch):
    ledger.begin(riverbend)
    accounts = taking._accounts

    def somebody_writes():
        try:
            ledger.say_restored()
        finally:
            connection.close()

    def meanwhile(agency):
        with ThreadPoolExecutor(1) as other:
            other.submit(somebody_writes).result()
        return accounts(agency)

    monkeypatch.setattr(taking, "_accounts", meanwhile)
    packed, report = taken(riverbend, tmp_path / "riverbend.zip")
    assert Entry.objects.of(riverbend).count() == 2, "the premise"
    assert report.rows["ledger.Entry"] == 1
    assert len(packed.read("ledger.jsonl").splitlines()) == 1
