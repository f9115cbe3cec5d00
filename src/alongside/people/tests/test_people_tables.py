"""Partners and staff from a table, by command and by page."""

import json

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from alongside.agencies.models import Member, Rank, Role, User
from alongside.core.errors import Refusal
from alongside.people import actions, commands, queries
from alongside.people.models import Partner
from alongside.people.tables import partner_kind, understand_partners, understand_staff
from alongside.people.tests.test_commanders import area
from alongside.places.models import AreaKind
from alongside.places.sheets import read_sheet
from alongside.places.tests.cities import WEST

PARTNERS = """name,kind,areas,contact,email,languages,listed
Grace Church,clergy,Eastbank;Mill Row,Rev. Hill,GRACE@example.org,en es,yes
Mayor's Office,,,,,,
Eastbank Block Watch,Neighborhood Watch,Eastbank;Atlantis,,,,no
,clergy,,,,,
Odd,who knows,,,,,
Bad Mail,school,,,not an address,,
Grace Church,clergy,,,,,
"""


def partners(agency, text=PARTNERS):
    return actions.keep_partners(agency, understand_partners(read_sheet(text.encode())), by=None)


def test_partners_are_read_with_their_areas_and_each_bad_row_is_named(riverbend):
    for number, name in enumerate(("Eastbank", "Mill Row")):
        area(riverbend, name, AreaKind.NEIGHBORHOOD, west=WEST + number * 0.01)
    done = partners(riverbend)
    assert (done.added, done.areas_not_known) == (3, ["Atlantis"])
    assert [(row["line"], row["reason"]) for row in done.set_aside] == [
        (5, "no name"),
        (6, "its kind cannot be told"),
        (7, "an e-mail address that cannot be right"),
        (8, "named twice in the table"),
    ]
    church = Partner.objects.get(kind="clergy")
    assert (church.email, church.language, church.listed) == ("grace@example.org", "en", True)
    assert [each.name for each in church.areas.order_by("name")] == ["Eastbank", "Mill Row"]
    assert Partner.objects.get(name="Mayor's Office").kind == "mayor"

    again = partners(riverbend)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    moved = partners(riverbend, PARTNERS.replace("Rev. Hill", "Rev. Young"))
    assert (moved.changed, moved.unchanged) == (1, 2)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("Council Member Reed", "council"), ("Block Watch", "watch"), ("Hill Association", "association"),
     ("St. Mary Parish", "clergy"), ("service_provider", "service_provider"), ("Mystery", "")],
)  # fmt: skip
def test_a_kind_of_partner_is_known_by_its_words(text, kind):
    assert partner_kind(text) == kind


STAFF = """name,rank,roles,division
Sam Whitaker,Officer,officer,
Ruth Calloway,Chief,commander administrator,
Walter Dent,Major,commander,First Division
Rosa Delgado,,moderator,
Miguel Santos,Assistant Chief,commander,Ninth Division
Bad Role,Officer,wizard,
,Officer,officer,
"""


def staff(agency, text=STAFF):
    return actions.keep_staff(agency, understand_staff(read_sheet(text.encode())), by=None)


def test_staff_come_with_rank_roles_and_command_but_without_an_account(riverbend):
    first = area(riverbend)
    done = staff(riverbend)
    assert (done.added, done.areas_not_known) == (5, ["Ninth Division"])
    assert [row["reason"] for row in done.set_aside] == ["no role is called wizard", "no name"]
    dent = Member.objects.get(name="Walter Dent")
    assert (str(dent.rank), dent.roles, dent.user) == ("Major", {Role.COMMANDER}, None)
    assert queries.commander_of(first, on=riverbend.today()) == dent
    assert not Member.objects.get(name="Rosa Delgado").employee
    assert not User.objects.exists(), "a table invites nobody"
    ladder = list(Rank.objects.filter(agency=riverbend).values_list("name", flat=True))
    assert ladder == ["Chief", "Assistant Chief", "Major", "Officer"]


def test_a_table_again_changes_nobody_and_takes_no_role_away(riverbend):
    area(riverbend)
    staff(riverbend)
    again = staff(riverbend, STAFF.replace("commander administrator", "officer"))
    assert (again.added, again.unchanged) == (0, 5)
    assert Member.objects.get(name="Ruth Calloway").roles == {Role.COMMANDER, Role.ADMINISTRATOR}


def test_commands_report_for_people_and_for_programs(riverbend, tmp_path):
    file = tmp_path / "p.csv"
    file.write_text(PARTNERS)
    result = CliRunner().invoke(commands.partners, ["import", "riverbend", str(file)])
    assert "7 rows: 3 new" in result.output
    assert "Set aside, line 5: no name." in result.output
    report = json.loads(
        CliRunner().invoke(commands.partners, ["import", "riverbend", str(file), "--json"]).output
    )
    assert (report["rows"], report["unchanged"]) == (7, 3)
    file.write_text(STAFF)
    assert "5 new" in CliRunner().invoke(commands.staff, ["import", "riverbend", str(file)]).output
    file.write_text("who,what\nA,B\n")
    refused = CliRunner().invoke(commands.staff, ["import", "riverbend", str(file)])
    assert isinstance(refused.exception, Refusal)
    assert "the table has who, what" in str(refused.exception)


def test_ada_imports_partners_by_page_and_a_bad_file_says_why(riverbend, ada, client_for):
    client = client_for(ada)
    address = reverse("people:partner-import", args=["riverbend"])
    bad = client.post(address, {"file": SimpleUploadedFile("p.csv", b"PK\x03\x04")})
    assert bad.status_code == 422
    assert "save the sheet as CSV" in bad.text
    good = client.post(address, {"file": SimpleUploadedFile("p.csv", PARTNERS.encode())}, follow=True)
    assert "7 rows: 3 new" in good.text
    assert "Line 5 was set aside: no name." in good.text
    assert "Atlantis" in good.text
