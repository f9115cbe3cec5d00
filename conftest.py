"""Tests everywhere share one cast, and one town to copy."""

pytest_plugins = [
    "tests.cast",
    "tests.database",
    "tests.begun",  # a copy of it
    "tests.deeds",
    "tests.demo_city",
    "tests.made_up",
    "tests.noon",
    "tests.objects",
    "tests.one_browser",
    "tests.real_cities",
    "tests.unburdened",
    "alongside.cli.tests.town",
]
