"""A few jobs of our own, so that no other room is needed to try the machinery."""

import pytest

from alongside.jobs import registry


@pytest.fixture
def declare(monkeypatch):
    """Declare jobs for one test: what it declares is forgotten after it, and nothing else is known in it."""
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(registry, "_schedules", {})
    return registry.job


@pytest.fixture
def later(monkeypatch):
    """Move the clock on: `later(seconds=40)`."""
    from datetime import timedelta

    from alongside.core import clock

    real, passed = clock.now, timedelta()

    def move(**by):
        nonlocal passed
        passed += timedelta(**by)

    monkeypatch.setattr(clock, "now", lambda: real() + passed)
    return move
