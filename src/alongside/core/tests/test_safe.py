"""The data folder is for its owner's eyes: what stands open is closed, and what cannot be closed is named."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from alongside.core import data, safe
from alongside.core.files import whole


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As the version before left it."""
    folder = tmp_path / "data"
    for path in (
        folder / "lake" / "1" / "events.parquet",
        folder / "keys" / "session",
        folder / "db.sqlite3",
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("what was said")
        path.chmod(0o644)
    for each in (folder, *folder.rglob("*")):
        if each.is_dir():
            each.chmod(0o755)
    return folder


def stand_open(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for path in (folder, *folder.rglob("*"))
        if not path.is_symlink() and path.stat().st_mode & safe.OTHERS
    }


def test_what_a_version_before_left_open_is_closed_once(folder):
    assert len(stand_open(folder)) == 7
    assert safe.enter(folder)
    assert safe.close(folder) == 6
    assert not stand_open(folder)
    assert not list(safe.open_ones(folder))
    assert not safe.enter(folder)
    assert safe.close(folder) == 0


def test_what_its_owner_may_do_stays(folder):
    tool = folder / "tool"
    tool.write_text("")
    tool.chmod(0o755)
    safe.close(folder)
    assert stat.S_IMODE(tool.stat().st_mode) == 0o700
    assert (folder / "keys" / "session").read_text() == "what was said"


def test_a_folder_is_made_closed(tmp_path):
    assert not safe.enter(tmp_path / "new")
    assert not stand_open(tmp_path / "new")


def test_a_link_is_named_and_not_followed(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "of-others").write_text("")
    (elsewhere / "of-others").chmod(0o644)
    (folder / "away").symlink_to(elsewhere)
    (folder / "away-too").symlink_to(elsewhere / "of-others")
    (folder / "nowhere").symlink_to(tmp_path / "nothing")
    safe.enter(folder)
    safe.close(folder)
    assert stand_open(elsewhere)  # whoever put it there looks after it
    assert {path.name for path, _why in safe.open_ones(folder)} == {"away", "away-too", "nowhere"}


def test_the_data_folder_itself_may_be_a_link(folder, tmp_path):
    (tmp_path / "var").symlink_to(folder)
    safe.enter(tmp_path / "var")
    safe.close(tmp_path / "var")
    assert not stand_open(folder)


def test_what_stands_open_later_is_named(folder):
    safe.enter(folder)
    safe.close(folder)
    (folder / "db.sqlite3").chmod(0o640)
    ((path, why),) = safe.open_ones(folder)
    assert (path.name, why.partition(":")[0]) == ("db.sqlite3", "can be read by others")


def test_a_folder_of_somebody_else_is_refused(folder, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    with pytest.raises(safe.NotOurs, match=r"belongs to .* and this runs as .* chown -R"):
        safe.enter(folder)
    assert all("belongs to" in why for _path, why in safe.open_ones(folder))


def test_a_file_in_it_that_we_may_not_close_is_refused(folder, monkeypatch):
    def not_permitted(_path: Path, _mode: int) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "chmod", not_permitted)
    with pytest.raises(safe.NotOurs, match="can be read by others"):
        safe.close(folder)


def test_what_we_write_is_closed_by_whatever_way_it_is_written(settings):
    """The settings, which every process of ours loads, leave a umask: so it holds for libraries, too."""
    safe.enter(settings.DATA)
    here = data.folder("lake", "1")
    (here / "plain").write_text("")
    with whole(here / "draft") as file:
        file.write(b"")
    (here / "as" / "deep").mkdir(parents=True)
    assert not stand_open(settings.DATA)
