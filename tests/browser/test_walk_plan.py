"""The walk plan is one sheet of paper, and can be read on a telephone by somebody who stands on a corner."""

import re

import pytest

from alongside.agencies.models import Agency
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Category, ConcernKind
from alongside.people.models import Partner, PartnerKind
from alongside.places.models import VenueKind
from alongside.rosters.models import Part, PartnerInvitation, Post, State
from alongside.walks import actions
from alongside.walks.tests.cast import a_draft, a_town, a_venue, confirmed
from tests.browser import driver

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def walk(riverbend: Agency, ada, dent, officer, analyst, administrator):
    """A full one: five on the roster, three partners with their topics, eight promises, a route."""
    eastbank, _mill, library = a_town(riverbend)
    walk = a_draft(riverbend, eastbank, venue=library)
    actions.lay_route(walk, by=None)
    staff = (dent, officer, ada, analyst, administrator)
    for person, part in zip(
        staff, (Part.LEADER, Part.OFFICER, Part.SCRIBE, Part.GUIDE, Part.GUIDE), strict=True
    ):
        member = person.membership_at(riverbend)
        Post.objects.create(
            agency=riverbend, gathering=walk.gathering, member=member, part=part, state=State.COMING
        )
    for number in range(3):
        partner = Partner.objects.create(agency=riverbend, name=f"School {number}", kind=PartnerKind.SCHOOL)
        PartnerInvitation.objects.create(
            agency=riverbend, gathering=walk.gathering, partner=partner,
            state=State.COMING, topics="The crossing, where cars do not stop for children.",
        )  # fmt: skip
    for number, category in enumerate(list(Category)[:8]):
        followthrough.receive(
            riverbend,
            followthrough.Intake(
                kind=ConcernKind.CONCERN,
                category=category,
                words="Something",
                neighborhood=eastbank,
                heard_on=riverbend.today(),
                origin_label="",
                origin_link="",
            ),
            key=f"plan:{number}",
        )
    return confirmed(walk, by=ada)


def test_it_is_read_on_a_phone_and_printed_on_one_sheet(open_page, axe, walk, ada):
    page = open_page("phone", user=ada)
    page.goto(f"/riverbend/workspace/walks/{walk.public_id}/plan/")
    for _look in driver.looks(page):
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        sheet = page.pdf(format="Letter")
        assert len(re.findall(rb"/Type\s*/Page[^s]", sheet)) == 1


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_what_speaks_against_a_walk_is_read_by_everybody(open_page, axe, riverbend, ada, size):
    """A route that barely touches its area, late in the evening: the corner, the box and the cautions."""
    eastbank, _mill, _library = a_town(riverbend)
    gate = a_venue(riverbend, "Mill Gate", 0, 300, kind=VenueKind.OUTDOOR)
    walk = a_draft(riverbend, eastbank, venue=gate, minutes=15)
    assert actions.lay_route(walk, by=None).barely_touches, "the premise"
    page = open_page(size, user=ada)
    for address in ("", "plan/"):
        page.goto(f"/riverbend/workspace/walks/{walk.public_id}/{address}")
        assert "barely touches its area" in page.content()
        for _look in driver.looks(page):
            axe(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
