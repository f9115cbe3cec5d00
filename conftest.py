"""Tests everywhere share one cast, and one town to copy."""

pytest_plugins = ["tests.cast", "tests.database", "alongside.cli.tests.town"]
