"""Where links lead: to what the settings say, and to where we listen where they say nothing."""

from __future__ import annotations

import os
import socket

import pytest

from alongside.cli import serving


@pytest.fixture
def told(settings, monkeypatch):
    """Start with these settings; says what is printed, and what the web process and the worker are told."""

    def start(at: str, *, everywhere: bool = False, **said: str) -> tuple[str, str | None]:
        monkeypatch.delenv("ALONGSIDE_URL", raising=False)
        settings.ALONGSIDE = type(settings.ALONGSIDE)(_env_file=None, **said)
        return serving.lead_links_to(at, everywhere=everywhere), os.environ.get("ALONGSIDE_URL")

    return start


def test_links_follow_the_port(told):
    assert told("http://localhost:8011") == ("", "http://localhost:8011")


def test_an_address_that_is_set_stays(told):
    assert told("http://localhost:8011", url="https://walks.example.gov") == ("", None)
    assert told("http://localhost:8011", url="http://localhost:8011") == ("", None)


def test_one_of_this_machine_at_which_we_do_not_listen_is_told(told):
    said, changed = told("http://localhost:8011", url="http://localhost:8000")
    assert "http://localhost:8000 (ALONGSIDE_URL)" in said
    assert changed is None


def test_whoever_listens_to_all_is_told_what_to_set(told):
    said, _followed = told("http://localhost:8011", everywhere=True)
    assert "ALONGSIDE_URL" in said


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "localhost"), ("0.0.0.0", "localhost"), ("::1", "localhost"), ("fd00::7", "[fd00::7]")],  # noqa: S104
)
def test_an_address_is_written_as_a_browser_takes_it(host, shown):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert serving.address(host, listener) == f"http://{shown}:{listener.getsockname()[1]}"
