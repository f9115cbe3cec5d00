"""Rings of keys in the data folder, readable by their owner only. Backups leave them out by default.

A ring is a file: one key a line, with the moment it was made, the one in use last. What is stored says which key made
it, so that older ones are still read; a line without a moment is a key of before there were rings. Knows nothing of
Django: the first keys are made before there are settings.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from alongside.core import clock
from alongside.core.errors import Phrase, Refusal, phrase, said_by
from alongside.core.files import whole

# What signs people in and their forms, and nothing that is stored: it may be replaced on any day.
SESSION = "session"
LINKS, CODES, FORMS, VOICES, ADDRESSES = "links", "codes", "forms", "voices", "addresses"
LEDGER = "ledger"
# What shuts the secrets that others gave us.
OUTSIDE = "outside"
# What hung on the session's key, before it had keys of its own.
HUNG_ON_THE_SESSION = (LINKS, CODES, FORMS)
RING = re.compile(r"[a-z-]+")
# Enough to tell the keys of one ring apart, and short enough to stand before each digest.
ID_LENGTH = 7


# Of a key, in bytes: as many as the digest has that is made with it. Nobody types one by hand.
LENGTH = 32


class NoSuchRing(Refusal):
    """Someone names keys that are not here."""


class NoGoodKeys(Refusal):
    """A ring is here, and what it holds are no keys: cut off, written over, or typed."""


@dataclass(frozen=True)
class Key:
    """One key of a ring. `made` is None for a key of before there were rings."""

    secret: bytes
    made: datetime | None = None

    @property
    def id(self) -> str:
        """Tells keys apart without telling the key."""
        return hashlib.sha256(b"alongside key " + self.secret).hexdigest()[:ID_LENGTH]

    def __str__(self) -> str:
        return f"{self.made.isoformat()} {self.secret.hex()}" if self.made else self.secret.hex()


def load(data: Path, name: str) -> bytes:
    """The 32 secret bytes in use, the same for every process that asks."""
    return ring(data, name)[-1].secret


def ring(data: Path, name: str) -> Sequence[Key]:
    """The keys called `name`, the one in use last; the first is made when it is asked for. Raises NoGoodKeys."""
    path = _path(data, name)
    if not path.exists():
        _write(path, [_new()], over=False)  # of two processes that start together, one key wins
    return _read(path)


def names(data: Path) -> list[str]:
    """The rings that there are. What an editor or somebody careful left beside them is none."""
    return sorted(path.name for path in (data / "keys").glob("[a-z]*") if RING.fullmatch(path.name))


def troubles(data: Path) -> Iterator[Phrase]:
    """What is wrong with the rings that there are."""
    for name in names(data):
        try:
            ring(data, name)
        except NoGoodKeys as wrong:
            yield said_by(wrong)


def rotate(data: Path, name: str) -> Key:
    """Make a new key, which is in use from now on. The others stay, to be read."""
    if not _path(data, name).exists():
        raise NoSuchRing(
            phrase(
                "There are no keys “%(name)s” here; there are: %(known)s.",
                name=name,
                known=", ".join(names(data)),
            )
        )
    with _alone(data):
        made = _new()
        _write(_path(data, name), [*ring(data, name), made])
    return made


def forget(data: Path, name: str, id: str) -> None:
    """Delete a key that nothing depends on. Never the one in use."""
    with _alone(data):
        *older, in_use = ring(data, name)
        _write(_path(data, name), [*(key for key in older if key.id != id), in_use])


def part_from_the_session(data: Path) -> None:
    """In a folder of before there were rings: what hung on the session's key gets keys of its own, and keeps that one.

    A key of before is one without a moment. So in a new folder, or one whose keys were lost, nothing is carried over.
    """
    inherited = [key for key in ring(data, SESSION) if key.made is None]
    for name in HUNG_ON_THE_SESSION:
        if not _path(data, name).exists():
            _write(_path(data, name), [*inherited, _new()], over=False)


def _new() -> Key:
    return Key(secrets.token_bytes(LENGTH), clock.now())


def _path(data: Path, name: str) -> Path:
    return data / "keys" / name


def _read(path: Path) -> list[Key]:
    """Whatever an editor puts around the lines: a mark at the beginning, lines of nothing."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        read = [_key(line) for line in lines if line.strip()]
    except (ValueError, IsADirectoryError):
        read = []
    if not read:
        raise NoGoodKeys(
            phrase(
                "keys/%(name)s holds no key of %(length)s bytes, or one that is cut off: put the file back from where "
                "it was kept. Without it, what hangs on it is lost; then delete it, and a new key is made.",
                name=path.name,
                length=LENGTH,
            )
        )
    return read


def _key(line: str) -> Key:
    """Raises ValueError, also where a key could be guessed because it is short."""
    *made, secret = line.split()
    key = Key(bytes.fromhex(secret), _moment(" ".join(made)) if made else None)
    if len(key.secret) < LENGTH:
        raise ValueError("short")
    return key


def _moment(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _write(path: Path, kept: Sequence[Key], *, over: bool = True) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with whole(path, mode=0o600, over=over) as file:
        file.write("".join(f"{key}\n" for key in kept).encode())


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One change of keys at a time. The lock goes with its process, however that ends."""
    with (data / "keys" / ".lock").open("w") as file:
        Path(file.name).chmod(0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
