"""What calls outside goes through one door: no other room opens a line, asks the web, or speaks to a mail server."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.reading import parsed

SOURCE = Path(__file__).resolve().parents[2] / "src" / "alongside"
CALLS = re.compile(
    r"(?:socket|ssl|smtplib|imaplib|poplib|ftplib|nntplib|telnetlib|http\.client|urllib\.request|xmlrpc\.client|"
    r"requests|httpx|urllib3|aiohttp|django\.core\.mail\.backends\.smtp)(?:\.|\Z)"
)
OTHERWISE = {
    "cli/connections.py": "counts who calls on our own port",
    "cli/serving.py": "serves our own port",
    "cli/children.py": "hands our own port on to the process that serves it",
    "jobs/worker.py": "asks for the name of this machine",
}


def imported(text: str) -> set[str]:
    found = set()
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(f"{node.module}.{each.name}" for each in node.names)}
    return {name for name in found if CALLS.match(name)}


@pytest.mark.parametrize(
    "line",
    [
        "import socket",
        "import smtplib as mail",
        "from urllib import request",
        "from urllib.request import urlopen",
        "from http import client",
        "def late():\n    import requests",
        "from django.core.mail.backends import smtp",
    ],
)
def test_a_call_by_another_door_would_be_seen(line):
    assert imported(line)


@pytest.mark.parametrize(
    "line", ["from urllib.parse import urlsplit", "from http import HTTPStatus", "import sockets"]
)
def test_what_calls_nobody_is_let_by(line):
    assert not imported(line)


def test_nobody_calls_by_another_door():
    calling = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if not {"tests", "outside"} & set(path.relative_to(SOURCE).parts) and imported(path.read_text())
    }
    assert calling == set(OTHERWISE), "call through alongside.outside, or say here why not"


def test_the_door_is_used():
    inside = {path.name for path in (SOURCE / "outside").glob("*.py") if imported(path.read_text())}
    assert {"addresses.py", "smtp.py", "tls.py", "web.py"} <= inside, "the premise"
