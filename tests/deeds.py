"""Every deed that any test does is read aloud: a name or a code that no room has words for fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models.signals import post_save
from django.utils.functional import Promise

from alongside.agencies.models import AuditEntry
from alongside.core import origins
from alongside.front.templatetags import audit


def in_nobodys_words(detail: dict[str, Any]) -> list[str]:
    """Names and codes in it that a reader of the trail would read as the code spells them."""
    names = [name for name in detail if not isinstance(audit._names().get(name), Promise)]
    return names + [f"{name}: {each}" for name, value in detail.items() for each in _codes(value, name)]


def _codes(value: Any, name: str) -> Iterator[str]:
    match value:
        case list() | dict():
            for each in value:
                yield from _codes(each, name)
        case str() if value and not audit.DAY.fullmatch(value) and not _is_known(value, name):
            yield value


def _is_known(value: str, name: str) -> bool:
    if origins.SHAPE.fullmatch(value):
        return _is_known(origins.Origin.of(value).kind, name)
    return name in audit._as_typed() or isinstance(audit._word(value, name), Promise)


@pytest.fixture(scope="session", autouse=True)
def deeds_are_read_aloud() -> Iterator[None]:
    """Nothing is written down that nobody can read."""

    def read(instance: AuditEntry, **_told: object) -> None:
        unread = in_nobodys_words(instance.detail)
        assert not unread, f"say in a room's manifest what these details are called: {unread}"

    post_save.connect(read, sender=AuditEntry, weak=False)
    yield
    post_save.disconnect(read, sender=AuditEntry)
