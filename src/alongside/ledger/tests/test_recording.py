"""What a room writes in the ledger, and what it does not."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from alongside.core import clock
from alongside.core.manifest import manifests
from alongside.core.origins import Origin
from alongside.ledger import actions, chain, commitments, kinds
from alongside.ledger.actions import NotForTheLedger, record
from alongside.ledger.models import Entry

BENCH = Origin("concern", "7fq2mz9k4b")


@pytest.fixture(autouse=True)
def a_kind_to_write(monkeypatch):
    said = {**kinds.kinds(), "bench.asked": "A bench was asked for"}
    monkeypatch.setattr(actions, "kinds", lambda: said)


@pytest.fixture
def asked(riverbend):
    with clock.at(datetime(2027, 6, 3, 18, 47, 12, tzinfo=UTC)):
        return record(riverbend, "bench.asked", {"due": "2027-07-01", "seats": 3}, about=BENCH)


def test_the_first_entry_says_whose_ledger_it_is_and_the_next_follows(riverbend, asked):
    first = Entry.objects.of(riverbend).get(n=1)
    assert first.kind == chain.BEGUN
    assert first.previous == "0" * 64
    assert (asked.n, asked.previous) == (2, first.hash)
    assert first.body["agency"] == "riverbend"
    assert first.body["name"] == "Riverbend Police"


def test_a_line_is_all_of_it_and_its_hash_is_that_of_the_rest(asked):
    said = json.loads(asked.line)
    assert said.pop("hash") == asked.hash
    assert said == {
        "about": "concern:7fq2mz9k4b",
        "at": "2027-06-03T18:00:00Z",  # the hour, and no minute
        "body": {"due": "2027-07-01", "seats": 3},
        "kind": "bench.asked",
        "n": 2,
        "previous": asked.previous,
    }
    plain = json.dumps(said, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(plain.encode()).hexdigest() == asked.hash


def test_one_row_and_three_questions(riverbend, asked, django_assert_num_queries):
    with transaction.atomic(), django_assert_num_queries(3 + 2):  # and the savepoint around them
        record(riverbend, "bench.asked", {"seats": 4}, about=BENCH)


def test_a_clock_that_goes_back_takes_no_entry_with_it(riverbend, asked):
    with clock.at(datetime(2027, 6, 2, tzinfo=UTC)):
        later = record(riverbend, "bench.asked", {})
    assert later.at == asked.at


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("bench.painted", {}),
        (chain.SEALED, {"day": "2027-06-03"}),
        ("bench.asked", {"what": "My neighbor Ben needs a bench"}),
        ("bench.asked", {"what": "ben@riverbend.example"}),
        ("bench.asked", {"what": "x" * 129}),
        ("bench.asked", {"what": "bänk"}),
        ("bench.asked", {"Ben Okafor": 1}),
        ("bench.asked", {"seats": 1.5}),
        ("bench.asked", {"seats": True}),
        ("bench.asked", {"seats": None}),
        ("bench.asked", {"seats": 2**53}),
        ("bench.asked", {"all": ["one two"]}),
    ],
)
def test_words_and_what_nobody_declared_stay_out(riverbend, asked, kind, body):
    with pytest.raises(NotForTheLedger):
        record(riverbend, kind, body)
    assert Entry.objects.of(riverbend).count() == 2


def test_what_is_taken_back_was_never_written(riverbend, asked):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record(riverbend, "bench.asked", {"seats": 5})
        _ = 1 / 0
    assert Entry.objects.of(riverbend).count() == 2
    assert record(riverbend, "bench.asked", {}).previous == asked.hash


def test_each_agency_has_its_own(riverbend, elsewhere, asked):
    theirs = record(elsewhere, "bench.asked", {})
    assert theirs.n == 2
    assert (
        Entry.objects.of(elsewhere).get(n=1).body["key"] != Entry.objects.of(riverbend).get(n=1).body["key"]
    )


def test_a_commitment_opens_with_its_own_text_and_salt_only():
    salt, commitment = commitments.commit("The light on Elm Street is out.")
    assert commitments.opens(salt, "The light on Elm Street is out.", commitment)
    assert not commitments.opens(salt, "The light on Elm Street is out", commitment)
    assert not commitments.opens("00" * 32, "The light on Elm Street is out.", commitment)
    assert not commitments.opens("gone", "The light on Elm Street is out.", commitment)
    again, other = commitments.commit("The light on Elm Street is out.")
    assert (again, other) != (salt, commitment)


def test_every_kind_that_a_manifest_declares_has_a_shape_and_one_room():
    declared = [kind for room in manifests().values() for kind in room.ledger]
    assert len(declared) == len(set(declared))
    for room, manifest in manifests().items():
        for kind in manifest.ledger:
            assert chain.KIND.fullmatch(kind), kind
            assert len(kind) <= kinds.LONGEST_KIND
            assert kind.startswith(chain.ITSELF) == (room == "ledger"), kind


class TestTheDatabase:
    """It refuses by itself: whoever writes past our verbs is refused, too."""

    pytestmark = pytest.mark.database

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_entry SET line = 'nothing' WHERE n = 2",
            "DELETE FROM ledger_entry WHERE n = 2",
            "DELETE FROM ledger_entry",
            "UPDATE ledger_entry SET hash = hash",
        ],
    )
    def test_no_entry_is_changed_or_deleted(self, asked, statement):
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
            connection.cursor().execute(statement)
        assert Entry.objects.get(pk=asked.pk).line == asked.line

    def test_nor_replaced_nor_emptied(self, asked):
        connection.check_constraints()  # nothing else stands in PostgreSQL's way
        columns = "id, agency_id, n, kind, about, hash, line"
        statement = {
            "sqlite": f"REPLACE INTO ledger_entry ({columns}) SELECT {columns} FROM ledger_entry",
            "postgresql": "TRUNCATE ledger_entry",
        }[connection.vendor]
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
            connection.cursor().execute(statement)
        assert Entry.objects.count() == 2

    def test_an_agency_with_a_ledger_stays(self, riverbend, asked):
        with pytest.raises(Exception, match="protected"):
            riverbend.delete()

    def test_our_own_verbs_say_no_before_it_does(self, riverbend, asked):
        with pytest.raises(TypeError, match="only added to"):
            Entry.objects.of(riverbend).delete()
        with pytest.raises(TypeError, match="only added to"):
            Entry.objects.of(riverbend).update(line="")
