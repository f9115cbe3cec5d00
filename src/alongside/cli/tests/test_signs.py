"""How long a child has been silent, as the one who watches lived it."""

import os
from contextlib import closing

import pytest

from alongside.cli import children
from alongside.cli.serving import Signs
from alongside.core.pulse import Pulse


@pytest.fixture
def line():
    heard, line = os.pipe()
    with closing(Signs(heard)) as signs:
        pulse = Pulse()
        pulse.line = line
        os.set_blocking(line, False)
        yield signs, pulse
    os.close(line)


def test_silence_grows_until_there_is_a_sign(line):
    signs, pulse = line
    for _ in range(5):
        signs.listen(0.5)
    assert (signs.silence, signs.any_came) == (2.5, False)
    pulse.beat()
    signs.listen(0.5)
    assert (signs.silence, signs.any_came) == (0.0, True)


def test_where_we_stood_still_ourselves_it_is_no_silence(line):
    signs, _pulse = line
    signs.listen(3600.0)
    assert signs.silence == 1.0


def test_nobody_waits_for_one_who_does_not_listen(line):
    signs, pulse = line
    for _ in range(100_000):
        pulse.beat()
    signs.listen(1.0)
    assert signs.silence == 0.0
    assert os.get_blocking(signs.line) is False


def test_without_a_watcher_it_goes_nowhere():
    Pulse().beat()


@pytest.mark.parametrize(("listening", "begun"), [((), []), (("7", "3.0"), [(7, 3.0)])])
def test_a_process_starts_also_where_nobody_listens(monkeypatch, listening, begun):
    """As that of a crawl does, which holds its own server."""
    served, heard = [], []
    monkeypatch.setattr(children, "hold_lifeline", lambda: None)
    monkeypatch.setattr(children, "web", served.append)
    monkeypatch.setattr(children.PULSE, "begin", lambda *line: heard.append(line))
    children.main("web", "5", *listening)
    assert (served, heard) == ([5], begun)
