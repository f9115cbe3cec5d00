"""A database of the version before has one room, “program”, where there are two now: its rows are taken over."""

from datetime import date, time

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations import CreateModel
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from alongside.agencies.models import Agency
from alongside.cadence.models import Pause
from alongside.core import clock
from alongside.core.moves import OpenWithTheVersionBefore, TakenOver
from alongside.gatherings.models import Gathering
from alongside.season.models import Draw, Redraws, Rhythm, Season, Week

pytestmark = [pytest.mark.heavy, pytest.mark.database, pytest.mark.django_db(transaction=True)]
ROOMS = ("cadence", "season")
LAST = [("program", "0001_initial"), ("program", "0002_season")]


def bring_up_to_date() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate([node for node in executor.loader.graph.leaf_nodes() if node[0] in ROOMS])


def as_before(operation: TakenOver) -> CreateModel:
    """What made the table in the version before."""
    fields = []
    for name, field in operation.fields:
        field = field.clone()
        if field.remote_field and field.remote_field.model == "season.season":
            field.remote_field.model = "program.season"
        fields.append((name, field))
    return CreateModel(operation.name, fields, dict(operation.options))


@pytest.fixture
def before(db):
    """The tables of the version before, in place of ours; answers its models."""
    recorder = MigrationRecorder(connection)
    with connection.schema_editor() as editor:
        for model in (Redraws, Week, Rhythm, Season, Draw, Pause):
            editor.delete_model(model)
    loader = MigrationExecutor(connection).loader
    for room, name in list(loader.applied_migrations):
        if room in ROOMS:
            recorder.record_unapplied(room, name)
    state: ProjectState = loader.project_state(
        [node for node in loader.graph.leaf_nodes() if node[0] not in ROOMS]
    )
    taken = [
        operation for room in ROOMS for operation in loader.get_migration(room, "0001_initial").operations
    ]
    assert {operation.name for operation in taken} == {"Pause", "Season", "Week", "Rhythm"}
    with connection.schema_editor() as editor:
        for operation in map(as_before, taken):
            former = state.clone()
            operation.state_forwards("program", state)
            operation.database_forwards("program", editor, former, state)
    for each in LAST:
        recorder.record_applied(*each)
    yield state.apps
    with connection.schema_editor() as editor:
        left = {f"program_{operation.name_lower}" for operation in taken} & set(
            connection.introspection.table_names()
        )
        for table in sorted(left, key="program_season".__eq__):  # weeks point to their season
            editor.execute(f"DROP TABLE {editor.quote_name(table)}")
    for each in LAST:
        recorder.record_unapplied(*each)
    bring_up_to_date()


@pytest.fixture
def rows(before, riverbend):
    """A season of two weeks, of which the second closed; how the agency walks; a pause."""
    agency = before.get_model("agencies", "Agency").objects.get(pk=riverbend.pk)
    numbers = {"objective": 1.5, "best": 1.5, "bound": 1.5, "seconds": 0.1, "seed": "s", "commitment": "c"}
    season = before.get_model("program", "Season").objects.create(
        agency=agency,
        start=date(2027, 1, 2),
        made_by="Ada",
        at=time(10),
        minutes=60,
        public_id="s" * 10,
        **numbers,
    )
    weeks = before.get_model("program", "Week").objects
    weeks.create(agency=agency, season=season, number=1, day=date(2027, 1, 2), where="Mill Row")
    weeks.create(agency=agency, season=season, number=2, day=date(2027, 1, 9), closed={"kind": "nobody"})
    before.get_model("program", "Rhythm").objects.create(agency=agency, weekday=5, at=time(10))
    before.get_model("program", "Pause").objects.create(
        agency=agency,
        public_id="p" * 10,
        first=date(2026, 3, 7),
        cause="mourning",
        reason="We stay away for a while.",
        said_by="Ada",
    )
    return season


def test_every_row_is_where_it_was(rows):
    bring_up_to_date()
    (season,) = Season.objects.everywhere()
    assert (season.pk, season.public_id, season.made_by) == (rows.pk, "s" * 10, "Ada")
    assert [(week.number, week.where, week.closed) for week in season.weeks.all()] == [
        (1, "Mill Row", {}),
        (2, "", {"kind": "nobody"}),
    ]
    assert Rhythm.objects.everywhere().get().weekday == 5
    pause = Pause.objects.everywhere().get()
    assert (pause.public_id, pause.cause, pause.kind, pause.last) == ("p" * 10, "mourning", "walk", None)
    assert not [name for name in connection.introspection.table_names() if name.startswith("program_")]


def test_what_a_pause_called_off_says_its_cause(before, rows):
    """The version before knew no mourning of a walk, and called every bad weather a storm."""
    agency = before.get_model("agencies", "Agency").objects.get()
    gatherings = before.get_model("gatherings", "Gathering").objects

    def cancelled(day: int, **words):
        words = {"cause": "other", "change_reason": "We stay away for a while.", "kind": "walk"} | words
        words |= {"status": "cancelled", "published_at": clock.now(), "timezone": "UTC", "at": time(10)}
        return gatherings.create(
            agency=agency, public_id=f"{day:010}", title="A walk", on=date(2026, 3, day), **words
        ).pk

    off, before_it, not_by_it = (
        cancelled(8),
        cancelled(6),
        cancelled(9, change_reason="Nobody could lead it."),
    )
    forum, said = cancelled(10, kind="forum"), cancelled(11, cause="rain")
    bring_up_to_date()
    causes = dict(Gathering.objects.everywhere().values_list("pk", "cause"))
    assert causes == {off: "mourning", before_it: "other", not_by_it: "other", forum: "other", said: "rain"}


def test_what_hangs_on_a_table_comes_along(rows):
    """Numbers go on where they were, and what must never be is still refused."""
    bring_up_to_date()
    agency = Agency.objects.get()
    season = Season.objects.everywhere().get()
    third = Week.objects.create(agency=agency, season=season, number=3, day=date(2027, 1, 16))
    assert third.pk > max(week.pk for week in season.weeks.exclude(pk=third.pk))
    for nonsense in (
        lambda: Week.objects.create(agency=agency, season=season, number=3, day=date(2027, 1, 23)),
        lambda: Pause.objects.create(
            agency=agency, first=date(2026, 3, 7), last=date(2026, 3, 1), reason="No"
        ),
        lambda: Season.objects.filter(pk=season.pk).update(state="approved"),
        lambda: Rhythm.objects.create(agency=agency),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            nonsense()
    agency.delete()
    assert not Week.objects.everywhere().exists()


def test_a_database_that_is_older_still_is_opened_with_the_version_before_first(rows):
    MigrationRecorder(connection).record_unapplied(*LAST[-1])
    with pytest.raises(OpenWithTheVersionBefore, match=r"program\.0002_season"):
        bring_up_to_date()
    assert "program_week" in connection.introspection.table_names(), "nothing was touched"
