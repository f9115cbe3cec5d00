"""Public ids: what an address shows instead of a row's number, so that nobody can count or guess rows."""

import secrets
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.expressions import Combinable

# Without vowels and look-alikes: no words by accident, none misread aloud from a flyer.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 10


def public_id() -> str:
    """Ten characters, 47 bits: 27**10 addresses."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


if TYPE_CHECKING:
    CharField = models.CharField[str | int | Combinable, str]
else:  # Django's takes no types when it runs
    CharField = models.CharField


class PublicIdField(CharField):
    """A row's name in addresses: random, unique, never changed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"max_length": 16, "unique": True, "editable": False, "default": public_id}
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "unique", "editable", "default"):
            kwargs.pop(key, None)
        return name, path, args, kwargs
