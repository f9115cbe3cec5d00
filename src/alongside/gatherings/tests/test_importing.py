"""Ada brings another calendar along: every row is kept, merged or set aside for one reason, and nothing twice."""

import json
from datetime import date, time, timedelta

import pytest
import shapely

from alongside.core.errors import Refusal
from alongside.gatherings import actions, calendars
from alongside.gatherings.importing import keeping, reading
from alongside.gatherings.importing.files import rows_of
from alongside.gatherings.importing.rows import Aside, Odd
from alongside.gatherings.models import Gathering, Imported, Status
from alongside.gatherings.tests.cast import a_gathering, a_venue, answer
from alongside.outreach.models import Mail
from alongside.outside import times
from alongside.outside.tests.spreadsheets import xlsx
from alongside.places.models import Area, AreaKind

pytestmark = pytest.mark.django_db


def soon(agency, days=20):
    return agency.today() + timedelta(days=days)


def csv(*rows, header="title,start,end,location,description"):
    return "\n".join([header, *rows]).encode()


def ics(*events):
    inside = "\r\n".join(
        "\r\n".join(["BEGIN:VEVENT", *event.strip().splitlines(), "END:VEVENT"]) for event in events
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{inside}\r\nEND:VCALENDAR\r\n".encode()


def read(agency, content, name="file"):
    result = reading.read(agency, content, file_name=name)
    assert result.adds_up
    return result


def bring(agency, content, **how):
    done = keeping.keep(agency, read(agency, content), by=None, **how)
    assert done.adds_up
    return dict(+done.outcomes)


def the_one(agency, content):
    (event,) = read(agency, content).events
    return event


def coffee(agency, **changes):
    words = {"UID": "coffee-1", "DTSTART": f"{soon(agency):%Y%m%d}T090000", "DTEND": f"{soon(agency):%Y%m%d}T100000",
             "SUMMARY": "Coffee with a Cop", "LOCATION": "River Café"} | changes  # fmt: skip
    return ics("\n".join(f"{name}:{value}" for name, value in words.items() if value is not None))


# -- one row ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Faith & Action Peace March", "walk"),
        ("Coffee with the Commander", "coffee"),
        ("YOUTH LAW EXPLORERS", "youth"),
        ("National Night Out -- Beat 2433", "night_out"),
        ("1622 Beat Meeting", "listening"),
        ("Healthy town hall meeting", "listening"),
        ("Dog Walk Against Domestic Violence", "other"),
        ("Child Abuse Awareness", "other"),
        ("Court Advocacy", "other"),
    ],
)
def test_a_title_says_what_kind_it_is_or_nothing(riverbend, title, kind):
    row = json.dumps([{"title": title, "start": f"{soon(riverbend)}T18:00:00"}]).encode()
    assert the_one(riverbend, row).words["kind"] == kind


def test_a_kind_that_the_file_says_outright_is_no_guess(riverbend):
    row = csv(f"Breakfast,{soon(riverbend)} 08:00,Coffee", header="title,start,category")
    assert the_one(riverbend, row).words["kind"] == "coffee"
    walk = a_gathering(riverbend, kind="night_out", title="On Elm Street")
    feed = calendars.calendar(riverbend, [walk], name="x", key="x")
    assert the_one(riverbend, feed).words["kind"] == "night_out"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",2026-03-05 18:00,,,", Aside.NO_TITLE),
        ("Coffee,,,,", Aside.NO_DATE),
        ("Coffee,soon,,,", Aside.NO_DATE),
        ("Coffee,2026-02-30 18:00,,,", Aside.NO_DATE),
        ("Coffee,2026-03-05 18:00,2026-03-05 17:00,,", Aside.BACKWARDS),
        ("Coffee,0203-03-05 18:00,,,", Aside.FAR),
        ("Coffee,9999-03-05 18:00,,,", Aside.FAR),
        ("Coffee,2026-03-08 02:30,,,", Aside.SKIPPED_HOUR),
    ],
)
def test_a_row_that_cannot_be_is_set_aside_for_one_reason(riverbend, row, reason):
    result = read(riverbend, csv(row))
    assert not result.events
    assert [(each.line, each.reason) for each in result.set_aside] == [(2, reason)]


@pytest.mark.parametrize(
    ("row", "odd", "words"),
    [
        ("Coffee,2026-03-05 18:00,,Hall,", {Odd.NO_END}, {"minutes": 60}),
        ("Coffee,2026-03-05 18:00,2026-03-05 18:00,Hall,", {Odd.NO_LENGTH}, {"minutes": 60}),
        ("Coffee,2026-03-05 18:00,2026-03-09 19:30,Hall,", {Odd.OVER_A_DAY}, {"minutes": 90}),
        ("Coffee,2026-03-05,2026-03-05,Hall,", {Odd.ALL_DAY}, {"minutes": 1440, "at": time(0)}),
        ("Coffee,2026-03-05 02:00,2026-03-05 03:00,Hall,", {Odd.AT_NIGHT}, {}),
        ("Coffee,2026-03-05 18:00:44,2026-03-05 19:00:44,Hall,", {Odd.SECONDS}, {"at": time(18)}),
        ("Coffee,2026-03-05 18:00,2026-03-05 19:00,Various,", {Odd.NO_PLACE}, {"meeting_point": "", "summary": ""}),
        ("Coffee,2026-03-05 18:00,2026-03-05 19:00,T.B.A.,", {Odd.NO_PLACE}, {"meeting_point": ""}),
        ("Coffee,2026-03-05 18:00,2026-03-05 19:00,.,", {Odd.NO_PLACE}, {"meeting_point": ""}),
        (
            "Coffee,2026-03-05 18:00,2026-03-05 19:00,12 River St to 40 Mill Row,",
            {Odd.STRETCH},
            {"meeting_point": "", "summary": "Place, as given: 12 River St to 40 Mill Row"},
        ),
        ("Tea &amp; <b>talk</b>,2026-03-05 18:00,2026-03-05 19:00,Hall,", {Odd.MARKUP}, {"title": "Tea & talk"}),
        (
            "Coffee,2026-03-05 18:00,2026-03-05 19:00,Hall,Call (502) 555-0199 or mail ben@example.org",
            {Odd.CONTACTS},
            {"summary": "Call […] or mail […]"},
        ),
        ("Coffee,2026-03-05 18:00,2026-03-05 19:00,Hall,Beats 1711-1712", set(), {"summary": "Beats 1711-1712"}),
        ("Coffee,2026-03-05 18:00,2026-03-05 19:00,Hall,It was cancelled last week", {Odd.MAYBE_CANCELLED}, {}),
    ],
)  # fmt: skip
def test_a_row_with_a_fault_is_kept_and_the_fault_is_named(riverbend, row, odd, words):
    event = the_one(riverbend, csv(row))
    assert event.odd == odd
    assert event.words | words == event.words


def test_what_is_cancelled_only_in_its_title_is_kept_as_cancelled_with_the_reason(riverbend):
    plain, reasoned = (
        the_one(riverbend, csv(row)).__dict__
        for row in (
            "CANCELLED******Coffee with the Commander*****CANCELLED,2026-03-05 18:00,,Hall,",
            "1622 Beat Meeting Cancelled,2026-03-05 18:00,,Hall,Cancelled for the holiday party",
        )
    )
    assert plain["words"]["title"] == "Coffee with the Commander"
    assert plain["cancelled"] == "The calendar it came from says that it is cancelled."
    assert (reasoned["words"]["title"], reasoned["cancelled"]) == (
        "1622 Beat Meeting",
        "Cancelled for the holiday party",
    )


def test_a_venue_that_we_know_is_recognized_by_name_or_address(riverbend):
    library = a_venue(riverbend)
    for place in ("Eastbank Library", "the room at 12 River Street", "eastbank library, 12 river street"):
        event = the_one(riverbend, csv(f'Coffee,2026-03-05 18:00,,"{place}",'))
        assert (event.venue, event.words["meeting_point"]) == (library, "")
    assert the_one(riverbend, csv("Coffee,2026-03-05 18:00,,Elsewhere Hall,")).venue is None


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-05T18:30", "2026-03-05 6:30 pm", "3/5/2026 6:30 PM", "3/5/26 6:30 PM", "20260305T183000"),
        *("March 5, 2026 at 6:30 p.m.", "Thu, Mar 5 2026 6:30pm", "Thursday, March 5, 2026, 18:30"),
        *("1772735400", "1772735400000"),
    ],
)
def test_hours_are_read_as_people_write_them(text):
    moment = times.moment(text)
    assert (moment.date(), moment.time()) == (date(2026, 3, 5), time(18, 30))


def test_one_order_of_day_and_month_counts_for_a_whole_table(riverbend):
    """5/12 is no day in May beside 13/12; what the order of its table cannot read is set aside, never guessed at."""
    header = "title,start,end,place"
    rows = ["A,05/12/2026 18:00,05/12/2026 19:00,Hall", "B,13/12/2026 18:00,13/12/2026 19:00,Hall"]
    whole = rows_of("\n".join([header, *rows]).encode(), today=date(2026, 11, 30)).rows
    assert [row.begins.strftime("%d %b") for row in whole] == ["05 Dec", "13 Dec"]
    here = ["C,12/20/2026 18:00,,Hall", "D,12/21/2026 18:00,,Hall", "E,21/12/2026 18:00,,Hall"]
    mixed = rows_of("\n".join([header, *here]).encode(), today=date(2026, 11, 30)).rows
    assert [bool(row.begins) for row in mixed] == [True, True, False]


def test_hours_in_a_column_of_their_own(riverbend):
    event = the_one(
        riverbend,
        csv(
            "Coffee,3/5/2026,11:00 PM,3/5/2026,12:30 AM",
            header="Subject,Start Date,Start Time,Other,End Time",
        ),
    )
    assert (event.words["on"], event.words["at"], event.words["minutes"]) == (date(2026, 3, 5), time(23), 90)


# -- rows of one gathering ----------------------------------------------------------------------------
def test_rows_of_one_gathering_are_merged_and_counted(riverbend):
    row = "Coffee,2026-03-05 18:00,2026-03-05 19:00,River Hall,"
    result = read(
        riverbend, csv(row, row.replace("River Hall", "river hall!"), row.replace("18:00", "17:00"))
    )
    assert (result.rows, result.kept, result.merged) == (3, 2, 1)
    assert sorted(result.events[1].lines) == [2, 3]


def test_the_newer_of_two_versions_counts_in_whatever_order_they_stand(riverbend):
    on = f"{soon(riverbend):%Y%m%d}"
    old = f"UID:1\nSEQUENCE:1\nDTSTART:{on}T090000\nSUMMARY:Old"
    new = f"UID:1\nSEQUENCE:10\nDTSTART:{on}T100000\nSUMMARY:New"
    for pair in ((old, new), (new, old)):
        event = the_one(riverbend, ics(*pair))
        assert event.words["title"] == "New"


# -- calendars ----------------------------------------------------------------------------------------
def test_zones_are_turned_into_ours_and_unknown_ones_are_named(riverbend):
    on = f"{soon(riverbend):%Y%m%d}"

    def at(property_):
        event = the_one(riverbend, ics(f"UID:1\nSUMMARY:Coffee\nLOCATION:Hall\n{property_}"))
        return event.words["at"], event.odd - {Odd.NO_END}

    assert at(f"DTSTART:{on}T090000") == (time(9), set())
    assert at(f"DTSTART;TZID=America/Chicago:{on}T080000") == (time(9), {Odd.ZONE})
    assert at(f"DTSTART;TZID=Eastern Standard Time:{on}T090000") == (time(9), set())
    assert at(f"DTSTART;TZID=Mars/Olympus:{on}T090000") == (time(9), {Odd.ZONE_UNKNOWN})
    assert at(f"DTSTART;VALUE=DATE:{on}") == (time(0), {Odd.ALL_DAY})
    utc = at("DTSTART:20260105T140000Z")
    assert utc == (time(9), set())


def test_a_series_is_written_out_with_its_exceptions_one_year_around(riverbend):
    first = soon(riverbend, 7)
    skipped, moved = first + timedelta(days=7), first + timedelta(days=14)
    master = (
        f"UID:weekly\nSUMMARY:Coffee\nLOCATION:Hall\nDTSTART:{first:%Y%m%d}T090000\nDTEND:{first:%Y%m%d}T100000\n"
        f"RRULE:FREQ=WEEKLY;COUNT=4\nEXDATE:{skipped:%Y%m%d}T090000"
    )
    changed = (
        f"UID:weekly\nRECURRENCE-ID:{moved:%Y%m%d}T090000\nSUMMARY:Coffee\nLOCATION:Mall\n"
        f"DTSTART:{moved:%Y%m%d}T110000\nDTEND:{moved:%Y%m%d}T120000\nSTATUS:CANCELLED"
    )
    events = read(riverbend, ics(master, changed)).events
    assert [each.words["on"] for each in events] == [first, moved, first + timedelta(days=21)]
    assert [each.words["at"].hour for each in events] == [9, 11, 9]
    assert [bool(each.cancelled) for each in events] == [False, True, False]
    endless = master.replace("COUNT=4", "INTERVAL=1")
    assert 50 <= read(riverbend, ics(endless)).kept <= 53


def test_a_broken_event_is_one_row_set_aside_and_the_others_stay(riverbend):
    on = f"{soon(riverbend):%Y%m%d}"
    good = f"UID:2\nSUMMARY:Coffee\nLOCATION:Hall\nDTSTART:{on}T090000\nX-COLOR;VALUE=TEXT:blue"
    good += "\nATTENDEE:mailto:ben@example.org"
    for bad, reason in (
        ("UID:1\nSUMMARY:Tea\nDTSTART:banana", Aside.BROKEN),
        ("UID:1\nSUMMARY:Tea", Aside.NO_DATE),
        (f"UID:1\nSUMMARY:Tea\nDTSTART:{on}T090000\nRRULE:FREQ=SECONDLY", Aside.TOO_OFTEN),
        (f"UID:1\nSUMMARY:Tea\nDTSTART:{on}T090000\nRRULE:FREQ=DAILY;BYHOUR=1,2,3", Aside.TOO_OFTEN),
    ):
        result = read(riverbend, ics(bad, good))
        assert [each.reason for each in result.set_aside] == [reason]
        (event,) = result.events
        assert Odd.PEOPLE in event.odd
        assert "ben@" not in str(event.words)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"<!DOCTYPE html><html>",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR",
        b"BEGIN:VCALENDAR\r\n\x00\xff",
        b"[" * 100_000,
        b"[1, 2]",
        b'{"events": []}',
        b"PK\x03\x04zip",
        b"one,two\n1,2\n",
        b"x" * (5 * 2**20 + 1),
        ics(*[f"UID:{n}\nSUMMARY:Daily\nDTSTART:19800101T090000\nRRULE:FREQ=DAILY" for n in range(200)]),
    ],
)
def test_what_is_no_list_of_gatherings_is_refused_in_one_line(riverbend, content):
    with pytest.raises(Refusal) as refused:
        reading.read(riverbend, content, file_name="x")
    assert 0 < len(str(refused.value).splitlines()) <= 1


def test_a_change_from_one_date_on_is_many_dates(riverbend):
    first, third = soon(riverbend, 4), soon(riverbend, 18)
    series = f"UID:s\nSUMMARY:Walk\nLOCATION:Hall\nDTSTART:{first:%Y%m%d}T180000\nRRULE:FREQ=WEEKLY;COUNT=5"
    earlier = (
        f"UID:s\nSUMMARY:Walk\nLOCATION:Hall\nDTSTART:{third:%Y%m%d}T170000\n"
        f"RECURRENCE-ID;RANGE=THISANDFUTURE:{third:%Y%m%d}T180000"
    )
    before, after = read(riverbend, ics(series)).events, read(riverbend, ics(series, earlier)).events
    assert [event.words["at"].hour for event in after] == [18, 18, 17, 17, 17]
    assert [event.name for event in after] == [event.name for event in before], "each is the date that it was"


@pytest.mark.parametrize("zone", ["", ";TZID=America/New_York"])
@pytest.mark.parametrize("hour", ["T180000", "T233000", ""])
def test_the_last_day_of_a_series_belongs_to_it(riverbend, zone, hour):
    first, last = soon(riverbend, 4), soon(riverbend, 18)
    begins = f"DTSTART{zone if hour else ';VALUE=DATE'}:{first:%Y%m%d}{hour}"
    series = f"UID:s\nSUMMARY:Walk\nLOCATION:Hall\n{begins}\nRRULE:FREQ=WEEKLY;UNTIL={last:%Y%m%d}"
    assert [event.words["on"] for event in read(riverbend, ics(series)).events] == [
        first,
        soon(riverbend, 11),
        last,
    ]


@pytest.mark.parametrize("word", ["PRIVATE", "CONFIDENTIAL", "X-SECRET", "private"])
def test_what_is_private_there_stays_there(riverbend, word):
    result = read(riverbend, coffee(riverbend, CLASS=word, RRULE="FREQ=WEEKLY;COUNT=2"))
    assert not result.events
    assert {(each.reason, each.title) for each in result.set_aside} == {(Aside.PRIVATE, "")}
    assert the_one(riverbend, coffee(riverbend, CLASS="PUBLIC")).words["title"] == "Coffee with a Cop"


def test_what_is_private_in_a_table_stays_there(riverbend):
    on = soon(riverbend)
    for column, word in (("private", "TRUE"), ("Sensitivity", "Confidential"), ("visibility", "private")):
        table = csv(
            f"Coffee,{on} 9:00,{on} 10:00,Hall,",
            f"Doctor,{on} 9:00,{on} 10:00,{word},",
            header=f"title,start,end,{column},description",
        )
        assert [event.words["title"] for event in read(riverbend, table).events] == ["Coffee"]


def test_what_is_not_certain_there_waits_for_a_person(riverbend):
    bring(riverbend, coffee(riverbend, STATUS="TENTATIVE"), announce=True)
    assert Gathering.objects.get().is_draft
    on = soon(riverbend)
    table = csv(f"Coffee,{on} 9:00,{on} 10:00,Hall,Tentative", header="title,start,end,location,status")
    assert the_one(riverbend, table).odd == {Odd.TENTATIVE}


def test_a_calendar_that_calls_off(riverbend):
    """By its method; of a series, one date of it."""

    def sent(content, method):
        return content.replace(b"VERSION:2.0", b"VERSION:2.0\r\nMETHOD:" + method)

    bring(riverbend, coffee(riverbend), announce=True)
    off = sent(coffee(riverbend, SEQUENCE="2"), b"CANCEL")
    assert bring(riverbend, off, announce=True) == {"changed": 1}
    assert Gathering.objects.get().is_cancelled
    with pytest.raises(Refusal):
        read(riverbend, sent(coffee(riverbend), b"REPLY"))
    bring(riverbend, coffee(riverbend, UID="s", SUMMARY="Walk", RRULE="FREQ=WEEKLY;COUNT=2"), announce=True)
    second = soon(riverbend, 27)
    one = coffee(
        riverbend,
        UID="s",
        SUMMARY="Walk",
        SEQUENCE="1",
        DTSTART=f"{second:%Y%m%d}T090000",
        DTEND=None,
        **{"RECURRENCE-ID": f"{second:%Y%m%d}T090000"},
    )
    assert bring(riverbend, sent(one, b"CANCEL"), announce=True) == {"changed": 1}
    cancelled = Gathering.objects.filter(title__contains="Walk", status=Status.CANCELLED)
    assert [each.on for each in cancelled] == [second]


@pytest.mark.parametrize(
    ("begins", "ends", "odd"),
    [
        (";VALUE=DATE:{0}", ";VALUE=DATE:{0}", {Odd.ALL_DAY}),
        (";VALUE=DATE:{0}", ";VALUE=DATE:{1}", {Odd.ALL_DAY}),
        (";VALUE=DATE:{0}", ";VALUE=DATE:{3}", {Odd.ALL_DAY, Odd.OVER_A_DAY}),
        (":{0}T000000", ":{0}T000000", {Odd.ALL_DAY}),
        (":{0}T000000", ":{1}T000000", {Odd.ALL_DAY}),
        (":{0}T000000", ":{3}T000000", {Odd.ALL_DAY, Odd.OVER_A_DAY}),
    ],
)
def test_days_are_written_in_several_ways(riverbend, begins, ends, odd):
    days = [f"{soon(riverbend, 20 + number):%Y%m%d}" for number in range(4)]
    said = f"UID:d\nSUMMARY:Fair\nLOCATION:Hall\nDTSTART{begins}\nDTEND{ends}".format(*days)
    event = the_one(riverbend, ics(said))
    assert (event.odd, event.words["at"], event.words["minutes"]) == (odd, time(0), 1440)


# -- keeping ------------------------------------------------------------------------------------------
def test_the_same_file_twice_adds_nothing(riverbend):
    assert bring(riverbend, coffee(riverbend)) == {"added": 1}
    assert bring(riverbend, coffee(riverbend)) == {"unchanged": 1}
    gathering = Gathering.objects.get()
    assert (gathering.kind, gathering.status, gathering.minutes) == ("coffee", Status.DRAFT, 60)


def test_a_newer_version_changes_what_it_changed_and_leaves_what_ada_mended(riverbend, ada):
    bring(riverbend, coffee(riverbend, SEQUENCE=1))
    actions.change(Gathering.objects.get(), by=ada, title="Coffee on Elm Street")
    assert bring(riverbend, coffee(riverbend, SEQUENCE=2, LOCATION="Hill Café")) == {"changed": 1}
    assert bring(riverbend, coffee(riverbend, SEQUENCE=1, LOCATION="An older place")) == {"unchanged": 1}
    gathering = Gathering.objects.get()
    assert (str(gathering.title), str(gathering.meeting_point)) == ("Coffee on Elm Street", "Hill Café")


def test_a_file_does_not_move_what_the_public_knows_but_may_call_it_off(riverbend):
    bring(riverbend, coffee(riverbend), announce=True)
    gathering = Gathering.objects.get()
    assert gathering.status == Status.PUBLISHED
    answer(gathering, email="ben@example.org")
    Mail.objects.all().delete()

    moved = keeping.keep(
        riverbend, read(riverbend, coffee(riverbend, SEQUENCE=1, LOCATION="Hill Café")), by=None
    )
    assert moved.adds_up
    assert [each.reason for each in moved.read.set_aside] == [Aside.MOVED_IN_PUBLIC]
    assert not Mail.objects.exists()

    off = coffee(riverbend, SEQUENCE=2, STATUS="CANCELLED", DESCRIPTION="Cancelled: the café has burst pipes")
    assert bring(riverbend, off) == {"changed": 1}
    gathering.refresh_from_db()
    assert (gathering.status, str(gathering.change_reason)) == (
        Status.CANCELLED,
        "Cancelled: the café has burst pipes",
    )
    assert Mail.objects.get().to == "ben@example.org"


def test_only_what_needs_nobody_is_published_and_only_when_asked(riverbend):
    rows = [
        f"Coffee,{soon(riverbend)} 09:00,{soon(riverbend)} 10:00,River Café,",
        f"Tea,{soon(riverbend)} 09:00,{soon(riverbend)} 10:00,Various,",
        f"Lunch,{soon(riverbend)},,River Café,",
        "Supper,2020-03-05 09:00,2020-03-05 10:00,River Café,",
        f"Night cancelled,{soon(riverbend)} 18:00,{soon(riverbend)} 20:00,River Café,",
    ]
    bring(riverbend, csv(*rows), announce=True)
    status = {str(each): each.status for each in Gathering.objects.all()}
    assert status == {
        "Coffee": "published",
        "Tea": "draft",
        "Lunch": "draft",
        "Supper": "draft",
        "Night": "cancelled",
    }


def test_what_ada_planned_by_hand_is_known_again(riverbend):
    by_hand = a_gathering(
        riverbend, title="Coffee", on=soon(riverbend), at=time(9), meeting_point="River Café"
    )
    row = csv(f"coffee,{soon(riverbend)} 09:00,{soon(riverbend)} 10:00,river café,")
    assert bring(riverbend, row) == {"unchanged": 1}
    assert list(Gathering.objects.all()) == [by_hand]


def test_a_kind_that_ada_corrects_stays_corrected(riverbend):
    row = csv(f"Court Advocacy,{soon(riverbend)} 09:00,,River Café,")
    bring(riverbend, row, kinds={2: "listening"})
    bring(riverbend, row)
    assert Gathering.objects.get().kind == "listening"


def test_what_happens_at_a_known_venue_is_found_in_its_neighborhood(riverbend):
    around = shapely.box(-85.8, 38.2, -85.7, 38.3)
    eastbank = Area.objects.create(
        agency=riverbend, kind=AreaKind.NEIGHBORHOOD, name="Eastbank", **Area.columns_of(around)
    )
    a_venue(riverbend)
    rows = [f"Coffee,{soon(riverbend)} 09:00,,Eastbank Library,", f"Tea,{soon(riverbend)} 09:00,,Somewhere,"]
    bring(riverbend, csv(*rows))
    where = {str(each): each.neighborhood_id for each in Gathering.objects.all()}
    assert where == {"Coffee": eastbank.pk, "Tea": None}


def test_after_a_crash_half_way_the_rest_is_added_and_nothing_twice(riverbend, monkeypatch):
    rows = [f"Coffee {n},{soon(riverbend)} 09:00,,River Café," for n in range(7)]
    monkeypatch.setattr(keeping, "AT_ONCE", 3)

    def power_cut(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keeping.keep(riverbend, read(riverbend, csv(*rows)), by=None, progress=power_cut)
    assert Gathering.objects.count() == 3
    assert bring(riverbend, csv(*rows)) == {"unchanged": 3, "added": 4}
    assert Gathering.objects.count() == Imported.objects.count() == 7


def test_another_agency_has_its_own(riverbend, elsewhere):
    bring(riverbend, coffee(riverbend))
    assert bring(elsewhere, coffee(elsewhere)) == {"added": 1}


# -- what was before ----------------------------------------------------------------------------------
PAST = (
    "title,start,end,location,status,attendance,neighborhood",
    "Peace Walk,2019-05-02 18:00,2019-05-02 19:00,Library,Held,34,Eastbank",
    "Peace Walk,2019-05-09 18:00,2019-05-09 19:00,Library,,about 20,Eastbank",
    "Peace Walk,2019-05-16 18:00,2019-05-16 19:00,Library,Cancelled,,Eastbank",
    "Peace Walk,2019-05-23 18:00,,,done,,Nowhere",
)


@pytest.fixture
def eastbank(riverbend):
    shape = shapely.box(-85.72, 38.20, -85.70, 38.21)
    return Area.objects.create(
        agency=riverbend, kind=AreaKind.NEIGHBORHOOD, name="Eastbank", **Area.columns_of(shape)
    )


def test_walks_of_before_come_in_as_held_with_who_came_and_say_that_they_came_later(riverbend, eastbank, ada):
    told = reading.read(riverbend, csv(*PAST[1:], header=PAST[0]), file_name="p")
    kept = keeping.keep(riverbend, told, by=ada, announce=True)
    assert (kept.published, kept.outcomes["added"]) == (2, 4)
    first, unsaid, off, last = Gathering.objects.order_by("on")
    assert (first.status, first.came, first.neighborhood, first.is_loaded) == (
        Status.HELD,
        34,
        eastbank,
        True,
    )
    assert (unsaid.status, unsaid.came, unsaid.is_loaded) == (Status.DRAFT, None, False), (
        "nothing says that it was"
    )
    assert off.is_cancelled
    assert (last.status, last.came, last.neighborhood) == (Status.HELD, None, None)
    assert not Mail.objects.exists()


def test_they_wait_as_drafts_until_whoever_brings_them_publishes_them(riverbend, eastbank, ada):
    told = csv(*PAST[1:], header=PAST[0])
    keeping.keep(riverbend, reading.read(riverbend, told, file_name="p"), by=ada)
    assert not Gathering.objects.filter(status=Status.HELD).exists()
    again = keeping.keep(riverbend, reading.read(riverbend, told, file_name="p"), by=ada, announce=True)
    assert again.outcomes == {"changed": 2, "unchanged": 2}
    third = keeping.keep(riverbend, reading.read(riverbend, told, file_name="p"), by=ada, announce=True)
    assert third.outcomes == {"unchanged": 4}
    assert Gathering.objects.filter(status=Status.HELD).count() == 2


def test_nothing_to_come_is_held_whatever_its_file_says(riverbend, ada):
    row = f"Peace Walk,{soon(riverbend)} 18:00,,Library,Held,12,"
    keeping.keep(
        riverbend, reading.read(riverbend, csv(row, header=PAST[0]), file_name="p"), by=ada, announce=True
    )
    assert Gathering.objects.get().status == Status.PUBLISHED
    assert Gathering.objects.get().came is None


def test_a_spreadsheet_is_read_as_a_table(riverbend):
    rows = [["Walks of the years before"], *[each.split(",") for each in PAST]]
    told = reading.read(riverbend, xlsx(rows), file_name="walks.xlsx")
    assert (told.format, told.kept) == ("spreadsheet", 4)
    assert [event.came for event in told.events if event.is_held] == [34, None]
