"""Where links lead: to what the settings say, and to where we listen where they say nothing."""

from __future__ import annotations

import os
import socket

import pytest

from alongside.cli import serving
from alongside.core.served import SERVED_AT


@pytest.fixture(autouse=True)
def no_setting(monkeypatch):
    """And none stays: what serves tells it to its children by the environment."""
    monkeypatch.setenv("ALONGSIDE_URL", "")


@pytest.fixture
def another_terminal(settings, monkeypatch, tmp_path):
    """What a command there goes by."""

    def start(**said):
        monkeypatch.delenv("ALONGSIDE_URL", raising=False)
        return type(settings.ALONGSIDE)(_env_file=None, **{"data": tmp_path, **said})

    return start


@pytest.fixture
def told(settings, monkeypatch, tmp_path):
    """Start with these settings; says what is printed, and what the web process and the worker are told."""

    def start(at: str, *, everywhere: bool = False, **said: str) -> tuple[str, str | None]:
        monkeypatch.delenv("ALONGSIDE_URL", raising=False)
        settings.DATA = tmp_path
        settings.ALONGSIDE = type(settings.ALONGSIDE)(_env_file=None, data=tmp_path, **said)
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


@pytest.mark.parametrize("said", [{}, {"url": "https://walks.example.gov"}])
def test_a_command_in_another_terminal_makes_the_same_links(told, another_terminal, said):
    """It has neither the port nor, perhaps, the setting."""
    told("http://localhost:8011", **said)
    options = another_terminal()
    assert options.url == said.get("url", "http://localhost:8011")
    assert "url" not in options.model_fields_set, "the next to serve listens where it is told to"
    assert another_terminal(url="http://other.example").url == "http://other.example"
    told("http://localhost:8012")
    assert another_terminal().url == "http://localhost:8012"


@pytest.mark.parametrize(
    "left", [None, b"", b"\xff\xfe", b"javascript:1", b"http://a.example/path", b"http://a.example\nX: 1"]
)
def test_what_is_no_address_there_is_none(another_terminal, tmp_path, left):
    if left is not None:
        (tmp_path / SERVED_AT).write_bytes(left)
    assert another_terminal().url == "http://localhost:8000"
    assert another_terminal(data=tmp_path / "nothing" / "here").url == "http://localhost:8000"


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "localhost"), ("0.0.0.0", "localhost"), ("::1", "localhost"), ("fd00::7", "[fd00::7]")],  # noqa: S104
)
def test_an_address_is_written_as_a_browser_takes_it(host, shown):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert serving.address(host, listener) == f"http://{shown}:{listener.getsockname()[1]}"
