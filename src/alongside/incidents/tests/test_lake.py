"""The lake: what is in it, what can never be, and that it is whole or as it was."""

from __future__ import annotations

import fcntl
import json
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import h3.api.basic_int as h3
import numpy as np
import pytest

from alongside.agencies.models import Agency, AuditEntry
from alongside.core import data
from alongside.incidents import actions, lake, lake_keys
from alongside.incidents.commands import report_lines
from alongside.incidents.models import Import, LakePart, Rules, State
from alongside.incidents.reading.refusals import CannotImport
from alongside.incidents.tests.reading_help import HEADING, row

pytestmark = pytest.mark.django_db

PLACES = ["39.10,-84.50", "39.11,-84.51", "39.12,-84.52"]


def a_file(folder: Path, text: str, name: str = "calls.csv") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def a_city(folder: Path, name: str = "calls.csv", start: int = 0, count: int = 60) -> str:
    body = "".join(
        row(
            f"R-{at}", f"2026-0{at % 3 + 1}-10 12:00:00", "ARREST" if at % 4 == 0 else "THEFT", PLACES[at % 3]
        )
        for at in range(start, start + count)
    )
    return a_file(folder, HEADING + body, name)


def test_an_import_ends_with_its_report_its_parts_and_a_line_in_the_audit_trail(
    riverbend: Agency, tmp_path: Path
) -> None:
    done = actions.import_files(riverbend, [a_city(tmp_path)])
    assert done.state == State.DONE
    assert done.report["kept"] == done.report["events"] == 60
    assert {
        "files",
        "read",
        "kept",
        "merged",
        "set_aside",
        "flagged",
        "dropped_fields",
        "converted_from",
    } <= set(done.report)
    assert json.loads(json.dumps(done.report)) == done.report
    [part] = LakePart.objects.filter(of=done)
    assert (lake.folder(riverbend) / part.path).exists()
    assert AuditEntry.objects.filter(agency=riverbend, verb="imported").count() == 1
    assert list(lake.staging_folder().iterdir()) == []


def test_a_report_names_the_days_that_a_file_covers(riverbend: Agency, tmp_path: Path) -> None:
    """Two months with a hole between them, and one slip of the keyboard."""
    days = [f"2026-{month}-{day:02} 12:00:00" for month in ("01", "03") for day in range(1, 29)]
    body = "".join(row(f"R-{n}", day, "THEFT", PLACES[n % 3]) for n, day in enumerate(days * 4))
    slip = row("R-999", "2016-01-05 12:00:00", "THEFT", PLACES[0])
    done = actions.import_files(riverbend, [a_file(tmp_path, HEADING + body + slip)])
    assert (done.report["first"], done.report["last"]) == ("2016-01-05", "2026-03-28")
    assert done.report["covered"] == [["2026-01-01", "2026-01-28"], ["2026-03-01", "2026-03-28"]]
    assert any(
        line.startswith("Days covered: 2026-01-01 to 2026-01-28; 2026-03-01") for line in report_lines(done)
    )


def test_the_same_file_again_changes_nothing(riverbend: Agency, tmp_path: Path) -> None:
    path = a_city(tmp_path)
    actions.import_files(riverbend, [path])
    before = lake.Lake(riverbend).cell_counts()
    again = actions.import_files(riverbend, [path])
    after = lake.Lake(riverbend).cell_counts()
    assert (again.report["kept"], again.report["merged"]) == (0, 0)
    assert again.report["set_aside"] == {"duplicate": 60}
    assert again.report["events"] == 60
    assert all(np.array_equal(one, other) for one, other in zip(before, after, strict=True))


def test_one_file_named_twice_is_read_once(riverbend: Agency, tmp_path: Path) -> None:
    path = a_city(tmp_path)
    copy = str(shutil.copy(path, tmp_path / "copy.csv"))
    done = actions.import_files(riverbend, [path, path, copy, str(tmp_path / "c*.csv")])
    assert (done.report["files"], done.report["read"]) == (1, 60)


def test_a_later_file_can_add_a_layer_to_a_known_incident(riverbend: Agency, tmp_path: Path) -> None:
    first = HEADING + row("R-1") + row("R-2", at=PLACES[1])
    actions.import_files(riverbend, [a_file(tmp_path, first)])
    later = HEADING + row("R-1", kind="ARREST") + row("R-2", kind="THEFT", at=PLACES[1])
    done = actions.import_files(riverbend, [a_file(tmp_path, later, "arrests.csv")])
    assert (done.report["kept"], done.report["merged"], done.report["set_aside"]) == (0, 1, {"duplicate": 1})
    counts = lake.Lake(riverbend).cell_counts()
    assert (counts.investigation.sum(), counts.enforcement.sum(), counts.either.sum()) == (2, 1, 2)


def test_counts_agree_with_a_slow_count_over_the_file(riverbend: Agency, tmp_path: Path) -> None:
    path = a_city(tmp_path)
    actions.import_files(riverbend, [path])
    here = lake.Lake(riverbend)
    expected: Counter[int] = Counter()
    enforced: Counter[int] = Counter()
    for line in Path(path).read_text().splitlines()[1:]:
        _, _when, kind, lat, lon = line.split(",")
        cell = h3.latlng_to_cell(*h3.cell_to_latlng(h3.latlng_to_cell(float(lat), float(lon), 10)), 8)
        expected[cell] += 1
        enforced[cell] += kind == "ARREST"
    counts = here.cell_counts(8)
    assert dict(zip(counts.cells.tolist(), counts.either.tolist(), strict=True)) == expected
    assert dict(zip(counts.cells.tolist(), counts.enforcement.tolist(), strict=True)) == enforced
    march = here.cell_counts(8, window=(date(2026, 3, 1), date(2026, 3, 31)))
    assert march.either.sum() == 20
    assert here.cell_counts(8, window=(date(2026, 3, 11), date(2026, 3, 31))).either.sum() == 0
    assert here.months() == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]
    assert (here.first, here.last) == (date(2026, 1, 10), date(2026, 3, 10))


def test_events_carry_time_layers_and_cells_and_nothing_else(riverbend: Agency, tmp_path: Path) -> None:
    actions.import_files(riverbend, [a_city(tmp_path)])
    here = lake.Lake(riverbend)
    events = here.events(layer="enforcement")
    assert len(events.cells) == 15
    assert set(events.layers.tolist()) == {2}
    assert str(events.times.min()) == "2026-01-10T12:00:00"
    with pytest.raises(ValueError, match="nothing finer"):
        here.cell_counts(11)


def test_an_empty_lake_answers_with_nothing(riverbend: Agency) -> None:
    here = lake.Lake(riverbend)
    assert here.is_empty
    assert len(here.cell_counts(8).cells) == len(here.events().cells) == len(here.months()) == 0


def test_undated_counts_are_a_lake_of_their_own(riverbend: Agency, tmp_path: Path) -> None:
    counts = "block_address,incidents,latitude,longitude\n1 A ST,5,39.1,-84.5\n2 B ST,7,39.1,-84.5\n"
    actions.import_files(riverbend, [a_file(tmp_path, counts, "counts.csv")])
    actions.import_files(riverbend, [a_city(tmp_path)])
    undated = lake.Lake(riverbend, "undated")
    assert undated.cell_counts(8).either.sum() == undated.total == 12
    assert undated.months() == []
    assert lake.Lake(riverbend).cell_counts(8).either.sum() == 60


def test_names_badges_addresses_text_and_case_numbers_never_reach_the_lake(
    riverbend: Agency, tmp_path: Path
) -> None:
    text = (
        "Incident Number,Date Occurred,Crime Type,Officer Name,Badge ID,Victim,Narrative,Block Address,Latitude,"
        "Longitude\nCASE4711,2026-03-04 18:30:00,THEFT,SGT QUARTERMAINE,B99123,MRS DALLOWAY,"
        "she said zanzibar,742 EVERGREEN TERRACE,39.123456,-84.543210\n"
    )
    done = actions.import_files(riverbend, [a_file(tmp_path, text)])
    assert done.report["kept"] == 1
    dropped = {"Officer Name", "Badge ID", "Victim", "Narrative", "Block Address"}
    assert set(done.report["dropped_fields"]) == dropped
    secrets = [b"CASE4711", b"QUARTERMAINE", b"B99123", b"DALLOWAY", b"zanzibar", b"EVERGREEN", b"39.1234"]
    secrets.append(np.float64(39.123456).tobytes())
    for path in [path for path in data.folder().rglob("*") if path.is_file()]:
        content = path.read_bytes()
        assert not [secret for secret in secrets if secret in content], path.name
    [part] = LakePart.objects.filter(of=done)
    assert (
        b"THEFT" in (lake.folder(riverbend) / part.path).read_bytes()
    )  # the search would find what is there


def test_two_agencies_hash_the_same_number_differently(
    riverbend: Agency, elsewhere: Agency, tmp_path: Path
) -> None:
    path = a_file(tmp_path, HEADING + row())
    for agency in (riverbend, elsewhere):
        actions.import_files(agency, [path])
    ids = {_ids(agency) for agency in (riverbend, elsewhere)}
    assert len(ids) == 2


def _ids(agency: Agency) -> int:
    here = lake.Lake(agency)
    with here._open(None) as con:
        [(name,)] = con.execute("SELECT id FROM events").fetchall()
    return int(name)


def test_rows_set_aside_are_listed_by_file_line_and_reason(riverbend: Agency, tmp_path: Path) -> None:
    text = HEADING + row("R-1") + row("R-2", when="1900-01-01") + row("R-3", at="0,0")
    done = actions.import_files(riverbend, [a_file(tmp_path, text)])
    assert list(lake.set_aside(done)) == [
        ("calls.csv", 3, "unreadable or impossible date"),
        ("calls.csv", 4, "at 0,0 or a projection's origin"),
    ]


def test_a_refused_file_writes_nothing(riverbend: Agency, tmp_path: Path) -> None:
    with pytest.raises(CannotImport):
        actions.import_files(riverbend, [a_file(tmp_path, "")])
    assert Import.objects.count() == 0
    text = HEADING + "".join(row(f"R-{at}", kind=f"text {at}") for at in range(3001))
    with pytest.raises(CannotImport):
        actions.import_files(riverbend, [a_file(tmp_path, text)])
    [record] = Import.objects.all()
    assert record.state == State.FAILED
    assert "text and no category" in str(record.error)
    assert lake.Lake(riverbend).is_empty
    assert [path.name for path in lake.folder(riverbend).iterdir()] == [".lock"]


def test_two_imports_of_one_agency_take_turns_and_of_two_agencies_do_not(
    riverbend: Agency, elsewhere: Agency, tmp_path: Path
) -> None:
    path = a_city(tmp_path)
    with (lake.folder(riverbend) / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(actions.AnotherImportIsRunning):
            actions.import_files(riverbend, [path])
        assert actions.import_files(elsewhere, [path]).state == State.DONE
    assert actions.import_files(riverbend, [path]).state == State.DONE


def test_orphans_are_swept_and_what_the_manifest_speaks_of_stays(riverbend: Agency, tmp_path: Path) -> None:
    first = actions.import_files(riverbend, [a_city(tmp_path)])
    orphan = lake.folder(riverbend) / "orphan1234"
    shutil.copytree(lake.folder(riverbend) / first.public_id, orphan)
    actions.import_files(riverbend, [a_city(tmp_path, "more.csv", start=60)])
    assert not orphan.exists()
    assert lake.Lake(riverbend).cell_counts().either.sum() == 120


def test_the_newest_import_can_be_taken_back_and_an_older_one_only_after_it(
    riverbend: Agency, tmp_path: Path
) -> None:
    first = actions.import_files(riverbend, [a_city(tmp_path)])
    second = actions.import_files(riverbend, [a_city(tmp_path, "more.csv", start=30)])
    assert lake.Lake(riverbend).total == 90
    with pytest.raises(actions.LaterImportsFirst):
        actions.take_back(first, by=None)
    actions.take_back(second, by=None)
    assert lake.Lake(riverbend).cell_counts().either.sum() == 60
    actions.take_back(first, by=None)
    assert lake.Lake(riverbend).is_empty
    assert AuditEntry.objects.filter(verb="took back").count() == 2


def test_a_lost_key_is_noticed_before_anything_is_counted_twice(
    riverbend: Agency, tmp_path: Path, settings: Any
) -> None:
    path = a_city(tmp_path)
    actions.import_files(riverbend, [path])
    (Path(settings.DATA) / "keys" / lake_keys.RING).unlink()
    with pytest.raises(actions.KeyIsGone, match="put keys/incident-ids back"):
        actions.import_files(riverbend, [path])
    assert lake.Lake(riverbend).total == 60


def test_the_agencys_words_decide_the_layer_from_the_next_import_on(
    riverbend: Agency, tmp_path: Path
) -> None:
    actions.set_rules(riverbend, by=None, enforcement=["THEFT"], investigation=["*ARREST*"])
    actions.import_files(riverbend, [a_city(tmp_path)])
    counts = lake.Lake(riverbend).cell_counts(8)
    assert (counts.enforcement.sum(), counts.investigation.sum()) == (45, 15)
    with pytest.raises(actions.RulesAreWrong):
        actions.set_rules(riverbend, by=None, enforcement=["*"])
    assert Rules.of(riverbend).enforcement == ["THEFT"]


def test_old_drafts_and_their_files_do_not_stay(riverbend: Agency, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files.base import ContentFile

    record = actions.upload(riverbend, [ContentFile((HEADING + row()).encode(), "calls.csv")], by=None)
    assert actions.forget_old_drafts() == 0
    monkeypatch.setattr(actions, "DRAFTS_LIVE", -actions.DRAFTS_LIVE)
    assert actions.forget_old_drafts() == 1
    assert not list(data.folder("uploads", "incidents").iterdir())
    assert not Import.objects.filter(pk=record.pk).exists()


# -- whether both layers are of one involvement -----------------------------------------------------
def apart(agency: Agency) -> float:
    """Events with enforcement that no investigation speaks of."""
    counts = lake.Lake(agency).cell_counts()
    return float((counts.either - counts.investigation).sum())


def test_an_arrest_flag_leaves_no_enforcement_of_its_own(riverbend: Agency, tmp_path: Path) -> None:
    heading = "Incident Number,Date Occurred,Crime Type,Arrest,Latitude,Longitude\n"
    rows = (f"F-{at},2026-03-04,THEFT,{at % 2 == 0},{PLACES[at % 3]}\n" for at in range(9))
    actions.import_files(riverbend, [a_file(tmp_path, heading + "".join(rows), "flagged.csv")])
    counts = lake.Lake(riverbend).cell_counts()
    assert (counts.either.sum(), counts.enforcement.sum()) == (9, 5)
    assert apart(riverbend) == 0


def test_arrests_by_the_incidents_own_numbers_are_of_them_and_others_are_not(
    riverbend: Agency, tmp_path: Path
) -> None:
    incidents = a_file(tmp_path, HEADING + row("R-1") + row("R-2") + row("R-3"), "incidents.csv")
    arrests = a_file(tmp_path, HEADING + row("R-2", kind="ARREST"), "arrests.csv")
    others = a_file(tmp_path, HEADING + row("A-7", kind="ARREST"), "others.csv")
    actions.import_files(riverbend, [incidents])
    actions.import_files(riverbend, [arrests])
    assert apart(riverbend) == 0
    actions.import_files(riverbend, [others])
    assert apart(riverbend) == 1
