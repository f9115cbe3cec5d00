"""A fault on somebody's own page is logged; the key to the page, an address and a refused row are not."""

import io
import logging
import logging.config
import sys

import pytest
from django.conf import settings
from django.test import Client

from alongside.core import logs, tokens
from alongside.followthrough import codes


@pytest.fixture
def log():
    """The console as it is set up, reading what a fault writes."""
    logging.config.dictConfig(settings.LOGGING)
    console = next(each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler)
    written = io.StringIO()
    before = console.setStream(written)
    yield written.getvalue
    console.setStream(before or sys.stderr)


@pytest.mark.parametrize("kept", ["follow", "answer"])
def test_a_fault_on_a_page_by_key_does_not_tell_the_key(riverbend, monkeypatch, log, kept):
    key = codes.new() if kept == "follow" else tokens.issue("rsvp")[0]

    def fault(*_args, **_kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("alongside.followthrough.actions.card_behind", fault)
    monkeypatch.setattr("alongside.gatherings.actions.answer_behind", fault)
    answer = Client(raise_request_exception=False).get(f"/riverbend/{kept}/{key}/")
    said = log()
    assert answer.status_code == 500
    assert f"/riverbend/{kept}/…/" in said
    assert key not in said


@pytest.mark.parametrize(
    "address", ["o'hara/2@example.org", '"ana luz"@example.org', "ben@[192.0.2.1]", "ana@café.example"]
)
def test_a_strange_address_is_an_address(address):
    said = logs.discreet(f"450 4.2.0 <{address}>: try again later")
    assert said == "450 4.2.0 <…>: try again later"


REFUSED = """new row violates check constraint "rsvp_party"
DETAIL:  Failing row contains (1, Ben, Needs a chair
and a ramp).
"""


def test_a_fault_tells_no_address_no_number_and_no_row(log):
    try:
        raise ValueError(f"550 <ben@example.org> of (615) 555-0142 is unknown: {REFUSED}")
    except ValueError:
        logging.getLogger("alongside").exception("mail to %s failed", "ben@example.org")
    said = log()
    assert "mail to … failed" in said
    assert "550 <…> of … is unknown" in said
    assert "rsvp_party" in said, "what is wrong stays"
    assert not [word for word in ("ben@", "0142", "chair", "ramp") if word in said]


def test_a_log_that_cannot_be_written_tells_nothing_either(log, capsys):
    console = next(each for each in logging.getLogger().handlers if type(each) is logging.StreamHandler)
    console.stream.close()
    whom = f"{'ben'}@example.org"
    logging.getLogger("alongside").error("no room for %s", whom)
    said = capsys.readouterr().err
    assert "no room for …" in said
    assert whom not in said
    console.setStream(io.StringIO())


FORGED = "2026-11-30 10:00:00,000 ERROR alongside.keys: all keys were read"


@pytest.mark.parametrize(
    "mark", ["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x1b[2K\x1b[1G", "\x08" * 9], ids=ascii
)
@pytest.mark.parametrize("where", ["path", "words", "fault"])
def test_nobody_outside_writes_an_entry(log, mark, where):
    """In a path, in what a file or a server said, in the words of an exception."""
    said, logger = f"Eve{mark}{FORGED}", logging.getLogger("alongside.tests.forged")
    if where == "path":
        logger.error("%s: broken", f"/riverbend/{said}/")
    elif where == "words":
        logger.warning("A file could not be read by %s: %s", "geojson", ValueError(said))
    else:
        try:
            raise ValueError(said)
        except ValueError:
            logger.exception("it was given up")
    (entry,) = [line for line in log().splitlines() if line and not line[0].isspace()]
    assert "alongside.tests.forged" in entry
    assert not {"\x1b", "\x08", "\r"} & set(log())
    assert FORGED in log(), "what was said is there to be read"


def test_other_addresses_are_logged_as_they_are(log):
    logging.getLogger("django.request").error(
        "Internal Server Error: %s", "/riverbend/workspace/neighborhoods/"
    )
    assert "/riverbend/workspace/neighborhoods/" in log()
