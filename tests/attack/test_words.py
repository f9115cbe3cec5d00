"""Words that want to be code: in a page, a calendar, a mail's header, a spreadsheet. And ids that are not one's own."""

from __future__ import annotations

import csv
import io
import json
import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from alongside.agencies import actions as agencies
from alongside.agencies.models import Rank
from alongside.core import spreadsheets
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.outreach.models import Mail
from alongside.places.models import Area, Venue
from alongside.walks.models import Walk
from tests.doors.populated import one_of_everything

ATTACK = (
    "\"'></title></script><script src=//x.example></script><img src=x onerror=alert(1)>\r\nBcc: all@x.example"
)
PLAIN = {"kind": "forum", "language": "en", "at": "18:00", "minutes": "60"}


class Reader(HTMLParser):
    """What a browser would make of a page: scripts that run, and attributes that act."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        self.harm += [name for name in said if name.startswith("on")]
        self.harm += [
            value for value in said.values() if (value or "").strip().lower().startswith("javascript:")
        ]
        if tag in {"script", "img", "iframe", "link", "object", "embed"}:
            source = said.get("src") or said.get("href") or ""
            self.harm += [source] if "x.example" in source or source == "x" else []


def harm_in(page: str) -> list[str]:
    reader = Reader()
    reader.feed(page)
    return reader.harm


def test_the_reader_sees_harm_where_there_is_some():
    assert harm_in(f"<p>{ATTACK}</p>") == ["//x.example", "onerror", "x"]


@pytest.fixture
def poisoned(riverbend, next_month) -> Gathering:
    """A forum, its venue and its neighborhood, all named by Eve; published, moved and cancelled with her words."""
    agencies.change_agency(riverbend, by=None, name=ATTACK.replace("\r\n", " ")[:120])
    made = one_of_everything(riverbend)
    Area.objects.filter(agency=riverbend).update(name=ATTACK[:120], active=True, kind="neighborhood")
    Venue.objects.filter(agency=riverbend).update(name=ATTACK[:120], address=ATTACK, active=True)
    words = dict.fromkeys(
        ("title", "summary", "typed_host", "access_notes", "languages", "photo_notes"), ATTACK
    )
    words["title"], words["typed_host"], words["languages"] = ATTACK[:140], ATTACK[:120], ATTACK[:120]
    forum = gatherings.plan(
        riverbend, kind="forum", on=next_month, at="18:00", venue=Venue.objects.get(), meeting_point=ATTACK,
        neighborhood=Area.objects.get(pk=made["places.Area"].pk), by=None, **words,
    )  # fmt: skip
    forum = gatherings.publish(Gathering.objects.get(pk=forum.pk), by=None)
    eve = gatherings.Guest(ATTACK, access_needs=ATTACK, email="ben@x.example")
    gatherings.join(forum, party=2, form_key="k" * 24, guest=eve)
    gatherings.cancel(forum, reason=ATTACK, by=None)
    return forum


class TestNoWordIsCode:
    def test_on_public_pages(self, client, poisoned):
        for name in ("detail", "join", "flyer", "share"):
            page = client.get(reverse(f"gatherings:{name}", args=["riverbend", poisoned.public_id]))
            self.is_harmless(page)
        for name in (
            "front:home",
            "gatherings:coming",
            "gatherings:follow",
            "hotspots:how-we-choose",
            "hotspots:ask",
        ):
            self.is_harmless(client.get(reverse(name, args=["riverbend"])))

    def test_in_the_workspace(self, client_for, administrator, poisoned):
        client = client_for(administrator)
        for name in ("overview", "roll", "edit", "move"):
            self.is_harmless(
                client.get(reverse(f"gatherings:{name}", args=["riverbend", poisoned.public_id]))
            )
        for name in (
            "places:areas",
            "places:venues",
            "front:audit",
            "front:workspace",
            "walks:plan",
            "places:area-draw",
        ):
            self.is_harmless(client.get(reverse(name, args=["riverbend"])))

    def is_harmless(self, answer) -> None:
        assert answer.status_code == 200, answer.request["PATH_INFO"]
        page = answer.content.decode()
        assert "x.example" in page, "the premise: Eve's words are on it"
        assert harm_in(page) == [], answer.request["PATH_INFO"]
        for data in re.findall(
            r'<script[^>]*type="application/(?:ld\+)?json"[^>]*>(.*?)</script>', page, re.DOTALL
        ):
            json.loads(data)

    def test_in_a_calendar(self, client, poisoned):
        calendar = client.get(
            reverse("gatherings:ics", args=["riverbend", poisoned.public_id])
        ).content.decode()
        assert "x.example" in calendar
        assert not re.search(r"^Bcc:", calendar, re.MULTILINE)
        assert calendar.count("BEGIN:VEVENT") == 1

    def test_in_a_mail(self, poisoned):
        assert Mail.objects.exists()
        for mail in Mail.objects.all():
            assert "\n" not in mail.subject
            assert "\r" not in mail.subject

    @pytest.mark.parametrize(
        "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x.example")']
    )
    def test_in_a_spreadsheet(self, client_for, administrator, riverbend, name):
        agencies.add_member(riverbend, name=name, by=None)
        file = client_for(administrator).get(reverse("front:audit-csv", args=["riverbend"]))
        cells = [cell for row in csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"))) for cell in row]
        assert any(name.strip() in cell for cell in cells)
        assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r\n")]

    def test_nor_does_the_name_of_an_uploaded_file(self):
        rows = [("=cmd|' /C calc'!A1.csv", 2, "no date")]
        file = spreadsheets.download("set-aside.csv", ["file", "line", "reason"], rows)
        lines = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
        assert lines == [["file", "line", "reason"], ["'=cmd|' /C calc'!A1.csv", "2", "no date"]]


class TestIdsThatAreNotOnesOwn:
    """Ada, of Riverbend, writes Elsewhere's ids into her forms."""

    @pytest.fixture
    def theirs(self, elsewhere):
        made = one_of_everything(elsewhere)
        Venue.objects.update(active=True)
        Area.objects.update(active=True, kind="neighborhood")
        return made

    def test_a_gathering_takes_no_venue_neighborhood_or_series_of_others(
        self, client_for, ada, next_month, theirs
    ):
        said = {**PLAIN, "title": "x", "on": next_month, "meeting_point": "x"}
        for name, label in (
            ("venue", "places.Venue"),
            ("neighborhood", "places.Area"),
            ("series", "gatherings.Series"),
        ):
            page = client_for(ada).post(
                reverse("gatherings:plan", args=["riverbend"]), {**said, name: theirs[label].pk}
            )
            assert page.status_code == 422, name
            assert name in page.context["form"].errors

    def test_nor_does_a_move(self, client_for, ada, open_forum, next_month, theirs):
        said = {
            "on": next_month,
            "at": "18:00",
            "venue": theirs["places.Venue"].pk,
            "reason": "Rain",
            "stand_in": "A",
        }
        address = reverse("gatherings:move", args=["riverbend", open_forum.public_id])
        assert client_for(ada).post(address, said).status_code == 422

    def test_nor_does_a_walk(self, client_for, ada, next_month, theirs):
        said = {"on": next_month, "at": "18:00", "minutes": "60", "meeting_point": "x", "form_key": "k"}
        for name, value in (
            ("venue", theirs["places.Venue"].pk),
            ("area", f"area:{theirs['places.Area'].public_id}"),
            ("area", f"focus:{theirs['hotspots.FocusArea'].public_id}"),
        ):
            page = client_for(ada).post(reverse("walks:plan", args=["riverbend"]), {**said, name: value})
            assert page.status_code == 422, name
        assert not Walk.objects.filter(agency__slug="riverbend").exists()

    def test_nor_a_member_a_rank(self, client_for, administrator, elsewhere):
        rank = Rank.objects.create(agency=elsewhere, name="Sheriff", level=1)
        said = {"name": "Nora", "rank": rank.pk}
        page = client_for(administrator).post(reverse("front:member-add", args=["riverbend"]), said)
        assert "rank" in page.context["form"].errors

    def test_nor_a_division_a_commander_nor_a_partner_an_area(self, client_for, ada, riverbend, theirs):
        mine = one_of_everything(riverbend)
        Area.objects.filter(pk=mine["places.Area"].pk).update(kind="division", active=True)
        client = client_for(ada)
        address = reverse("people:command", args=["riverbend", mine["places.Area"].public_id])
        page = client.post(address, {"member": theirs["agencies.Member"].pk, "since": "2026-01-01"})
        assert "member" in page.context["form"].errors
        address = reverse("people:partner", args=["riverbend", mine["people.Partner"].public_id])
        page = client.post(address, {"name": "x", "kind": "nonprofit", "areas": [theirs["places.Area"].pk]})
        assert "areas" in page.context["form"].errors

    def test_nor_does_a_petition(self, client, riverbend, theirs):
        said = {
            "neighborhood": theirs["places.Area"].pk,
            "place": "",
            "text": "Please come",
            "form_key": "k" * 24,
        }
        headers = {"Origin": "http://testserver"}
        page = client.post(reverse("hotspots:ask", args=["riverbend"]), said, headers=headers)
        assert page.status_code == 422
