"""A backup goes where it can stand; not into what it is a backup of, where each would hold all before it."""

from pathlib import Path

import pytest

from alongside.core.backup.making import NoPlace, check_place


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    for name in ("data/lake", "data/backups", "copies"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "by-another-name").symlink_to(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("-", "goes into a file"),
        ("copies", "is a folder"),
        (".", "is a folder"),
        ("nowhere/town.backup", "no folder nowhere"),
        ("data/town.backup", "in the data folder"),
        ("data/lake/town.backup", "in the data folder"),
        ("by-another-name/town.backup", "in the data folder"),
        ("copies/../data/town.backup", "in the data folder"),
    ],
)
def test_where_it_cannot_stand_is_said_before_anything_is_done(home, place, why):
    with pytest.raises(NoPlace, match=why):
        check_place(Path(place), home)


@pytest.mark.parametrize(
    "place", ["town.backup", "copies/town.backup", "data/backups/town.backup", "copies/-x"]
)
def test_elsewhere_it_can(home, place):
    check_place(Path(place), home)
