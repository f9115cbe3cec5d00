"""A short search: what a long one finds is tested where it is written, in methods."""

import pytest

from alongside.methods.routing import loop


@pytest.fixture(autouse=True)
def few_rounds(monkeypatch):
    monkeypatch.setattr(loop, "SEARCH_ROUNDS", 10)
    monkeypatch.setattr(loop, "POLISH_ROUNDS", 10)
