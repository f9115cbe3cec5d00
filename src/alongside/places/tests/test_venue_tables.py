"""Lists of meeting places from many hands: what each row means, and each row that cannot be used."""

import pytest

from alongside.core.errors import Refusal
from alongside.places import actions
from alongside.places.models import Permission, Venue
from alongside.places.sheets import UnreadableSheet, guess, read_sheet
from alongside.places.tests.cities import SOUTH, WEST, two_neighborhoods
from alongside.places.venue_file import COLUMNS, ColumnsMissing, kind_of


def read(agency, text, **options):
    content = text.encode() if isinstance(text, str) else text
    return actions.read_venues(agency, content, file_name="venues.csv", **options)


FULL = (
    "name,kind,address,lat,lon,capacity,step_free,indoor,parking,toilets,permission,permission_by,permission_until\n"
    "Eastbank Library,library,12 River St,38.205,-85.755,80,yes,,y,no,given,Ms. Ellis,2027-01-31\n"
    "Dock Plaza,outdoor,,38.201,-85.751,,unknown,,,,,,\n"
)


def test_a_full_table_is_read_as_it_is_written(riverbend):
    done = actions.keep_venues(riverbend, read(riverbend, FULL), by=None)
    assert (done.added, done.set_aside) == (2, {})
    library = Venue.objects.get(name="Eastbank Library")
    assert (library.kind, library.capacity, library.step_free, library.indoor) == (
        "library",
        80,
        "yes",
        "yes",
    )
    assert (library.parking, library.toilets) == ("yes", "no")
    assert (library.permission_by, str(library.permission_until)) == ("Ms. Ellis", "2027-01-31")
    plaza = Venue.objects.get(name="Dock Plaza")
    assert (plaza.step_free, plaza.indoor, plaza.permission) == ("unknown", "no", Permission.NOT_NEEDED)


def test_the_same_table_again_changes_nothing_and_a_newer_one_changes_in_place(riverbend):
    actions.keep_venues(riverbend, read(riverbend, FULL), by=None)
    Venue.objects.filter(name="Eastbank Library").update(notes="ring twice")
    again = actions.keep_venues(riverbend, read(riverbend, FULL), by=None)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)

    newer = actions.keep_venues(riverbend, read(riverbend, FULL.replace(",80,", ",120,")), by=None)
    assert (newer.changed, newer.unchanged) == (1, 1)
    library = Venue.objects.get(name="Eastbank Library")
    assert (library.capacity, library.notes) == (120, "ring twice")


def test_columns_are_guessed_by_their_words_and_a_person_can_say_otherwise(riverbend):
    text = (
        "DisplayName;Amenity;StreetAddr;Latitude;Longitude\nMill Park;Playground;3 Mill Row;38,205;-85,755\n"
    )
    table = read(riverbend, text)
    assert table.mapping == {
        "name": "DisplayName",
        "address": "StreetAddr",
        "lat": "Latitude",
        "lon": "Longitude",
    }
    assert table.venues[0].values["lat"] == 38.205
    said = read(riverbend, text, mapping={**table.mapping, "name": "Amenity"})
    assert said.venues[0].values["name"] == "Playground"


def test_several_rows_of_one_venue_are_one_venue(riverbend):
    rows = "".join(f"{name},38.2,-85.7,outdoor\n" for name in ("Mill Park", "MILL PARK", "Elm Park"))
    table = read(riverbend, "name,lat,lon,kind\n" + rows)
    assert [venue.lines for venue in table.venues] == [[2, 3], [4]]
    assert table.merged == 1


def test_each_row_that_cannot_be_used_is_named_by_line_and_reason(riverbend):
    actions.keep_areas(
        riverbend,
        actions.read_areas(two_neighborhoods(), file_name="f", kind="beat", name="name"),
        by=None,
    )
    inside = f"{SOUTH + 0.005},{WEST + 0.005}"
    table = read(
        riverbend,
        "name,lat,lon,kind\n"
        f"Good Library,{inside},\n"
        f" ,{inside},library\n"
        "No Place,,,library\n"
        "Zero,0,0,library\n"
        "Words,north,west,library\n"
        "Feet,1204332,274321,library\n"
        "Paris,48.85,2.35,library\n"
        f"Somewhere,{inside},\n"
        "NULL,NULL,NULL,NULL\n",
    )
    assert [venue.values["name"] for venue in table.venues] == ["Good Library"]
    assert [(trouble.line, trouble.reason) for trouble in table.set_aside] == [
        (3, "no name"),
        (4, "no coordinates"),
        (5, "coordinates at 0, 0"),
        (6, "coordinates that are no numbers"),
        (7, "coordinates that are no place on Earth (are they feet or metres?)"),
        (8, "outside the agency’s areas"),
        (9, "its kind cannot be told"),
        (10, "no name"),
    ]
    assert (
        read(riverbend, f"name,lat,lon\nSomewhere,{inside}\n", kind="mall").venues[0].values["kind"] == "mall"
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Oxmoor Mall", "mall"),
        ("St. Paul's Methodist Church", "worship"),
        ("Hazelwood Elementary", "school"),
        ("Berrytown YMCA", "community_center"),
        ("Shawnee Community Center", "community_center"),
        ("Main Library", "library"),
        ("Mill Park", "outdoor"),
        ("community_center", "community_center"),
        ("Plaza Bingo", ""),
        ("Small's Diner", ""),
        ("", ""),
    ],
)
def test_a_kind_is_known_by_its_words(text, kind):
    assert kind_of(text) == kind


BAD = {
    "an empty file": (b"", "empty"),
    "a spreadsheet": (b"PK\x03\x04...", "save the sheet as CSV"),
    "NUL bytes": (b"name,lat,lon\nA\x00,1,2\n", "NUL"),
    "one column": (b"hello\nworld\n", "first line should name the columns"),
    "a header alone": (b"name,lat,lon\n", "no rows"),
    "no coordinates": (b"name,street\nA,B\n", "no column for lat, lon: the table has name, street"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_table_that_cannot_be_read_says_what_to_do(riverbend, case):
    content, said = BAD[case]
    with pytest.raises(Refusal, match=said):
        read(riverbend, content)
    assert issubclass(UnreadableSheet, Refusal)
    assert issubclass(ColumnsMissing, Refusal)


def test_any_spelling_of_a_table_is_the_same_table():
    plain = "name,lat,lon\nMill Row,1,2\n"
    rows = [row.cells for row in read_sheet(plain.encode()).rows]
    for other in (
        "\ufeff" + plain,
        plain.replace("\n", "\r\n"),
        plain.replace(",", ";"),
        plain.replace(",", "\t"),
        plain + "\n,,\n",
        plain.replace("Mill Row", '"Mill Row "'),
    ):
        assert [row.cells for row in read_sheet(other.encode()).rows] == rows
    assert [row.cells for row in read_sheet(plain.encode("utf-16")).rows] == rows
    assert read_sheet("name,x\nCafé,1\n".encode("cp1252")).rows[0].cells["name"] == "Café"


def test_a_row_keeps_the_line_it_began_on():
    sheet = read_sheet(b'name,note\n"Two\nlines",x\nNext,y\n')
    assert [row.line for row in sheet.rows] == [2, 4]


def test_a_column_is_guessed_for_one_field_only():
    assert guess(["Name", "Place", "LAT", "Lng"], COLUMNS) == {"name": "Name", "lat": "LAT", "lon": "Lng"}


def test_ada_saves_a_venue_and_a_twin_is_refused(riverbend, elsewhere, ada):
    def venue(agency, **fields):
        return Venue(agency=agency, **({"name": "Mall", "kind": "mall", "lat": 38, "lon": -85} | fields))

    kept = actions.save_venue(venue(riverbend), by=ada)
    with pytest.raises(actions.VenueRefused):
        actions.save_venue(venue(riverbend, name="MALL"), by=ada)
    assert actions.save_venue(venue(riverbend, address="2 Main St"), by=ada)
    assert actions.save_venue(venue(elsewhere), by=None)
    kept.capacity = 30
    assert actions.save_venue(kept, by=ada).capacity == 30


def test_permission_that_ran_out_is_no_permission(riverbend):
    from datetime import date

    def venue(name, **fields):
        return Venue.objects.create(agency=riverbend, name=name, kind="mall", lat=38, lon=-85, **fields)

    day = date(2026, 12, 1)
    venue("Open", permission="given", permission_by="A")
    venue("Until then", permission="given", permission_by="A", permission_until=day)
    venue("Ran out", permission="given", permission_by="A", permission_until=date(2026, 11, 30))
    venue("Asked", permission="asked")
    venue("Sky", permission="not_needed")
    assert set(Venue.objects.may_be_used(day).values_list("name", flat=True)) == {"Open", "Until then", "Sky"}
