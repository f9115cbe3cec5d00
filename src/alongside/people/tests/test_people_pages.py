"""Pages about people: Ada keeps them, others do not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alongside.agencies.models import Member
from alongside.people.models import Commander, Partner
from alongside.people.tests.test_commanders import area
from alongside.places.models import AreaKind


def url(name, agency, *args):
    return reverse(f"people:{name}", args=[agency.slug, *args])


@pytest.mark.parametrize("page", ["staff", "staff-import", "partners", "partner-add", "partner-import"])
def test_ada_may_an_officer_may_not_and_to_eve_it_is_not_there(
    page, riverbend, ada, officer, eve, client, client_for
):
    assert client_for(ada).get(url(page, riverbend)).status_code == 200
    assert client_for(officer).get(url(page, riverbend)).status_code == 403
    assert client_for(eve).get(url(page, riverbend)).status_code == 404
    assert client.get(url(page, riverbend)).status_code == 302


def test_staff_stand_by_rank_and_divisions_with_their_commander(riverbend, ada, dent, officer, client_for):
    first = area(riverbend)
    client = client_for(ada)
    page = client.get(url("staff", riverbend)).text
    table = page[page.index("<tbody>") :]
    assert table.index("Harvey Dent") < table.index("Omar Officer") < table.index("Ada Coordinator")
    assert "Nobody named" in page

    given = {"member": Member.objects.get(user=dent).pk, "since": riverbend.today().isoformat()}
    assert client_for(dent).post(url("command", riverbend, first.public_id), given).status_code == 403
    assert client.post(url("command", riverbend, first.public_id), given).status_code == 302
    assert "Major Harvey Dent" in client.get(url("staff", riverbend)).text
    assert Commander.objects.get().division == first


def test_a_neighborhood_has_no_command_page_and_eves_officer_cannot_take_one(riverbend, ada, eve, client_for):
    quarter = area(riverbend, "Eastbank", AreaKind.NEIGHBORHOOD)
    client = client_for(ada)
    assert client.get(url("command", riverbend, quarter.public_id)).status_code == 404
    first = area(riverbend)
    hers = {"member": Member.objects.get(user=eve).pk, "since": riverbend.today().isoformat()}
    assert client.post(url("command", riverbend, first.public_id), hers).status_code == 422
    assert not Commander.objects.exists()


def test_ada_adds_a_partner_and_makes_a_link_that_works(riverbend, ada, client, client_for):
    quarter = area(riverbend, "Eastbank", AreaKind.NEIGHBORHOOD)
    staff = client_for(ada)
    given = {"name": "Block Watch", "kind": "watch", "areas": [quarter.pk], "language": "es", "active": "on"}
    assert staff.post(url("partner-add", riverbend), given | {"name": ""}).status_code == 422
    assert staff.post(url("partner-add", riverbend), given).status_code == 302
    partner = Partner.objects.get()
    assert "Eastbank" in staff.get(url("partners", riverbend)).text
    assert staff.post(url("partner-add", riverbend), given).status_code == 422, "a twin"

    made = staff.post(url("partner-link", riverbend, partner.public_id), headers={"Host": "127.0.0.1"})
    link = made.text.split("<textarea")[1].split(">")[1].split("<")[0]
    assert link.startswith("http://localhost:8000/"), (
        "as the settings say, whatever name the page was asked by"
    )
    assert client.get(link).status_code == 200
    assert staff.get(url("partner-link", riverbend, partner.public_id)).status_code == 405


def test_lists_ask_the_database_as_often_for_many_as_for_few(riverbend, ada, client_for):
    client = client_for(ada)
    quarter = area(riverbend, "Eastbank", AreaKind.NEIGHBORHOOD)

    def more(count, start):
        for n in range(start, start + count):
            partner = Partner.objects.create(agency=riverbend, name=f"P{n}", kind="watch")
            partner.areas.set([quarter])
            Member.objects.create(agency=riverbend, name=f"M{n}")
            area(riverbend, f"D{n}")

    def questions(page):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(url(page, riverbend)).status_code == 200
        return len(asked)

    more(2, 0)
    few = {page: questions(page) for page in ("staff", "partners")}
    more(20, 2)
    assert {page: questions(page) for page in ("staff", "partners")} == few
    assert max(few.values()) <= 12
