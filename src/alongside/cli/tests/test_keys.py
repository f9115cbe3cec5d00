"""Keys are listed, turned over, missed where they are gone, and deleted when nothing needs them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.utils.crypto import salted_hmac

from alongside.cli import checking
from alongside.cli.keys import keys as command
from alongside.core import clock, key_use, keys, tokens
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Card
from alongside.followthrough.tests.cast import ben_says
from alongside.incidents import actions as incidents
from alongside.incidents import lake
from alongside.incidents.tests.test_lake import a_city

pytestmark = pytest.mark.django_db

LONG = timedelta(days=400)
BEFORE = "ab" * 32  # the session's key, before there were rings


def listed() -> dict[tuple[str, str], str]:
    """What `alongside keys` says of each key."""
    done = CliRunner().invoke(command)
    assert done.exit_code == 0, done.output
    return {
        (name, key): rest for name, key, rest in (line.split("  ", 2) for line in done.output.splitlines())
    }


def turned(name: str) -> str:
    done = CliRunner().invoke(command, ["rotate", name])
    assert done.exit_code == 0, done.output
    return re.search(r": (\w+) is in use", done.output)[1]


def two_cards(agency) -> list[str]:
    return followthrough.issue_cards(agency, count=2, by=None)


def as_before(agency, code: str) -> None:
    """Its card as it was stored before there were rings: by the session's key, and without a word of it."""
    old = salted_hmac("alongside.link.concern", f"{agency.pk}:{code}", secret=BEFORE, algorithm="sha256")
    Card.objects.filter(pk=followthrough.card_behind(agency, code).pk).update(digest=old.hexdigest())


def test_a_printed_code_is_found_whichever_key_made_it(riverbend, settings):
    (settings.DATA / "keys").mkdir(parents=True)
    (settings.DATA / "keys" / "session").write_text(BEFORE)
    keys.part_from_the_session(settings.DATA)
    oldest, old = two_cards(riverbend)
    as_before(riverbend, oldest)
    turned("codes")
    (settings.DATA / "keys" / "session").unlink()
    new, _other = two_cards(riverbend)
    found = [followthrough.card_behind(riverbend, code).digest for code in (oldest, old, new)]
    assert "." not in found[0], "the premise: of before"
    assert len({digest.partition(".")[0] for digest in found}) == 3, "the premise: three keys"
    assert {len(digest) for digest in found} == {tokens.LENGTH}
    assert key_use.forget_what_nothing_needs() == 0


def test_what_a_new_key_makes_says_so_and_the_list_counts_it(riverbend):
    two_cards(riverbend)
    (first,) = (key for name, key in listed() if name == "codes")
    new = turned("codes")
    two_cards(riverbend)
    two_cards(riverbend)
    ends = riverbend.today() + followthrough.CARDS_LAST
    assert f"read, needed by 2 until {ends}" in listed()["codes", first]
    assert f"in use, needed by 4 until {ends}" in listed()["codes", new]


def test_an_old_key_goes_when_its_last_code_has_ended_and_not_before(riverbend):
    (code, _other) = two_cards(riverbend)
    turned("codes")
    with clock.at(clock.now() + timedelta(days=300)):
        assert key_use.forget_what_nothing_needs() == 0
        assert followthrough.card_behind(riverbend, code)
    with clock.at(clock.now() + LONG):
        assert key_use.forget_what_nothing_needs() == 1
        assert len([name for name, _key in listed() if name == "codes"]) == 1


def test_a_code_that_opens_a_concern_holds_its_key(riverbend):
    said = ben_says(riverbend)
    turned("codes")
    with clock.at(clock.now() + LONG):
        assert key_use.forget_what_nothing_needs() == 0
        assert followthrough.card_behind(riverbend, said.code)


def test_a_key_that_nothing_needs_stays_for_the_day_in_which_somebody_may_still_use_it(riverbend, settings):
    keys.ring(settings.DATA, "links")
    turned("links")
    assert key_use.forget_what_nothing_needs() == 0
    with clock.at(clock.now() + key_use.OVERLAP + timedelta(minutes=1)):
        assert key_use.forget_what_nothing_needs() == 1


def test_who_is_signed_in_stays_so_when_the_sessions_key_is_turned(riverbend, settings):
    keys.ring(settings.DATA, "session")
    done = CliRunner().invoke(command, ["rotate", "session"])
    assert "Start bin/alongside serve again" in done.output
    assert len(keys.ring(settings.DATA, "session")) == 2
    assert key_use.OVERLAP.total_seconds() > settings.SESSION_COOKIE_AGE


def test_where_the_keys_are_gone_it_says_what_to_put_back(riverbend, settings):
    two_cards(riverbend)
    assert list(checking.OWN["keys"]()) == []
    (settings.DATA / "keys" / "codes").unlink()
    (problem,) = checking.OWN["keys"]()
    assert "2 stored digests" in problem
    assert "put keys/codes back" in problem


def test_a_lake_keeps_its_key_so_that_the_same_file_is_not_counted_twice(riverbend, elsewhere, tmp_path):
    path = a_city(tmp_path)
    incidents.import_files(riverbend, [path])
    (first,) = (key for name, key in listed() if name == "incident-ids")
    new = turned("incident-ids")
    again = incidents.import_files(riverbend, [path])
    assert (again.report["kept"], again.report["set_aside"]) == (0, {"duplicate": 60})
    assert lake.Lake(riverbend).total == 60
    incidents.import_files(elsewhere, [path])
    assert "read, needed by " in listed()["incident-ids", first]
    assert "in use, needed by 1" in listed()["incident-ids", new], "a lake that begins later has the new one"
    with clock.at(clock.now() + LONG):
        assert key_use.forget_what_nothing_needs() == 0
    for record in incidents.Import.objects.filter(agency=riverbend):  # the newest first
        incidents.take_back(record, by=None)
    with clock.at(clock.now() + LONG):
        assert key_use.forget_what_nothing_needs() == 1
    assert incidents.import_files(riverbend, [path]).report["kept"] == 60


def test_every_ring_is_asked_for_by_check_and_every_digest_says_its_ring():
    """A column of digests that is a plain text would be forgotten when its key is deleted."""
    named = {
        field
        for model in apps.get_models()
        if model.__module__.startswith("alongside.")
        for field in model._meta.concrete_fields
        if "digest" in field.name
    }
    assert len(named) > 5, "the premise"
    plain = {str(field) for field in named if not isinstance(field, tokens.DigestField)}
    assert plain == set(WITHOUT_A_KEY), "a digest is a DigestField, or needs no key, for a reason given here"


WITHOUT_A_KEY = {
    "followthrough.Loaded.name_digest": "of what a table from before calls a row: it is found again, and opens nothing",
    "gatherings.Imported.name_digest": "of what a public calendar calls a date: no secret, hashed without a key",
    "gatherings.Imported.row_digest": "of a row of a public calendar: no secret, hashed without a key",
}
