"""Checking a ledger: ours beside a plain Python loop of json and hashlib, over one file, in turn, in one run.

The plain loop does what one would write first: read a line, take out the hash, serialise the rest with sorted names,
compare. It looks at no signature, no kind, no spelling, no clock. Target: 100,000 entries a second.
"""

import hashlib
import json
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import kept

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from alongside.ledger import chain

ENTRIES, A_DAY, ROUNDS = 500_000, 200, 3
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
DAY_ONE = date(2020, 1, 1)


def written(path: Path) -> None:
    """Entries as rooms write them, and a signed head each day."""
    body = {
        "agency": "riverbend",
        "format": chain.FORMAT,
        "key": chain.public_of(KEY),
        "name": "Riverbend Police",
    }
    said = {"about": "", "at": f"{DAY_ONE}T00:00:00Z", "body": body, "kind": chain.BEGUN, "n": 1}
    previous = chain.NOTHING
    with path.open("wb") as file:
        for n in range(1, ENTRIES + 1):
            day = DAY_ONE + timedelta(days=n // A_DAY)
            if n > 1 and n % A_DAY == 0:
                body = {"day": str(day - timedelta(days=1))}
                said = {"about": "", "at": f"{day}T00:00:00Z", "body": body, "kind": chain.SEALED, "n": n}
            elif n > 1:
                body = {
                    "due": str(day + timedelta(days=30)),
                    "salted": f"{n:064x}",
                    "owner": "office:parks",
                    "turn": n % 7,
                }
                at = f"{day}T{n % A_DAY * 24 // A_DAY:02}:00:00Z"
                said = {"about": f"concern:{n:010x}", "at": at, "body": body, "kind": "promise.made", "n": n}
            said["previous"] = previous
            whole = chain.with_hash(chain.signed(said, KEY) if said["kind"] == chain.SEALED else said)
            previous = whole["hash"]
            file.write(chain.canonical(whole) + b"\n")


def plainly(path: Path) -> int:
    """What one would write first."""
    previous, count = chain.NOTHING, 0
    with path.open(encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            said = entry.pop("hash")
            count += 1
            rest = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            assert entry["n"] == count
            assert entry["previous"] == previous
            assert hashlib.sha256(rest.encode()).hexdigest() == said
            previous = said
    return count


def ours(path: Path) -> int:
    with path.open("rb") as file:
        return chain.verify(chain.lines_of(file), key=chain.public_of(KEY)).entries


def seconds(check, path: Path) -> float:
    begun = time.perf_counter()
    assert check(path) == ENTRIES
    return time.perf_counter() - begun


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        written(path)
        size = path.stat().st_size
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        rounds = [(seconds(plainly, path), seconds(ours, path)) for _ in range(ROUNDS)]
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    plain, our = (min(column) for column in zip(*rounds, strict=True))
    result = {
        "machine": kept.machine(),
        "entries": ENTRIES,
        "bytes": size,
        "signed_heads": ENTRIES // A_DAY,
        "plain_entries_per_second": round(ENTRIES / plain),
        "ours_entries_per_second": round(ENTRIES / our),
        "ratio": round(plain / our, 2),
        "memory_grown_kb": grown,
        "target_entries_per_second": 100_000,
    }
    print(json.dumps(result, indent=2))
    print(f"ours {result['ratio']}× the plain loop; kept in {kept.keep('ledger', result)}")


if __name__ == "__main__":
    main()
