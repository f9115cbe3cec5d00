"""`alongside serve`: web and worker together. What dies or falls silent is started again; what is asked to stop may
finish."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType
from urllib.parse import urlsplit

import click
from django.conf import settings

from alongside.core import pulse, served
from alongside.core.errors import Phrase, Refusal, phrase
from alongside.front import setup

log = logging.getLogger("alongside.serve")

GRACE = 30.0  # seconds to finish what is at hand
SETTLED = 30.0  # a child that lived this long is well again
LONGEST_PAUSE = 15.0
OF_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
FIRST_SIGN = 120.0  # until a child that was started gives its first sign of life
TO_SPEAK = 1.0  # for a child that fell silent, to say where its threads are
LOOKS = 0.1  # between two looks at the children


class CannotListen(Refusal):
    """The port is somebody else's, or not ours to take."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--lease", default=30.0, hidden=True)
@click.option("--patience", default=pulse.PATIENCE, hidden=True)
def serve(host: str, port: int, lease: float, patience: float) -> None:
    """Serve pages and do background work until stopped. Starts again whichever of the two dies or falls silent."""
    listener = listen(host, port)
    at = address(host, listener)
    click.echo(f"Alongside is at {at}. Ctrl-C stops it; twice, at once.")
    if said := lead_links_to(at, everywhere=host in EVERYWHERE):
        click.echo(said)
    if setup.is_open():
        click.echo(f"Set up your agency: {at}/setup/?code={setup.code()}")
    Supervisor(
        [
            Child("web", [str(listener.fileno())], patience, keep=(listener.fileno(),)),
            # Nobody waits for the worker, and some of its work is long and in C. Its leases end after as long.
            Child("worker", [str(lease)], 3 * patience),
        ]
    ).run()


def lead_links_to(at: str, *, everywhere: bool) -> str:
    """Where links in mail and codes lead: as the settings say; where they are silent, to where we listen.

    It is written into the data folder, for commands in another terminal. Returns what whoever started it should know,
    if there is something.
    """
    asked = settings.ALONGSIDE.url
    if "url" in settings.ALONGSIDE.model_fields_set:
        served.note(settings.DATA, asked)
        astray = urlsplit(asked).hostname in OF_THIS_MACHINE and asked != at
        return (
            f"Links in mail and codes lead to {asked} (ALONGSIDE_URL), where nothing of this listens."
            if astray
            else ""
        )
    os.environ["ALONGSIDE_URL"] = at  # the web process and the worker begin with it
    served.note(settings.DATA, at)
    return f"Links in mail and codes lead to {at}; ALONGSIDE_URL names another address." if everywhere else ""


def listen(host: str, port: int) -> socket.socket:
    """Open the port once, here: while the web process is replaced, visitors wait instead of being turned away."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as wrong:
        listener.close()
        raise CannotListen(_why(wrong, host, port)) from wrong
    return listener


def _why(wrong: OSError, host: str, port: int) -> Phrase:
    if wrong.errno == errno.EADDRINUSE:
        return phrase("Port %(port)s is taken: stop what uses it, or choose another with --port.", port=port)
    if wrong.errno == errno.EACCES:
        return phrase(
            "Port %(port)s needs rights this user does not have: choose one above 1023 with --port.",
            port=port,
        )
    return phrase(
        "Cannot listen on %(host)s: %(wrong)s. Choose an address of this machine with --host.",
        host=host,
        wrong=wrong.strerror,
    )


def address(host: str, listener: socket.socket) -> str:
    named = f"[{host}]" if ":" in host else host
    shown = "localhost" if host in {*OF_THIS_MACHINE, *EVERYWHERE} else named
    return f"http://{shown}:{listener.getsockname()[1]}"


@dataclass
class Signs:
    """A child's signs of life, and how long there have been none.

    Silence is counted in looks, each for a second at most: where we stood still ourselves (the machine slept, somebody
    stopped us), so may the child have, and it has its time anew.
    """

    line: int
    silence: float = 0.0
    any_came: bool = False

    def __post_init__(self) -> None:
        os.set_blocking(self.line, False)

    def listen(self, seconds: float) -> None:
        self.silence += min(seconds, pulse.EVERY)
        with suppress(BlockingIOError):
            while os.read(self.line, 4096):
                self.silence, self.any_came = 0.0, True

    def close(self) -> None:
        os.close(self.line)


@dataclass
class Child:
    """One process of ours, and how it has fared."""

    name: str
    arguments: list[str]
    patience: float
    keep: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    signs: Signs | None = None
    started: float = 0.0
    start_at: float = 0.0
    falls: int = field(default=0)

    def start(self) -> None:
        self.started = time.monotonic()
        heard, line = os.pipe()
        # A session of its own: Ctrl-C in the terminal reaches us alone, and we say what happens.
        self.process = subprocess.Popen(  # noqa: S603 - our own program and arguments
            [
                sys.executable,
                "-m",
                "alongside.cli.children",
                self.name,
                *self.arguments,
                str(line),
                str(self.patience),
            ],
            stdin=subprocess.PIPE,
            pass_fds=(*self.keep, line),
            start_new_session=True,
        )
        os.close(line)
        self.signs = Signs(heard)

    def listen(self, seconds: float) -> None:
        """Hear what has come since the last look, so many seconds ago; replace a child that is silent for too long."""
        assert self.signs is not None
        self.signs.listen(seconds)
        if self.signs.silence > (self.patience if self.signs.any_came else FIRST_SIGN):
            log.error(
                "%s gave no sign of life for %.0f s: it is ended. Its threads:", self.name, self.signs.silence
            )
            self.end()

    def end(self) -> None:
        """Let it say where its threads are, and end it. One that was stopped must go on for that."""
        assert self.process is not None
        self.tell(pulse.LAST_WORDS)
        self.tell(signal.SIGCONT)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(TO_SPEAK)
        self.tell(signal.SIGKILL)
        self.process.wait()

    @property
    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def bury(self) -> None:
        """Say how it ended, and when it is started again: at once at first, then less and less eagerly."""
        assert self.process is not None
        self.falls = 1 if time.monotonic() - self.started > SETTLED else self.falls + 1
        pause = min(0.2 * 2 ** (self.falls - 1), LONGEST_PAUSE)
        log.warning(
            "%s ended (%s); starting it again in %.1f s", self.name, _ending(self.process.returncode), pause
        )
        if self.process.stdin:
            self.process.stdin.close()
        if self.signs:
            self.signs.close()
        self.process, self.start_at = None, time.monotonic() + pause

    def tell(self, what: signal.Signals) -> None:
        if self.process is not None and self.lives:
            self.process.send_signal(what)


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


class Supervisor:
    """Keeps its children alive, and able to answer, until it is asked to stop."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stops_asked = 0

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self._asked_to_stop)
        signal.signal(signal.SIGINT, self._asked_to_stop)
        looked = time.monotonic()
        try:
            while not self.stops_asked:
                since, looked = looked, time.monotonic()
                self._keep_alive(looked - since)
                time.sleep(LOOKS)
            self._let_finish()
        finally:
            self._tell_all(signal.SIGKILL)

    def _keep_alive(self, since_last_look: float) -> None:
        for child in self.children:
            if child.process is not None:
                child.listen(since_last_look) if child.lives else child.bury()
            if child.process is None and time.monotonic() >= child.start_at:
                child.start()

    def _asked_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        # Only noted here: a signal may come between the start of a child and our knowing of it.
        self.stops_asked += 1

    def _let_finish(self) -> None:
        """Ask each child to stop, and end it if it takes too long or if we are asked a second time."""
        self._tell_all(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        while any(child.lives for child in self.children):
            if self.stops_asked > 1 or time.monotonic() > deadline:
                self._tell_all(signal.SIGKILL)
            time.sleep(0.05)

    def _tell_all(self, what: signal.Signals) -> None:
        for child in self.children:
            child.tell(what)
