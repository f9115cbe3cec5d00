"""Things that Eve brings along."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from alongside.core import clock
from alongside.gatherings import actions
from alongside.gatherings.models import Gathering
from alongside.ledger import actions as ledger


@pytest.fixture
def upload() -> Callable[[str, str | bytes], SimpleUploadedFile]:
    """A file as a browser sends it."""

    def made(name: str, content: str | bytes) -> SimpleUploadedFile:
        return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)

    return made


@pytest.fixture
def next_month(riverbend) -> date:
    return riverbend.today() + timedelta(days=30)


@pytest.fixture
def open_forum(riverbend, next_month) -> Gathering:
    """A forum that everybody may answer; and the ledger's first day was signed."""
    with clock.at(clock.now() - timedelta(days=3)):
        ledger.begin(riverbend)
    ledger.seal(riverbend)
    forum = actions.plan(
        riverbend,
        kind="forum",
        title="An open evening",
        on=next_month,
        at=time(18),
        meeting_point="The gate",
        by=None,
    )
    return actions.publish(forum, by=None)
