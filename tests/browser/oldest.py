"""Chromium 92, the oldest that the public pages promise: of the npm lock, unpacked once into build/oldest.

`ALONGSIDE_OLDEST_CHROMIUM` names its folder instead, with `chromium` and `lib` in it.
"""

import fcntl
import os
import platform
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserType

from tests.browser import chromium

PACKAGE = chromium.ROOT / "node_modules" / "chrome-aws-lambda" / "package.json"
FOLDER = chromium.ROOT / "build" / "oldest"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--single-process",
    "--no-zygote",
    "--disable-dev-shm-usage",
]


def missing() -> str:
    """Why this machine cannot run it; nothing where it can."""
    if os.environ.get("ALONGSIDE_OLDEST_CHROMIUM"):
        return ""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        return "the oldest Chromium is for Linux on x86-64"
    return "" if PACKAGE.exists() else "the front-end packages are not there: run bin/test"


def folder() -> Path:
    """Where it is; unpacks it first where it is not there yet."""
    if chosen := os.environ.get("ALONGSIDE_OLDEST_CHROMIUM"):
        return Path(chosen)
    FOLDER.parent.mkdir(exist_ok=True)
    with (FOLDER.parent / ".oldest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = FOLDER / ".version"
        if not (stamp.exists() and stamp.read_text() == PACKAGE.read_text()):
            _unpack()
            stamp.write_text(PACKAGE.read_text())
    return FOLDER


def _unpack() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    script = str(Path(__file__).parent / "unpack_oldest.mjs")
    env = {**os.environ, "TMPDIR": str(FOLDER)}
    subprocess.run([str(chromium.NODE), script], cwd=chromium.ROOT, env=env, check=True, capture_output=True)
    with tarfile.open(FOLDER / "libraries.tar") as libraries:
        libraries.extractall(FOLDER, filter="data")
    (FOLDER / "libraries.tar").unlink()


@contextmanager
def browser(kind: BrowserType) -> Iterator[Browser]:
    chromium.executable()  # its fonts serve this one, too
    home = folder()
    env = {
        **os.environ,
        "LD_LIBRARY_PATH": str(home / "lib"),
        "FONTCONFIG_FILE": str(chromium.FOLDER / "fonts.conf"),
    }
    opened = kind.launch(executable_path=str(home / "chromium"), args=FLAGS, env=dict(env))
    yield opened
    opened.close()
