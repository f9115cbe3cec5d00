"""Secrets that others gave us, such as a city's key: shut by a key of ours, so that rows and backups show nothing.

AES-GCM, and bound to what it is of: moved to another row it does not open. What is stored begins with the id of the key
that shut it, as a digest does: `3fa9c01.` and letters. A backup without keys, or the table alone, opens none of them.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from alongside.core import keys
from alongside.core.errors import Refusal, phrase

NONCE = 12


class CannotBeOpened(Refusal):
    """The key that shut it is not here, or it is another's."""


def shut(plain: str, *, of: str, ring: str) -> str:
    """What is stored of a secret. `of`: whose it is; it opens for nothing else."""
    key, nonce = keys.ring(Path(settings.DATA), ring)[-1], secrets.token_bytes(NONCE)
    held = AESGCM(key.secret[: keys.LENGTH]).encrypt(nonce, plain.encode(), of.encode())
    return f"{key.id}.{urlsafe_b64encode(nonce + held).decode()}"


def opened(stored: str, *, of: str, ring: str) -> str:
    """The secret. Raises CannotBeOpened."""
    id, _dot, packed = stored.partition(".")
    for key in keys.ring(Path(settings.DATA), ring):
        if key.id == id:
            try:
                held = urlsafe_b64decode(packed)
                box = AESGCM(key.secret[: keys.LENGTH])
                return box.decrypt(held[:NONCE], held[NONCE:], of.encode()).decode()
            except (InvalidTag, ValueError):
                break
    raise CannotBeOpened(phrase("The key that stands here cannot be opened any more. Type it again."))


def key_of(stored: str) -> str:
    """The id of the key that shut it."""
    return stored.partition(".")[0]
