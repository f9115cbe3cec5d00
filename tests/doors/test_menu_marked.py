"""Which line of the menu a page stands below is marked, on every page of the workspace."""

import pytest

from alongside.agencies.models import Duty, Role
from tests.doors.populated import one_of_everything, the_id
from tests.doors.routes import every_route

pytestmark = [pytest.mark.heavy, pytest.mark.django_db]


def test_each_page_of_the_workspace_marks_its_line(riverbend, ada, client_for):
    one_of_everything(riverbend)
    for role in Role:
        Duty.objects.get_or_create(member=ada.membership_at(riverbend), role=role)
    client, seen, unmarked = client_for(ada), 0, {}
    for route in every_route():
        here = route.address(riverbend.slug, the_id(riverbend)) if route.of_agency else ""
        if not here.startswith("/riverbend/workspace/"):
            continue
        page = client.get(here)
        if page.status_code != 200 or page.streaming or b'<nav class="rail"' not in page.content:
            continue
        seen += 1
        if 'aria-current="page"' not in page.text.partition("<main")[0]:
            unmarked[route.name] = here
    assert set(unmarked) == {"front:you"}, "one's own account is in no line"
    assert seen > 50, "the premise"
