"""By which key each agency's days are signed.

The ring `ledger` of the data folder holds secrets, as every ring does: readable by their owner only, out of backups by
default. Each agency's Ed25519 key is made of a secret and the agency's address, so that one file is to be kept, and no
agency signs with another's key. Which public key is in force its ledger says; here the private one is found to it.
"""

from __future__ import annotations

import hmac
from collections import Counter
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from alongside.agencies.models import Agency
from alongside.core import keys
from alongside.ledger.chain import public_of
from alongside.ledger.queries import key_of


def newest(agency: Agency) -> Ed25519PrivateKey:
    """The key of the secret in use; the first is made when it is asked for."""
    return _made_of(_ring()[-1], agency)


def find(agency: Agency, public: str) -> Ed25519PrivateKey | None:
    """The private key to a public one; None where its secret is not here."""
    made = (_made_of(secret, agency) for secret in reversed(_ring()))
    return next((key for key in made if public_of(key) == public), None)


def renew() -> None:
    """A new secret. Those before stay, until no ledger names a key of theirs."""
    _ring()
    keys.rotate(Path(settings.DATA), keys.LEDGER)


def uses() -> dict[str, int]:
    """How many agencies need each secret: nobody deletes one before their keys were changed."""
    needed: Counter[str] = Counter()
    for agency in Agency.objects.all():
        public = key_of(agency)
        needed.update(key.id for key in _ring() if public and public_of(_made_of(key, agency)) == public)
    return dict(needed)


def _ring() -> list[keys.Key]:
    return list(keys.ring(Path(settings.DATA), keys.LEDGER))


def _made_of(key: keys.Key, agency: Agency) -> Ed25519PrivateKey:
    seed = hmac.digest(key.secret, f"alongside.ledger.{agency.slug}".encode(), "sha256")
    return Ed25519PrivateKey.from_private_bytes(seed)
