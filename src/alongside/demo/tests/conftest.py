"""The city, built once for all who look at it."""

from __future__ import annotations

from datetime import date

import pytest

from alongside.demo.city import City, CityFiles, build_city, write_city

SEED = 1
UNTIL = date(2026, 6, 3)


@pytest.fixture(scope="session")
def city() -> City:
    return build_city(SEED)


@pytest.fixture(scope="session")
def files(city: City, tmp_path_factory: pytest.TempPathFactory) -> CityFiles:
    return write_city(city, tmp_path_factory.mktemp("riverbend"), seed=SEED, until=UNTIL)
