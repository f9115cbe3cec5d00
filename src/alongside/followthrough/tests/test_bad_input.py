"""What nobody means and everybody sends: twice, far too long, a fox, a day in 1900, somebody who has left."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import Member
from alongside.core.forms import fresh_key
from alongside.followthrough import actions
from alongside.followthrough.models import Concern, State
from alongside.followthrough.passing import actions as passing
from alongside.followthrough.passing.models import Sending
from alongside.followthrough.passing.tests.cast import sent
from alongside.followthrough.passing.tests.conftest import city, lamp, works
from alongside.followthrough.tests.cast import WORDS, ben_says, member
from alongside.ledger.chain import LONGEST
from alongside.ledger.commands import ledger

__all__ = ["city", "lamp", "works"]

pytestmark = pytest.mark.django_db

NOT_TAKEN = ["🦊", "🦊🦊🦊🦊🦊🦊", "…!?", "\u200b\u200b\u200b\u200b", "  \n \t ", "a" * 20_000, "ñ" * 2_001]


@pytest.fixture
def ben():
    return Client(headers={"origin": "http://testserver"})


def write(ben, agency, **said):
    usual = {"kind": "concern", "category": "lighting", "language": "en", "form_key": fresh_key()}
    return ben.post(reverse("followthrough:write", args=[agency.slug]), {**usual, **said})


def at(agency, code):
    return reverse("followthrough:page", args=[agency.slug, code])


# -- on the site -----------------------------------------------------------------------------------
@pytest.mark.parametrize("words", NOT_TAKEN, ids=lambda words: f"{words[:4]!r} {len(words)}")
def test_words_that_are_none_or_far_too_many_are_told_so_and_stand_there_still(ben, riverbend, words):
    answer = write(ben, riverbend, words=words)
    assert answer.status_code == 422
    assert words.strip() in answer.text
    assert not Concern.objects.exists()


def test_words_with_a_fox_in_them_are_words(ben, riverbend):
    assert write(ben, riverbend, words="A fox 🦊 lives by the school.").status_code == 302
    assert Concern.objects.get().words == "A fox 🦊 lives by the school."


def test_the_same_words_from_two_people_are_two_and_each_has_a_code(ben, riverbend):
    first, second = (write(ben, riverbend, words=WORDS)["Location"] for _time in range(2))
    assert first != second
    assert Concern.objects.count() == 2, "a person links them; nothing is merged by itself"


@pytest.mark.parametrize("act", ["correct", "reopen"])
@pytest.mark.parametrize("words", ["", "🦊", "a" * 20_000])
def test_by_a_code_as_well(ben, riverbend, ada, act, words):
    told = ben_says(riverbend)
    actions.close(told.concern, state="done", outcome="The lamp works.", by=ada)
    box = {"correct": "text", "reopen": "words"}[act]
    answer = ben.post(at(riverbend, told.code), {"act": act, box: words})
    assert answer.status_code == 422
    assert words in answer.text
    told.concern.refresh_from_db()
    assert told.concern.is_closed


def test_opened_again_ten_times_by_the_page_it_ends_in_a_sentence(ben, riverbend, ada):
    told = ben_says(riverbend)
    opened = []
    for number in range(10):
        concern = Concern.objects.get()
        if concern.is_open:
            actions.close(concern, state="done", outcome=f"Mended {number} times.", by=ada)
        said = {"act": "reopen", "words": f"It is dark again, {number}."}
        opened.append(ben.post(at(riverbend, told.code), said).status_code)
    assert opened == [302] * actions.MOST_REOPENED + [422] * (10 - actions.MOST_REOPENED)
    page = ben.get(at(riverbend, told.code)).text
    assert "Please speak with us" in page
    assert "Open it again" not in page


def test_a_code_of_another_agency_confirms_nothing_there(ben, riverbend, elsewhere, ada):
    told = ben_says(riverbend)
    actions.close(told.concern, state="done", outcome="The lamp works.", by=ada)
    assert ben.post(at(elsewhere, told.code), {"act": "confirm"}).status_code == 404
    told.concern.refresh_from_db()
    assert told.concern.confirmed_at is None


# -- at the desk -----------------------------------------------------------------------------------
@pytest.mark.parametrize("due", ["1900-01-01", "0001-01-01", "9999-12-31", "2100-02-29", "🦊", ""])
def test_nobody_answers_by_such_a_day(client_for, riverbend, ada, dent, due):
    concern = ben_says(riverbend).concern
    said = {"assign-owner": member(dent, riverbend).pk, "assign-due": due}
    address = reverse("followthrough:act", args=["riverbend", concern.public_id, "assign"])
    assert client_for(ada).post(address, said).status_code == 422
    concern.refresh_from_db()
    assert concern.owner is None
    said["assign-due"] = (riverbend.today() + timedelta(days=3)).isoformat()
    assert client_for(ada).post(address, said).status_code == 302, "the premise"


def test_whoever_has_left_answers_for_nothing_new(client_for, riverbend, ada, dent):
    concern = ben_says(riverbend).concern
    gone = member(dent, riverbend)
    Member.objects.filter(pk=gone.pk).update(active=False)
    said = {"assign-owner": gone.pk, "assign-due": (riverbend.today() + timedelta(days=3)).isoformat()}
    address = reverse("followthrough:act", args=["riverbend", concern.public_id, "assign"])
    assert client_for(ada).post(address, said).status_code == 422
    actions.set_rules(riverbend, days=14, owner=None, complaints="", complaints_url="", reports="", by=ada)
    assert ben_says(riverbend, key="note:2").concern.state == State.RECEIVED


# -- another body ----------------------------------------------------------------------------------
def test_a_page_of_html_with_status_200_is_no_answer_and_nothing_is_sent_again(city, works, lamp, ada):
    page = b"<!DOCTYPE html><html><body><h1>Thank you!</h1></body></html>"
    city.faults["POST", "requests"] = (200, {"Content-Type": "text/html"}, page)
    passed = sent(lamp, works, ada)
    assert passed.state == Sending.UNCLEAR
    passing.hand_over(passed.pk)
    assert len(city.forms()) == 1
    lamp.refresh_from_db()
    assert lamp.is_open, "nobody is told that it is there"


# -- a ledger that somebody sends us ---------------------------------------------------------------
@pytest.fixture
def file(riverbend, tmp_path):
    ben_says(riverbend)
    path = tmp_path / "riverbend.jsonl"
    assert CliRunner().invoke(ledger, ["export", "riverbend", str(path)]).exit_code == 0
    return path


def verified(path, *more):
    done = CliRunner().invoke(ledger, ["verify", str(path), *more])
    return done.exit_code, str(done.exception or "") + done.output


BENT = {
    "nothing": (lambda _held: b"", "zero bytes"),
    "a mark": (lambda held: b"\xef\xbb\xbf" + held, "byte order mark"),
    "CRLF": (lambda held: held.replace(b"\n", b"\r\n"), "CRLF"),
    "UTF-16": (lambda held: held.decode().encode("utf-16"), "byte order mark"),
    "a huge line": (lambda held: held + b"x" * (40 * LONGEST), "longer than"),
    "an empty line": (lambda held: held + b"\n", "empty"),
    "cut short": (lambda held: held[:-1], "cut short"),
    "NUL": (lambda held: b"\x00" + held, "no JSON"),
}


@pytest.mark.parametrize("bent", BENT)
def test_a_file_that_is_none_is_said_in_a_sentence(file, bent):
    code, said = verified(file)
    assert code == 0, "the premise"
    change, why = BENT[bent]
    file.write_bytes(change(file.read_bytes()))
    code, said = verified(file)
    assert code != 0
    assert re.match(r"Entry \d+", said), said
    assert why in said


def test_a_line_without_end_is_never_held_whole(file):
    """Two gigabytes without an end of line: read a piece at a time, and refused at the first."""
    from alongside.ledger.chain import NotInOrder, lines_of, verify

    class Endless(BytesIO):
        asked = 0

        def readline(self, most=-1):
            assert 0 < most <= LONGEST + 1, "never without a limit"
            self.asked += 1
            return b"x" * most

    endless = Endless()
    with pytest.raises(NotInOrder, match="Entry 1"):
        verify(lines_of(endless))
    assert endless.asked == 1
