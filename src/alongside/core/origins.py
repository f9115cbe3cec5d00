"""What something came from, as a key that stays when a page moves: of what was said, and of a picture."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from alongside.core.errors import Refusal

LONGEST_KEY = 40
SHAPE = re.compile(r"[a-z]{2,20}:[0-9a-z]{4,16}")


class OriginRefused(Refusal):
    """A key of no shape that we keep."""


@dataclass(frozen=True)
class Origin:
    """A kind and a public id: “gathering:7fq2mz9k4b”. What lies behind it only the room that gave it knows."""

    kind: str
    public_id: str

    def __post_init__(self) -> None:
        if not SHAPE.fullmatch(str(self)):
            raise OriginRefused(
                _("What something came from is a kind and a public id, as in “gathering:7fq2mz9k4b”.")
            )

    @classmethod
    def of(cls, key: str) -> Origin:
        """The one that a row keeps as text."""
        kind, _colon, public_id = key.partition(":")
        return cls(kind, public_id)

    def __str__(self) -> str:
        return f"{self.kind}:{self.public_id}"
