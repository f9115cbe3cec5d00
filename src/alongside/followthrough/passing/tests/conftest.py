"""A city that speaks Open311, the body that stands for it here, and Ben's lamp, whose words were released."""

import pytest

from alongside.followthrough import actions as concerns
from alongside.followthrough.passing import actions
from alongside.followthrough.passing.models import Speaks
from alongside.followthrough.passing.tests.cast import BLOCK, KEY, SUMMARY, a_body, do
from alongside.followthrough.tests.cast import ben_says
from alongside.followthrough.tests.georeport_server import a_city


@pytest.fixture
def city(settings):
    with a_city() as city:
        ours = {"outside_allow": [city.site.removeprefix("http://")]}
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update=ours)
        yield city


@pytest.fixture(params=[Speaks.OPEN311_JSON, Speaks.OPEN311_XML])
def works(request, city, riverbend, ada):
    """The city's public works, which we know how to call."""
    city.key = KEY
    body = a_body(riverbend, ada, speaks=request.param, endpoint=city.url, key=KEY)
    do(actions.LEARNING)
    body.refresh_from_db()
    return body


@pytest.fixture
def lamp(riverbend, ada):
    concern = ben_says(riverbend, place=BLOCK).concern
    concerns.leave_contact(concern, email="ben@neighbors.example")
    return concerns.clear(concern, summary=SUMMARY, by=ada)
