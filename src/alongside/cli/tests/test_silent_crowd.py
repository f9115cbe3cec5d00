"""A crowd that says nothing takes every file the web process may open, and no page is later for it."""

import resource
import socket
import time
from contextlib import ExitStack

import pytest

from alongside.cli.tests.town import copy_of

pytestmark = pytest.mark.heavy

FILES, SILENT, SECONDS = 1024, 1100, 25
EACH = 0.25  # seconds between two visitors


@pytest.fixture
def town(tmp_path, founded):
    """An install whose web process may open no more than so many files."""
    with copy_of(founded, tmp_path) as town:
        town.serve()
        resource.prlimit(town.process.pid, resource.RLIMIT_NOFILE, (FILES, FILES))
        first = town.kill("web")  # the next one inherits it
        town.wait_for(lambda: (web := town.child("web")) and web.pid != first.pid)
        assert town.get() == 200
        assert town.child("web").rlimit(resource.RLIMIT_NOFILE) == (FILES, FILES)
        yield town


def crowd(town, stack):
    """Half say nothing at all, half begin a request; from five networks."""
    for number in range(SILENT):
        own = f"127.0.{2 + number % 5}.{1 + number % 250}"
        one = socket.create_connection(("127.0.0.1", town.port), 10, source_address=(own, 0))
        stack.enter_context(one)
        if number % 2:
            one.sendall(b"GET /riverbend/ HTTP/1.1\r\nHost: local")
        yield one


def test_a_silent_crowd_is_not_felt_and_leaves(town):
    logged = town.log.stat().st_size
    with ExitStack() as stack:
        silent = list(crowd(town, stack))
        town.wait_for(lambda: town.child("web").num_fds() > FILES * 0.7)  # the premise: it is full
        took = []
        ends = time.monotonic() + SECONDS
        while time.monotonic() < ends:
            began = time.monotonic()
            assert town.get("/riverbend/") == 200
            took.append(time.monotonic() - began)
            assert town.child("web").num_fds() < FILES - 100, "the house has room"
            time.sleep(EACH)
        assert max(took) < 5, sorted(took)[-5:]
        assert all(gone(one) for one in silent), "each had 20 seconds"
        assert town.child("web").num_fds() < 100
    assert town.log.stat().st_size - logged < 20_000


def gone(one):
    one.setblocking(False)
    try:
        return one.recv(1) == b""
    except ConnectionResetError:
        return True
    except BlockingIOError:
        return False
