"""A Firefox of the machine, driven by its own protocol (Marionette): a number, a colon, and a list as JSON.

It needs nothing but the browser, of any version since 60. Where a machine has none, the tests that want it are skipped.
"""

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAMES = ("firefox-esr", "firefox")
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # how the protocol names an element (WebDriver, 11)
PREFERENCES = {
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}


def executable() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Refused(Exception):
    """Firefox could not do what it was asked."""


class Visitor:
    """A window of Firefox whose addresses begin with "/"."""

    def __init__(self, port: int, home: str) -> None:
        self.home, self.asked = home, 0
        self.line = _connected(port)
        self._read()  # it greets
        self.tell("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})
        self.tell("WebDriver:SetTimeouts", {"implicit": 10_000, "pageLoad": 20_000, "script": 15_000})

    def tell(self, command: str, parameters: dict[str, Any] | None = None) -> Any:
        """Ask for one thing; what it answers."""
        self.asked += 1
        message = json.dumps([0, self.asked, command, parameters or {}]).encode()
        self.line.sendall(b"%d:%s" % (len(message), message))
        _kind, _number, error, answer = self._read()
        if error:
            raise Refused(f"{command}: {error['error']}: {error['message']}")
        return answer.get("value", answer) if isinstance(answer, dict) else answer

    def _read(self) -> Any:
        length = b""
        while (letter := self._bytes(1)) != b":":
            length += letter
        return json.loads(self._bytes(int(length)))

    def _bytes(self, count: int) -> bytes:
        read = b""
        while len(read) < count:
            piece = self.line.recv(count - len(read))
            if not piece:
                raise Refused("Firefox has gone")
            read += piece
        return read

    # -- what a visitor does --------------------------------------------------------------------
    def size(self, width: int, height: int) -> None:
        self.tell("WebDriver:SetWindowRect", {"width": width, "height": height})

    def goto(self, address: str) -> None:
        self.tell("WebDriver:Navigate", {"url": self.home + address})

    def fill(self, selector: str, words: str) -> None:
        element = self._find(selector)
        self.tell("WebDriver:ElementClear", {"id": element})
        self.tell("WebDriver:ElementSendKeys", {"id": element, "text": words})

    def press(self, selector: str) -> None:
        self.tell("WebDriver:ElementClick", {"id": self._find(selector)})

    def run(self, script: str) -> Any:
        return self.tell("WebDriver:ExecuteScript", {"script": script, "args": []})

    def _find(self, selector: str) -> str:
        found = self.tell("WebDriver:FindElement", {"using": "css selector", "value": selector})
        name: str = found[ELEMENT]
        return name


@contextmanager
def opened(home: str) -> Iterator[Visitor]:
    """A new Firefox with a profile of its own; it is closed, and the profile with it."""
    program = executable()
    assert program
    with tempfile.TemporaryDirectory() as profile:
        port = _free_port()
        preferences = PREFERENCES | {"marionette.port": port}
        lines = (
            f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()
        )
        (Path(profile) / "user.js").write_text("\n".join(lines))
        command = [program, "-headless", "-marionette", "-no-remote", "-profile", profile]
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield Visitor(port, home)
        finally:
            running.terminate()
            running.wait(timeout=20)


def _connected(port: int) -> socket.socket:
    ends = time.monotonic() + 40
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=60)
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
