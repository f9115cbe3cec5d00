"""The keys of an install, shut with a passphrase: Scrypt makes a key of it, AES-GCM shuts and finds every change."""

from __future__ import annotations

import json
import secrets
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from alongside.core.errors import Refusal, phrase

# 64 MB and some tenths of a second for each guess: as OWASP asks of what a person made up.
COST, BLOCK, PARALLEL = 2**16, 8, 1
HIGHEST_COST = 2**20  # what a file may ask of us


class WrongPassphrase(Refusal):
    """The keys do not open."""


def shut(rings: Mapping[str, str], passphrase: str, *, of: str) -> bytes:
    """The files of keys, by name, for nobody without the passphrase; and for no other backup than this."""
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    box = AESGCM(_key(passphrase, salt, COST))
    held = box.encrypt(nonce, json.dumps(dict(rings)).encode(), of.encode())
    said = {"scrypt": COST, "salt": _text(salt), "nonce": _text(nonce), "held": _text(held)}
    return json.dumps(said).encode()


def opened(held: bytes, passphrase: str, *, of: str) -> dict[str, str]:
    """The files of keys, by name. Raises WrongPassphrase."""
    try:
        said = json.loads(held)
        box = AESGCM(_key(passphrase, b64decode(said["salt"]), min(int(said["scrypt"]), HIGHEST_COST)))
        plain = box.decrypt(b64decode(said["nonce"]), b64decode(said["held"]), of.encode())
    except (InvalidTag, ValueError, TypeError, KeyError):  # or no keys at all
        raise WrongPassphrase(
            phrase("This passphrase does not open the keys of this backup. Nothing was restored.")
        ) from None
    rings: dict[str, str] = json.loads(plain)
    return rings


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=cost, r=BLOCK, p=PARALLEL).derive(_as_typed_anywhere(passphrase))


def _as_typed_anywhere(passphrase: str) -> bytes:
    """The same bytes, whether a keyboard gives é as one character or as two, and whatever stands around the words."""
    return unicodedata.normalize("NFC", passphrase.strip()).encode(errors="surrogateescape")


def _text(held: bytes) -> str:
    return b64encode(held).decode()
