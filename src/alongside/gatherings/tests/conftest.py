"""The mail server that outreach tests with takes the mail of this room too."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from alongside.outreach.tests.conftest import post_office

__all__ = ["post_office"]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A page asked for in Spanish leaves its language behind in the thread; the next test begins in English."""
    with translation.override("en"):
        yield
