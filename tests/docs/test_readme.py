"""What the README says to paste does what it says, on a checkout that has built nothing."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import urlopen

import click
import pytest

from alongside.cli.__main__ import alongside
from tests.docs.test_reference import ROOT

BLOCK = re.compile(r"^```\n(.*?)^```$", re.M | re.S)
NEVER_RETURN = ("bin/demo", "bin/alongside serve")
SERVE = "bin/alongside serve"
BUILT = ("build/static/alongside.css", "build/collected/staticfiles.json", "build/words.stamp")


def blocks() -> list[list[str]]:
    """The lines to paste, block by block, without what is said about them."""
    return [
        [" ".join(shlex.split(line, comments=True)) for line in block.splitlines()]
        for block in BLOCK.findall((ROOT / "README.md").read_text())
    ]


def test_each_block_can_be_pasted_whole():
    """A line that never returns stands alone: the next would wait for it."""
    assert [line for block in blocks() for line in block if line in NEVER_RETURN] == list(NEVER_RETURN)
    for block in blocks():
        assert len(block) == 1 or not set(block) & set(NEVER_RETURN), block


def test_each_line_is_a_command_with_its_options(tmp_path, monkeypatch):
    lines = [line for block in blocks() for line in block if line.startswith("bin/alongside ")]
    assert len(lines) > 5
    monkeypatch.chdir(tmp_path)
    for line in lines:
        words = shlex.split(line)[1:]
        for word in words:
            if re.fullmatch(r"\w+\.[\w.]+", word):
                Path(word).touch()
        understood(alongside, words)


def understood(command: click.Command, words: list[str]) -> None:
    """Parsed to the end, down to the command that would do it; nothing is done."""
    words = [
        "0" * 64 if word in {"HEAD", "PUBLIC"} else word for word in words
    ]  # what a page calls 64 hex digits
    while isinstance(command, click.Group):
        named = command.get_command(click.Context(command), words[0])
        assert named is not None, words[0]
        command, words = named, words[1:]
    command.make_context(command.name, list(words))


@pytest.mark.heavy
def test_a_fresh_clone_serves_styles_and_spanish(tmp_path):
    clone = fresh_clone(tmp_path / "alongside")
    assert not any((clone / each).exists() for each in BUILT), "the premise: nothing is built"
    with pasted(SERVE, clone) as address:
        assert all((clone / each).exists() for each in BUILT)
        page, _kind = read(address)
        sheet = re.search(r'<link rel="stylesheet" href="([^"]+)"', page)
        styles, kind = read(urljoin(address, sheet[1]))
        assert kind == "text/css"
        assert "--" in styles
        spanish, _kind = read(f"{address}/es/")
        assert '<html lang="es"' in spanish
        assert "<title>" in spanish
        assert title(spanish) != title(page), "in Spanish, not only said to be"
    started = {each: (clone / each).stat().st_mtime_ns for each in BUILT}
    with pasted(SERVE, clone):
        assert {each: (clone / each).stat().st_mtime_ns for each in BUILT} == started, (
            "nothing is built twice"
        )


def fresh_clone(into: Path) -> Path:
    """This checkout as another would get it. What was fetched, by lock, is ours; what is built is not there."""
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(into)], check=True)
    for path in changed():
        target = into / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / path).is_file():
            shutil.copy2(ROOT / path, target)
        else:
            target.unlink(missing_ok=True)
    (into / ".venv").symlink_to(ROOT / ".venv")
    (into / "node_modules").symlink_to(ROOT / "node_modules")
    return into


def changed() -> list[str]:
    """Files that differ from the last commit, or that it does not know."""
    asked = (["diff", "--name-only", "HEAD"], ["ls-files", "--others", "--exclude-standard"])
    return [
        path
        for words in asked
        for path in subprocess.check_output(["git", *words], cwd=ROOT, text=True).splitlines()
    ]


@contextmanager
def pasted(line: str, where: Path):
    """A line that serves, pasted into a shell of somebody who has nothing yet; on a port that is free."""
    home = where.parent / "home"
    home.mkdir(exist_ok=True)
    log = where.parent / "log.txt"
    with log.open("w") as file:
        shell = subprocess.Popen(
            ["bash", "-c", f"exec {line} --port 0"],
            cwd=where,
            env={"PATH": os.environ["PATH"], "HOME": str(home)},
            stdout=file,
            stderr=file,
        )
    try:
        yield address(shell, log)
    finally:
        shell.send_signal(signal.SIGTERM)
        shell.wait(60)


def address(shell: subprocess.Popen, log: Path) -> str:
    """Where it says it is."""
    end = time.monotonic() + 180
    while time.monotonic() < end and shell.poll() is None:
        address = re.search(r"Alongside is at (http://\S+)\.", log.read_text())
        if address:
            return address[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def read(url: str) -> tuple[str, str]:
    with urlopen(url, timeout=60) as answer:  # noqa: S310 - our own server
        assert answer.status == 200
        return answer.read().decode(), answer.headers.get_content_type()


def title(page: str) -> str:
    return re.search(r"<title>(.*?)</title>", page, re.S)[1].strip()
