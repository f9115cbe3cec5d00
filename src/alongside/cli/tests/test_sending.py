"""A backup at an address: what is deleted since is told beside it, whenever it can be reached."""

import json
import os
import time

import pytest

from alongside.core import copies
from alongside.core.backup import archive, erased, making, restoring, sending
from alongside.core.backup.archive import NotOurs
from alongside.core.stores import place
from alongside.media import actions as media
from alongside.media.tests.test_pictures import a_picture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def town(tmp_path, settings):
    settings.DATA = tmp_path / "data"
    return place(f"file://{tmp_path}/share/town.backup")


def sent(town):
    draft = sending.draft_of(town)
    made = making.make(draft, known_as=town)
    sending.send(made, town)
    return made


def told(town):
    """What whoever restores it reads beside it."""
    with archive.reading(town) as reader:
        return restoring.what_was_erased(reader)


def test_it_is_there_and_not_here_and_nothing_is_written_over_it(town):
    made = sent(town)
    with archive.reading(town) as reader:
        assert reader.seal["id"] == made.id
    assert not sending.draft_of(town.with_name("other.backup")).parent.joinpath("town.backup").exists()
    with pytest.raises(NotOurs, match="stands already"):
        sending.draft_of(town)


def test_what_was_made_before_is_sent_if_it_is_what_is_wanted(town):
    draft = sending.draft_of(town)
    made = making.make(draft, known_as=town)
    assert sending.made_before(draft, with_keys=False) == made
    assert sending.made_before(draft, with_keys=True) is None
    assert not draft.exists(), "one without keys is not sent as one with"


def test_what_was_deleted_is_told_beside_it_once_it_can_be_reached(town, riverbend, tmp_path):
    photo = a_picture(riverbend)
    made = sent(town)
    assert told(town)["files"] == []
    away = tmp_path / "away"
    (tmp_path / "share").rename(away)
    (tmp_path / "share").write_text("nothing can be read below")
    media.refuse(photo, by=None)
    assert erased.write_down() == 1
    assert json.loads(made.erased.read_text())["files"] == [photo.kept_as]
    assert erased.write_down() == 0
    (tmp_path / "share").unlink()
    away.rename(tmp_path / "share")
    erased.write_down()
    assert told(town)["files"] == [photo.kept_as]


def test_what_nobody_went_on_sending_goes_after_a_day(town):
    draft = sending.draft_of(town)
    making.make(draft, known_as=town)
    copies.sweep()
    assert draft.exists()
    long_ago = time.time() - 2 * 24 * 3600
    os.utime(draft, (long_ago, long_ago))
    copies.sweep()
    assert not draft.exists()
