"""No address of one room stands in the light of another's, whatever the rooms are called."""

import pytest
from django.urls import resolve

from tests.doors.routes import every_route

OURS = [route for route in every_route() if not route.name.startswith(("account_", "mfa_"))]


@pytest.mark.parametrize("route", OURS, ids=lambda route: route.name)
def test_an_address_leads_to_its_own_view(route):
    """Rooms are asked in the order of their names: an id of one must not swallow a word of another."""
    found = resolve(route.address("riverbend", "x2x3x4x5x6"))
    assert found.view_name == route.name
