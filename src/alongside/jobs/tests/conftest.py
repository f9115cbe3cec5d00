"""A few jobs of our own, so that no other room is needed to try the machinery."""

import pytest

from alongside.jobs import registry


@pytest.fixture
def declare(monkeypatch):
    """Declare jobs for one test: what it declares is forgotten after it, and nothing else is known in it."""
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(registry, "_schedules", {})
    return registry.job
