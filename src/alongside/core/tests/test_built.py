"""What is built of the sources is as new as they are, or is known not to be."""

import os

import pytest

from alongside.core.built import Built

SHEET = Built(("assets/**/*.css", "lock.json"), stamp="build/.stamp", results=("build/sheet.css",))


@pytest.fixture
def root(tmp_path):
    for name in ("assets/core/a.css", "assets/walks/b.css", "lock.json", "build/sheet.css", "build/.stamp"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / SHEET.stamp).write_text(SHEET.today(tmp_path) + "\n")
    assert SHEET.is_fresh(tmp_path), "the premise"
    return tmp_path


def test_a_changed_source_makes_it_stale_whatever_its_date(root):
    source = root / "assets/walks/b.css"
    source.write_text("assets/walks/c.css")
    os.utime(source, (0, 0))
    assert not SHEET.is_fresh(root)


def test_so_does_a_source_that_came_went_or_moved(root):
    (root / "assets/new.css").write_text("new")
    assert not SHEET.is_fresh(root)
    (root / "assets/new.css").unlink()
    assert SHEET.is_fresh(root)
    (root / "assets/core/a.css").rename(root / "assets/a.css")
    assert not SHEET.is_fresh(root)


def test_what_an_editor_leaves_beside_a_source_is_none(root):
    (root / "assets/core/.a.css.swp.css").write_text("half")
    (root / "assets/core/a.css~").write_text("old")
    assert SHEET.is_fresh(root)


def test_what_was_never_built_is_not_fresh(root):
    (root / SHEET.stamp).unlink()
    assert not SHEET.is_fresh(root)


def test_a_date_alone_does_not(root):
    os.utime(root / "assets/walks/b.css")
    assert SHEET.is_fresh(root)


@pytest.mark.parametrize("gone", [SHEET.stamp, *SHEET.results])
def test_without_its_stamp_or_its_result_it_is_not_built(root, gone):
    (root / gone).unlink()
    assert not SHEET.is_fresh(root)
