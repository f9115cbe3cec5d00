"""Whoever takes a post over owes what was promised from it."""

from datetime import timedelta

import pytest
import shapely
from model_bakery import baker

from alongside.agencies import actions as agencies
from alongside.agencies.models import Member, Role
from alongside.cadence import handover
from alongside.followthrough import actions as followthrough
from alongside.followthrough.triage.handing_over import HandoverRefused
from alongside.people import actions as people
from alongside.places.models import Area, AreaKind


@pytest.fixture
def first_division(riverbend):
    box = dict(zip(("west", "south", "east", "north"), (-85.70, 38.20, -85.69, 38.21)))
    return baker.make(
        Area,
        agency=riverbend,
        kind=AreaKind.DIVISION,
        name="First Division",
        geometry=shapely.to_wkb(shapely.box(*box.values())),
        **box,
    )


@pytest.fixture
def dent_member(riverbend, dent, first_division):
    member = dent.membership_at(riverbend)
    people.give_command(first_division, to=member, since=riverbend.today() - timedelta(days=300), by=None)
    return member


@pytest.fixture
def successor(riverbend):
    return agencies.add_member(riverbend, name="Captain Ferro", roles=[Role.COMMANDER], by=None)


def promise(agency, owner: Member, key: str, *, days: int = 10):
    return followthrough.receive(
        agency,
        followthrough.Intake(
            kind="concern",
            category="lighting",
            words=f"The alley is dark ({key}).",
            heard_on=agency.today(),
            origin_label="Walk in Mill Row",
            origin_link="/riverbend/walks/x/",
        ),
        key=key,
        owner=owner,
        due=agency.today() + timedelta(days=days),
    ).concern


def test_the_pack_holds_what_is_promised(riverbend, dent, dent_member):
    promise(riverbend, dent_member, "one", days=3)
    promise(riverbend, dent_member, "two")
    pack = handover.pack(dent_member, reader=dent)
    assert [each.words for each in pack.promises] == [
        "The alley is dark (one).",
        "The alley is dark (two).",
    ]
    assert [each.name for each in pack.divisions] == ["First Division"]


def test_promises_keep_their_day_and_get_a_new_name(riverbend, ada, dent_member, successor):
    kept = promise(riverbend, dent_member, "one", days=3)
    assert handover.hand_over(dent_member, to=successor, by=ada) == 1
    kept.refresh_from_db()
    assert kept.owner == successor
    assert kept.due == riverbend.today() + timedelta(days=3)
    assert handover.hand_over(dent_member, to=successor, by=ada) == 0


def test_promises_go_to_somebody_who_can_keep_them(riverbend, elsewhere, ada, dent_member):
    promise(riverbend, dent_member, "one")
    stranger = agencies.add_member(elsewhere, name="Eve", roles=[Role.COMMANDER], by=None)
    moderator = agencies.add_member(riverbend, name="Theo", roles=[Role.MODERATOR], by=None)
    for nobody in (stranger, moderator, dent_member):
        with pytest.raises(HandoverRefused):
            handover.hand_over(dent_member, to=nobody, by=ada)


def test_a_commander_takes_nothing_over_that_is_not_theirs_to_read(riverbend, dent, dent_member, successor):
    """Else whoever commands one division would read what residents said in all others."""
    elsewhere_said = promise(riverbend, successor, "said elsewhere")
    assert handover.pack(successor, reader=dent).promises == []
    assert handover.hand_over(successor, to=dent_member, by=dent) == 0
    elsewhere_said.refresh_from_db()
    assert elsewhere_said.owner == successor
    mine = promise(riverbend, dent_member, "said here")
    assert handover.hand_over(dent_member, to=successor, by=dent) == 1
    mine.refresh_from_db()
    assert mine.owner == successor


def test_the_page_hands_over(client_for, ada, riverbend, dent_member, successor):
    promise(riverbend, dent_member, "one")
    desk = client_for(ada)
    url = f"/riverbend/workspace/handover/{dent_member.public_id}/"
    page = desk.get(url).content.decode()
    assert "1 open promise" in page
    assert "The alley is dark" in page
    assert desk.post(url, {"to": successor.pk}).status_code == 302
    assert desk.post(url, {"to": ""}).status_code == 422
    assert "No open promise" in desk.get(url).content.decode()


def test_an_officer_hands_nothing_over(client_for, officer, dent_member):
    assert (
        client_for(officer).get(f"/riverbend/workspace/handover/{dent_member.public_id}/").status_code == 403
    )


def test_the_pack_is_found_in_few_looks(riverbend, ada, dent_member, django_assert_max_num_queries):
    for number in range(12):
        promise(riverbend, dent_member, f"k{number}")
    with django_assert_max_num_queries(30):
        handover.pack(dent_member, reader=ada)
