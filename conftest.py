"""Tests everywhere share one cast, and one town to copy."""

pytest_plugins = ["tests.cast", "alongside.cli.tests.town"]
