"""The drill: an install is moved, and moved back, while what moves it is killed. Every row and file is there again."""

import gzip
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from alongside.cli.tests.town import own_database
from alongside.core.backup import archive, erased
from alongside.core.backup.archive import part_of
from alongside.core.backup.restoring import RESTORING
from alongside.core.manifest import SOURCE

pytestmark = pytest.mark.heavy
WORDS = "walk with us on tuesdays"
# What a restored copy does by itself: it puts mail to rest and lets the clock go round, which publishes quarters that
# are over; a pass loses its old link. What a clock lets go of is certified; and the ledger says that it was restored.
MOVES = {
    "agencies.disposal",
    "followthrough.loaded",
    "ledger.entry",
    "field.pass",
    "outreach.mail",
    "jobs.job",
    "front.morning",
    "outreach.subscription",
    "outreach.firstmail",
    "gatherings.toldquarters",
    "field.quarterthemes",
    "field.quarterthemes_gatherings",
}
AGAIN = {"jobs.job", "ledger.entry"}


def begun(folder, *words, database="", **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "alongside.cli", *map(str, words)],
        env={
            **os.environ,
            "ALONGSIDE_DATA": str(folder),
            "DATABASE_URL": database,
            "PYTHONPATH": str(SOURCE.parent),
            "ALONGSIDE_BACKUP_PASSPHRASE": WORDS,
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(folder, *words, **how):
    """What it said, and its exit code."""
    process = begun(folder, *words, **how)
    said, wrong = process.communicate(timeout=300)
    return process.returncode, said + wrong


def killed(process, when):
    """kill -9 as soon as something is so; whether it was still at work."""
    end = time.monotonic() + 120
    while process.poll() is None and not when() and time.monotonic() < end:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode == -signal.SIGKILL


def holds(file):
    """Of each table its rows, counted and hashed; of each file its bytes, hashed."""
    with archive.reading(file) as reader:
        tables = {
            label: (about["rows"], about["last"], hash_of(reader.read(name) for name in about["in"]))
            for label, about in reader.seal["tables"].items()
        }
        files = {name: each.sha256 for name, each in reader.members.items() if name.startswith("files/")}
    return tables, files


def hash_of(chunks):
    """Of rows, whatever the order in which a database keeps the keys of JSON."""
    said = hashlib.sha256()
    for chunk in chunks:
        for line in gzip.decompress(chunk).decode().split("\n"):
            said.update(json.dumps(json.loads(line), sort_keys=True).encode())
    return said.hexdigest()


def on_disk(folder):
    return {
        f"files/{path.relative_to(folder)}": hashlib.sha256(path.read_bytes()).hexdigest()
        for top in ("lake", "media", "streets", "hotspots")
        for path in (folder / top).rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def copied(demo_city, folder):
    """A copy of it, in which every picture and every export came today: a restored copy's clock lets go of none."""
    shutil.copytree(demo_city, folder)
    with closing(sqlite3.connect(folder / "alongside.sqlite3")) as rows, rows:
        rows.execute("UPDATE media_picture SET received_at = datetime('now')")
        rows.execute("UPDATE records_export SET expires_on = date('now', '+30 days')")
    return folder


@pytest.fixture
def city(demo_city, tmp_path):
    """The demo city, with a lake of some size, so that there is a middle to be killed in."""
    folder = copied(demo_city, tmp_path / "city")
    (folder / "lake" / "1" / "older").mkdir()
    (folder / "lake" / "1" / "older" / "events-0.parquet").write_bytes(os.urandom(64 << 20))
    return folder


def test_a_city_is_moved_and_moved_back_though_everything_is_killed_half_way(city, tmp_path, monkeypatch):
    first, second, third, fourth = (tmp_path / f"{number}.backup" for number in range(4))

    # -- backing up, killed in the middle of the files and again in the rows ----------------------------------
    part = part_of(first)
    assert killed(begun(city, "backup", first, "--with-keys"), lambda: size(part) > 40 << 20)
    stood = size(part)
    assert not first.exists()
    assert stood > 40 << 20
    code, said = done(city, "backup", first, "--with-keys")
    assert code == 0, said
    tables, files = holds(first)
    assert files.items() >= on_disk(city).items()

    # -- restoring: into the file of SQLite, killed while files and then while rows are written -----------------
    home = tmp_path / "home"
    code, said = done(home, "restore", first, ALONGSIDE_BACKUP_PASSPHRASE="walk with them on mondays")
    assert (code, home.exists()) == (2, False), said
    assert "does not open the keys" in said
    for place in ("lake", "alongside.sqlite3"):
        assert killed(begun(home, "restore", first), lambda at=home / place: at.exists())
        assert (home / RESTORING).exists()
        code, said = done(home, "check")
        assert (code, "half restored" in said) == (2, True), said
    code, said = done(home, "restore", first)
    assert code == 0, said
    assert on_disk(home) == on_disk(city)
    assert not (home / RESTORING).exists()
    assert {
        path.name: path.stat().st_mode & 0o077 for path in home.rglob("*") if path.stat().st_mode & 0o077
    } == {}

    # -- and on the other database, and back ----------------------------------------------------------------------
    code, said = done(home, "backup", second, "--with-keys")
    assert code == 0, said
    past_their_time = {model._meta.label_lower for model, _holds in erased.watched()}
    same(holds(second), (tables, files), but=MOVES | past_their_time)
    away = tmp_path / "away"
    monkeypatch.setenv("DATABASE_URL", other_database())
    with own_database() as environment:
        database = environment["DATABASE_URL"]
        assert killed(
            begun(away, "restore", second, database=database), lambda: (away / "keys" / "session").exists()
        )
        code, said = done(away, "restore", second, database=database)
        assert code == 0, said
        code, said = done(away, "backup", third, "--with-keys", database=database)
        assert code == 0, said
        same(holds(third), holds(second), but=AGAIN)  # its clock had gone round already
    back = tmp_path / "back"
    code, said = done(back, "restore", third)
    assert code == 0, said
    assert on_disk(back) == on_disk(city)
    assert [(city / "keys" / name).read_text() for name in ("codes", "links", "incident-ids")] == [
        (back / "keys" / name).read_text() for name in ("codes", "links", "incident-ids")
    ]
    code, said = done(back, "restore", third)
    assert (code, "not empty" in said) == (2, True), said
    code, said = done(back, "backup", fourth)
    assert code == 0, said
    same(holds(fourth), holds(third), but=AGAIN)
    code, said = done(city, "ledger", "export", "riverbend", tmp_path / "before.jsonl")
    assert code == 0, said
    *_before, last = map(json.loads, (tmp_path / "before.jsonl").read_text().splitlines())
    code, said = done(back, "ledger", "export", "riverbend", tmp_path / "after.jsonl")
    assert code == 0, said
    code, said = done(back, "ledger", "verify", tmp_path / "after.jsonl", "--head", last["hash"])
    assert (code, "what follows is growth" in said) == (0, True), said


def other_database():
    url = os.environ.get("TEST_POSTGRES", "none")
    if url == "none":
        pytest.skip("needs a PostgreSQL: bin/test heavy starts one")
    return url


def size(path):
    return path.stat().st_size if path.exists() else 0


def same(one, other, *, but):
    (tables, files), (others, their_files) = one, other
    assert files == their_files
    assert set(tables) == set(others)
    differing = {label for label in tables if tables[label] != others[label]}
    assert differing <= but, {label: (tables[label][:2], others[label][:2]) for label in differing - but}


def test_a_backup_without_keys_says_what_is_lost_and_one_of_tomorrow_is_refused(city, tmp_path):
    file, home = tmp_path / "town.backup", tmp_path / "home"
    code, said = done(city, "backup", file)
    assert (code, "codes on printed cards" in said) == (0, True), said
    code, said = done(home, "restore", file)
    assert (code, home.exists()) == (2, False)
    assert "codes on printed cards" in said
    assert "--without-keys" in said
    migrations = {"walks": ["9999_of_tomorrow"]}
    packages = {"walks": "alongside.walks"}
    with archive.writing(tmp_path / "tomorrow.backup", {"format": 1, "id": "x"}, same=()) as writer:
        writer.seal({"migrations": migrations, "packages": packages}, [archive.HEAD])
    code, said = done(home, "restore", tmp_path / "tomorrow.backup")
    assert (code, home.exists()) == (2, False)
    assert "newer Alongside" in said
