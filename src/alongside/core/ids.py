"""Public ids: what an address shows instead of a row's number, so that nobody can count or guess rows."""

import secrets
from typing import Any

from django.db import models

# Without vowels and look-alikes: no words by accident, none misread aloud from a flyer.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 10


def public_id() -> str:
    """Ten characters, 47 bits: 27**10 addresses."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class PublicIdField(models.CharField):
    """A row's name in addresses: random, unique, never changed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"max_length": 16, "unique": True, "editable": False, "default": public_id}
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for key in ("max_length", "unique", "editable", "default"):
            kwargs.pop(key, None)
        return name, path, args, kwargs
