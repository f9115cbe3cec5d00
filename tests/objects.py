"""A real server of S3, in a process of its own, and addresses to try things at."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from botocore.session import Session
from s3fs import S3FileSystem

KEYS = {"AWS_ACCESS_KEY_ID": "ada", "AWS_SECRET_ACCESS_KEY": "not-secret", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def served() -> Iterator[dict[str, str]]:
    """What the environment of whoever asks it says."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield {**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    finally:
        server.kill()
        server.wait()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError("the server of S3 did not come up")


def make_bucket(environment: dict[str, str]) -> str:
    """A bucket of a name of its own; its address."""
    name = f"city-{secrets.token_hex(6)}"
    client = Session().create_client(
        "s3",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id="ada",
        aws_secret_access_key="not-secret",
    )
    client.create_bucket(Bucket=name)
    return f"s3://{name}"


def asked_at(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """As this environment says: whoever asked before with another is forgotten."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    S3FileSystem.clear_instance_cache()


@pytest.fixture(scope="session")
def object_server() -> Iterator[dict[str, str]]:
    with served() as environment:
        yield environment


@pytest.fixture(params=["file", pytest.param("s3", marks=pytest.mark.heavy)])
def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where things are put: a share that is mounted, and a bucket."""
    if request.param == "file":
        return f"file://{tmp_path}/share/town"
    environment = request.getfixturevalue("object_server")
    asked_at(environment, monkeypatch)
    return f"{make_bucket(environment)}/town"
