"""A fault on somebody's own page is logged, and the key to the page is not."""

import logging
import logging.config

import pytest
from django.conf import settings
from django.test import Client

from alongside.core import tokens
from alongside.followthrough import codes


@pytest.fixture
def log(capsys):
    """The console as it is set up, reading what a fault writes."""
    logging.config.dictConfig(settings.LOGGING)
    yield lambda: capsys.readouterr().err
    with capsys.disabled():  # back to the stream that outlives this test
        logging.config.dictConfig(settings.LOGGING)


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


def test_other_addresses_are_logged_as_they_are(log):
    logging.getLogger("django.request").error(
        "Internal Server Error: %s", "/riverbend/workspace/neighborhoods/"
    )
    assert "/riverbend/workspace/neighborhoods/" in log()
