"""To say now what a text was, without saying it: a digest of random bytes and the text.

The ledger keeps the commitment; the room that has the text keeps the salt beside it, and erases both together. Then
nobody can tell any more what was committed to, not even by guessing the text, and the ledger stays as it was.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

SALT = 32  # random bytes: as many as the digest has


def commit(text: str) -> tuple[str, str]:
    """A new salt, to be kept with the text, and the commitment, for the ledger: 64 hex digits each."""
    salt = secrets.token_hex(SALT)
    return salt, _commitment(salt, text)


def opens(salt: str, text: str, commitment: str) -> bool:
    """Whether this is the text that was committed to, to the letter."""
    try:
        return hmac.compare_digest(_commitment(salt, text), commitment)
    except (ValueError, TypeError):  # no hex digits
        return False


def _commitment(salt: str, text: str) -> str:
    """SHA-256 over the 32 bytes of the salt, and behind them the text in UTF-8."""
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()
