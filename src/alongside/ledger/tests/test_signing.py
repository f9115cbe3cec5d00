"""A day is signed when it is over, by the key that the ledger names; and a key is changed, or said to be lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.urls import reverse

from alongside.core import clock, key_use
from alongside.core import keys as rings
from alongside.ledger import actions, chain, checks, jobs, keys, needs, queries
from alongside.ledger.models import Entry

NOON = datetime(2027, 6, 3, 16, tzinfo=UTC)  # in Riverbend, on June 3


@pytest.fixture
def begun(riverbend):
    with clock.at(NOON):
        return actions.begin(riverbend)


def seal_at(agency, moment):
    with clock.at(moment):
        return actions.seal(agency)


def verified(agency, **proof):
    return chain.verify(queries.lines(agency), **proof)


def kinds(agency):
    return list(Entry.objects.of(agency).values_list("kind", flat=True))


def lose_the_keys():
    (settings.DATA / "keys" / rings.LEDGER).unlink()


class TestDays:
    def test_a_day_is_signed_when_it_is_over_there(self, riverbend, begun):
        assert seal_at(riverbend, datetime(2027, 6, 4, 3, 59, tzinfo=UTC)) is None, "a minute to midnight"
        assert seal_at(riverbend, datetime(2027, 6, 4, 4, 0, tzinfo=UTC)).body["day"] == "2027-06-03"
        assert verified(riverbend, key=begun.body["key"]).day == "2027-06-03"

    def test_nothing_is_signed_twice_and_a_day_without_entries_is(self, riverbend, begun):
        for hours in range(12, 24 * 4, 1):
            with clock.at(NOON + timedelta(hours=hours)):
                jobs.seal()
        days = [head.body["day"] for head in Entry.objects.of(riverbend).heads()]
        assert days == ["2027-06-06", "2027-06-05", "2027-06-04", "2027-06-03"]

    def test_no_day_before_it_began(self, riverbend, begun):
        assert seal_at(riverbend, NOON) is None

    def test_days_that_nobody_signed_in_time_are_covered_by_the_next(self, riverbend, begun):
        seal_at(riverbend, NOON + timedelta(days=10))
        assert [head.body["day"] for head in Entry.objects.of(riverbend).heads()] == ["2027-06-12"]

    def test_strangers_see_what_is_signed_and_staff_all(self, riverbend, begun, ada):
        everybody = Entry.objects.visible_to(AnonymousUser(), at=riverbend)
        assert everybody.count() == 0
        seal_at(riverbend, NOON + timedelta(days=1))
        with clock.at(NOON + timedelta(days=1)):
            actions.change_key(riverbend, by=None)
        assert everybody.count() == 2
        assert Entry.objects.visible_to(ada, at=riverbend).count() == 3


class TestKeys:
    def test_a_ring_that_was_turned_changes_each_key_at_the_next_head(self, riverbend, begun):
        rings.rotate(settings.DATA, rings.LEDGER)
        seal_at(riverbend, NOON + timedelta(days=1))
        assert kinds(riverbend) == [chain.BEGUN, chain.CHANGED, chain.SEALED]
        assert verified(riverbend, key=begun.body["key"]).proven_to == 3

    def test_keys_that_are_gone_are_said_to_be_lost(self, riverbend, begun):
        lose_the_keys()
        seal_at(riverbend, NOON + timedelta(days=1))
        assert kinds(riverbend) == [chain.BEGUN, chain.LOST, chain.SEALED]
        with pytest.raises(chain.NotInOrder, match="Entry 2: it says that the key was lost"):
            verified(riverbend, key=begun.body["key"])
        assert verified(riverbend, key=queries.key_of(riverbend)).proven_to == 3

    def test_to_change_a_key_that_is_gone_is_to_lose_it(self, riverbend, begun):
        lose_the_keys()
        assert actions.change_key(riverbend, by=None).kind == chain.LOST

    def test_a_file_that_was_stolen_is_given_up_in_every_ledger(self, riverbend, elsewhere, begun):
        """Eve has the file, not the key of one agency: no head that she could sign is of a key in force."""
        with clock.at(NOON):
            other = actions.begin(elsewhere)
            taken = [keys.newest(each) for each in (riverbend, elsewhere)]
            assert [chain.public_of(key) for key in taken] == [begun.body["key"], other.body["key"]], (
                "the premise"
            )
            assert actions.lose_key(riverbend, by=None).agency == riverbend
        assert kinds(riverbend) == kinds(elsewhere) == [chain.BEGUN, chain.LOST]
        for agency, stolen in zip((riverbend, elsewhere), taken, strict=True):
            assert queries.key_of(agency) != chain.public_of(stolen)
            assert queries.key_of(agency) == chain.public_of(keys.newest(agency))
            assert len(list(needs.lost_key(agency))) == 1, "a person of each stands by its own"
            assert verified(agency).entries == 2

    def test_what_was_not_begun_stays_so_and_a_key_that_is_gone_is_lost_alone(
        self, riverbend, elsewhere, begun
    ):
        actions.lose_key(riverbend, by=None)
        assert not Entry.objects.of(elsewhere).exists()
        lose_the_keys()
        actions.begin(elsewhere)
        assert actions.change_key(riverbend, by=None).kind == chain.LOST
        assert kinds(elsewhere) == [chain.BEGUN], "its key is here"

    def test_a_secret_that_a_ledger_needs_is_kept(self, riverbend, begun):
        used = key_use.uses(rings.LEDGER)
        assert [use.rows for use in used.values()] == [1]
        rings.rotate(settings.DATA, rings.LEDGER)
        with clock.at(clock.now() + timedelta(days=3)):
            assert key_use.forget_what_nothing_needs() == 0
            actions.change_key(riverbend, by=None)
            assert key_use.forget_what_nothing_needs() == 1


class TestANewKey:
    """Until a person stands by it, nobody outside can know that it is theirs."""

    def test_it_waits_until_somebody_confirms_it(self, riverbend, begun, administrator, client_for):
        assert list(needs.lost_key(riverbend)) == []
        actions.lose_key(riverbend, by=None)
        assert len(list(needs.lost_key(riverbend))) == 1
        shown = client_for(administrator).get(reverse("ledger:key", args=["riverbend"])).content.decode()
        assert queries.key_of(riverbend) in shown
        done = client_for(administrator).post(reverse("ledger:confirm-key", args=["riverbend"]), follow=True)
        assert b"Confirmed" in done.content
        assert list(needs.lost_key(riverbend)) == []
        assert kinds(riverbend) == [chain.BEGUN, chain.LOST, chain.CONFIRMED]
        assert verified(riverbend).entries == 3

    def test_twice_is_once_and_a_coordinator_cannot(self, riverbend, begun, administrator, ada, client_for):
        actions.lose_key(riverbend, by=None)
        page = reverse("ledger:confirm-key", args=["riverbend"])
        assert client_for(ada).post(page).status_code == 403
        for _each in range(2):
            client_for(administrator).post(page)
        assert kinds(riverbend) == [chain.BEGUN, chain.LOST, chain.CONFIRMED]


class TestRestoring:
    def test_it_names_the_last_head_that_it_knew(self, riverbend, elsewhere, begun):
        head = seal_at(riverbend, NOON + timedelta(days=1))
        actions.say_restored()
        last = Entry.objects.of(riverbend).last()
        assert (last.kind, last.body) == (chain.RESTORED, {"head": head.hash})
        assert not Entry.objects.of(elsewhere).exists(), "which had begun none"
        assert verified(riverbend).entries == 3

    def test_a_day_is_left_to_put_the_keys_back(self, riverbend, begun):
        kept = (settings.DATA / "keys" / rings.LEDGER).read_bytes()
        lose_the_keys()
        with clock.at(NOON + timedelta(days=1)):
            actions.say_restored()
        assert seal_at(riverbend, NOON + timedelta(days=1, hours=20)) is None
        (settings.DATA / "keys" / rings.LEDGER).write_bytes(kept)
        seal_at(riverbend, NOON + timedelta(days=1, hours=20))
        assert kinds(riverbend) == [chain.BEGUN, chain.RESTORED, chain.SEALED]

    def test_after_it_the_old_key_is_lost(self, riverbend, begun):
        lose_the_keys()
        with clock.at(NOON + timedelta(days=1)):
            actions.say_restored()
        seal_at(riverbend, NOON + timedelta(days=2, hours=1))
        assert kinds(riverbend) == [chain.BEGUN, chain.RESTORED, chain.LOST, chain.SEALED]


class TestDaysThatNobodySigns:
    """A worker that stands still, and a clock that was wrong once: both are found, and a person is asked."""

    def said(self, agency, moment):
        with clock.at(moment):
            found = [str(need.says) for need in needs.not_signed(agency)]
            assert len(list(checks.look())) == len(found), "the check says the same"
        return found

    def test_before_it_began_and_while_it_is_signed_nobody_is_asked(self, riverbend):
        assert self.said(riverbend, NOON) == []
        with clock.at(NOON):
            actions.begin(riverbend)
        for hours in range(0, 24 * 4, 5):
            moment = NOON + timedelta(hours=hours)
            assert self.said(riverbend, moment) == []
            seal_at(riverbend, moment)

    def test_a_worker_that_stands_still(self, riverbend, begun):
        assert self.said(riverbend, NOON + timedelta(days=1)) == [], "the premise"
        assert len(self.said(riverbend, NOON + timedelta(days=2))) == 1, "it began, and nothing was signed"
        seal_at(riverbend, NOON + timedelta(days=2))
        assert self.said(riverbend, NOON + timedelta(days=2)) == []
        assert self.said(riverbend, NOON + timedelta(days=3)) == [], "one night is missing"
        assert self.said(riverbend, NOON + timedelta(days=4)) == [
            "The last signed day of the ledger is June 4, 2027"
        ]

    def test_a_clock_that_was_wrong_once(self, riverbend, begun, administrator, client_for):
        seal_at(riverbend, datetime(2036, 1, 1, 12, tzinfo=UTC))
        assert seal_at(riverbend, NOON + timedelta(days=1)) is None, (
            "the premise: nothing is signed until then"
        )
        assert len(self.said(riverbend, NOON + timedelta(days=1))) == 1
        page = reverse("ledger:key", args=["riverbend"])
        with clock.at(NOON + timedelta(days=1)):
            assert "still to come" in client_for(administrator).get(page).text
        with clock.at(datetime(2036, 1, 9, 12, tzinfo=UTC)):
            assert "No day after" in client_for(administrator).get(page).text
        with clock.at(datetime(2036, 1, 2, 12, tzinfo=UTC)):
            shown = client_for(administrator).get(page).text
        assert "No day after" not in shown
        assert "still to come" not in shown

    def test_it_costs_one_question(self, riverbend, begun, django_assert_num_queries):
        with django_assert_num_queries(1):
            list(needs.not_signed(riverbend))


class TestCheck:
    def test_all_is_well(self, riverbend, begun):
        with clock.at(NOON):
            assert list(checks.look()) == []

    @pytest.mark.database
    def test_a_guard_that_is_gone_is_missed(self, riverbend, begun):
        on = "" if connection.vendor == "sqlite" else " ON ledger_entry"
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER ledger_entry_stays{on}")
        assert "ledger_entry_stays gone" in next(checks.look())

    def test_an_entry_that_was_changed_past_it_is_named(self, riverbend, begun):
        with connection.cursor() as cursor:
            cursor.execute(
                "DROP TRIGGER ledger_entry_stays" + (" ON ledger_entry" * (connection.vendor != "sqlite"))
            )
            cursor.execute(
                "UPDATE ledger_entry SET line = replace(line, 'Riverbend Police', 'Riverbend Poliçe')"
            )
        assert any("riverbend: Entry 1: it was changed" in said for said in checks.look())
