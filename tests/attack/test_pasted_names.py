"""Eve pastes line breaks into every name she may write: no calendar, table, feed or header gets a line of hers."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
import zipfile
from collections import Counter
from datetime import time
from email import policy
from email.parser import BytesParser
from xml.etree import ElementTree

import pytest
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import translation
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from alongside.agencies.models import Agency, Role
from alongside.core import clock
from alongside.core.authored import Words
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.tests import cast as gatherings_cast
from alongside.gatherings.tests.cast import a_gathering, a_venue
from alongside.incidents import actions as incidents
from alongside.incidents.reading import mapping, reasons
from alongside.incidents.reading.mapping import Mapping, to_toml, unique_headings
from alongside.incidents.tests import reading_help
from alongside.outreach.models import Mail
from alongside.outreach.travel import compose
from alongside.places.models import Area, AreaKind
from tests.cast import staff_member
from tests.doors.populated import INSISTS, WORDS, _words, one_of_everything, the_id
from tests.doors.routes import every_route

pytestmark = pytest.mark.heavy

BREAKS = "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
HIDDEN = ["\0", "\t", "\u202e", "\u200b", "\U000e0041", "\uffff", "\ufdd0", "\ud83d"]
SIGNS = [*HIDDEN, ";", ",", ":", '"', "\\", " ", "a", "é", "𝔸"]
HER_LINES = (
    "\r\nATTENDEE:mailto:eve@evil.example",
    "\nBcc: eve@evil.example",
    "\nEND:VEVENT",
    '",=1+1,"',
    "</script>",
    "<img src=x onerror=1>",
)
pasted = st.lists(
    st.sampled_from([*BREAKS, *SIGNS, *HER_LINES]),
    max_size=8,
).map(lambda parts: "Name" + "".join(parts))

quickly = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
PROPERTY = re.compile(r"[A-Z-]+(;[A-Z-]+=(\"[^\"]*\"|[^;:,\"]*)(,[^;:]*)*)*:")


@pytest.fixture
def walk(riverbend):
    square = {"west": -85.8, "south": 38.2, "east": -85.7, "north": 38.3, "geometry": b"\0"}
    area = Area.objects.create(agency=riverbend, kind=AreaKind.NEIGHBORHOOD, name="Eastbank", **square)
    walk = a_gathering(riverbend, venue=a_venue(riverbend), at=time(18))
    Gathering.objects.everywhere().filter(pk=walk.pk).update(neighborhood=area)
    walk.refresh_from_db()
    return walk


def paste(walk: Gathering, name: str) -> None:
    """Into everything that has a name, past every form and verb."""
    agency, venue, area = walk.agency, walk.venue, walk.neighborhood
    type(agency).objects.filter(pk=agency.pk).update(name=name)
    type(venue).objects.filter(pk=venue.pk).update(name=name, address=name, opening_hours=name)
    Area.objects.filter(pk=area.pk).update(name=name)
    said = Words.of(name, language="en", by="Eve")
    Gathering.objects.everywhere().filter(pk=walk.pk).update(
        title=said, meeting_point=said, summary=said, access_notes=said, typed_host=name, stand_in=name
    )


def calendars(walk: Gathering) -> list[str]:
    slug = walk.agency.slug
    translation.activate("en")  # the last page may have been in another language
    return [
        reverse("gatherings:feed", args=[slug]),
        reverse("gatherings:ics", args=[slug, walk.public_id]),
        reverse("gatherings:area-feed", args=[slug, walk.neighborhood.public_id]),
        f"/es{reverse('gatherings:feed', args=[slug])}",
    ]


@given(name=pasted)
@example(name="Eastbank\r\nATTENDEE:mailto:eve@evil.example")
@example(name="Eastbank\u2028\x85\x0b\0")
@quickly
def test_no_calendar_has_a_line_of_hers(walk, name):
    paste(walk, name)
    for address in calendars(walk):
        answer = Client().get(address)
        assert answer.status_code == 200
        body = answer.content.decode()
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]", body), (
            "what no calendar may hold"
        )
        assert re.search("(?<!\r)\n", body) is None
        whole = body.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
        assert all(PROPERTY.match(line) for line in whole), whole
        assert not [line for line in whole if line.startswith(("ATTENDEE", "Bcc"))]
        (event,) = Calendar.from_ical(answer.content).events
        assert "ATTENDEE" not in event
        for field, value in answer.headers.items():
            assert not set(BREAKS) & set(value), field


@given(name=pasted)
@example(name="Eastbank\r\nBcc: eve@evil.example")
@example(name="Eastbank\uffff\ufffe")
@quickly
def test_no_page_feed_or_table_either(client_for, administrator, walk, name):
    paste(walk, name)
    slug, staff = walk.agency.slug, client_for(administrator)
    page = Client().get(walk.get_absolute_url())
    for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.S):
        json.loads(block)
    rss = Client().get(reverse("gatherings:rss", args=[slug]))
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", rss.text), "what no feed may hold"
    assert ElementTree.fromstring(rss.content).tag == "rss"  # noqa: S314 - our own words, in a test
    table = b"".join(staff.get(reverse("front:audit-csv", args=[slug]))).decode()
    head, *rows = csv.reader(io.StringIO(table))
    assert all(len(row) == len(head) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]
    for answer in (page, rss):
        for field, value in answer.headers.items():
            assert not set(BREAKS) & set(value), field


# -- everything that can be asked for, with her words in every row ------------------------------------------
PASTED = [
    "Name\r\nBcc: eve@evil.example\r\nATTENDEE:mailto:eve@evil.example\r\n=HYPERLINK(1)",
    '@SUM(1)\u202e\u2028\x85\x0b\0";,<img src=x onerror=1></script>{{ 1 }}%(x)s{x}',
]


def everywhere(agency: Agency, words: str) -> None:
    """Into every text of a row of each model, past every form and verb."""
    for label, row in one_of_everything(agency).items():
        fields = {
            name: Words.of(words, language="en", by="Eve") if isinstance(made, Words) else words
            for name, made in words_of(row, label).items()
        }
        type(row)._base_manager.filter(pk=row.pk).update(**fields)


def words_of(row: Model, label: str) -> dict[str, object]:
    """The fields of a row that hold what people wrote."""
    return {
        name: getattr(row, name)
        for name, kind in ((each.name, type(each)) for each in type(row)._meta.concrete_fields)
        if kind in WORDS and name in _words(type(row), label) and name not in INSISTS.get(label, {})
    }


def body_of(answer: HttpResponse) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def no_line_of_hers(answer: HttpResponse) -> str:
    """Judge an answer by what it says that it is. Returns what that is."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    for field, value in answer.headers.items():
        assert not set(BREAKS) & set(value), field
        value.encode("latin-1")
    body = body_of(answer)
    match kind:
        case "text/csv":
            head, *rows = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""))
            assert all(len(row) == len(head) for row in rows)
            assert not [
                cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "@", "-h"))
            ]
        case "text/calendar":
            whole = body.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
            assert all(PROPERTY.match(line) for line in whole), whole
            assert not [line for line in whole if line.startswith(("ATTENDEE", "Bcc"))]
        case "application/toml":
            tomllib.loads(body.decode())
        case "application/rss+xml" | "image/svg+xml":
            ElementTree.fromstring(body)  # noqa: S314 - our own words, in a test
        case _ if "json" in kind:
            json.loads(body)
        case "text/html" | "text/javascript" | "text/plain":
            assert "<img src=x" not in body.decode()
            for block in re.findall(
                r'<script type="application/[a-z+]*json"[^>]*>(.*?)</script>', body.decode(), re.S
            ):
                json.loads(block)
    return kind


@pytest.mark.django_db
@pytest.mark.parametrize("words", PASTED, ids=["lines", "marks"])
def test_nothing_that_can_be_asked_for_has_a_line_of_hers(riverbend, client_for, words):
    everywhere(riverbend, words)
    Gathering.objects.everywhere().update(
        status=Status.PUBLISHED, published_at=clock.now(), change_reason=None
    )
    staff = client_for(staff_member(riverbend, "Ada Everybody", *Role))
    seen = Counter()
    for route in (each for each in every_route() if each.of_agency):
        address = route.address(riverbend.slug, the_id(riverbend))
        for client in (staff, Client()):
            answer = client.get(address)
            assert answer.status_code < 500 or answer.status_code == 503, address
            seen[no_line_of_hers(answer)] += answer.status_code == 200
    assert {"text/html", "text/csv", "text/calendar", "application/json", "application/rss+xml"} <= set(
        +seen
    ), "the premise"
    assert seen["text/csv"] > 2, "the premise"


HEADERS = {
    *("subject", "from", "to", "reply-to", "message-id", "date", "auto-submitted", "content-language"),
    *(
        "list-unsubscribe",
        "list-unsubscribe-post",
        "content-type",
        "content-transfer-encoding",
        "mime-version",
    ),
}


@given(name=pasted)
@example(name=PASTED[0])
@example(name=PASTED[1])
@quickly
def test_no_mail_has_a_header_of_hers(walk, name):
    """Ben answers, and the walk is called off: whoever reads what travels finds our headers, each once."""
    another = a_gathering(walk.agency, venue=walk.venue, neighborhood=walk.neighborhood, at=time(19))
    paste(another, name)
    another.refresh_from_db()
    ben = f"ben{another.pk}@neighbors.example"  # nobody is written to again and again in an hour
    gatherings_cast.answer(another, name=name, email=ben)
    welcome = compose(Mail.objects.everywhere().latest("pk"))
    gatherings.cancel(another, reason=name, by=None)
    notice = compose(Mail.objects.everywhere().latest("pk"))
    assert welcome != notice, "the premise"
    for raw in (welcome, notice):
        assert raw.partition(b"\r\n\r\n")[0].isascii()
        letter = BytesParser(policy=policy.default).parsebytes(raw)
        names = [each.lower() for each in letter]
        assert set(names) <= HEADERS
        assert len(names) == len(set(names))
        assert [each.addr_spec for each in letter["To"].addresses] == [ben]
        assert len(letter["From"].addresses) == 1
        assert not set(BREAKS) & set(f"{letter['Subject']}{letter['From']}")


def as_a_table_has_it(name):
    """Without half a letter and without a null byte: no reader lets one in."""
    return name.replace("\ud83d", "").replace("\0", "")


@given(names=st.lists(pasted, min_size=1, max_size=4, unique_by=str.casefold), crs=pasted)
@quickly
def test_a_mapping_that_is_taken_along_says_the_same_when_it_is_brought_back(names, crs, tmp_path):
    """Its columns are called as whoever made the file liked."""
    names = unique_headings([as_a_table_has_it(name) for name in names])
    columns = dict(zip(("id", "occurred", "category", "area"), names, strict=False))
    given = Mapping(columns, names=names, crs=as_a_table_has_it(crs))
    (file := tmp_path / "mapping.toml").write_bytes(to_toml(given).encode())
    assert mapping.load(file) == given


@pytest.mark.django_db
def test_a_list_of_rows_set_aside_names_the_files_in_cells_of_their_own(riverbend, client_for, tmp_path):
    """Inside a zip a file may be called anything."""
    names = [f"{name[:60]}{number}.csv" for number, name in enumerate([*HER_LINES, *PASTED])]
    with zipfile.ZipFile(tmp_path / "calls.zip", "w") as archive:
        for number, name in enumerate(names):
            row = reading_help.row(f"R-{number}", when="one day")
            archive.writestr(name, reading_help.HEADING + row)
    record = incidents.import_files(riverbend, [str(tmp_path / "calls.zip")])
    staff = client_for(staff_member(riverbend, "Ada Everybody", *Role))
    answer = staff.get(reverse("incidents:set-aside", args=[riverbend.slug, record.public_id]))
    assert answer.status_code == 200
    head, *rows = csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"), newline=""))
    assert head == ["file", "line", "reason"]
    assert [row[1:] for row in rows] == [["2", reasons.DATE]] * len(names)
    assert not [row[0] for row in rows if not row[0].isprintable()]
