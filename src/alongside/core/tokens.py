"""Links and codes that act: a random token in somebody's hand, a keyed digest of it in the database, for one purpose.

Whoever reads the database cannot make the link again, and a link made for one purpose opens nothing else. A digest
begins with the id of the key that made it: `3fa9c01.` and 56 hex characters. One without was made before there were
rings, by the key without a moment.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models.expressions import Combinable
from django.utils.crypto import salted_hmac

from alongside.core import keys
from alongside.core.columns import Plain

LENGTH = 64
# As long a page with a form may lie open, and still be sent once more.
FORM_LASTS = timedelta(days=30)


if TYPE_CHECKING:
    CharField = models.CharField[str | Combinable, str]
else:  # Django's takes no types when it runs
    CharField = models.CharField


class DigestField(Plain, CharField):
    """Where a digest is stored: by which ring it is made, and when nobody needs to find it any more.

    `until`: the field of the row that says when, `lasts` after that; a row without an end needs its key while it is
    there. By this the keys of a ring are counted, and a key that nothing needs is deleted.
    """

    def __init__(
        self, *, ring: str, until: str = "", lasts: timedelta = timedelta(0), **options: Any
    ) -> None:
        self.ring, self.until, self.lasts = ring, until, lasts
        super().__init__(max_length=LENGTH, **options)


def issue(purpose: str, code: str = "") -> tuple[str, str]:
    """A new token for a link, or the code that people type in its place; and the digest to store."""
    token = code or secrets.token_urlsafe(24)
    return token, digest(purpose, token)


def digest(purpose: str, token: str, *, ring: str = keys.LINKS) -> str:
    """What is stored of a token: 64 characters, by the key in use."""
    return _digest(keys.ring(Path(settings.DATA), ring)[-1], purpose, token)


def digests(purpose: str, token: str, *, ring: str = keys.LINKS) -> list[str]:
    """All that may be stored of a token, by whichever key: to look it up."""
    return [_digest(key, purpose, token) for key in keys.ring(Path(settings.DATA), ring)]


def _digest(key: keys.Key, purpose: str, token: str) -> str:
    whole = salted_hmac(
        f"alongside.link.{purpose}", token, secret=key.secret.hex(), algorithm="sha256"
    ).hexdigest()
    if key.made is None:
        return whole
    mark = f"{key.id}."
    return mark + whole[: LENGTH - len(mark)]  # 224 of its 256 bits
