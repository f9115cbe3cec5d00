"""A list of thirty asks the database no more than a list of three."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.followthrough import actions
from alongside.followthrough.tests.cast import ben_says

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "page", ["/riverbend/workspace/concerns/", "/riverbend/workspace/", "/riverbend/program/"]
)
def test_a_long_list_asks_no_more_than_a_short_one(riverbend, ada, client_for, page):
    desk = client_for(ada)

    def asked(first, last):
        for number in range(first, last):
            concern = ben_says(riverbend, key=f"note:{number}", words=f"Lamp {number} is dark.").concern
            actions.clear(concern, summary=f"A dark lamp, the {number}th.", by=ada)
        desk.get(page)
        with CaptureQueriesContext(connection) as questions:
            assert desk.get(page).status_code == 200
        return len(questions)

    few = asked(0, 3)
    assert asked(3, 30) <= few + 1
