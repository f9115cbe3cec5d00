"""A short search: what a long one finds is tested where it is written, in methods."""

import pytest

from alongside.methods.routing import loop


def search_shortly(patch):
    patch.setattr(loop, "SEARCH_ROUNDS", 10)
    patch.setattr(loop, "POLISH_ROUNDS", 10)


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch):
    search_shortly(monkeypatch)
