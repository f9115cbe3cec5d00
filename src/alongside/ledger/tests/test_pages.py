"""The public pages of the ledger: what a stranger reads, takes along, and does not see yet."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from alongside.core import clock
from alongside.ledger import actions, chain, kinds, queries
from alongside.ledger.models import Entry

NOON = datetime(2027, 6, 3, 16, tzinfo=UTC)
KEYED = "concern:7fq2mz9k4b"


@pytest.fixture(autouse=True)
def a_kind_to_write(monkeypatch):
    said = {**kinds.kinds(), "bench.asked": "A bench was asked for"}
    monkeypatch.setattr(actions, "kinds", lambda: said)


def record(agency, moment, **body):
    with clock.at(moment):
        return actions.record(agency, "bench.asked", body, about=KEYED)


@pytest.fixture
def told(riverbend):
    """Two signed days; and what was written since is not public."""
    record(riverbend, NOON, seats=3)
    for days in (1, 2):
        with clock.at(NOON + timedelta(days=days)):
            actions.seal(riverbend)
    record(riverbend, NOON + timedelta(days=2), seats=777)
    return riverbend


def page(name, **asked):
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return reverse(f"ledger:{name}", args=["riverbend"]) + (f"?{query}" if query else "")


def body_of(response):
    return b"".join(response) if response.streaming else response.content


def test_before_the_first_signed_day_there_is_nothing_to_take_along(client, riverbend):
    record(riverbend, NOON, seats=777)
    shown = client.get(page("ledger"))
    assert shown.status_code == 200
    assert b"The first day is signed after midnight" in shown.content
    assert client.get(page("file")).status_code == 404
    assert b"seats" not in client.get(page("entries")).content


def test_signed_days_with_their_heads_and_the_key(client, told):
    shown = client.get(page("ledger")).content.decode()
    heads = Entry.objects.of(told).heads()
    assert len(heads) == 2, "the premise"
    assert all(head.hash in shown for head in heads)
    assert queries.key_of(told) in shown


def test_pages_ask_a_few_questions_however_many_entries(client, told, django_assert_num_queries):
    for asked, questions in (("ledger", 3), ("entries", 3), ("file", 3)):
        with django_assert_num_queries(questions):
            body_of(client.get(page(asked)))


def test_the_file_ends_at_the_last_head_and_is_in_order(client, told):
    sent = client.get(page("file"))
    taken = body_of(sent)
    assert chain.verify(taken.splitlines(keepends=True), key=queries.key_of(told)).entries == 4
    assert taken.count(b"seats") == 1, "the signed one"
    assert len(list(queries.lines(told))) == 5, "the premise: there is more"
    assert 'filename="riverbend-ledger-2027-06-04.jsonl"' in sent["Content-Disposition"]


def test_whoever_has_it_is_sent_nothing_again(client, told):
    tag = client.get(page("file"))["ETag"]
    assert client.get(page("file"), headers={"If-None-Match": tag}).status_code == 304
    with clock.at(NOON + timedelta(days=3)):
        actions.seal(told)
    assert client.get(page("file"), headers={"If-None-Match": tag}).status_code == 200


def test_each_line_is_read_in_words_and_by_what_it_is_about(client, told):
    shown = client.get(page("entries")).content.decode()
    assert "The ledger was begun" in shown
    assert "seats: 3" in shown
    assert shown.count("seats") == 1, "what no night has signed is nobody’s yet"
    only = client.get(page("entries", about=KEYED)).content.decode()
    assert "seats: 3" in only
    assert "The ledger was begun" not in only
    assert "signature" not in shown


def test_a_head_that_was_kept_is_found_or_missed(client, told):
    kept = Entry.objects.of(told).heads().last().hash
    assert "It is line 3" in client.get(page("ledger", head=kept)).content.decode()
    assert "No line has this hash" in client.get(page("ledger", head="ab" * 32)).content.decode()
    assert "A hash is 64 digits" in client.get(page("ledger", head="hello")).content.decode()
    unsigned = Entry.objects.of(told).last().hash
    assert "No line has this hash" in client.get(page("ledger", head=unsigned)).content.decode(), "not yet"


def test_heads_are_a_public_table(client, told):
    rows = json.loads(body_of(client.get(page("ledger-heads-json"))))["rows"]
    assert [row["day"] for row in rows] == ["2027-06-03", "2027-06-04"]
    heads = {head.hash: head for head in Entry.objects.of(told).heads()}
    for row in rows:
        assert row["key"] == queries.key_of(told)
        assert chain.is_signed(heads[row["head"]].said, by=row["key"])


def test_staff_read_the_same_as_everybody(client_for, told, ada):
    assert client_for(ada).get(page("entries")).content.count(b"seats") == 1


def test_a_closed_agency_tells_nobody(client, told):
    told.published = False
    told.save(update_fields=["published"])
    for name in ("ledger", "entries", "file"):
        assert client.get(page(name)).status_code == 404
