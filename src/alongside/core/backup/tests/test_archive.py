"""The file of a backup: whole or refused, and gone on with where it was left."""

import hashlib
import io
import json
import os
import tarfile
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


def a_tar(path: Path, *members: tuple[str, bytes, dict[str, str]]) -> Path:
    """As somebody else may make one: names, bytes, and headers of their own."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for name, held, headers in members:
            about = tarfile.TarInfo(name)
            about.size = len(held)
            about.pax_headers = {archive.DIGEST: hashlib.sha256(held).hexdigest(), **headers}
            tar.addfile(about, io.BytesIO(held))
    return path


@pytest.mark.parametrize(
    "headers",
    [
        {"size": "-512"},
        {"size": "-1"},
        {"size": "-99999999999"},
        {"size": "0"},
        {"size": "9" * 30},
        {"mtime": "nan"},
        {"mtime": "1e400"},
        {"mtime": "-1e300"},
    ],
)
def test_a_header_that_leads_nowhere_is_refused(tmp_path, headers):
    held = b"x" * 600
    seal = json.dumps({"format": 1, "members": [[600, hashlib.sha256(held).hexdigest(), "files/a"]]}).encode()
    members = [(HEAD, b"{}", {}), ("files/a", held, {}), (archive.SEAL, seal, {})]
    with archive.reading(a_tar(tmp_path / "whole", *members)) as reader:
        assert [*reader.members] == ["files/a"], "the premise"
    members[1] = ("files/a", held, headers)
    with pytest.raises(NotWhole), archive.reading(a_tar(tmp_path / "bent", *members)):
        pass


@pytest.mark.parametrize(
    "seal",
    [b"", b"[]", b"null", b"{}", b'{"format": "1"}', b'{"format": 1, "members": 5}', b"\xff", b"[" * 99_999],
)
def test_a_seal_that_says_nothing_is_refused(tmp_path, seal):
    path = a_tar(tmp_path / "town.backup", (HEAD, b"{}", {}), (archive.SEAL, seal, {}))
    with pytest.raises(NotWhole), archive.reading(path):
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
    for held in (b"a film" * 500_000, b"a poem"):
        part_of(path).write_bytes(held)
        with pytest.raises(NotOurs, match="no backup that was interrupted"), begun(path):
            pass
        assert part_of(path).read_bytes() == held, "nobody's file is written over"


def test_a_head_that_was_being_written_is_written_anew(tmp_path, lake):
    path = tmp_path / "town.backup"
    sealed(path, lake)
    held = path.read_bytes()
    path.unlink()
    for size in (0, 1, 600, 1030):
        part_of(path).write_bytes(held[:size])
        sealed(path, lake).unlink()


def test_nobody_else_chooses_where_it_is_written(tmp_path, lake, monkeypatch):
    """Who may write beside it leaves a link, or a file that they go on reading."""
    path, theirs = tmp_path / "town.backup", tmp_path / "theirs"
    theirs.write_bytes(b"")
    part_of(path).symlink_to(theirs)
    with pytest.raises(NotOurs, match="cannot be written"), begun(path):
        pass
    part_of(path).unlink()
    theirs.rename(part_of(path))
    part_of(path).chmod(0o666)
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: os.getuid() + 1)
        with pytest.raises(NotOurs, match="belongs to another user"), begun(path):
            pass
    assert part_of(path).read_bytes() == b""
    assert sealed(path, lake).stat().st_mode & 0o077 == 0


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


@pytest.mark.parametrize(
    ("shut_with", "typed"),
    [
        ("pâté de campagne", "pa\u0302te\u0301 de campagne"),  # as another keyboard makes its letters
        ("walk with us on tuesdays", " walk with us on tuesdays\r\n"),
        ("\udcff bytes of no alphabet", "\udcff bytes of no alphabet"),
        ("по вторникам", "по вторникам"),
    ],
)
def test_the_same_words_open_however_they_are_typed(monkeypatch, shut_with, typed):
    monkeypatch.setattr(keyring, "COST", 2**10)
    assert keyring.opened(keyring.shut({"codes": "abc"}, shut_with, of="one"), typed, of="one") == {
        "codes": "abc"
    }


@pytest.mark.parametrize(
    "held", [b"", b"[]", b"{}", b'{"scrypt": 3, "salt": "", "nonce": "", "held": ""}', b"\xff"]
)
def test_what_are_no_keys_do_not_open(held):
    with pytest.raises(keyring.WrongPassphrase):
        keyring.opened(held, "walk with us", of="one")


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
