"""An install of its own, in a folder of its own: `alongside serve` as people run it, to be killed."""

import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest
from tests import database

LEASE = 1.5
PATIENCE = 180  # seconds, on a machine that has much else to do
FOUND = """
from alongside.agencies import actions
actions.create_agency(slug="riverbend", name="Riverbend Police", timezone="America/New_York")
"""


class Town:
    def __init__(self, folder, **environment):
        self.environment = {
            **os.environ,
            **environment,
            "ALONGSIDE_DATA": str(folder / "data"),
            "DJANGO_SETTINGS_MODULE": "alongside.cli.tests.surviving.settings",
        }
        self.folder = folder
        self.log = folder / "log.txt"
        self.process = self.other = None

    def do(self, script, *arguments):
        """Run a few lines in another process, as another program would; returns what they print, as JSON."""
        if self.other is None:
            self.other = subprocess.Popen(
                [sys.executable, "-m", "alongside.cli.tests.other"],
                env=self.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        self.other.stdin.write(json.dumps([script, *map(str, arguments)]) + "\n")
        self.other.stdin.flush()
        answer = json.loads(self.other.stdout.readline())
        assert "wrong" not in answer, answer["wrong"]
        return answer["said"]

    def command(self, *arguments):
        line = [sys.executable, "-m", "alongside.cli", *arguments]
        return subprocess.run(line, env=self.environment, capture_output=True, text=True, timeout=PATIENCE)

    def serve(self, *options):
        with self.log.open("ab") as log:
            line = [
                sys.executable,
                "-m",
                "alongside.cli",
                "serve",
                "--port",
                "0",
                "--lease",
                str(LEASE),
                *options,
            ]
            self.process = subprocess.Popen(line, env=self.environment, stdout=log, stderr=log)
        self.port = int(self.wait_for(lambda: re.search(r"http://localhost:(\d+)", self.said())).group(1))
        self.wait_for(lambda: "is ready" in self.said())

    def send_home(self):
        """End the other program, so that nobody holds the database."""
        if self.other:
            self.other.stdin.close()
            self.other.wait(20)
            self.other = None

    def said(self):
        return self.log.read_text()

    @staticmethod
    def wait_for(what, seconds=PATIENCE):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if result := what():
                return result
            time.sleep(0.05)
        raise AssertionError("waited in vain")

    def child(self, name):
        for child in psutil.Process(self.process.pid).children():
            # Between its end and its burial a process has no command line.
            with suppress(psutil.Error):
                if child.cmdline()[2:4] == ["alongside.cli.children", name]:
                    return child
        return None

    def kill(self, name):
        """kill -9, if there is one just now. Only ever a process that this town started."""
        if child := self.child(name):
            child.kill()
        return child

    def get(self, path="/static/core/mark.svg"):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.status

    def tell(self, what):
        self.process.send_signal(what)

    def end(self):
        self.send_home()
        if self.process and self.process.poll() is None:
            self.tell(signal.SIGTERM)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()


@contextmanager
def own_database(like=None):
    """The environment of a fresh database: a file, or on PostgreSQL one made for this test, `like` a named one."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        yield {}
        return
    name = f"town_{secrets.token_hex(4)}"
    template = f"TEMPLATE {like}" if like else ""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} {template}")
        yield {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _name(environment):
    """The database of a town, on PostgreSQL."""
    return urlsplit(environment.get("DATABASE_URL", "")).path.lstrip("/")


@pytest.fixture(scope="session")
def founded(tmp_path_factory, migrated):
    """An install with one agency, made once to be copied: (its folder, its environment)."""
    folder = tmp_path_factory.mktemp("founded")
    with own_database(like=database.Server.named(migrated)) as environment:
        if not environment:
            (folder / "data").mkdir()
            shutil.copyfile(database.Files.path(migrated), folder / "data" / database.NAME)
        town = Town(folder, **environment)
        town.do(FOUND)
        town.end()
        yield folder, environment


@contextmanager
def copy_of(founded, folder, **environment):
    """A town like the one that was founded, with a database of its own, and nobody left in it at the end."""
    model, like = founded
    shutil.copytree(model / "data", folder / "data")
    with own_database(like=_name(like)) as own:
        town = Town(folder, **own, **environment)
        yield town
        town.end()
