"""Links that act: a random token in the address, a keyed hash of it in the database, bound to one purpose.

Whoever reads the database cannot make the link again, and a link made for one purpose opens nothing else.
"""

import secrets

from django.utils.crypto import salted_hmac


def issue(purpose: str) -> tuple[str, str]:
    """A new token for a link, and the digest to store."""
    token = secrets.token_urlsafe(24)
    return token, digest(purpose, token)


def digest(purpose: str, token: str) -> str:
    """What is stored of a token: 64 hex characters."""
    return salted_hmac(f"alongside.link.{purpose}", token, algorithm="sha256").hexdigest()
