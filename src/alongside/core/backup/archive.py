"""The file of a backup: a tar, each of whose members says its SHA-256, and at the end a seal that names all that count.

It is written as FILE.part, member by member, and is called FILE once it is sealed. Whoever was interrupted goes on
behind the last member that is whole. Knows nothing of Django: a backup is looked at before there are settings.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from alongside.core.errors import Refusal, phrase
from alongside.core.files import FULL, NoRoom, to_disk
from alongside.core.stores import Unreachable, answering

FORMAT = 1
HEAD, SEAL = "alongside.json", "seal.json"
# What stands between them: files of the data folder, rows by their table, and keys where there is a passphrase.
FILES, ROWS, KEYS = "files/", "rows/", "keys.shut"
DIGEST = "SCHILY.xattr.user.sha256"  # a name by which other tars say nothing about it
BEGINS = b"././@PaxHeader"  # the first words of any of ours
AT_ONCE = 1 << 20
LAST = 2.0**40  # second that a file may say it was changed in
LARGEST_TEXT = 256 << 20  # of a member that is read whole: a head, a seal, a chunk of rows
Progress = Callable[[int], object]


class NotWhole(Refusal):
    """A backup was cut short, or its bytes were changed."""


class NotOurs(Refusal):
    """A file is no backup, or another one stands where this one would."""


def nothing(_bytes: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Member:
    """One thing in the file: what it is called, its bytes, where they begin, and when it was last changed."""

    name: str
    size: int
    sha256: str
    mtime: float = 0.0
    offset: int = field(default=0, compare=False)

    @property
    def end(self) -> int:
        return self.offset + -(-self.size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE


# -- writing ----------------------------------------------------------------------------------------
class Writer:
    """FILE.part, open to be written to."""

    def __init__(self, path: Path, file: BinaryIO, members: list[Member], head: Mapping[str, Any]) -> None:
        self.path, self.file, self.head = path, file, head
        self.members = {member.name: member for member in members}
        self._go_to(members[-1].end if members else 0)

    def go_back_to(self, members: list[Member]) -> None:
        """Let go of what stands behind these."""
        self.members = {member.name: member for member in members}
        self._go_to(members[-1].end)

    def _go_to(self, end: int) -> None:
        self.file.truncate(end)
        self.file.seek(end)
        self.tar = tarfile.open(fileobj=self.file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - the file is closed

    def add(self, name: str, held: bytes) -> Member:
        """One member from memory."""
        return self._add(name, io.BytesIO(held), len(held), hashlib.sha256(held).hexdigest(), 0.0)

    def add_file(self, name: str, path: Path, progress: Progress = nothing) -> Member | None:
        """One file as it is; None where it has gone meanwhile. One that changes while it is read is read again."""
        for _attempt in range(5):
            before = self.file.tell()
            try:
                with path.open("rb") as source:
                    about = os.fstat(source.fileno())
                    said = hashlib.file_digest(source, "sha256").hexdigest()
                    source.seek(0)
                    member = self._add(name, source, about.st_size, said, about.st_mtime, progress)
            except FileNotFoundError:
                return None
            except OSError as error:
                if error.errno is not None:
                    raise
                member = None  # tarfile: shorter than it was a moment ago
            if member is not None and _digest_of(self.file, member) == member.sha256:
                return member
            self.members.pop(name, None)
            self._go_to(before)
        raise NotWhole(phrase("%(file)s changes while it is read: try again later.", file=str(path)))

    def _add(
        self, name: str, source: Any, size: int, sha256: str, mtime: float, progress: Progress = nothing
    ) -> Member:
        about = tarfile.TarInfo(name)
        about.size, about.mtime, about.mode = size, mtime, 0o600
        about.pax_headers = {DIGEST: sha256}
        self.tar.addfile(about, _Watched(source, progress))
        end = self.file.tell()
        begins = end - -(-size // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
        member = self.members[name] = Member(name, size, sha256, mtime, begins)
        self.tar.members = []  # type: ignore[attr-defined]  # it would remember every one
        return member

    def seal(self, said: Mapping[str, Any], names: list[str]) -> None:
        """Say which members count, and call the file by its name."""
        members = [[self.members[name].size, self.members[name].sha256, name] for name in names]
        self.add(SEAL, json.dumps({**self.head, **said, "members": members}).encode())
        self.tar.close()
        self.file.flush()
        to_disk(part_of(self.path))
        part_of(self.path).replace(self.path)
        to_disk(self.path.parent)


class _Watched:
    """A file that tells how much of it was read."""

    def __init__(self, source: BinaryIO, progress: Progress) -> None:
        self.source, self.progress = source, progress

    def read(self, size: int = -1) -> bytes:
        held = self.source.read(size)
        self.progress(len(held))
        return held


def part_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.part")


@contextmanager
def writing(path: Path, head: Mapping[str, Any], *, same: tuple[str, ...]) -> Iterator[Writer]:
    """FILE.part: begun with this head, or gone on with where one stands whose head says the `same`.

    What is left on an interruption stays, to be gone on with.
    """
    if path.exists():
        raise NotOurs(phrase("%(file)s stands already: choose another name.", file=str(path)))
    with os.fdopen(_opened(part_of(path)), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotOurs(phrase("%(file)s is being written already.", file=str(path))) from None
        try:
            yield _begun(path, file, head, same)
        except OSError as error:
            if error.errno in FULL:
                raise NoRoom(
                    phrase(
                        "The disk is full. Make room, and give the same command: it goes on where it stopped."
                    )
                ) from error
            raise


def _opened(part: Path) -> int:
    """FILE.part, for our eyes alone. Nobody who may write beside it has chosen where it leads, or keeps it open."""
    try:
        descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        if error.errno in FULL:
            raise
        raise NotOurs(
            phrase("%(file)s cannot be written: %(why)s.", file=str(part), why=str(error.strerror))
        ) from error
    if os.fstat(descriptor).st_uid != os.geteuid():
        os.close(descriptor)
        raise NotOurs(phrase("%(file)s belongs to another user: choose another name.", file=str(part)))
    os.fchmod(descriptor, 0o600)
    return descriptor


def _begun(path: Path, file: BinaryIO, head: Mapping[str, Any], same: tuple[str, ...]) -> Writer:
    members = list(_whole_members(file))
    if not members or members[0].name != HEAD:
        if not _may_be_a_head(file):
            raise NotOurs(phrase("%(file)s is no backup that was interrupted.", file=str(part_of(path))))
        writer = Writer(path, file, [], head)
        writer.add(HEAD, json.dumps(head).encode())
        return writer
    before = json.loads(_bytes_of(file, members[0]))
    if any(before.get(name) != head[name] for name in same):
        raise NotOurs(
            phrase(
                "%(file)s was begun with another install or another version: delete it, or choose another name.",
                file=str(part_of(path)),
            )
        )
    return Writer(path, file, members, before)


def _may_be_a_head(file: BinaryIO) -> bool:
    """Nothing yet, or the little that a kill while the head was written leaves."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size <= AT_ONCE and file.read(len(BEGINS)) == BEGINS[:size]


def _whole_members(file: BinaryIO) -> Iterator[Member]:
    """The members from the beginning on, up to the first that is not whole."""
    try:
        for member in _members(file):
            if _digest_of(file, member) != member.sha256:
                return
            yield member
    except NotWhole:
        return


# -- reading ----------------------------------------------------------------------------------------
class Reader:
    """A backup that is whole: every byte of it was looked at."""

    def __init__(
        self, path: Path, file: BinaryIO, seal: Mapping[str, Any], members: dict[str, Member]
    ) -> None:
        self.path, self.file, self.seal, self.members = path, file, seal, members

    def read(self, name: str) -> bytes:
        member = self.members[name]
        with answering(self.path):
            held = _bytes_of(self.file, member)
        if hashlib.sha256(held).hexdigest() != member.sha256:
            raise _changed(self.path)
        return held

    def write(self, name: str, target: Path, progress: Progress = nothing) -> None:
        """Put one member into a new file, readable by its owner only."""
        member, said = self.members[name], hashlib.sha256()
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for held in self._pieces(member):
                said.update(held)
                file.write(held)
                progress(len(held))
        to_disk(target)
        if said.hexdigest() != member.sha256:
            raise _changed(self.path)
        os.utime(target, (member.mtime, member.mtime))

    def _pieces(self, member: Member) -> Iterator[bytes]:
        with answering(self.path):
            yield from _pieces(self.file, member)


@contextmanager
def reading(path: Path, progress: Progress = nothing) -> Iterator[Reader]:
    """A backup, once all of it was found to be as it was sealed."""
    try:
        with answering(path):
            if path.exists() and not path.is_file():
                raise NotOurs(phrase("%(file)s is no file.", file=str(path)))
            file = path.open("rb")
    except FileNotFoundError:
        raise NotOurs(phrase("There is no file %(file)s.", file=str(path))) from None
    except OSError as error:
        raise NotOurs(
            phrase("%(file)s cannot be read: %(why)s.", file=str(path), why=str(error.strerror))
        ) from error
    with file:
        found: dict[str, Member] = {}
        last = None
        try:
            with answering(path):
                for last in _members(file):
                    if _digest_of(file, last, progress) != last.sha256:
                        raise _changed(path)
                    found[last.name] = last
        except NotWhole:
            raise _changed(path) from None
        if HEAD not in found:
            raise NotOurs(phrase("%(file)s is no backup of Alongside.", file=str(path)))
        if last is None or last.name != SEAL:
            raise _changed(path)
        try:
            seal = json.loads(_bytes_of(file, last))
            sealed = _sealed(path, seal, found)
        except (ValueError, KeyError, TypeError, RecursionError):  # words of no seal of ours
            raise _changed(path) from None
        yield Reader(path, file, seal, sealed)


def id_of(path: Path) -> str | None:
    """Which backup this file is, whole or not; None where it is none, or cannot be looked at."""
    try:
        with answering(path), path.open("rb") as file:
            head = next(_members(file), None)
            said = json.loads(_bytes_of(file, head)) if head and head.name == HEAD else {}
    except (OSError, NotWhole, Unreachable, ValueError):
        return None
    return str(said["id"]) if isinstance(said, dict) and "id" in said else None


def _sealed(path: Path, seal: Mapping[str, Any], found: Mapping[str, Member]) -> dict[str, Member]:
    if seal["format"] > FORMAT:
        raise NotOurs(
            phrase("%(file)s was made by a newer Alongside: restore it with that version.", file=str(path))
        )
    members: dict[str, Member] = {}
    for size, sha256, name in seal["members"]:
        member = found.get(name)
        if member is None or (member.size, member.sha256) != (size, sha256) or not _is_plain(name):
            raise _changed(path)
        members[name] = member
    return members


def _is_plain(name: str) -> bool:
    """A name that leads nowhere else than below where it is put."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\0" not in name


def _changed(path: Path) -> NotWhole:
    return NotWhole(
        phrase(
            "%(file)s is not as it was sealed: it was cut short or changed. Nothing was restored; take another copy.",
            file=str(path),
        )
    )


def _members(file: BinaryIO) -> Iterator[Member]:
    """What stands in a tar, in its order. Raises NotWhole where it ends in the middle, or is none."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    try:
        tar = tarfile.open(fileobj=file, mode="r:")  # noqa: SIM115 - the file is closed
        while (about := tar.next()) is not None:
            tar.members = []  # type: ignore[attr-defined]  # it would remember every one
            digest = about.pax_headers.get(DIGEST)
            member = Member(about.name, about.size, digest or "", float(about.mtime), about.offset_data)
            if not about.isfile() or digest is None or member.size < 0 or member.end > size:
                raise NotWhole
            if not abs(member.mtime) <= LAST:  # not even a number, perhaps
                raise NotWhole
            yield member
            tar.offset = member.end
    except (tarfile.TarError, ValueError, EOFError, OSError, OverflowError) as error:
        raise NotWhole from error


def _pieces(file: BinaryIO, member: Member) -> Iterator[bytes]:
    at, left = member.offset, member.size
    while left:
        file.seek(at)
        held = file.read(min(AT_ONCE, left))
        if not held:
            raise NotWhole
        yield held
        at, left = at + len(held), left - len(held)


def _digest_of(file: BinaryIO, member: Member, progress: Progress = nothing) -> str:
    said, here = hashlib.sha256(), file.tell()
    for held in _pieces(file, member):
        said.update(held)
        progress(len(held))
    file.seek(here)
    return said.hexdigest()


def _bytes_of(file: BinaryIO, member: Member) -> bytes:
    if member.size > LARGEST_TEXT:
        raise NotWhole(phrase("It holds a table that is larger than any of ours."))
    here = file.tell()
    held = b"".join(_pieces(file, member))
    file.seek(here)
    return held
