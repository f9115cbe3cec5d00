"""Ledgers as an agency would have written them, without a database; and as somebody would have bent them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alongside.ledger import chain

OURS, NEXT, EVES = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2, 3))
FIRST = date(2027, 6, 1)


def entry(kind, body, *, after=None, at="", by=None, about=""):
    """The entry that follows another."""
    said = {
        "about": about,
        "at": at or (after["at"] if after else f"{FIRST}T12:00:00Z"),
        "body": body,
        "kind": kind,
        "n": after["n"] + 1 if after else 1,
        "previous": after["hash"] if after else chain.NOTHING,
    }
    return chain.with_hash(chain.signed(said, by) if by else said)


def begun(key=OURS):
    body = {
        "agency": "riverbend",
        "format": chain.FORMAT,
        "key": chain.public_of(key),
        "name": "Riverbend Police",
    }
    return entry(chain.BEGUN, body)


def a_ledger(days=3, each=4, *, key=OURS, first=None):
    """So many days, each with so many entries and a signed head. Entry 1 begins it."""
    made = [first or begun(key)]
    for day in (FIRST + timedelta(days=n) for n in range(days)):
        for n in range(each):
            body = {"due": f"{day + timedelta(days=30)}", "steps": n, "commitment": "ab" * 32}
            made.append(
                entry(
                    "promise.made",
                    body,
                    after=made[-1],
                    at=f"{day}T{18 + n % 4}:00:00Z",
                    about="promise:7fq2mz9k4b",
                )
            )
        made.append(sealed(made[-1], day, by=key))
    return made


def sealed(after, day, *, by=OURS):
    return entry(
        chain.SEALED, {"day": str(day)}, after=after, at=f"{day + timedelta(days=1)}T04:00:00Z", by=by
    )


def taken_over(made: list[dict], *, back=OURS) -> list[dict]:
    """What a stranger adds who has no key of ours: a loss, what they like, a day of theirs, and our key found again."""
    done = [*made, entry(chain.LOST, {"key": chain.public_of(EVES)}, after=made[-1])]
    done.append(entry("promise.made", {}, after=done[-1], at="2027-06-30T18:00:00Z"))
    done.append(sealed(done[-1], date(2027, 6, 30), by=EVES))
    return [*done, entry(chain.LOST, {"key": chain.public_of(back)}, after=done[-1])]


def rewritten(made: Iterable[dict], *, by=None):
    """The same words with new numbers and hashes, as whoever has the database could make them."""
    done = []
    for each in made:
        body = dict(each["body"])
        if by and each["kind"] == chain.BEGUN:
            body["key"] = chain.public_of(by)
        signs = by if by and "signature" in body else None
        if signs:
            del body["signature"]
        done.append(
            entry(
                each["kind"],
                body,
                after=done[-1] if done else None,
                at=each["at"],
                by=signs,
                about=each["about"],
            )
        )
    return done


ODD = (None, True, 7, -1, 1.5, "", "x", [], ["x"], {}, {"x": []})  # no type, or no value, of any member


def odd_ones(made: list[dict], n: int) -> Iterator[tuple[str, list[bytes]]]:
    """The ledger, and in entry `n` one member that is something odd, or the usual in a list; its hash fits."""
    for name in chain.MEMBERS:
        for odd in (*ODD, [made[n - 1][name]]):
            if (name, odd) in (
                ("about", ""),
                ("about", "x"),
                ("body", {}),
                ("body", {"x": []}),
                ("kind", "x"),
            ):
                continue  # these may be
            said = {each: value for each, value in made[n - 1].items() if each != "hash"} | {name: odd}
            if name != "hash":
                said["hash"] = hashlib.sha256(_in_order(said)).hexdigest()
            yield f"{name}: {odd!r}", spelled(made, n, _in_order(said) + b"\n")
    for kind, shape in chain.BODIES.items():
        for name in shape:
            for odd in (None, True, 7, [], ["ab" * 32], {}, "x"):
                if (kind, name, odd) in ((chain.BEGUN, "agency", "x"), (chain.BEGUN, "name", "x")):
                    continue
                at = 1 if kind == chain.BEGUN else n
                body = dict.fromkeys(shape, "ab" * 32) | {name: odd}
                said = {each: value for each, value in made[at - 1].items() if each != "hash"}
                said |= {"kind": kind, "body": body}
                said["hash"] = hashlib.sha256(_in_order(said)).hexdigest()
                yield f"{kind}, {name}: {odd!r}", spelled(made, at, _in_order(said) + b"\n")


def _in_order(said: object) -> bytes:
    """Spelled as an entry is, whatever it holds."""
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def lines(made: Iterable[dict]) -> list[bytes]:
    return [chain.canonical(each) + b"\n" for each in made]


def plainly(said: object) -> bytes:
    """Canonical JSON the slow and obvious way: RFC 8785 of what an entry may hold."""
    if isinstance(said, dict):
        names = sorted(said, key=lambda name: name.encode("utf-16-be"))
        return b"{" + b",".join(plainly(name) + b":" + plainly(said[name]) for name in names) + b"}"
    if isinstance(said, list):
        return b"[" + b",".join(map(plainly, said)) + b"]"
    if isinstance(said, int):
        return str(said).encode()
    short = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
    return (
        '"' + "".join(short.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in said) + '"'
    ).encode()


def spelled(made, n, line: bytes) -> list[bytes]:
    """A ledger in which one line is spelled otherwise."""
    written = lines(made)
    written[n - 1] = line
    return written


def as_json(said) -> bytes:
    return json.dumps(said).encode() + b"\n"
