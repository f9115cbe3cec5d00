"""Files as no program should write them: good ones cut, doubled, packed, filled with numbers that nobody expects.

`EXAMPLES` has an entry for each reader of each room: how a good file is made, and how its parser is called with one.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from hypothesis import strategies as st
from PIL import Image

from alongside.core.manifest import follow, manifests
from alongside.incidents.reading import pipeline, staging
from alongside.incidents.tests import reading_help
from alongside.outside.readers import Reader
from alongside.outside.tests.spreadsheets import xlsx
from alongside.places.tests import cities

MOST = 300_000  # bytes of one made-up file
TODAY = date(2026, 11, 30)
Parse = Callable[..., Any]


@dataclass(frozen=True)
class Example:
    """`good`: files that the parser reads, made below a folder. `call`: the parser, called with such bytes.

    `costs`: how much longer than others one reading takes; so many fewer are tried.
    """

    good: Callable[[Path], list[bytes]]
    call: Callable[[Parse, bytes, Path], Any]
    costs: int = 1


def readers() -> dict[str, Reader[..., Any]]:
    return {dotted: follow(dotted) for room in manifests().values() for dotted in room.readers.values()}


def tables_and_spreadsheets(folder: Path) -> list[bytes]:
    rows = [each.split(",") for each in ("name,kind,day", "Hall,hall,2026-03-01", "Mill,park,")]
    return [*tables(folder), xlsx([*rows, ["Pier", 3, date(2026, 3, 4)]], merged=["A2:A3"])]


# -- good ones ------------------------------------------------------------------------------------------
def tables(_folder: Path) -> list[bytes]:
    return [
        b"name,kind,address,lat,lon\nRiver Caf\xc3\xa9,cafe,1 Mill St,38.2,-85.7\nHall,hall,2 Mill St,38.21,-85.71\n",
        b'sep=;\nname;areas;email\n"Ada; Lee";Old Town;ada@example.org\nBen;;\n',
        b"Our venues\n\nname\tlat\tlon\nHall\t38.2\t-85.7\n",
    ]


def answers_of_open311(_folder: Path) -> list[bytes]:
    return [
        b'<?xml version="1.0" encoding="utf-8"?>\n<services><service><service_code>001</service_code><metadata>true'
        b"</metadata><keywords>lamp</keywords></service><service><service_code>2</service_code></service></services>",
        b'[{"service_request_id": 293944, "service_notice": "We look.", "account_id": null, "lat": 38.25}]',
        b'{"errors": [{"code": 403, "description": "Invalid api_key"}]}',
    ]


def residents(_folder: Path) -> list[bytes]:
    return [b'tract,people\n1,1200\n2.0,"1,500"\n2,7\nx,many\n']


def outlines(_folder: Path) -> list[bytes]:
    crossed = [[[-85.7, 38.2], [-85.69, 38.21], [-85.69, 38.2], [-85.7, 38.21], [-85.7, 38.2]]]
    feature, square = cities.feature, cities.square
    return [
        cities.two_neighborhoods(),
        cities.collection(
            feature(square(cities.WEST, cities.SOUTH), name="Bow", people=1), feature(crossed, name="X")
        ),
        json.dumps(feature(square(cities.WEST, cities.SOUTH), name="One", people=None)).encode(),
    ]


def calendars(_folder: Path) -> list[bytes]:
    return [
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-TIMEZONE:America/New_York\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Coffee\r\n"
        b"DTSTART:20261210T180000\r\nDTEND:20261210T190000\r\nRRULE:FREQ=WEEKLY;INTERVAL=1;COUNT=5;BYDAY=TH\r\n"
        b"EXDATE:20261217T180000\r\nLOCATION:Hall\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Away\r\nDTSTART;VALUE=DATE:20261214\r\n"
        b"DTEND;VALUE=DATE:20261216\r\nRDATE;VALUE=DATE:20261220,20261221\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\n"
        b"SUMMARY:Later\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20261220\r\nDTSTART;VALUE=DATE:20261222\r\n"
        b"DURATION:P2D\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:3\r\nSUMMARY;LANGUAGE=es:Paseo\r\nDTSTART;TZID=America/New_York:"
        b"20261201T180000\r\nRRULE:FREQ=MONTHLY;BYDAY=1TU;BYSETPOS=1;UNTIL=20270601\r\nSTATUS:TENTATIVE\r\n"
        b"SEQUENCE:3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    ]


def gatherings(folder: Path) -> list[bytes]:
    rows = [{"title": "Coffee", "start": "2026-12-10 18:00", "end": "19:00", "location": "Hall", "id": 7}]
    return [
        *calendars(folder),
        b"title,start,end,location\nCoffee,2026-12-10 18:00,2026-12-10 19:00,Hall\nTea,12/11/2026 6pm,,\n",
        json.dumps({"events": rows}).encode(),
    ]


def incidents(folder: Path) -> list[bytes]:
    text = (reading_help.HEADING + "".join(reading_help.row(f"R-{number}") for number in range(40))).encode()
    parquet = folder / "good.parquet"
    duckdb.sql(
        "SELECT 'R-' || range AS number, TIMESTAMP '2026-03-04 18:30:00' AS occurred, 'THEFT' AS kind, "
        "39.1 AS latitude, -84.5 AS longitude FROM range(40)"
    ).write_parquet(str(parquet))
    return [text, gzip.compress(text), zipped("i.csv", text), parquet.read_bytes()]


def mappings(_folder: Path) -> list[bytes]:
    return [
        b'date_order = "month first"\n\n[columns]\nid = "Incident Number"\noccurred = "Date Occurred"\n',
        b'[columns]\ncategory = "Crime Type"\noccurred = "Date Occurred"\nlatitude = "Lat"\nlongitude = "Lon"\n',
    ]


def pictures(_folder: Path) -> list[bytes]:
    made = []
    for kind in ("JPEG", "PNG", "WEBP"):
        file = io.BytesIO()
        Image.new("RGB", (64, 48), (20, 120, 90)).save(file, kind)
        made.append(file.getvalue())
    return made


def streets(folder: Path) -> list[bytes]:
    file = folder / "good.osm.pbf"
    ways = [
        ([row * 10 + n for n in range(10)], {"highway": "residential", "name": f"{row} St"})
        for row in range(10)
    ]
    across = [([n * 10 + column for n in range(10)], {"highway": "footway"}) for column in range(10)]
    return [cities.write_streets(file, ways=[*ways, *across]).read_bytes()]


def returned_mail(_folder: Path) -> list[bytes]:
    told = b"Reporting-MTA: dns; mx.example\n\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 Nobody\n"
    original = (
        b"Message-ID: <7fq2mz9k4b.0123456789abcdef@riverbend.example>\nSubject: Your walk\n\nSee you.\n"
    )
    parts = [
        (b"text/plain; charset=utf-8", b"", b"It could not be delivered.\n"),
        (b"message/delivery-status", b"", told),
        (b"message/rfc822", b"", original),
    ]
    packed = (b"message/delivery-status", b"base64", base64.encodebytes(told))
    return [
        a_letter(*parts),
        a_letter(parts[0], packed, parts[2]),
        b"Subject: A question\n\nIs there coffee?\n",
    ]


def a_letter(*parts: tuple[bytes, bytes, bytes]) -> bytes:
    """Of several parts: their kind, how each is packed, what it says."""
    head = b"From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; boundary=b\n\n"
    written = (
        b"--b\nContent-Type: %s\n%s\n%s\n"
        % (kind, b"Content-Transfer-Encoding: %s\n" % packed if packed else b"", said)
        for kind, packed, said in parts
    )
    return head + b"".join(written) + b"--b--\n"


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


# -- how a parser is called with one ----------------------------------------------------------------------
def of_bytes(**how: Any) -> Callable[[Parse, bytes, Path], Any]:
    return lambda parse, content, _folder: parse(content, **how)


def of_a_path(name: str, **how: Any) -> Callable[[Parse, bytes, Path], Any]:
    def call(parse: Parse, content: bytes, folder: Path) -> Any:
        file = folder / name
        file.write_bytes(content)
        return parse(file, **how)

    return call


def look(parse: Parse, content: bytes, folder: Path) -> Any:
    file = folder / "incidents.csv"
    file.write_bytes(content)
    return parse([str(file)], None, strict=False)


def read_incidents(parse: Parse, content: bytes, folder: Path) -> Any:
    file = folder / "incidents.csv"
    file.write_bytes(content)
    order = pipeline.Order(
        tables=staging.look_into_all([str(file)]),
        rules=staging.Rules(key=reading_help.KEY, now=reading_help.NOW),
        around=reading_help.WITH_BOUNDARIES,
        layer_of=reading_help.ARRESTS,
        memory_mb=128,
    )
    return parse(order, folder / "work")


EXAMPLES = {
    "followthrough.passing.answers.READ": Example(answers_of_open311, of_bytes()),
    "places.sheets.SHEET": Example(tables, of_bytes()),
    "places.sheets.TABLE": Example(tables_and_spreadsheets, of_bytes()),
    "places.boundaries.files.AREAS": Example(outlines, of_bytes(name="name", population="people")),
    "places.boundaries.files.DRAWING": Example(outlines, of_bytes()),
    "places.boundaries.files.COUNTS": Example(residents, of_bytes(key="tract", value="people")),
    "places.guesses.FIELDS": Example(outlines, of_bytes(kind="neighborhood")),
    "places.streets.reading.STREETS": Example(streets, of_a_path("c.osm.pbf", around=None, units="miles")),
    "gatherings.importing.files.GATHERINGS": Example(gatherings, of_bytes(today=TODAY)),
    "rosters.tables.WHOLE_DAYS": Example(calendars, of_bytes(today=TODAY)),
    "walks.planning.AREA": Example(outlines, of_bytes()),
    "incidents.readers.LOOK": Example(incidents, look),
    "incidents.readers.LOOK_AT_LEISURE": Example(incidents, look),
    "incidents.readers.READ": Example(incidents, read_incidents, costs=20),
    "incidents.readers.MAPPING": Example(mappings, of_a_path("mapping.toml")),
    "media.drawing.PICTURE": Example(pictures, of_bytes()),
    "outreach.reports.REPORT": Example(returned_mail, of_bytes()),
}

# -- bad ones ---------------------------------------------------------------------------------------------
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
WORD = re.compile(rb"[A-Za-z]{3,}")
NUMBERS = [
    *(
        b"0",
        b"-1",
        b"99999999999",
        b"99999999999999999999",
        b"1e999",
        b"-1e-999",
        b"NaN",
        b"Infinity",
        b"9" * 400,
    ),
    *(
        b"9" * 5_000,
        b"0x7f",
        b"1_000",
        b"2147483648",
        b"-0",
        b"00000000",
        b"99991231T235959Z",
        b"00010101",
        b"1.2.3",
    ),
]
WORDS = [
    *(
        b"",
        b"null",
        b"[]",
        b"{}",
        b'"',
        b"'",
        b"\x00",
        b"\xff\xfe",
        b"\\ud800",
        b"\\u0000",
        b"\xed\xa0\x80",
        b"\xe2\x80\xae",
    ),
    *(
        b"a" * 70_000,
        b"\xf0\x9f\xa6\x8a" * 50,
        b"=HYPERLINK(1)",
        b"%(x)s",
        b"{x}",
        b"../../x",
        b"\r\n\r\n",
        b"<x>&amp;",
    ),
    *(
        b"DAILY",
        b"SECONDLY",
        b"INTERVAL=0",
        b"RRULE:FREQ=DAILY;INTERVAL=0",
        b"THISANDFUTURE",
        b"Polygon",
        b"Feature",
    ),
]


def instead(draw: Any, content: bytes, pattern: re.Pattern[bytes], others: list[bytes]) -> bytes:
    found = list(pattern.finditer(content[:MOST]))
    if not found:
        return content
    one = draw(st.sampled_from(found))
    return content[: one.start()] + draw(st.sampled_from(others)) + content[one.end() :]


def between(draw: Any, content: bytes) -> tuple[int, int]:
    first, last = sorted((draw(st.integers(0, len(content))), draw(st.integers(0, len(content)))))
    return first, last


def without_a_part(draw: Any, content: bytes) -> bytes:
    first, last = between(draw, content)
    return content[:first] + content[last:]


def with_a_part_again(draw: Any, content: bytes) -> bytes:
    first, last = between(draw, content)
    return content[:last] + content[first:last] * draw(st.sampled_from([1, 2, 50, 1000])) + content[last:]


def with_a_line_again(draw: Any, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True) or [b""]
    at = draw(st.integers(0, len(lines) - 1))
    return b"".join([*lines[:at], *[lines[at]] * draw(st.sampled_from([2, 3, 500])), *lines[at:]])


def with_bytes_turned(draw: Any, content: bytes) -> bytes:
    turned = bytearray(content)
    chance = random.Random(draw(st.integers(0, 2**32)))
    for _each in range(min(len(turned), draw(st.sampled_from([1, 3, 30])))):
        turned[chance.randrange(len(turned))] ^= 1 << chance.randrange(8)
    return bytes(turned)


def with_something_in_it(draw: Any, content: bytes) -> bytes:
    at = draw(st.integers(0, len(content)))
    return content[:at] + draw(st.one_of(st.binary(max_size=40), st.sampled_from(WORDS))) + content[at:]


def cut_off(draw: Any, content: bytes) -> bytes:
    return content[: draw(st.integers(0, len(content)))]


PAIRS = [(b"[", b"]"), (b'{"a":', b"}"), (b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n"), (b'"', b"")]


def nested(draw: Any, content: bytes) -> bytes:
    begin, end = draw(st.sampled_from(PAIRS))
    times = draw(st.sampled_from([1, 3, 2_000]))
    return begin * times + content + end * times


CHANGES = [
    lambda draw, content: instead(draw, content, NUMBER, NUMBERS),
    lambda draw, content: instead(draw, content, NUMBER, NUMBERS),
    lambda draw, content: instead(draw, content, WORD, WORDS),
    without_a_part,
    with_a_part_again,
    with_a_line_again,
    with_bytes_turned,
    with_something_in_it,
    cut_off,
    nested,
]
WRAPPED: list[Callable[[bytes], bytes]] = [
    *[bytes] * 6,  # most are sent as they are
    gzip.compress,
    lambda content: gzip.compress(gzip.compress(content)),
    lambda content: gzip.compress(content)[:-9],
    lambda content: zipped("file.csv", content),
    lambda content: b"\xef\xbb\xbf" + content,
    lambda content: content.decode("latin-1").encode("utf-16"),
    lambda content: content.decode("latin-1").encode("utf-32-be"),
    lambda content: content.replace(b"\n", b"\r"),
]


@st.composite
def bad_files(draw: Any, good: list[bytes]) -> bytes:
    """Mostly good files with a few changes; now and then bytes that were never a file."""
    content = draw(st.sampled_from([*good, *good, *good, b""])) or draw(st.binary(max_size=200))
    for _each in range(draw(st.integers(0, 4))):
        content = draw(st.sampled_from(CHANGES))(draw, content)[:MOST]
    return draw(st.sampled_from(WRAPPED))(content)
