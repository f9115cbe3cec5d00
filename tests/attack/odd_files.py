"""Files that nobody sends by chance: each is read as far as it can be, or refused, within seconds.

They are also what the fuzz begins from, beside the good ones.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import math
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

from PIL import Image, ImageCms

Files = dict[str, bytes]
HEADING = "name,kind,address,lat,lon,date,areas,email"
ROWS = "".join(
    f"Hall {n},hall,{n} Mill St,38.2{n},-85.7,2026-03-0{n + 1} 18:00,Eastbank,h{n}@example.org\n"
    for n in range(9)
)
TABLE = HEADING + "\n" + ROWS


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], **how: Any) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def a_link(to: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("link.csv")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    info.comment = to.encode()
    return info


def locked(content: bytes) -> bytes:
    """A zip that says that it wants a password."""
    made = bytearray(zipped(("t.csv", content)))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        made[made.index(signature) + at] |= 1
    return bytes(made)


def zip64(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, archive.open("t.csv", "w", force_zip64=True) as file:
        file.write(content)
    return packed.getvalue()


@cache
def packings() -> Files:
    """Ways to pack a table, or what only looks packed."""
    table = TABLE.encode()
    packed = zipped(("t.csv", table))
    return {
        "a zip with folders": zipped(("a/", b""), ("a/b/", b""), ("a/b/t.csv", table)),
        "a zip with a link": zipped((a_link("/etc/passwd"), b"/etc/passwd")),
        "a zip with a table and a link": zipped(("t.csv", table), (a_link("/etc/passwd"), b"/etc/passwd")),
        "a zip that leads out": zipped(("../../../tmp/t.csv", table)),
        "a zip from the root": zipped(("/etc/t.csv", table)),
        "a zip with a password": locked(table),
        "zip64": zip64(table),
        "a zip with one name twice": zipped(("t.csv", table), ("t.csv", table)),
        "a zip with a name of NULs": packed.replace(b"t.csv", b"t\0\xff\r\n"),
        "a zip of nothing": zipped(),
        "a zip in a zip": zipped(("t.zip", packed)),
        "a zip behind something": b"GIF89a" + packed,
        "something behind a zip": packed + b"\0" * 1000,
        "a zip cut in the middle": packed[: len(packed) // 2],
        "a zip that lies about its size": packed.replace(
            struct.pack("<I", len(table)), struct.pack("<I", 2**31 - 1)
        ),
        "a zip of a version to come": packed.replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x63"),
        "a zip packed another way than it says": packed.replace(b"\x08\x00", b"\x0e\x00"),
        "a zip of a strange kind": packed.replace(b"\x08\x00", b"\x63\x00"),
        "a spreadsheet": zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")),
        "an old spreadsheet": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
        "a spreadsheet that is a page": b"<html><table><tr><td>name</td></tr></table></html>",
        "a gzip of a gzip": gzip.compress(gzip.compress(table)),
        "a gzip of a zip": gzip.compress(packed),
        "a gzip with something behind": gzip.compress(table) + b"garbage",
        "a gzip of nothing": gzip.compress(b""),
        "many small gzips": gzip.compress(b"a,b\n") * 20_000,
        "bzip2": bz2.compress(table),
        "xz": lzma.compress(table),
        "a document": b"%PDF-1.7\n" + bytes(range(256)) * 20,
    }


@cache
def letters() -> Files:
    """Ways to write letters, and what is none."""
    table = TABLE.replace("Hall 1", "Café “1”")
    return {
        "UTF-16 with a mark": table.encode("utf-16"),
        "UTF-16 without": table.encode("utf-16-le"),
        "UTF-16 the other way": b"\xfe\xff" + table.encode("utf-16-be"),
        "UTF-16 with half a letter at the end": table.encode("utf-16")[:-1],
        "UTF-16 with half of a pair": table.encode("utf-16").replace("é".encode("utf-16-le"), b"\x00\xd8"),
        "a mark of UTF-16 before UTF-8": b"\xff\xfe" + table.encode(),
        "UTF-32": table.encode("utf-32"),
        "UTF-32 out of range": b"\xff\xfe\x00\x00" + b"\xff\xff\xff\x7f" * 100,
        "UTF-7": table.encode("utf-7"),
        "three encodings": table.encode() + table.encode("cp1252") + table.encode("utf-16-le"),
        "NULs": table.encode().replace(b"Mill", b"M\0ll"),
        "nothing but NULs": bytes(5000),
        "overlong letters": table.encode().replace(b"M", b"\xc1\x8d"),
        "halves of letters": table.encode().replace(b"M", b"\xed\xa0\x80"),
        "only a mark": b"\xef\xbb\xbf",
        "two marks": b"\xef\xbb\xbf\xef\xbb\xbf" + table.encode(),
        "ends of paragraphs": table.replace("\n", "\u2029").encode(),
        "ends of pages": table.replace("\n", "\x0c").encode(),
        "bare returns": table.replace("\n", "\r").encode(),
        "turned the other way": table.replace("Hall", "\u202eHall\u2066").encode(),
    }


@cache
def tables() -> Files:
    wide = ",".join(f"c{number}" for number in range(10**6))
    return (
        packings()
        | letters()
        | {
            "a million columns": (wide + "\n" + "," * (10**6 - 1) + "\n").encode(),
            "a million empty columns": b"," * 10**6,
            "a million empty lines": b"\n" * 10**6,
            "a heading twice": (HEADING + "\n" + TABLE).encode(),
            "every name twice": (
                HEADING + "," + HEADING + "\n" + "".join(f"{r},{r}\n" for r in ROWS.splitlines())
            ).encode(),
            "names in both cases": (
                HEADING + "," + HEADING.upper() + "\n" + "".join(f"{r},{r}\n" for r in ROWS.splitlines())
            ).encode(),
            "nothing but a heading": HEADING.encode(),
            "a quote that never ends": TABLE.replace("Hall 1", '"Hall 1').encode(),
            "nothing but quotes": b'"' * 100_001,
            "a cell of a megabyte": TABLE.replace("Hall 1", "x" * 2**20).encode(),
            "a name of a megabyte": TABLE.replace("kind", "k" * 2**20).encode(),
            "formulas": TABLE.replace("Hall", "=HYPERLINK(1)").replace("Mill", "@SUM(1)").encode(),
            "rows of any length": "".join(
                f"{HEADING}\n" + "," * (n % 40) + "x\n" for n in range(500)
            ).encode(),
            **{
                f"divided by {mark!r}": f"sep={mark}\n{TABLE.replace(',', mark)}".encode()
                for mark in "\"\0\\a0 é𝔸\x1f'"
            },
            "divided by an end of line": b"sep=\r\r\n" + TABLE.encode(),
            "divided by nothing": b"sep=\n" + TABLE.encode(),
            "numbers without end": TABLE.replace("38.2", "9" * 5000).encode(),
            "numbers of a kind": TABLE.replace("38.20", "NaN")
            .replace("38.21", "1e400")
            .replace("38.22", "-0x1p4")
            .encode(),
            "days that are none": TABLE.replace("2026-03", "99999-99")
            .replace("18:00", "99:99:99.9999999999")
            .encode(),
        }
    )


# -- calendars ------------------------------------------------------------------------------------------
def event(*lines: str, uid: str = "1", start: str = "DTSTART:20261210T180000") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Coffee", start, *lines, "END:VEVENT", ""])


def calendar(*events: str, head: str = "") -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{''.join(events)}END:VCALENDAR\r\n".encode()


def zone(name: str, *rules: str, more: str = "") -> str:
    inside = "".join(
        f"BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\n{rule}END:STANDARD\r\n"
        for rule in rules
    )
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{inside}{more}END:VTIMEZONE\r\n"


RULES = [
    *(
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;UNTIL=99991231T235959Z",
    ),
    *(
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=YEARLY;INTERVAL=9999",
    ),
    *(
        "FREQ=DAILY;BYSECOND=60",
        "FREQ=DAILY;BYSETPOS=367",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;BYSETPOS=0",
    ),
    *(
        "FREQ=HOURLY;BYHOUR=25",
        "FREQ=WEEKLY;BYDAY=-500MO",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=YEARLY;BYWEEKNO=54;BYDAY=MO",
    ),
    *(
        "FREQ=YEARLY;BYEASTER=1",
        "FREQ=",
        "FREQ=FORTNIGHTLY",
        "COUNT=3",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;COUNT=-5",
    ),
    *(
        "FREQ=DAILY;COUNT=99999999999999",
        "FREQ=DAILY;INTERVAL=99999999999",
        "FREQ=DAILY;UNTIL=99991231",
        "FREQ=DAILY;UNTIL=x",
    ),
    *(
        "FREQ=DAILY;UNTIL=20261212;COUNT=3",
        "FREQ=WEEKLY;WKST=QQ",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;SKIP=FORWARD",
    ),
    "FREQ=YEARLY;BYDAY=" + ",".join(["MO"] * 50_000),
    "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=" + ",".join(map(str, range(30, 32))),
    "FREQ=MINUTELY;BYSETPOS=-1;BYHOUR=23;BYMINUTE=59;BYSECOND=59;BYYEARDAY=-1",
]
STARTS = [
    *(
        "DTSTART:00010101T000000",
        "DTSTART:99991231T235959",
        "DTSTART;VALUE=DATE:99991231",
        "DTSTART:20261332T250000",
    ),
    *("DTSTART;TZID=Nowhere/Land:20261210T180000", "DTSTART;TZID=../../../etc/passwd:20261210T180000"),
    *(
        "DTSTART;TZID=America/New_York:20260308T023000",
        'DTSTART;TZID="\x01<b>":20261210T180000',
        "DTSTART;TZID=:20261210T180000",
    ),
    *(
        "DTSTART;VALUE=PERIOD:20261210T180000/PT1H",
        "DTSTART:",
        "DTSTART;VALUE=TEXT:today",
        "DTSTART;X=1;X=2:20261210T180000Z",
    ),
]
ENDS = [
    *(
        "DURATION:P99999999999W",
        "DURATION:-PT1H",
        "DURATION:PT0S",
        "DURATION:P1Y",
        "DURATION:PT" + "9" * 5000 + "S",
    ),
    *(
        "DTEND:00010101T000000",
        "DTEND:99991231T235959Z",
        "DTEND;VALUE=DATE:20261210",
        "DTEND:20261210T180000\r\nDURATION:PT1H",
    ),
    *(
        "RECURRENCE-ID:20261210T180000",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:00010101T000000\r\nRRULE:FREQ=DAILY;COUNT=3",
    ),
    *(
        "SEQUENCE:" + "9" * 5000,
        "GEO:NaN;1e999",
        "STATUS:\x00",
        "RDATE;VALUE=PERIOD:99991231T235959Z/P9999W",
        "EXRULE:FREQ=SECONDLY",
    ),
    *("EXDATE;VALUE=DATE:x", "RELATED-TO:1", "ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "A" * 100_000),
]


@cache
def calendars() -> Files:
    days = [
        f"{year}{month:02}{day:02}T180000"
        for year in range(1000, 1300)
        for month in range(1, 13)
        for day in range(1, 29)
    ]
    daily = "RRULE:FREQ=DAILY;COUNT=400"
    good = event(uid="good", start="DTSTART:20261212T180000")
    return {
        **{f"RRULE:{rule[:60]}": calendar(event(f"RRULE:{rule}"), good) for rule in RULES},
        **{start[:60]: calendar(event(start=start), good) for start in STARTS},
        **{end[:60]: calendar(event(end), good) for end in ENDS},
        "a flood of RDATE": calendar(event("RDATE:" + ",".join(days)), good),
        "a flood of RDATE lines": calendar(event(*[f"RDATE:{day}" for day in days[:20_000]]), good),
        "a flood of EXDATE": calendar(event(daily, "EXDATE:" + ",".join(days)), good),
        "a flood of EXDATE lines": calendar(event(daily, *[f"EXDATE:{day}" for day in days[:20_000]]), good),
        "a flood of EXRULE": calendar(event(daily, *["EXRULE:FREQ=SECONDLY;INTERVAL=7"] * 500), good),
        "a flood of RRULE": calendar(event(*["RRULE:FREQ=DAILY;COUNT=900"] * 500), good),
        "a flood of alarms": calendar(
            event("BEGIN:VALARM\r\nTRIGGER:-PT1H\r\nEND:VALARM\r\n" * 20_000), good
        ),
        "a flood of events": calendar(*[event(daily, uid=str(n)) for n in range(3000)]),
        "one event many times": calendar(*[event(daily)] * 3000),
        "an event moved many times": calendar(
            event(daily), *[event(f"RECURRENCE-ID:20261210T18{n % 60:02}00") for n in range(3000)]
        ),
        "moved dates of nothing": calendar(
            *[event("RECURRENCE-ID:20261210T180000", uid=str(n)) for n in range(500)]
        ),
        "a line folded without end": calendar(event("DESCRIPTION:" + "\r\n ".join("x" * 200_000)), good),
        "a line of megabytes": calendar(event("DESCRIPTION:" + "x" * 3_000_000), good),
        "a name of megabytes": calendar(event("X" * 3_000_000 + ":1"), good),
        "parameters without end": calendar(event("COMMENT" + ";X=1" * 100_000 + ":1"), good),
        "an event in an event": calendar("BEGIN:VEVENT\r\n" * 2000 + "END:VEVENT\r\n" * 2000),
        "a calendar in a calendar": b"BEGIN:VCALENDAR\r\n" * 2000 + b"END:VCALENDAR\r\n" * 2000,
        "nothing that ends": b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 5000,
        "ends of nothing": b"END:VCALENDAR\r\n" * 5000,
        "a zone in a zone": calendar(
            event(start="DTSTART;TZID=Z:20261210T180000"),
            head=zone("Z", "", more=zone("Z", "", more=zone("Z", ""))),
        ),
        "a zone without rules": calendar(event(start="DTSTART;TZID=Z:20261210T180000"), head=zone("Z")),
        "a zone that turns each second": calendar(
            event(start="DTSTART;TZID=Z:20261210T180000"), head=zone("Z", "RRULE:FREQ=SECONDLY\r\n")
        ),
        "a zone that never turns": calendar(
            event(start="DTSTART;TZID=Z:20261210T180000"), head=zone("Z", "RRULE:FREQ=DAILY;INTERVAL=0\r\n")
        ),
        "a zone that turns on no day": calendar(
            event(start="DTSTART;TZID=Z:20261210T180000"),
            head=zone("Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\r\n"),
        ),
        "a zone of many rules": calendar(
            event(start="DTSTART;TZID=Z:20261210T180000"),
            head=zone("Z", *["RRULE:FREQ=YEARLY;BYMONTH=3\r\n"] * 5000),
        ),
        "a zone of many days": calendar(
            event(start="DTSTART;TZID=Z:20261210T180000"),
            head=zone("Z", *["RDATE:" + ",".join(days[:2000]) + "\r\n"] * 10),
        ),
        "a zone called as a real one": calendar(
            event(start="DTSTART;TZID=America/New_York:20261210T180000"), head=zone("America/New_York", "")
        ),
        "offsets of years": calendar(
            event(start="DTSTART;TZID=Z:20261210T180000"), head=zone("Z", "").replace("-0400", "+999999")
        ),
        "a default zone that is none": calendar(event(), good, head="X-WR-TIMEZONE:../../etc/localtime\r\n"),
        "as JSON": b'["vcalendar", [["version", {}, "text", "2.0"]], []]',
        "as XML": b"<icalendar xmlns='urn:ietf:params:xml:ns:icalendar-2.0'/>",
        "in UTF-16": calendar(event(), good).decode().encode("utf-16"),
        "with NULs": calendar(event("LOCATION:a\0b"), good),
        "in two letters": calendar(event("LOCATION:Caf\u00e9"), good).replace("é".encode(), b"\xe9"),
    }


# -- outlines -------------------------------------------------------------------------------------------
def ring(west: float = -85.76, south: float = 38.2, size: float = 0.01) -> list[list[float]]:
    return [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]


def outline(geometry: Any, **members: Any) -> Any:
    return {
        "type": "Feature",
        "properties": {"name": "Eastbank", "people": 7},
        "geometry": geometry,
    } | members


def collection(*features: Any, **members: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features} | members).encode()


def star(points: int) -> list[list[float]]:
    """A line that crosses itself as often as it can."""
    turns = [math.pi * 2 * (points // 2) * n / points for n in range(points)]
    made = [[-85.7 + 0.01 * math.cos(turn), 38.2 + 0.01 * math.sin(turn)] for turn in turns]
    return [*made, made[0]]


@cache
def outlines() -> Files:
    square = {"type": "Polygon", "coordinates": [ring()]}
    good = outline(square)
    nested: Any = square
    for _each in range(300):
        nested = {"type": "GeometryCollection", "geometries": [nested]}
    plain = collection(good)
    odd: dict[str, Any] = {
        "no ring": [],
        "an empty ring": [[]],
        "two points": [[[0, 0], [1, 1]]],
        "numbers as words": [[["-85.7", "38.2"]] * 5],
        "yes and no": [[[True, False]] * 5],
        "nothing": None,
        "a thing": {"x": 1},
        "one number": 7,
        "points of one number": [[[1], [2], [3], [1]]],
        "points of a hundred numbers": [[[*point, *[0] * 98] for point in ring()]],
        "points that are null": [[None] * 5],
        "around the pole": [[[-180, 89], [180, 89], [180, 90], [-180, 90], [-180, 89]]],
        "across the date line": [ring(179.99, 0, 1)],
        "a star": [star(1001)],
        "holes without end": [ring(), *[ring(-85.755 + n / 1e6, 38.201, 1e-7) for n in range(5000)]],
        "one point many times": [[[-85.7, 38.2]] * 100_000],
        "a line there and back": [[*ring()[:3], *ring()[:3][::-1]]],
    }
    return {
        **{
            f"coordinates: {name}": collection(outline({"type": "Polygon", "coordinates": what}), good)
            for name, what in odd.items()
        },
        **{
            f"{kind} of them": collection(outline({"type": kind, "coordinates": [ring()]}), good)
            for kind in ("Point", "MultiPolygon", "LineString", "Circle", "", "polygon")
        },
        **{
            f"coordinates of {number.decode()[:12]}": plain.replace(b"38.2,", number + b",", 1)
            for number in (
                b"NaN",
                b"1e400",
                b"-1e400",
                b"Infinity",
                b"9" * 400,
                b"9" * 5000,
                b"1e-400",
                b"0x1",
                b"null",
                b'"38.2"',
                b"[]",
            )
        },
        "collections in collections": collection(outline(nested), good),
        "lists without end": b"[" * 100_000 + b"]" * 100_000,
        "coordinates without end": plain.replace(b"[[[", b"[" * 50_000, 1),
        "TopoJSON": b'{"type":"Topology","objects":{"a":{"type":"Polygon","arcs":[[0]]}},"arcs":[[[0,0],[1,1]]]}',
        "a projection": collection(
            good, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2246"}}
        ),
        "a projection that is none": collection(
            good, crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::99999999"}}
        ),
        "a projection that is a link": collection(
            good, crs={"type": "link", "properties": {"href": "http://127.0.0.1:1/"}}
        ),
        "a projection that is a list": collection(good, crs=[[[]]]),
        "a projection that runs a pipe": collection(
            good, crs={"type": "name", "properties": {"name": "+init=/etc/passwd"}}
        ),
        "no features": collection(),
        "features that are none": collection(None, 7, "x", [], {}, good),
        "features that are a thing": b'{"type":"FeatureCollection","features":{"a":1}}',
        "properties that are a list": collection(outline(square, properties=[1, 2]), good),
        "names that are things": collection(
            outline(square, properties={"name": {"en": "x"}, "people": [1]}), good
        ),
        "a name of a megabyte": collection(
            outline(square, properties={"name": "x" * 2**20, "people": 1e308}), good
        ),
        "a name of halves": collection(
            outline(square, properties={"name": "\ud800\x00\u202e", "people": -1}), good
        ),
        "people without end": plain.replace(b": 7", b": " + b"9" * 5000),
        "one key many times": b'{"type":"FeatureCollection",' + b'"features":[],' * 5000 + plain[1:],
        "many alike": collection(*[good] * 3000),
        "many members": collection(outline(square, properties={f"k{n}": n for n in range(50_000)}), good),
        "one a line": b"\n".join(json.dumps(good).encode() for _n in range(20)),
        "with marks between": b"\x1e" + json.dumps(good).encode() + b"\n\x1e" + json.dumps(good).encode(),
        "KML": b"<?xml version='1.0'?><kml><Document/></kml>",
        "entities without end": b"<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]><x>&b;</x>",
        "a shape file": b"\x00\x00\x27\x0a" + bytes(96),
        "a database": b"SQLite format 3\0" + bytes(2000),
    }


# -- pictures -------------------------------------------------------------------------------------------
def drawn(mode: str = "RGB", kind: str = "JPEG", size: tuple[int, int] = (64, 48), **how: Any) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind, **how)
    return file.getvalue()


def png(
    width: int, height: int, *chunks: tuple[bytes, bytes], depth: int = 8, colour: int = 2, laced: int = 0
) -> bytes:
    """Written by hand: what it says of itself need not be true."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, laced)
    written = b"".join(
        struct.pack(">I", len(inside)) + kind + inside + struct.pack(">I", zlib.crc32(kind + inside))
        for kind, inside in [(b"IHDR", head), *chunks, (b"IEND", b"")]
    )
    return b"\x89PNG\r\n\x1a\n" + written


@cache
def pictures() -> Files:
    frames = [Image.new("RGB", (64, 48), (n, 0, 0)) for n in range(60)]
    zeros = zlib.compress(bytes(50_000_000), 9)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    rows = zlib.compress(b"\0" * (1 + 64 * 3) * 48)
    jpeg = drawn()
    return {
        "CMYK": drawn("CMYK"),
        "grey": drawn("L"),
        "16 bits": drawn("I;16", "PNG"),
        "floating": drawn("F", "TIFF"),
        "a palette": drawn("P", "PNG"),
        "see-through": drawn("RGBA", "PNG"),
        "two pictures in one": drawn(kind="MPO", save_all=True, append_images=frames[:5]),
        "a film": drawn(kind="GIF", save_all=True, append_images=frames),
        "a film in WebP": drawn(kind="WEBP", save_all=True, append_images=frames[:20]),
        "a film in PNG": drawn(kind="PNG", save_all=True, append_images=frames[:20]),
        "an icon": drawn(kind="ICO"),
        "a document": drawn(kind="PDF"),
        "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file\n",
        "SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><image href='file:///etc/passwd'/></svg>",
        "HEIC": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(500),
        "a page": b"<!DOCTYPE html><script>alert(1)</script>",
        "a profile": drawn(icc_profile=profile),
        "a profile that is none": drawn(icc_profile=b"\xff" * 60_000),
        "a profile for another ink": drawn("CMYK", icc_profile=profile),
        "a profile that grows": png(64, 48, (b"iCCP", b"x\0\0" + zeros), (b"IDAT", rows)),
        "words that grow": png(64, 48, *[(b"zTXt", b"k\0\0" + zeros)] * 20, (b"IDAT", rows)),
        "very large, of nothing": png(60_000, 60_000, (b"IDAT", zeros)),
        "very wide": png(2**31 - 1, 1, (b"IDAT", rows)),
        "no size": png(0, 0, (b"IDAT", rows)),
        "more than it says": png(64, 48, (b"IDAT", zeros)),
        "less than it says": png(4000, 3000, (b"IDAT", rows)),
        "one bit, very large": png(
            30_000, 30_000, (b"IDAT", zlib.compress(bytes(30_000 * 3_751), 9)), depth=1, colour=0
        ),
        "laced": png(64, 48, (b"IDAT", rows), laced=1),
        "no palette": png(64, 48, (b"IDAT", rows), colour=3),
        "a JPEG that says it is larger": jpeg.replace(b"\x00\x30\x00\x40", b"\xff\xdc\xff\xdc"),
        "a JPEG cut off": jpeg[: len(jpeg) // 2],
        "a turn that is none": drawn(
            exif=b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\x63\0\0\0\0\0\0"
        ),
        "facts in a ring": drawn(exif=b"Exif\0\0MM\0*\0\0\0\x08\0\1\x87\x69\0\4\0\0\0\1\0\0\0\x08\0\0\0\x08"),
        "scans without end": jpeg[:-2] + jpeg[jpeg.index(b"\xff\xda") : -2] * 5000 + b"\xff\xd9",
    }


# -- and mail, mappings, incidents ------------------------------------------------------------------------
@cache
def mappings() -> Files:
    return {
        "lists without end": b"a = " + b"[" * 60_000,
        "tables without end": b"a = " + b"{a=" * 15_000,
        "names without end": b".".join([b"a"] * 30_000) + b" = 1",
        "a day that is none": b"a = 2026-02-30T99:99:99",
        "a number without end": b"a = " + b"9" * 60_000,
        "infinity": b"a = inf\nb = -nan\n[columns]\noccurred = 'x'",
        "names without letters": b'[columns]\n"" = ""\n',
        "one name twice": b"[columns]\noccurred='a'\n[columns]\noccurred='b'",
        "half a letter": b'[columns]\noccurred = "\\ud800"',
        "no letters": b'[columns]\noccurred = "\xff"',
        "UTF-16": "[columns]\noccurred = 'x'".encode("utf-16"),
        "NUL": b'[columns]\noccurred = "\\u0000"',
    }


@cache
def mail() -> Files:
    head = b"Content-Type: message/delivery-status\n"
    return {
        "letters in letters": b"Content-Type: message/rfc822\n\n" * 3000,
        "parts in parts": b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2000)
        ),
        "no boundary": b"Content-Type: multipart/report\n\nx",
        "a boundary of nothing": b'Content-Type: multipart/report; boundary=""\n\n--\n--\n',
        "parts without end": b"Content-Type: multipart/report; boundary=b\n\n" + b"--b\n\n" * 50_000,
        "heads without end": b"X: y\n" * 100_000 + b"\n",
        "a head of half a megabyte": b"Subject: " + b"x" * 500_000 + b"\n\n",
        "a head folded without end": b"Subject: x\n" + b" y\n" * 100_000 + b"\n",
        "coded words without end": b"Subject: " + b"=?utf-8?q?=00?= " * 20_000 + b"\n\n",
        "letters of no kind": head
        + b"Content-Type: text/plain; charset=nothing\n\nAction: failed\nStatus: 5.1.1\n",
        "parameters in parts": b"Content-Type: text/plain;"
        + b"; ".join(b"a*%d*=x" % n for n in range(20_000))
        + b"\n\n",
        "packed as nothing": head + b"Content-Transfer-Encoding: x-unknown\n\nAction: failed\n",
        "base64 that is none": head + b"Content-Transfer-Encoding: base64\n\n" + b"\xff=" * 1000,
        "a status without end": head + b"\nAction: failed\nStatus: " + b"5." * 100_000 + b"\n",
        "blocks without end": head + b"\n" + b"Action: failed\n\n" * 20_000,
        "brackets without end": b"Received: " + b"(" * 100_000 + b"\n\n",
    }


def answers_of_open311() -> Files:
    """As servers answer that were set up in a hurry; and as one would that wants our memory."""
    doubling = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "ha">{doubling}]><services>&e11;</services>'
    return letters() | {
        "a bomb": bomb.encode(),
        "a bomb in UTF-16": bomb.encode("utf-16"),
        "a file of ours": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><services>&a;</services>',
        "deep": b"<a>" * 200_000,
        "deep in JSON": b"[" * 200_000,
        "wide": b"<services>" + b"<service/>" * 300_000 + b"</services>",
        "wide in JSON": b"[" + b"{}," * 300_000 + b"{}]",
        "many attributes": b"<services " + b" ".join(b"a%d='1'" % n for n in range(20_000)) + b"/>",
        "a long name": b"<" + b"a" * 1_000_000 + b"/>",
        "one text": b"<services>" + b"x" * 2_000_000 + b"</services>",
        "a number": b'[{"service_request_id": ' + b"9" * 100_000 + b"}]",
        "two roots": b"<services/><errors/>",
        "a page": b"<!DOCTYPE html><html><body><p>Sign in<br></body></html>",
    }


OF: dict[str, Callable[[], Files]] = {
    "followthrough.passing.answers.READ": answers_of_open311,
    "places.sheets.SHEET": tables,
    "places.sheets.TABLE": tables,
    "places.boundaries.files.AREAS": outlines,
    "places.boundaries.files.DRAWING": outlines,
    "places.boundaries.files.COUNTS": tables,
    "places.guesses.FIELDS": outlines,
    "places.streets.reading.STREETS": packings,
    "gatherings.importing.files.GATHERINGS": lambda: calendars() | tables() | outlines(),
    "rosters.tables.WHOLE_DAYS": lambda: calendars() | packings() | letters(),
    "walks.planning.AREA": outlines,
    "incidents.readers.LOOK": tables,
    "incidents.readers.LOOK_AT_LEISURE": packings,
    "incidents.readers.READ": tables,
    "incidents.readers.MAPPING": mappings,
    "media.drawing.PICTURE": pictures,
    "outreach.reports.REPORT": mail,
}
"""What each reader is tried with."""
