"""What is looked at before anything is made, and who may make it: one at a time, of names that lead nowhere else."""

import json

import pytest

from alongside.core.backup import archive, beside, restoring, seal
from alongside.core.backup.archive import FILES, HEAD, NotOurs
from alongside.core.backup.restoring import RESTORING, NotEmpty

SAID = {
    "id": "7fq2mz9k4b",
    "erased": "ab" * 32,
    "migrations": {"walks": ["0001_initial"]},
    "packages": {"walks": "alongside.walks"},
    "moment": "2026-11-30T10:07:27.268732+00:00",
    "tables": {
        "walks.walk": {"columns": ["id"], "rows": 1, "last": 1, "in": ["rows/walks.walk/00000.jsonl.gz"]}
    },
    "keys": False,
    "needs": {"codes": 3},
    "files": True,
    "stood": [],
}
MEMBERS = ("files/lake/1/events.parquet", "rows/walks.walk/00000.jsonl.gz")


def looked_at(folder, said=None, *, members=MEMBERS, more=()):
    """Whether a backup, whole and sealed, is one of ours."""
    path = folder / "town.backup"
    path.unlink(missing_ok=True)
    with archive.writing(path, {"format": 1}, same=()) as writer:
        for name in (*members, *more):
            writer.add(name, b"x")
        writer.seal(SAID | (said or {}), [HEAD, *members, *more])
    with archive.reading(path) as reader:
        seal.check_stamp(reader)
        restoring.check_version(reader.seal)
        seal.check(reader)


def test_one_of_ours_is_taken(tmp_path):
    looked_at(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        "keys/session",  # a key that somebody else knows
        "keys",
        "./keys/session",
        "lake/../keys/session",
        "lake//1",
        "alongside.sqlite3",
        "alongside.sqlite3-wal",
        "demo-key",
        "backups/x.known.json",
        "staging/1/a.csv",
        ".restoring",
        ".restoring/x",
        "lake/.lock",
        "lake/1",  # where another file needs a folder
        "lake/1/events.parquet/x",
        "",
        ".",
    ],
)
def test_a_file_that_stays_behind_or_leads_elsewhere_comes_from_no_backup(tmp_path, name):
    with pytest.raises(archive.Refusal):
        looked_at(tmp_path, more=[f"{FILES}{name}"])
    if not name.startswith("lake/1"):
        with pytest.raises(NotOurs):
            looked_at(tmp_path, {"files": False, "stood": [[name, 1]]})


@pytest.mark.parametrize(
    "said",
    [
        {"stood": [["../../etc/passwd", 1]]},
        {"stood": [["/etc/passwd", 1]]},
        {"stood": [["media/a", -1]]},
        {"migrations": {"walks": ["../0001"]}},
        {"migrations": {"walks": ["0001_initial"], "of_nobody": ["0001_initial"]}},
        {"packages": {"walks": "alongside.config.settings"}},
        {"packages": {"walks": "os"}},
        {"tables": {"walks.walk": {"columns": ['id") --'], "rows": 1, "last": 1, "in": []}}},
        {"tables": {"\x1b[2J": {"columns": [], "rows": 0, "last": 0, "in": []}}},
        {"tables": {"walks.walk": {"columns": [], "rows": 0, "last": -1, "in": []}}},
        {"tables": {"walks.walk": {"columns": [], "rows": 0, "last": 0, "in": [MEMBERS[0]]}}},
        {"tables": {"walks.walk": {"columns": [], "rows": 0, "last": 0, "in": ["rows/none"]}}},
        {"tables": {}},  # rows of no table
        {"keys": True},
        {"moment": "\x1b]0;yours\x07"},
        {"id": "../x"},
        {"needs": {"codes": "many"}},
        {"files": None},
    ],
)
def test_words_of_no_seal_of_ours_are_refused(tmp_path, said):
    with pytest.raises(NotOurs, match="not made by Alongside"):
        looked_at(tmp_path, said)


# -- FILE.erased ------------------------------------------------------------------------------------
ERASED = {
    "of": SAID["id"],
    "at": "2026-11-30",
    "rows": {"people.person": {"gone": [[1, 3]], "now": {}}},
    "files": [],
}
A_KEY = SAID["erased"]


def beside_it(folder, held: bytes, *, of=SAID["id"], key=A_KEY):
    beside.of(folder / "town.backup").write_bytes(held)
    return beside.read(folder / "town.backup", of=of, key=key)


def test_what_we_said_was_deleted_is_believed(tmp_path):
    assert beside.read(tmp_path / "town.backup", of=SAID["id"], key=A_KEY) is None
    assert beside_it(tmp_path, json.dumps(beside.sealed(ERASED, A_KEY)).encode()) == ERASED


@pytest.mark.parametrize(
    "held", [b"", b"[]", b"5", b"null", b"{}", b'{"of": "7fq2mz', b"\xff", b"[" * 99_999, b'{"sealed": 5}']
)
def test_what_says_nothing_is_refused(tmp_path, held):
    with pytest.raises(beside.NotRead):
        beside_it(tmp_path, held)


def test_what_somebody_else_wrote_or_is_of_another_backup_is_refused(tmp_path):
    """Any row of any table could be told to be gone, or to stand otherwise."""
    ours = beside.sealed(ERASED, A_KEY)
    edited = ours | {"rows": {"agencies.member": {"gone": [], "now": {"1": {"role": "administrator"}}}}}
    for said, how in (
        (edited, {}),
        (ERASED, {}),
        (beside.sealed(edited, "cd" * 32), {}),
        (ours, {"of": "another"}),
        (ours, {"key": "cd" * 32}),
    ):
        with pytest.raises(beside.NotRead):
            beside_it(tmp_path, json.dumps(said).encode(), **how)


# -- one at a time ----------------------------------------------------------------------------------
def test_what_was_left_half_made_is_begun_anew_by_one_at_a_time(tmp_path):
    home = tmp_path / "home"
    with restoring.begun(home, "one"):
        (home / "lake").mkdir()
        restoring.check_folder(home)  # a mark is there, and says nothing of who
        with pytest.raises(NotEmpty, match="Another command"), restoring.begun(home, "two"):
            pass
        assert (home / "lake").exists()
    assert restoring.is_begun(home)
    with restoring.begun(home, "two"):
        assert [path.name for path in home.iterdir()] == [RESTORING]
    assert home.stat().st_mode & 0o077 == 0


def test_whoever_looked_before_another_was_done_throws_nothing_away(tmp_path):
    home = tmp_path / "home"
    with restoring.begun(home, "one") as mark:
        restoring.check_folder(home)  # here the second looks, and reads its backup for a while
        (home / "lake").mkdir()
        mark.say(restoring.DONE)
    assert restoring.is_done(home)
    with pytest.raises(NotEmpty, match="Another command"), restoring.begun(home, "two"):
        pass
    (home / RESTORING).unlink()
    with pytest.raises(NotEmpty, match="not empty"), restoring.begun(home, "two"):
        pass
    assert (home / "lake").exists()
    assert not restoring.is_done(home)


def test_a_mark_that_leads_elsewhere_is_not_written_through(tmp_path):
    home, theirs = tmp_path / "home", tmp_path / "theirs"
    home.mkdir()
    theirs.write_text("a poem")
    (home / RESTORING).symlink_to(theirs)
    with pytest.raises(OSError), restoring.begun(home, "one"):
        pass
    assert theirs.read_text() == "a poem"
