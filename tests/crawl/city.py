"""A demo city of the crawler's own, served without the worker, so that nothing changes while it is visited."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alongside.cli.serving import address, listen
from tests.browser.chromium import ROOT

FOLDER = ROOT / "build" / "crawl-city"
LOG = ROOT / "build" / "crawl-city.log"
HOST = "127.0.0.1"
PATIENCE = 60


def build(folder: Path = FOLDER) -> dict[str, str]:
    """The environment in which the city stands: built anew, as of today and untouched by an earlier visit."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = {**os.environ, "ALONGSIDE_DATA": str(folder)}
    command = [sys.executable, "-m", "alongside.cli", "demo", "--build-only"]
    subprocess.run(command, check=True, env=environment, stderr=subprocess.DEVNULL)
    return environment


@contextmanager
def served(environment: dict[str, str]) -> Iterator[str]:
    """The address of the city, for as long as it is needed."""
    listener = listen(HOST, 0)
    web = [sys.executable, "-m", "alongside.cli.children", "web", str(listener.fileno())]
    at = address(HOST, listener)
    with LOG.open("w") as log:
        server = subprocess.Popen(
            web, env=environment, stdin=subprocess.PIPE, stderr=log, pass_fds=(listener.fileno(),)
        )
    try:
        wait_for(at, server)
        yield at
    finally:
        server.terminate()
        server.wait()
        listener.close()


def wait_for(at: str, server: subprocess.Popen[bytes]) -> None:
    """Until the first page is answered: the port is open before the server listens to it."""
    urllib.request.urlopen(f"{at}/style/", timeout=PATIENCE).close()  # noqa: S310 - our own server
    assert server.poll() is None
