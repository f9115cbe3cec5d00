"""A backup that a version before has made is restored: in the shape of then, and brought up to date from there."""

import sqlite3
from contextlib import closing
from uuid import uuid4

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from tests.migrating import as_before, up_to_date

from alongside.agencies.models import Agency
from alongside.cli import database, resting
from alongside.core.backup import archive, erased, making, restoring, rows, seal
from alongside.media import actions as media
from alongside.media.models import Picture, PictureState
from alongside.media.tests.test_pictures import a_jpeg

pytestmark = [pytest.mark.heavy, pytest.mark.django_db(transaction=True)]
# The last version whose rows said nothing of how long a file is.
OF_BEFORE = {
    "field": "0010_origins_in_each_language",
    "followthrough": "0006_mails_of_before",
    "front": "0001_initial",
    "gatherings": "0017_addresses_are_subscriptions",
    "hotspots": "0006_one_voice_a_device",
    "incidents": "0001_initial",
    "jobs": "0002_no_note",
    "media": "0002_authored_words",
    "places": "0002_authored_words",
}
TO_BE_DELETED, KEPT = "forum:deleted", "forum:kept"


def columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {name for _place, name, *_about in cursor.execute(f"PRAGMA table_info({table})")}


def picture(origin: str) -> Picture:
    return Picture.objects.everywhere().get(origin=origin)


@pytest.fixture
def made(settings, tmp_path):
    """A backup of an install of before, with two pictures, whose files stand in its data folder."""
    settings.DATA = tmp_path / "before"
    leaves = dict(MigrationLoader(connection).graph.leaf_nodes()) | OF_BEFORE
    then = as_before(*leaves.items())
    assert "size" not in columns("media_picture"), "the premise"
    agency = then.get_model("agencies", "Agency").objects.create(
        slug="riverbend", name="Riverbend Police", timezone="America/New_York"
    )
    for origin in (TO_BE_DELETED, KEPT):
        row = then.get_model("media", "Picture").objects.create(
            agency=agency, public_id=uuid4().hex[:10], origin=origin, client_id=uuid4(), width=40, height=30
        )
        path = Picture(public_id=row.public_id, agency_id=agency.pk).file_path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(a_jpeg())
    return making.make(tmp_path / "town.backup")


def test_it_is_restored_and_measured_and_what_was_deleted_after_the_upgrade_stays_away(
    made, settings, tmp_path
):
    up_to_date()  # the install goes on in this version
    media.refuse(picture(TO_BE_DELETED), by=None)
    assert erased.write_down() == 1

    settings.DATA = tmp_path / "now"
    with closing(sqlite3.connect(":memory:")) as nothing:
        nothing.backup(connection.connection)
    with archive.reading(made.path) as reader, restoring.begun(settings.DATA, made.id):
        seal.check_stamp(reader)
        restoring.check_version(reader.seal)
        seal.check(reader)
        assert restoring.put_files(reader, settings.DATA) == 2
        restoring.put_rows(reader)
        assert "size" not in columns("media_picture"), "the premise: in the shape of then"
        database.bring_up_to_date(restoring=True)
        rested = resting.rest(restoring.what_was_erased(reader))
    assert rested.failed == []
    assert rested.erased.unknown == []
    assert Agency.objects.get().name == "Riverbend Police"
    kept, deleted = map(picture, (KEPT, TO_BE_DELETED))
    assert kept.size
    assert kept.is_whole
    assert deleted.state == PictureState.REFUSED
    assert not deleted.file_path.exists()
    assert rows.stamp(connection) == {
        app: [name] for app, name in MigrationLoader(connection).graph.leaf_nodes()
    }
