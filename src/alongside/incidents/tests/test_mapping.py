"""Which column means what: known layouts need no help, and what cannot be told is asked for."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from alongside.incidents.reading import mapping
from alongside.incidents.reading.mapping import Mapping, guess_mapping
from alongside.incidents.reading.refusals import MappingIsWrong
from alongside.incidents.tests.reading_help import HEADING, read, row

LMPD = {
    "2012": (
        None,
        "80-12-000001,10/27/12 11:34 AM,10/1/12 7:25 PM,ASSAULT - 4TH DEGREE,ASSAULT,13B,PART II,COMPLETED,"
        "3RD DIVISION,316,RESIDENCE / HOME,6100 BLOCK MADE UP DR,LOUISVILLE,40272,1,2",
    ),
    "2022": (
        "INCIDENT_NUMBER,DATE_REPORTED,DATE_OCCURED,BADGE_ID,CRIME_TYPE,UOR_DESC,NIBRS_CODE,UCR_HIERARCHY,ATT_COMP,"
        "LMPD_DIVISION,LMPD_BEAT,PREMISE_TYPE,BLOCK_ADDRESS,City,ZIP_CODE,ObjectId",
        "80-22-1,2022-01-02 16:49:00,2022-01-02 15:49:00,0000,BURGLARY,BURGLARY 2ND,220,PART I,COMPLETED,6TH DIVISION,"
        "624,OTHER RESIDENCE,4300 BLOCK MADE UP RD,LOUISVILLE,40218,2",
    ),
    "2023": (
        "Incident Number,Date Reported,Date Occurred,Badge ID,Offense Classification,Offense Code Name,NIBRS Code,"
        "NIBRS Group,Was Offense Completed,LMPD Division,LMPD Beat,Location Category,Block Address,City,Zip Code,"
        "ObjectId",
        "LMPD24000001,1/16/2024,11/03/2023,0000,14 AUTO THEFT,TBUT OR DISP AUTO,240,A,Yes,2nd Division,223,Commercial,"
        "1000 BLOCK MADE UP ST,LOUISVILLE,40203,",
    ),
    "2025": (
        "incident_number,date_reported,date_occurred,badge_id,offense_classification,offense_code_name,nibrs_code,"
        "nibrs_group_name,was_offense_completed,lmpd_division,lmpd_beat,location_category,block_address,city,zip_code,"
        "ObjectId",
        "LMPD25000001,12/20/2025 2:44:00 PM,12/20/2025 3:30:00 AM,0000,24 VANDALISM,CRIMINAL MISCHIEF,290,A,YES,"
        "1ST DIVISION,135,PARKING,100 BLOCK MADE UP BLVD,LOUISVILLE,40202,1",
    ),
}
CHICAGO = (
    "ID,Date,Block,Primary Type,Description,Location Description,Arrest,Beat,District,Community Area,"
    "Latitude,Longitude",
    "1,01/01/2016 12:01:00 AM,014XX S MADE UP AVE,THEFT,OVER $500,STREET,false,1011,010,29,41.86,-87.72",
)
PORTLAND = (
    "CATEGORY,CALL_GROUP,final_case,CASE_DESC,occ_date,x_coordina,y_coordina,census_tra,latitude,longitude",
    "OTHER,DISORDER,DISTP,DISTURBANCE,2016-08-10,7660085.0,672910.0,802.0,45.49,-122.61",
)
COUNTS = (
    "block_address,zip_code,incidents,latitude,longitude,accuracy_score,accuracy_type,city,county",
    "100 MADE UP ST,40203,12,38.2,-85.7,1,range_interpolation,Louisville,Jefferson",
)
ASSAULTED = (
    "ID,INCIDENT_NUMBER,DATE_REPORTED,DATE_OCCURED,CRIME_TYPE,LMPD_DIVISION,LMPD_BEAT,BLOCK_ADDRESS,geo_lat,geo_lon,"
    "geo_src,geo_in_recorded_division",
    "1,80-10-1,2010-01-01 00:44:00,2010-01-01 00:44:00,ASSAULT,4TH DIVISION,424,MADE UP DR,38.18,-85.75,osm,N",
)
FIREARMS = (
    "INCIDENT_NUMBER,UCR_CATEGORY,TYPE_OF_FIREARM,RECOVERY_DATE,RECOVERY_BLOCK_ADDRESS,year,geo_lat,geo_lon,geo_src",
    "80-10-1,NARCOTICS,PISTOL,11/29/2008,1000 BLOCK MADE UP,2008,38.2,-85.7,census",
)


def guessed(heading: str | None, body: str) -> mapping.Guess:
    return guess_mapping([line.split(",") for line in (heading, body) if line is not None])


@pytest.mark.parametrize("vintage", LMPD)
def test_each_vintage_of_the_lmpd_heading_is_known(vintage: str) -> None:
    guess = guessed(*LMPD[vintage])
    roles = guess.mapping.columns
    assert {"id", "occurred", "reported", "category", "area", "division", "address"} == set(roles)
    by_column = dict(zip(guess.heading, LMPD[vintage][1].split(","), strict=True))
    assert by_column[roles["area"]].isdigit()
    assert "DIVISION" in by_column[roles["division"]].upper()
    assert "MADE UP" in by_column[roles["address"]]
    assert roles["occurred"] != roles["reported"]
    badge = [name for name in guess.heading if "badge" in name.lower()]
    assert set(badge) <= set(guess.mapping.dropped(guess.heading))
    assert guess.unsure == ("where",)
    assert (guess.mapping.names is not None) == (vintage == "2012")


def test_the_chicago_and_portland_layouts_are_known() -> None:
    chicago = guessed(*CHICAGO)
    assert chicago.confidence == guessed(*PORTLAND).confidence == 1
    assert chicago.mapping.columns["category"] == "Primary Type"
    assert chicago.mapping.columns["arrest"] == "Arrest"
    assert set(chicago.mapping.dropped(chicago.heading)) == {
        "Block", "Description", "Location Description", "Community Area",
    }  # fmt: skip
    portland = guessed(*PORTLAND).mapping
    assert (portland.columns["latitude"], portland.columns["x"]) == ("latitude", "x_coordina")
    assert "id" not in portland.columns


def test_counts_firearms_and_assaults_are_known() -> None:
    assert guessed(*COUNTS).mapping.undated
    assaulted = guessed(*ASSAULTED).mapping
    assert assaulted.columns["id"] == "INCIDENT_NUMBER"
    assert assaulted.columns["agrees"] == "geo_in_recorded_division"
    assert not assaulted.undated
    assert assaulted.layer is None
    assert guessed(*FIREARMS).mapping.layer == "enforcement"


def test_a_column_of_words_called_latitude_is_believed_and_a_column_of_words_called_location_is_no_point() -> (
    None
):
    guess = guessed("id,date,location", "1,2026-03-04,100 MADE UP ST")
    assert guess.mapping.columns["address"] == "location"
    assert "point" not in guess.mapping.columns
    guess = guessed("id,date,location", '1,2026-03-04,"(39.1 -84.5)"'.replace('"', ""))
    assert guess.mapping.columns["point"] == "location"


def test_a_point_column_is_read_in_both_ways_of_writing_it(tmp_path: Path) -> None:
    text = 'id,date,type,location\n1,2026-03-04,A,"(39.1, -84.5)"\n2,2026-03-04,A,POINT (-84.5 39.1)\n3,2026-03-04,A,\n'
    outcome = read(tmp_path, text)
    assert (outcome.report["kept"], outcome.report["set_aside"]) == (2, {"no coordinates": 1})


def test_a_mapping_is_the_same_after_it_was_written_down() -> None:
    for pair in [CHICAGO, PORTLAND, COUNTS, FIREARMS, LMPD["2012"]]:
        guess = guessed(*pair).mapping
        assert mapping.from_dict(tomllib.loads(mapping.to_toml(guess))) == guess
    odd = Mapping({"occurred": 'a "quoted" \\ name'}, crs="EPSG:2246", repeats="separate", namespace="calls")
    assert mapping.from_dict(tomllib.loads(mapping.to_toml(odd))) == odd


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("columns = 3", r"needs a table \[columns\]"),
        ("[columns]\nwhen = 'Date'", "which is no role"),
        ("speed = 3\n[columns]\noccurred = 'Date'", "which means nothing here"),
        ("layer = 'arrests'\n[columns]\noccurred = 'Date'", "must be investigation or enforcement"),
        ("names = 'a'\n[columns]\noccurred = 'Date'", "must be a list"),
        ("[columns", "is no TOML"),
    ],
)
def test_a_mapping_that_says_what_means_nothing_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(text)
    with pytest.raises(MappingIsWrong, match=words):
        mapping.load(path)


def test_a_mapping_that_names_a_column_that_is_not_there_lists_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(MappingIsWrong, match=r"no column “When” .* Incident Number, Date Occurred"):
        read(tmp_path, HEADING + row(), given=Mapping({"occurred": "When"}))


def test_names_for_a_file_without_a_heading_come_from_the_mapping(tmp_path: Path) -> None:
    body = row("R-1") + row("R-2")
    names = ("number", "when", "what", "lat", "lon")
    columns = {"id": "number", "occurred": "when", "category": "what", "latitude": "lat", "longitude": "lon"}
    assert read(tmp_path, body, given=Mapping(columns, names=names)).report["kept"] == 2
    with pytest.raises(MappingIsWrong, match="gives 2 names"):
        read(tmp_path, body, name="b.csv", given=Mapping(columns, names=names[:2]))
