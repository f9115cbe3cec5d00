"""What `serve` starts: the web process and the worker. Each ends when the one that started it is gone.

Run as `python -m alongside.cli.children web 5 7 10` or `… worker 30 7 30`: the socket or the lease; where somebody
listens for signs of life, the line for them and the patience (core.pulse). Standard input is the lifeline: its other
end is held by the supervisor and nobody else, so that even after a `kill -9` no orphan keeps the port.
"""

import os
import signal
import socket
import sys
import threading
from datetime import timedelta
from typing import Any

import django

from alongside.core.pulse import PULSE

LOCKED = 20  # seconds, as config.settings has it for SQLite


def web(listener: int) -> None:
    """Answer requests on a socket that the supervisor opened and keeps open while we are replaced."""
    from django.db.backends.signals import connection_created

    from alongside.cli import connections

    connection_created.connect(wait_no_longer)
    server = connections.Server(connections.Config("alongside.config.asgi:application", connections.lobby()))
    # From the descriptor alone, so that Python asks the system which family of socket it is.
    server.run(sockets=[socket.socket(fileno=listener)])


def wait_no_longer(*, connection: Any, **_given: object) -> None:
    """No page waits for a lock for longer than on SQLite: a house whose threads all do looks stuck, and is replaced."""
    if connection.vendor == "postgresql":
        connection.cursor().execute(f"SET lock_timeout = '{LOCKED} s'")


def worker(lease: float) -> None:
    from alongside.jobs.worker import Worker

    Worker(lease=timedelta(seconds=lease)).run()


def hold_lifeline() -> None:
    """Stop as if asked to, when the supervisor is gone."""

    def wait() -> None:
        while os.read(0, 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def main(name: str, number: str, *listening: str) -> None:
    hold_lifeline()
    if listening:
        line, patience = listening
        PULSE.begin(int(line), float(patience))
    django.setup()
    if name == "web":
        web(int(number))
    else:
        worker(float(number))


if __name__ == "__main__":
    main(*sys.argv[1:])
