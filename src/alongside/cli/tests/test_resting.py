"""A restored copy lies quiet: what another copy may have sent is not sent again, and what was let go of stays away."""

import gzip
import json
from datetime import datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from alongside.agencies.models import Bearer
from alongside.cli import resting
from alongside.cli.database import Damaged, bring_up_to_date
from alongside.core import clock, copies
from alongside.core.backup import archive, beside, erased, making, restoring, rows
from alongside.core.said import told_of
from alongside.followthrough import actions as concerns
from alongside.followthrough.models import Body, Change, Concern, Passing, Promise, Step, Word
from alongside.followthrough.passing import actions as passing
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.tests.cast import ben_says, member
from alongside.gatherings import actions as gatherings
from alongside.gatherings import jobs as clockwork
from alongside.gatherings.models import Gathering, Rsvp
from alongside.gatherings.tests.cast import a_gathering, answer
from alongside.outreach.models import Mail, Subscription

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def walk(riverbend):
    return a_gathering(riverbend)


def before(walk, days, hour):
    return clock.at(datetime.combine(walk.on - timedelta(days=days), time(hour), tzinfo=walk.agency.zone))


# -- mail -------------------------------------------------------------------------------------------
def test_what_waited_and_what_the_clock_would_say_by_now_is_not_sent_and_what_comes_later_is(walk):
    answer(walk, email="ben@example.org")
    assert Mail.objects.waiting().count() == 1, "the premise: the welcome waits"
    with before(walk, 2, 10):
        rested = resting.rest(None)
        assert (rested.mails, rested.untold, rested.failed) == (1, 1, [])
        clockwork.remind()
    assert not Mail.objects.waiting().exists(), "the reminder of today was told by the other copy"
    assert {str(mail.error) for mail in Mail.objects.all()} == {str(resting.WHY)}
    assert not Mail.objects.exclude(facts=None).exists(), "nothing opens by it"
    with before(walk, 0, 9):
        clockwork.remind()
    assert Mail.objects.waiting().count() == 1, "that of its day is still to come"


# -- what was let go of -----------------------------------------------------------------------------
def kept(tmp_path, settings):
    """A backup as it is now: its file, and what it knows to compare."""
    settings.DATA = tmp_path / "data"
    file = tmp_path / "town.backup"
    file.unlink(missing_ok=True)
    return making.make(file, with_files=False)


def told(made):
    """What stands beside it, read as a restore does."""
    with archive.reading(made.path) as reader:
        return restoring.what_was_erased(reader)


def in_the_folder(made):
    said = json.loads(made.erased.read_text())
    said.pop(beside.SEALED)
    return said


def back(model, row):
    """Put a row back as it was, as a restore does."""
    model._base_manager.filter(pk=row["id"]).delete()
    model._base_manager.bulk_create([model(**row)])


def test_what_was_emptied_deleted_or_ended_since_goes_again(walk, tmp_path, settings):
    ben = answer(walk, email="ben@example.org", name="Ben")
    eve = answer(walk, email="eve@example.org", name="Eve")
    made = kept(tmp_path, settings)
    then = {
        model: list(model._base_manager.order_by("pk").values()) for model in (Rsvp, Subscription, Bearer)
    }
    assert erased.write_down() == 1, "the first look"
    assert erased.write_down() == 0, "nothing has changed since"

    gatherings.forget_contact(ben)
    Rsvp.objects.filter(pk=eve.pk).update(name="")  # by any way at all
    Bearer.objects.filter(pk=then[Bearer][-1]["id"]).update(ended_at=clock.now())
    assert erased.write_down() == 1
    said = told(made)
    assert said == in_the_folder(made)
    assert "ben" not in json.dumps(said).lower(), "numbers, and nobody's words"

    for model, every in then.items():
        for row in every:
            back(model, row)
    assert Subscription.objects.count() == 2, "the premise: it is all there again"
    applied = erased.apply(said)
    assert applied.unknown == []
    assert {row.address for row in Subscription.objects.all()} == {"eve@example.org"}
    assert Rsvp.objects.get(pk=eve.pk).name == ""
    assert Bearer.objects.get(pk=then[Bearer][-1]["id"]).ended_at is not None
    connection.check_constraints()


def test_every_field_of_somebodys_words_and_every_digest_is_watched():
    watched = {(model, name) for model, holds in erased.watched() for name in holds}
    columns = {(model, name) for model, name, _keeping in told_of() if name in columns_of(model)}
    assert len(columns) > 15, "the premise"
    assert columns <= watched
    assert {model for model, name in watched if name == erased.STANDS} == {
        apps.get_model(label)
        for label in ("agencies.bearer", "agencies.member", "followthrough.concern", "media.picture")
    }


def test_a_concern_that_was_erased_comes_back_with_none_of_the_words_beside_it(
    riverbend, ada, tmp_path, settings
):
    concern = ben_says(riverbend, words=None, place="").concern
    concerns.clear(concern, summary="The lamp of Mrs. Hill is out.", by=ada)
    said = promises.Said(
        what="Mend it for Mrs. Hill", owner=member(ada, riverbend), due=riverbend.today(), concern=concern
    )
    promises.make(riverbend, said, by=ada)
    body = Body.objects.create(agency=riverbend, name="Works")
    passing.pass_on(concern, body=body, outcome="Mrs. Hill hears from them.", by=ada)
    made = kept(tmp_path, settings)
    models = (Concern, Step, Promise, Change, Passing, Word)
    then = {model: list(model._base_manager.order_by("pk").values()) for model in models}
    assert all(then.values()), "the premise"
    concerns.redact(concern, because="It named a neighbor.", by=ada)
    erased.write_down()
    said = told(made)
    Word._base_manager.all().delete()
    for model, every in then.items():
        for row in every:
            model._base_manager.filter(pk=row["id"]).update(**row)
            if not model._base_manager.filter(pk=row["id"]).exists():
                model._base_manager.bulk_create([model(**row)])
    assert "Hill" in all_of(models), "the premise: it is all there again"
    assert resting.rest(said).failed == []
    assert "Hill" not in all_of(models)
    assert not Word.objects.exists()
    assert str(Step.objects.get(deed="redacted").text) == "It named a neighbor."
    with clock.at(clock.now() + timedelta(days=1)):
        assert resting.rest(None).failed == [], "again is once"


def all_of(models):
    return "".join(str(list(model._base_manager.values())) for model in models)


def columns_of(model):
    return {field.attname for field in model._meta.concrete_fields}


def test_a_row_that_cannot_stand_as_it_was_goes(walk, tmp_path, settings):
    ben = answer(walk, email="ben@example.org", name="Ben")
    now = {"name": "", "gathering_id": walk.pk, "party": -5}
    said = {
        "rows": {"gatherings.rsvp": {"gone": [], "now": {str(ben.pk): now}}},
        "files": [],
        "unknown": [],
        "at": "",
    }
    assert erased.apply(said).emptied == 1
    assert not Rsvp.objects.filter(pk=ben.pk).exists()
    assert Gathering.objects.filter(pk=walk.pk).exists()


def test_what_is_older_than_a_year_is_told_of_no_more(walk, tmp_path, settings):
    made = kept(tmp_path, settings)
    copies.sweep()
    assert made.erased.exists()
    with clock.at(clock.now() + erased.KNOWN_FOR + timedelta(days=1)):
        copies.sweep()
    assert not made.erased.exists()


def test_a_disk_that_is_away_keeps_no_other_backup_from_being_told_of(walk, tmp_path, settings, monkeypatch):
    """And what could not be written beside it then is written once it can be."""
    ben = answer(walk, email="ben@example.org", name="Ben")
    first, second = kept(tmp_path, settings), making.make(tmp_path / "other.backup", with_files=False)
    assert erased.write_down() == 2, "the first look"
    before = {made.id: made.erased.read_text() for made in (first, second)}
    write, away = erased._write, {beside.of(first.path), beside.of(second.path)}

    def read_only(path, said):
        if path in away:
            raise PermissionError(f"{path} is read only")
        write(path, said)

    gatherings.forget_contact(ben)
    with monkeypatch.context() as patch:
        patch.setattr(erased, "_write", read_only)
        assert erased.write_down() == 2
        assert erased.write_down() == 0
    for made in (first, second):
        assert made.erased.read_text() != before[made.id]
        assert not told(made)["rows"]
    assert erased.write_down() == 0
    for made in (first, second):
        assert told(made) == in_the_folder(made)


def test_one_that_is_damaged_keeps_no_other_from_being_told_of(walk, tmp_path, settings):
    ben = answer(walk, email="ben@example.org", name="Ben")
    made = kept(tmp_path, settings)
    for name, held in {"a": "", "b": "{}", "c": "[]", "d": '{"id": "d", "path'}.items():
        (made.erased.parent / f"{name}{erased.KNOWN}").write_text(held)
    gatherings.forget_contact(ben)
    assert erased.write_down() == 1
    assert told(made)["rows"]
    assert erased.forget_old() == 0


def test_what_was_deleted_since_one_backup_is_not_put_beside_another_of_its_name(walk, tmp_path, settings):
    """As where each day's backup takes the place of the one before."""
    ben = answer(walk, email="ben@example.org", name="Ben")
    made = []
    for _day in range(4):  # what stands first among their names is left to chance
        made.append(kept(tmp_path, settings))
        erased.write_down()
    gatherings.forget_contact(ben)
    assert erased.write_down() == 4
    assert told(made[-1])["rows"]
    assert all(json.loads(each.erased.read_text())["rows"] for each in made), (
        "one may have been moved elsewhere"
    )


def test_one_that_is_killed_as_it_gets_its_name_is_known(walk, tmp_path, settings, monkeypatch):
    answer(walk, email="ben@example.org", name="Ben")
    seal = archive.Writer.seal

    def killed(writer, said, names):
        seal(writer, said, names)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(archive.Writer, "seal", killed)
        kept(tmp_path, settings)
    file = tmp_path / "town.backup"
    assert not beside.of(file).exists(), "the premise"
    erased.write_down()
    with archive.reading(file) as reader:
        assert restoring.what_was_erased(reader)["of"] == archive.id_of(file)


def test_an_erased_of_another_backup_is_refused(walk, tmp_path, settings):
    made = kept(tmp_path, settings)
    other = making.make(tmp_path / "other.backup", with_files=False)
    for held in ("{}", "cut sh", other.erased.read_text()):
        beside.of(made.path).write_text(held)
        with pytest.raises(beside.NotRead):
            told(made)
    beside.of(made.path).unlink()
    assert told(made) is None


# -- rows -------------------------------------------------------------------------------------------
def test_every_table_goes_along_but_who_is_signed_in(walk, tmp_path, settings):
    made = kept(tmp_path, settings)
    with archive.reading(made.path) as reader:
        tables = reader.seal["tables"]
    every = {
        model._meta.label_lower for model in apps.get_models(include_auto_created=True) if model._meta.managed
    }
    assert every - set(tables) == rows.LEFT_BEHIND
    assert tables["gatherings.gathering"]["rows"] == 1
    assert tables["gatherings.gathering"]["last"] >= walk.pk


@pytest.mark.parametrize(
    "held",
    [
        b"no gzip",
        gzip.compress(b"no json"),
        gzip.compress(b"[1]"),  # another number of columns
        gzip.compress(b'["x", {}, [], 5]' * 3),
        gzip.compress(b"1" * 40_000_000)[:4000],
        gzip.compress(b"[]") + gzip.compress(b"[]"),
        gzip.compress(bytes(2_000_000)),
    ],
)
def test_rows_that_fit_no_table_are_a_sentence(walk, monkeypatch, held):
    monkeypatch.setattr(rows, "LARGEST_TEXT", 1_000_000)
    table = next(
        each for each in rows.tables(connection, rows.stamp(connection)) if each.label == "gatherings.rsvp"
    )

    def put(_reader, _progress):
        rows.put(table, table.columns, held, connection)

    monkeypatch.setattr(restoring, "_put_rows", put)
    with pytest.raises(restoring.RowsDoNotFit, match="could not be put into the database"):
        restoring.put_rows(SimpleNamespace(path=Path("town.backup")))


def test_whoever_is_stopped_between_the_two_marks_goes_on_there(tmp_path, settings, monkeypatch):
    """All is there: neither is the folder in the way, nor the database, nor is anything begun anew."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {restoring.TABLE} (begun integer)")
    assert restoring.is_begun_in_database()
    monkeypatch.setattr(restoring, "end_in_database", stopped)
    with pytest.raises(KeyboardInterrupt), restoring.begun(tmp_path / "home", "one") as mark:
        (tmp_path / "home" / "lake").mkdir()
        restoring.end(tmp_path / "home", mark)
    assert restoring.is_done(tmp_path / "home")
    monkeypatch.undo()
    with restoring.held(tmp_path / "home") as mark:
        restoring.end(tmp_path / "home", mark)
    assert not restoring.is_begun_in_database()
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["lake"]


def stopped():
    raise KeyboardInterrupt


def test_a_database_that_is_half_restored_is_not_brought_up_to_date():
    """Where the folder that the restore was given is another, as with PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {restoring.TABLE} (begun integer)")
    try:
        with pytest.raises(Damaged, match="half restored"):
            bring_up_to_date()
    finally:
        restoring.end_in_database()
    bring_up_to_date()


def test_a_database_of_a_newer_version_is_not_served_by_an_older():
    recorder = MigrationRecorder(connection)
    recorder.record_applied("weather", "9999_next")
    try:
        with pytest.raises(rows.NewerDatabase, match=r"weather\.9999_next"):
            bring_up_to_date()
    finally:
        recorder.record_unapplied("weather", "9999_next")
    bring_up_to_date()
