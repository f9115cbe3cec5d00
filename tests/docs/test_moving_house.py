"""What the pages on backups and upgrades say to paste does what they say: from one version to the next, and back."""

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from alongside.cli.__main__ import alongside
from alongside.cli.moving import PASSPHRASE
from tests.docs import pasted
from tests.docs.test_readme import SERVE, fresh_clone, understood
from tests.docs.test_readme import pasted as serving
from tests.docs.test_reference import ROOT

HOWTO = ROOT / "docs" / "howto"
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
NEXT = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("weather", "{last}")]
    operations = [migrations.CreateModel("Cloud", [("id", models.BigAutoField(primary_key=True))])]
"""


def test_every_command_that_a_page_shows_is_one_with_its_options(tmp_path, monkeypatch):
    shown = [(page.name, words) for page in PAGES for words in pasted.of_ours(page)]
    assert len(shown) > 25, "the premise"
    assert {page for page, _words in shown} >= {"backup.md", "upgrade.md", "run.md"}, "the premise"
    monkeypatch.chdir(tmp_path)
    for _page, words in shown:
        for word in words:
            if re.fullmatch(r"[\w$/-]+\.[\w.]+", word):
                there = tmp_path / word
                there.parent.mkdir(parents=True, exist_ok=True)
                there.touch()
        understood(alongside, words)


def in_git(where: Path, *words: str) -> None:
    us = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", *us, *words], cwd=where, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Two versions, BEFORE and NEXT, between which a room gets a table; the first stands."""
    clone = fresh_clone(tmp_path / "alongside")
    migrations = clone / "src" / "alongside" / "weather" / "migrations"
    last = max(path.stem for path in migrations.glob("0*.py"))
    in_git(clone, "add", "-A", "src", "bin", "requirements")
    in_git(clone, "commit", "--quiet", "--allow-empty", "-m", "before")
    in_git(clone, "tag", "BEFORE")
    (migrations / "9999_next.py").write_text(NEXT.format(last=last))
    in_git(clone, "add", "-A", "src")
    in_git(clone, "commit", "--quiet", "-m", "next")
    in_git(clone, "tag", "NEXT")
    in_git(clone, "checkout", "--quiet", "BEFORE")
    return clone


def tables(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "alongside.sqlite3")) as rows:
        return {name for (name,) in rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


@pytest.mark.heavy
def test_an_upgrade_and_the_way_back_word_for_word(checkout, founded, tmp_path):
    folder, _environment = founded
    var, back, copies = checkout / "var", checkout / "back", tmp_path / "copies"
    copies.mkdir()
    shutil.copytree(folder / "data", var)
    for name in ("lake/1/first/events-0.parquet", "media/field/lamp.jpg"):
        (var / name).parent.mkdir(parents=True, exist_ok=True)
        (var / name).write_bytes(b"as it was")

    def paste(block: str) -> str:
        for said, meant in {"/mnt/copies": copies, "/srv/alongside": checkout}.items():
            block = block.replace(said, str(meant))
        for made in (var / "backups").glob("before-upgrade-*.backup"):
            block = re.sub(r"before-upgrade-\d{8}T\d{6}\.backup", made.name, block)
        done = subprocess.run(
            ["bash", "-euc", block],
            cwd=checkout,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                PASSPHRASE: "walk with us on tuesdays",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}{done.stderr}"
        return done.stdout

    backing_up, upgrading, going_back, *_others = pasted.blocks(HOWTO / "upgrade.md")
    paste(backing_up)
    assert len([*copies.glob("*.backup")]) == 1
    assert SERVE in upgrading
    paste(upgrading.replace(SERVE, ""))
    with serving(SERVE, checkout):
        assert "weather_cloud" in tables(var)
    (var / "media" / "field" / "lamp.jpg").unlink()  # as somebody had it deleted since

    paste(going_back)
    assert "weather_cloud" not in tables(back)
    assert (back / "lake/1/first/events-0.parquet").read_bytes() == b"as it was"
    assert (back / "keys" / "codes").read_bytes() == (var / "keys" / "codes").read_bytes()
    assert "agencies_agency" in tables(back)

    var.rename(checkout / "var-after")
    back.rename(var)  # from now on it is the one that is served
    backing_up, restoring, *_others = pasted.blocks(HOWTO / "backup.md")
    paste(backing_up)
    assert "Restored" in paste(restoring)
    new = checkout / shlex.split(restoring)[0].rpartition("/")[2]
    assert (new / "keys" / "codes").read_bytes() == (var / "keys" / "codes").read_bytes()
