"""The file of a backup: whole or refused, and gone on with where it was left."""

import os
from pathlib import Path

import pytest

from alongside.core.backup import archive, folder, keyring
from alongside.core.backup.archive import HEAD, NotOurs, NotWhole, part_of

HEADS = {"format": 1, "id": "7fq2mz9k4b", "home": "/srv/alongside/var"}
LAKE = os.urandom(5000)


@pytest.fixture
def lake(tmp_path) -> Path:
    path = tmp_path / "events.parquet"
    path.write_bytes(LAKE)
    return path


def begun(path: Path, head=HEADS):
    return archive.writing(path, head, same=("home",))


def sealed(path: Path, lake: Path) -> Path:
    with begun(path) as writer:
        writer.add_file("files/lake/events.parquet", lake)
        writer.add("rows/walk.jsonl", b"[1]")
        writer.seal({"keys": False}, [HEAD, "files/lake/events.parquet", "rows/walk.jsonl"])
    return path


def test_what_went_in_comes_out(tmp_path, lake):
    path = sealed(tmp_path / "town.backup", lake)
    assert path.stat().st_mode & 0o777 == 0o600
    assert not part_of(path).exists()
    with archive.reading(path) as reader:
        assert reader.read("rows/walk.jsonl") == b"[1]"
        reader.write("files/lake/events.parquet", tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == LAKE
    assert (tmp_path / "again").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "again").stat().st_mtime == pytest.approx(lake.stat().st_mtime, abs=0.001)


def test_a_file_cut_short_anywhere_is_refused(tmp_path, lake):
    path = sealed(tmp_path / "town.backup", lake)
    held = path.read_bytes()
    for size in range(0, len(held) - 12_000, 397):
        path.write_bytes(held[:size])
        with pytest.raises((NotWhole, NotOurs)), archive.reading(path):
            pass


def test_a_changed_byte_is_refused_or_changes_nothing(tmp_path, lake):
    path = sealed(tmp_path / "town.backup", lake)
    held = path.read_bytes()
    refused = 0
    for place in range(0, len(held), 211):
        changed = bytearray(held)
        changed[place] ^= 0x41
        path.write_bytes(changed)
        try:
            with archive.reading(path) as reader:
                assert reader.read("rows/walk.jsonl") == b"[1]"
                assert archive._bytes_of(reader.file, reader.members["files/lake/events.parquet"]) == LAKE
        except (NotWhole, NotOurs):
            refused += 1
    assert refused > len(LAKE) // 211, "the premise: bytes of the members are among them"


@pytest.mark.parametrize("held", [b"", b"no tar at all", b"\x1f\x8b" + b"0" * 2000, b"\0" * 10_240])
def test_what_is_no_backup_is_refused(tmp_path, held):
    (tmp_path / "town.backup").write_bytes(held)
    with pytest.raises((NotWhole, NotOurs)), archive.reading(tmp_path / "town.backup"):
        pass
    with pytest.raises(NotOurs), archive.reading(tmp_path / "nothing"):
        pass


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "files/../../out", ""])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path, name):
    with begun(tmp_path / "town.backup") as writer:
        writer.add(name, b"out")
        writer.seal({}, [HEAD, name])
    with pytest.raises(NotWhole), archive.reading(tmp_path / "town.backup"):
        pass


def test_it_goes_on_behind_what_is_whole_and_copies_nothing_twice(tmp_path, lake):
    path = tmp_path / "town.backup"
    with pytest.raises(KeyboardInterrupt), begun(path) as writer:
        writer.add_file("files/one", lake)
        writer.add_file("files/two", lake)
        raise KeyboardInterrupt
    part = part_of(path)
    part.write_bytes(part.read_bytes()[:-700])  # the second was being written
    with begun(path, {**HEADS, "id": "another"}) as writer:
        assert [*writer.members] == [HEAD, "files/one"]
        assert writer.head["id"] == HEADS["id"]
        writer.add_file("files/two", lake)
        writer.seal({}, [HEAD, "files/one", "files/two"])
    with archive.reading(path) as reader:
        assert reader.read("files/two") == LAKE


def test_what_another_install_began_is_not_gone_on_with(tmp_path, lake):
    path = tmp_path / "town.backup"
    with pytest.raises(KeyboardInterrupt), begun(path):
        raise KeyboardInterrupt
    with (
        pytest.raises(NotOurs, match="begun with another install"),
        begun(path, {**HEADS, "home": "/elsewhere"}),
    ):
        pass
    part_of(path).write_bytes(b"a film" * 500_000)
    with pytest.raises(NotOurs, match="no backup that was interrupted"), begun(path):
        pass
    assert part_of(path).stat().st_size == 3_000_000, "nobody's file is written over"


def test_two_do_not_write_one_file_and_none_is_written_over(tmp_path, lake):
    path = tmp_path / "town.backup"
    with begun(path), pytest.raises(NotOurs, match="being written"), begun(path):
        pass
    part_of(path).unlink()
    sealed(path, lake)
    with pytest.raises(NotOurs, match="stands already"), begun(path):
        pass


def test_a_file_that_changes_while_it_is_read_is_read_again(tmp_path, lake):
    seen = []
    lake.write_bytes(LAKE * 10)  # more than is read at one time

    def change(_count):
        if not seen:
            seen.append(1)
            lake.write_bytes(LAKE[::-1] * 20)

    with begun(tmp_path / "town.backup") as writer:
        member = writer.add_file("files/lake", lake, change)
        assert writer.add_file("files/gone", tmp_path / "gone") is None
        writer.seal({}, [HEAD, "files/lake"])
    assert member.size == 20 * len(LAKE)
    with archive.reading(tmp_path / "town.backup") as reader:
        assert reader.read("files/lake") == LAKE[::-1] * 20


# -- keys -------------------------------------------------------------------------------------------
def test_keys_open_by_their_passphrase_and_in_their_backup_only(monkeypatch):
    monkeypatch.setattr(keyring, "COST", 2**10)
    held = keyring.shut({"codes": "abc"}, "walk with us", of="one")
    assert b"abc" not in held
    assert keyring.opened(held, "walk with us", of="one") == {"codes": "abc"}
    for words, backup in (("walk without us", "one"), ("walk with us", "two")):
        with pytest.raises(keyring.WrongPassphrase):
            keyring.opened(held, words, of=backup)


# -- what goes along --------------------------------------------------------------------------------
def test_all_of_the_folder_goes_but_what_is_named(tmp_path):
    for name in (
        "alongside.sqlite3",
        "counters.sqlite3-wal",
        "demo-key",
        "keys/codes",
        "backups/old",
        "staging/1/draft.csv",
        "lake/1/.lock",
        "lake/1/part/events.parquet",
        "media/field/a.jpg",
        "of-a-room-to-come/x",
        ".restoring",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "media" / "passwd").symlink_to("/etc/passwd")
    assert [name for name, _path in folder.files(tmp_path)] == [
        "lake/1/part/events.parquet",
        "media/field/a.jpg",
        "of-a-room-to-come/x",
    ]
