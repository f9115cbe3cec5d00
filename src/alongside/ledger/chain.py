"""A chain of entries: how one is written, and what is wrong with one that somebody hands us.

An entry is one line of canonical JSON (RFC 8785) with seven members: `about`, `at`, `body`, `hash`, `kind`, `n`,
`previous`. In it are only objects whose names are ASCII, lists, strings, and whole numbers within 2^53 - 1 of nought:
of these a serialiser that sorts names is canonical. `hash` is the SHA-256 of the entry without it, and `previous` the
hash of the entry before. docs/reference/ledger.md tells it to a stranger. Knows nothing of Django.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from alongside.core.errors import Phrase, Refusal, phrase

FORMAT = "alongside-ledger-1"
MEMBERS = ("about", "at", "body", "hash", "kind", "n", "previous")
NOTHING = "0" * 64  # the hash before the first entry
LONGEST = 1 << 16  # bytes of a line, with its end
DEEPEST = 8
LARGEST = 2**53 - 1

# What the ledger itself writes. Every other kind is a room's.
BEGUN, SEALED = "ledger.begun", "ledger.sealed"
CHANGED, LOST, CONFIRMED = "ledger.key_changed", "ledger.key_lost", "ledger.key_confirmed"
RESTORED = "ledger.restored"
OWN = frozenset({BEGUN, SEALED, CHANGED, LOST, CONFIRMED, RESTORED})
ITSELF = "ledger."

KIND = re.compile(r"[a-z]+(?:[._][a-z]+)*", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
HASH = re.compile(r"[0-9a-f]{64}")
SIGNATURE = re.compile(r"[0-9a-f]{128}")
SLUG = re.compile(r"[a-z0-9-]{1,40}")
ANYTHING = re.compile(r".{1,200}", re.DOTALL)
BODIES = {
    BEGUN: {"agency": SLUG, "format": re.compile(FORMAT), "key": HASH, "name": ANYTHING},
    SEALED: {"day": DAY, "signature": SIGNATURE},
    CHANGED: {"key": HASH, "signature": SIGNATURE},
    LOST: {"key": HASH},
    CONFIRMED: {"key": HASH},
    RESTORED: {"head": HASH},
}
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_AS_LINE = _SORTED | orjson.OPT_APPEND_NEWLINE
# `,"hash":"…"`: as it stands in a line. A quotation mark inside of a string has a backslash before it.
_HASH = b',"hash":"'
_HASH_LENGTH = len(_HASH) + 65


class NotCanonical(ValueError):
    """A value is none that an entry may hold."""


class NotInOrder(Refusal):
    """A ledger is not as it was written, or not proven to be."""


# -- writing ----------------------------------------------------------------------------------------
def canonical(value: Any) -> bytes:
    """RFC 8785, of what an entry may hold. Raises NotCanonical."""
    if wrong := _wrong(value):
        raise NotCanonical(str(wrong))
    try:
        return orjson.dumps(value, option=_SORTED)
    except TypeError as error:  # half of a character
        raise NotCanonical(str(error)) from error


def with_hash(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry with its hash."""
    return {**entry, "hash": hashlib.sha256(canonical(entry)).hexdigest()}


def signed(entry: Mapping[str, Any], by: Ed25519PrivateKey) -> dict[str, Any]:
    """An entry with a signature in its body."""
    return {**entry, "body": {**entry["body"], "signature": by.sign(statement(entry)).hex()}}


def statement(entry: Mapping[str, Any]) -> bytes:
    """What a signature is over: the entry without its hash and without the signature itself."""
    body = {name: value for name, value in entry["body"].items() if name != "signature"}
    said = {name: value for name, value in entry.items() if name != "hash"}
    return canonical({**said, "body": body})


def public_of(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def _wrong(value: Any, deep: int = 0) -> Phrase | None:
    """Why an entry may not hold a value."""
    kind = type(value)
    if kind is str:
        return None
    if kind is int:
        return None if -LARGEST <= value <= LARGEST else phrase("a number in it is too large.")
    if kind is not dict and kind is not list:
        return phrase("it holds something that is neither text nor a whole number.")
    if deep == DEEPEST:
        return phrase("it is nested too deep.")
    if kind is dict:
        for name in value:
            if type(name) is not str or not name.isascii():
                return phrase("a name in it is not ASCII.")
        value = value.values()
    for each in value:
        if wrong := _wrong(each, deep + 1):
            return wrong
    return None


# -- checking ---------------------------------------------------------------------------------------
@dataclass
class Verdict:
    """What was found of a ledger in order. `signed_to`: the last entry that a head covers, on `day`."""

    entries: int = 0
    head: str = NOTHING
    day: str = ""
    signed_to: int = 0
    agency: str = ""
    key: str = ""
    head_at: int = 0  # the entry whose hash somebody had kept
    proven_to: int = (
        0  # the last that is signed by the key that somebody had kept, or by one that it vouched for
    )


def lines_of(file: BinaryIO) -> Iterator[bytes]:
    """The lines of a file, none held longer than an entry may be."""
    while line := file.readline(LONGEST + 1):
        yield line


def verify(lines: Iterable[bytes], *, key: str = "", head: str = "") -> Verdict:
    """Look at every entry, in one pass. `key`: a public key, and `head`: the hash of any entry, that somebody kept.

    Raises NotInOrder: which is the first bad entry, and why.
    """
    check = _Check(key, head)
    for line in lines:
        check.add(line)
    return check.end()


class _Check:
    """What is known after so many entries."""

    def __init__(self, key: str, head: str) -> None:
        self.given_key, self.given_head = key, head
        self.found = Verdict()
        self.at = ""
        self.kinds: set[str] = set()
        self.knows_key = self.vouched = False
        self.lost_at = 0  # since the last head that is proven
        self.last_head = NOTHING

    def add(self, line: bytes) -> None:
        found = self.found
        n = found.entries + 1
        try:
            entry = orjson.loads(line)
            if orjson.dumps(entry, option=_AS_LINE) != line or tuple(entry) != MEMBERS:
                raise ValueError
        except (ValueError, TypeError):
            raise bad(n, why_no_entry(line, first=n == 1)) from None
        about, at, body, said, kind, number, previous = entry.values()
        if type(number) is not int or number != n:
            raise bad(n, phrase("it says that it is entry %(said)s.", said=_short(number)))
        if previous != found.head:
            raise bad(n, phrase("it does not follow from the entry before: its “previous” is not that hash."))
        if type(about) is not str or type(body) is not dict:
            raise bad(n, phrase("“about” is not text, or “body” is no object."))
        if wrong := _wrong(body):
            raise bad(n, wrong)
        if at != self.at:
            self._look_at_moment(n, at)
        if type(kind) is not str or kind not in self.kinds:
            self._look_at_kind(n, kind)
        mark = line.rfind(_HASH)
        if hashlib.sha256(line[:mark] + line[mark + _HASH_LENGTH : -1]).hexdigest() != said:
            raise bad(n, phrase("it was changed: its hash is not the hash of what it says."))
        if kind in OWN:
            self._look_at_own(n, entry)
        found.entries, found.head = n, said
        if said == self.given_head:
            found.head_at = n

    def _look_at_moment(self, n: int, at: Any) -> None:
        if not (isinstance(at, str) and MOMENT.fullmatch(at) and _is_real(datetime.fromisoformat, at)):
            raise bad(n, phrase("“at” is no moment such as 2027-06-03T18:00:00Z."))
        if at < self.at:
            raise bad(
                n,
                phrase(
                    "its clock went back: it is of %(at)s, after an entry of %(before)s.",
                    at=at,
                    before=self.at,
                ),
            )
        self.at = at

    def _look_at_kind(self, n: int, kind: Any) -> None:
        if not (isinstance(kind, str) and KIND.fullmatch(kind)) or (
            kind.startswith(ITSELF) and kind not in OWN
        ):
            raise bad(n, phrase("nobody knows its kind, %(kind)s.", kind=_short(kind)))
        if (kind == BEGUN) != (n == 1):
            raise bad(
                n, phrase("a ledger begins with an entry of the kind ledger.begun, and only begins so.")
            )
        if kind != BEGUN:
            self.kinds.add(kind)

    def _look_at_own(self, n: int, entry: Mapping[str, Any]) -> None:
        """What the ledger says of itself: whose it is, its keys, its heads."""
        body, kind = entry["body"], entry["kind"]
        if BODIES[kind].keys() != body.keys() or not all(
            isinstance(body[name], str) and shape.fullmatch(body[name])
            for name, shape in BODIES[kind].items()
        ):
            raise bad(n, phrase("its body is not that of the kind %(kind)s.", kind=kind))
        if kind in (SEALED, CHANGED) and not is_signed(entry, by=self.found.key):
            raise bad(n, phrase("its signature is not by the key of this ledger."))
        if kind == SEALED:
            self._look_at_day(n, body["day"], entry["at"])
            self.last_head = entry["hash"]
        elif kind == CONFIRMED:
            if body["key"] != self.found.key:
                raise bad(n, phrase("it confirms another key than the one in force."))
        elif kind == RESTORED:
            if body["head"] != self.last_head:
                raise bad(n, phrase("it names another head than the last one that was signed before it."))
        else:
            self._turn_key(n, kind, body["key"])
            self.found.agency = body.get("agency", self.found.agency)

    def _look_at_day(self, n: int, day: str, at: str) -> None:
        """Days only go up, and are over. Wherever on earth, a day ends on its own date in UTC, or on the next."""
        if not _is_real(date.fromisoformat, day) or day <= self.found.day:
            raise bad(
                n,
                phrase("it signs the day %(day)s, after %(before)s.", day=day, before=self.found.day or "—"),
            )
        if day > at[: len(day)]:
            raise bad(n, phrase("it signs the day %(day)s, which was not over at %(at)s.", day=day, at=at))
        self.found.day, self.found.signed_to = day, n
        if self.vouched:
            self.found.proven_to, self.lost_at = n, 0

    def _turn_key(self, n: int, kind: str, key: str) -> None:
        """A key that the last one signed is as good as that one. One that came after a loss is not.

        Anybody can write that a key was lost, also that it was found again. So a loss counts until a head that is
        proven covers it.
        """
        was_vouched, self.vouched = self.vouched, key == self.given_key or (kind == CHANGED and self.vouched)
        self.knows_key |= key == self.given_key
        self.found.key = key
        if was_vouched and not self.vouched and not self.lost_at:
            self.lost_at = n

    def end(self) -> Verdict:
        found = self.found
        if not found.entries:
            raise NotInOrder(phrase("Entry 1 is missing: the file is empty, of zero bytes."))
        if self.given_head and not found.head_at:
            raise NotInOrder(
                phrase(
                    "None of its %(count)s entries has the hash %(head)s: entries were taken away or written anew "
                    "since that head was kept, or it is of another ledger.",
                    count=found.entries,
                    head=self.given_head,
                )
            )
        if self.given_key:
            self._look_whether_proven()
        return found

    def _look_whether_proven(self) -> None:
        if not self.knows_key:
            raise bad(1, phrase("its key is another, and the key you gave is nowhere in this ledger."))
        if self.lost_at:
            raise bad(
                self.lost_at,
                phrase(
                    "it says that the key was lost, so nothing after it is proven by the key you gave. Ask for the key "
                    "that the agency has published since."
                ),
            )
        if not self.found.proven_to:
            raise bad(self.found.entries, phrase("no head in this ledger is signed with the key you gave."))


def is_signed(entry: Mapping[str, Any], *, by: str) -> bool:
    """Whether the signature in an entry's body is by this public key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(by))
        key.verify(bytes.fromhex(entry["body"]["signature"]), statement(entry))
    except (InvalidSignature, ValueError):
        return False
    return True


def bad(n: int, why: Phrase) -> NotInOrder:
    return NotInOrder(phrase("Entry %(number)s: %(why)s", number=n, why=why))


def why_no_entry(line: bytes, *, first: bool) -> Phrase:
    """What is wrong with a line that is no entry as we write them: said so that somebody can mend it."""
    return _wrong_bytes(line, first=first) or _wrong_json(line)


def _wrong_bytes(line: bytes, *, first: bool) -> Phrase | None:
    if first and line.startswith(MARKS):
        return phrase("the file begins with a byte order mark (BOM): take it as it was downloaded.")
    if len(line) > LONGEST:
        return phrase("the line is longer than %(count)s bytes.", count=LONGEST)
    if line.endswith(b"\r\n"):
        return phrase(
            "the line ends in CRLF, as Windows writes it, and not in LF: take the file as it was downloaded."
        )
    if not line.strip():
        return phrase("the line is empty.")
    if not line.endswith(b"\n"):
        return phrase("the last line does not end in LF: the file was cut short.")
    return None


def _wrong_json(line: bytes) -> Phrase:
    names: list[str] = []
    try:
        entry = json.loads(line.decode(), object_pairs_hook=_noting_doubles(names))
    except UnicodeDecodeError:
        return phrase("it is not UTF-8.")
    except (ValueError, RecursionError):
        return phrase("the line is no JSON.")
    if names:
        return phrase("the name “%(name)s” is there twice.", name=_short(names[0]))
    if not isinstance(entry, dict) or entry.keys() != set(MEMBERS):
        return phrase("it has not the seven members of an entry: %(names)s.", names=", ".join(MEMBERS))
    return _wrong(entry) or phrase(
        "it is not spelled as canonical JSON (RFC 8785): a space, the order of names, or how a character or number is "
        "written."
    )


def _noting_doubles(found: list[str]) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def noted(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            seen = [name for name, _value in pairs]
            found.append(next(name for name in seen if seen.count(name) > 1))
        return made

    return noted


def _is_real(read: Callable[[str], object], said: str) -> bool:
    """Whether the calendar has it."""
    try:
        read(said)
    except ValueError:
        return False
    return True


def _short(value: object) -> str:
    return ascii(value)[:40]
