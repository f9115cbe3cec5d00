"""One event that nobody could follow is one row set aside: those beside it are kept, and soon."""

import gzip
import time
from datetime import date

import pytest

from alongside.gatherings.importing import calendar_file
from alongside.gatherings.importing.files import FileRows, rows_of
from alongside.gatherings.importing.reading import judged
from alongside.gatherings.importing.rows import Aside, FileRow, UnreadableFile

TODAY = date(2026, 11, 30)
TENS = [
    f"2026{month:02d}{day:02d}T{hour:02d}0000Z"
    for month in range(1, 13)
    for day in range(1, 29)
    for hour in range(8)
]


def event(name, *lines, begins="DTSTART:20261201T180000Z"):
    said = [
        "BEGIN:VEVENT",
        f"UID:{name}",
        f"SUMMARY:{name}",
        *([begins] if begins else []),
        *lines,
        "END:VEVENT",
    ]
    return "".join(f"{line}\r\n" for line in said)


def calendar(*events):
    return ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + "".join(events) + "END:VCALENDAR\r\n").encode()


def read(*events):
    return rows_of(calendar(*events), today=TODAY).rows


HOSTILE = {
    "no step": ("RRULE:FREQ=DAILY;INTERVAL=0", Aside.BROKEN),
    "a step back": ("RRULE:FREQ=DAILY;INTERVAL=-1", Aside.BROKEN),
    "a step without end": ("RRULE:FREQ=DAILY;INTERVAL=99999999999", Aside.BROKEN),
    "a count without end": ("RRULE:FREQ=DAILY;COUNT=99999999999999", Aside.BROKEN),
    "a Monday that no month has": ("RRULE:FREQ=MONTHLY;BYDAY=-500MO", Aside.BROKEN),
    "no such Monday": ("RRULE:FREQ=MONTHLY;BYDAY=0MO", Aside.BROKEN),
    "no such weekday": ("RRULE:FREQ=WEEKLY;BYDAY=XX", Aside.BROKEN),
    "a place without end": ("RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-999", Aside.BROKEN),
    "no place": ("RRULE:FREQ=YEARLY;BYDAY=MO;BYSETPOS=0", Aside.BROKEN),
    "no such rhythm": ("RRULE:FREQ=SOMETIMES", Aside.BROKEN),
    "each second": ("RRULE:FREQ=SECONDLY", Aside.TOO_OFTEN),
    "each hour, in a list": ("RRULE:FREQ=DAILY;BYHOUR=1,2,3,4", Aside.TOO_OFTEN),
    "dates without end": ("RDATE:" + ",".join(TENS), Aside.ENDLESS),
    "exceptions without end": ("RRULE:FREQ=DAILY\r\nEXDATE:" + ",".join(TENS), Aside.ENDLESS),
}


@pytest.mark.parametrize(("lines", "why"), HOSTILE.values(), ids=HOSTILE)
def test_it_is_set_aside_alone(lines, why):
    odd, good = read(event("odd", lines), event("good"))
    assert (odd.title, odd.trouble, odd.begins) == ("odd", why, None)
    assert (good.title, good.trouble) == ("good", "")


@pytest.mark.parametrize(
    ("begins", "why"),
    [
        ("DTSTART:19010101T090000Z", Aside.FAR),
        ("DTSTART:00010101T000000Z", Aside.FAR),
        ("DTSTART:00000000", Aside.BROKEN),
        ("DTSTART;VALUE=PERIOD:20261210T180000Z/PT1H", Aside.BROKEN),
        ("DTSTART;VALUE=TIME:180000", Aside.BROKEN),
        ("", Aside.BROKEN),
    ],
)
def test_a_series_since_before_anybody_kept_one_is_set_aside(begins, why):
    odd, good = read(event("odd", "RRULE:FREQ=DAILY", begins=begins), event("good"))
    assert (odd.trouble, good.trouble) == (why, "")


def test_a_rule_that_never_comes_to_a_date_is_let_go_of(monkeypatch):
    """The thirtieth of February, looked for day by day until the year 9999."""
    monkeypatch.setattr(calendar_file, "SECONDS_EACH", 0.05)
    began = time.monotonic()
    odd, good = read(event("odd", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), event("good"))
    assert time.monotonic() - began < 1
    assert (odd.trouble, good.trouble) == (Aside.ENDLESS, "")


@pytest.mark.parametrize("length", ["P99999999999999D", "-P9999D", "PT99999999999999999H", "P1Y"])
def test_a_length_that_cannot_be_is_no_end(length):
    odd, good = read(event("odd", f"DURATION:{length}"), event("good"))
    assert (odd.title, good.trouble) == ("odd", "")


@pytest.mark.parametrize(
    "begins", ["DTSTART:99991231T235959Z", "DTSTART:00010101T000000Z", "DTSTART;VALUE=DATE:99991231"]
)
def test_a_day_at_the_end_of_all_calendars_is_read(begins):
    assert [row.title for row in read(event("far", "DURATION:P1D", begins=begins), event("good"))] == [
        "far",
        "good",
    ]


def test_what_repeats_more_than_a_city_can_is_refused_before_all_is_written_out(monkeypatch):
    monkeypatch.setattr(calendar_file, "MOST_ROWS", 500)
    daily = [event(f"e{number}", "RRULE:FREQ=DAILY") for number in range(3)]
    with pytest.raises(UnreadableFile, match="more than 500 dates"):
        read(*daily)


@pytest.mark.parametrize(
    "content",
    [
        calendar(event("Café")),
        calendar(event("Café")).decode().encode("latin-1"),
        calendar(event("Café")).decode().encode("utf-16"),
        calendar(event("Café")).decode().encode("utf-8-sig"),
        calendar(event("Café")).replace("é".encode(), b"\xc3\r\n \xa9"),
        b"\r\n" + calendar(event("Café")),
    ],
    ids=["as it should be", "latin", "UTF-16", "with a mark", "a letter folded in two", "after a blank line"],
)
def test_letters_come_through_however_they_were_written(content):
    assert [row.title for row in rows_of(content, today=TODAY).rows] == ["Café"]


def test_a_packed_calendar_is_unpacked_and_a_bomb_is_not():
    packed = gzip.compress(calendar(event("good")))
    assert [row.title for row in rows_of(packed, today=TODAY).rows] == ["good"]
    with pytest.raises(UnreadableFile, match="larger than 5 MB"):
        rows_of(gzip.compress(b"BEGIN:VCALENDAR\r\n" * 2_000_000), today=TODAY)


WORDS = {
    "marks before a cancellation": "*" * 20_000 + "x cancelled",
    "marks after one": "cancelled " + "*" * 20_000,
    "marks without an end": "!" * 20_000,
    "a letter of thousands of digits": "&#" + "1" * 19_000 + ";",
    "a mark that never closes": "<br " * 5_000,
    "one long name": "a" * 20_000,
    "almost an address": "a@" + "a." * 9_000,
    "almost a telephone": "(502) " * 3_000,
    "to and to": "to " * 6_000,
}


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["title", "place", "details"])
@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_what_words_mean_is_told_in_one_go(riverbend, where, words):
    """A page does it, ten thousand times: its time grows with the words, not with their square."""
    row = FileRow(1, **{"title": "Coffee", "begins": date(2027, 1, 4), "place": "Hall", where: words})
    began = time.process_time()
    judged(riverbend, FileRows([row], "csv"), file_name="x")
    assert time.process_time() - began < 0.25
