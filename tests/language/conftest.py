"""Catalogues as Django reads them, made from the words as they stand."""

import pytest
from django.utils.translation import trans_real

from alongside.core import catalogs


@pytest.fixture(scope="session", autouse=True)
def compiled_catalogue() -> None:
    catalogs.compile_all()
    trans_real._translations.clear()
