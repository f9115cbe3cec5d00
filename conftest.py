"""Tests everywhere share one cast, and one town to copy."""

pytest_plugins = [
    "tests.begun",
    "tests.cast",
    "tests.database",
    "tests.deeds",
    "tests.demo_city",
    "tests.made_up",
    "tests.noon",
    "tests.one_browser",
    "tests.real_cities",
    "tests.unburdened",
    "alongside.cli.tests.town",
]
