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


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Packed bytes name no test: they hold the second in which they were packed, and two workers would not agree."""
    return argname if isinstance(val, bytes) and not val.isascii() else None
