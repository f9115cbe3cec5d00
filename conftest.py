"""Tests everywhere share one cast."""

pytest_plugins = ["tests.cast"]
