"""A canary at every door: words and addresses go in wherever a stranger may write, and none is left anywhere.

The doors are all views that take a post from anybody, and what is typed is whatever their pages have boxes for: a new
door, or a new box, is planted by itself, or fails here until somebody says how it is opened.
"""

from __future__ import annotations

import gzip
import io
import logging
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from PIL import Image

from alongside.core import clock, copies
from alongside.core.backup import erased, making
from alongside.core.logs import Discreet
from alongside.core.manifest import follow
from alongside.core.said import told_of
from alongside.field import passes
from alongside.field.tests.cast import Phone, a_note, a_walk
from alongside.followthrough import actions as followthrough
from alongside.followthrough.models import Concern
from alongside.hotspots import actions as hotspots
from alongside.hotspots.models import Petition
from alongside.jobs import registry
from alongside.outreach.models import Subscription
from alongside.outreach.subscriptions import actions as following
from alongside.people import actions as people
from alongside.people.models import Partner
from alongside.places import staging
from alongside.rosters import actions as rosters
from alongside.rosters import partnering
from alongside.rosters.tests.cast import link_in, mails
from tests.doors.routes import every_route

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

FROM_HERE = {"HTTP_ORIGIN": "http://testserver", "HTTP_HOST": "testserver"}
# Doors at which nothing that one types is kept, and why.
NO_WORDS = {
    "gatherings:answer-again": "a button",
    "outreach:subscriptions": "buttons",
    "outreach:stop-news": "a button",
    "gatherings:stop-mail": "a button",
    "followthrough:stop-mail": "a button",
    "rosters:stop-mail": "a button",
    "field:kit": "only gives",
    "field:way": "only gives",
    "followthrough:public-concern": "a button; a device is counted once, and its token is kept mixed",
    "followthrough:follow": "a code is looked up; a wrong one is not kept",
    "gatherings:was-there": "answers of a list, added to numbers",
    "hotspots:petition": "a button to erase",
    "rosters:answer": "a member's yes or no",
    "records:yours": "a button to erase",
}
# What stays, and why.
STAYS = {"people:own-entry name": "what an organization is called, which it may have listed in public"}


class Boxes(HTMLParser):
    """The forms of a page: what a browser would send of each, and the boxes that one types into."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self.select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "form":
            self.forms.append({"method": given.get("method", "get").lower(), "sent": {}, "typed": {}})
        if not self.forms or not (name or tag == "option"):
            return
        form = self.forms[-1]
        kind = "number" if given.get("inputmode") == "numeric" else kind
        if tag == "textarea" or (tag == "input" and kind in {"text", "email", "tel", "url", "search"}):
            if name != "x1":  # the trap for programs
                form["typed"][name] = {"email": "address", "tel": "phone"}.get(kind, "words")
        elif tag == "input" and kind == "number":
            form["sent"][name] = "2"
        elif tag == "input" and (kind == "hidden" or "checked" in given):
            form["sent"][name] = given.get("value", "on")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and given.get("value"):
            form["sent"].setdefault(self.select, given["value"])
        elif tag == "button":
            form["sent"].setdefault(name, given.get("value", ""))


class Canaries:
    """One word, address or number for each box of each door, known again wherever it turns up."""

    def __init__(self) -> None:
        self.planted: dict[str, str] = {}

    def new(self, door: str, box: str, kind: str = "words") -> str:
        n = len(self.planted)
        name = (
            f"quetzal{chr(97 + n // 26)}{chr(97 + n % 26)}canary"  # no digit: it looks like nothing personal
        )
        sung = {"words": name, "address": f"{name}@leaves.example", "phone": f"615-555-{n:04d}"}[kind]
        self.planted[sung] = f"{door} {box}"
        return sung

    def type_into(self, door: str, address: str, client: Client) -> int:
        """Fill every box of every form of a page, and send them. Returns how many boxes there were."""
        page = client.get(address)
        assert page.status_code == 200, (door, page.status_code)
        boxes = Boxes()
        boxes.feed(page.text)
        count = 0
        for form in boxes.forms:
            if form["method"] == "post" and form["typed"]:
                typed = {name: self.new(door, name, kind) for name, kind in form["typed"].items()}
                answer = client.post(address, form["sent"] | typed)
                assert answer.status_code in {200, 302}, (door, answer.status_code, answer.text)
                count += len(typed)
        return count


@contextmanager
def a_log() -> Iterator[io.StringIO]:
    """What the console says meanwhile."""
    written = io.StringIO()
    console = logging.StreamHandler(written)
    console.addFilter(Discreet())
    logging.getLogger().addHandler(console)
    yield written
    logging.getLogger().removeHandler(console)


def readable(path: Path) -> bytes:
    """The bytes of a file, and what is packed in it."""
    held = path.read_bytes()
    if path.suffix == ".gz":
        held += gzip.decompress(held)
    elif tarfile.is_tarfile(path):  # a backup
        with tarfile.open(path) as packed:
            for member in packed:
                inside = packed.extractfile(member).read()
                held += gzip.decompress(inside) if member.name.endswith(".gz") else inside
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            held += b"".join(packed.read(name) for name in packed.namelist())
    elif path.suffix == ".parquet":
        held += str(duckdb.sql(f"SELECT * FROM '{path}'").fetchall()).encode()
    return held


class House:
    """Every place of an install in which a word may be."""

    def __init__(self, folder: Path, log: io.StringIO, ada: Client) -> None:
        self.folder, self.log, self.ada = folder, log, ada
        self.looked_at: set[str] = set()

    def places(self) -> Iterator[tuple[str, bytes]]:
        if connection.vendor == "sqlite":
            name = Path(connection.settings_dict["NAME"])
            yield from (
                (f"database file{each.name[len(name.name) :]}", each.read_bytes())
                for each in name.parent.glob(f"{name.name}*")
            )
        with connection.cursor() as cursor:
            for table in sorted(connection.introspection.table_names(cursor)):
                cursor.execute(f'SELECT * FROM "{table}"')
                yield f"table {table}", repr(cursor.fetchall()).encode()
        yield "sessions, decoded", repr([each.get_decoded() for each in Session.objects.all()]).encode()
        for path in sorted(self.folder.rglob("*")):
            if path.is_file():
                yield f"data folder: {path.relative_to(self.folder).as_posix()}", readable(path)
        yield "log", self.log.getvalue().encode()
        for route in every_route():
            if route.of_agency and route.holes == ("agency",) and route.is_public:
                answer = Client().get(reverse(route.name, args=["riverbend"]))
                yield f"page or feed {route.name}", b"".join(answer)
        yield "audit trail as a table", b"".join(self.ada.get(reverse("front:audit-csv", args=["riverbend"])))

    def where(self, canaries: Any) -> dict[str, list[str]]:
        """Each canary that is heard, and in which places."""
        places = list(self.places())
        self.looked_at |= {name for name, _held in places}
        return {
            sung: found
            for sung in canaries
            if (found := [name for name, held in places if sung.encode() in held])
        }


@pytest.fixture
def house(settings, tmp_path, ada_in) -> Iterator[House]:
    settings.DATA = tmp_path
    with a_log() as log:
        yield House(tmp_path, log, ada_in)


@pytest.fixture
def ada_in(ada, client_for) -> Client:
    return client_for(ada)


def put_everywhere(riverbend, canaries: Canaries, ada) -> set[str]:
    """Plant at every door. Returns their names."""
    ben, walk = Client(**FROM_HERE), a_walk(riverbend)
    temple = Partner(agency=riverbend, name="Temple Hope", kind="clergy", email="before@temple.example")
    people.save_partner(temple, areas=[], by=ada)
    at = {
        "gatherings:join": lambda: reverse("gatherings:join", args=["riverbend", walk.public_id]),
        "hotspots:ask": lambda: reverse("hotspots:ask", args=["riverbend"]),
        "hotspots:object": lambda: reverse("hotspots:object", args=["riverbend"]),
        "followthrough:write": lambda: reverse("followthrough:write", args=["riverbend"]),
        "outreach:follow": lambda: reverse("outreach:follow", args=["riverbend"]) + "?about=program:walk",
        "people:own-entry": lambda: reverse(
            "people:own-entry", args=["riverbend", people.link_partner(temple, by=ada)]
        ),
    }
    for door, address in at.items():
        assert canaries.type_into(door, address(), ben), f"{door} has no box"
    # The invitation goes to whatever the partner left at its own entry.
    invitation = partnering.add(walk, partner=Partner.objects.get(), by=ada)
    rosters.invite(invitation, by=ada)
    assert canaries.type_into("rosters:partner", link_in(mails()[-1]), ben)
    with clock.at(walk.starts + timedelta(minutes=30)):
        phone = Phone(walk)
        sent = a_note(
            words=canaries.new("field:items", "words"), place=f"{canaries.new('field:items', 'place')} St"
        )
        phone.send(sent)
        canaries_of_photo(phone, canaries)
        code = followthrough.new_code(Concern.objects.get(came="heard"))
        assert canaries.type_into(
            "followthrough:page", reverse("followthrough:page", args=["riverbend", code]), ben
        )
        looks = passes.open_pass(walk, by=ada, to=Partner.objects.get())
        assert canaries.type_into(
            "field:partner-look-back", reverse("field:partner-look-back", args=["riverbend", looks]), ben
        )
    held = SimpleUploadedFile("walks.csv", f"title\n{canaries.new('an import', 'row')}\n".encode())
    staging.keep(riverbend, held)
    return {
        *at,
        "gatherings:answer",
        "rosters:partner",
        "field:items",
        "field:photos",
        "followthrough:page",
        "field:partner-look-back",
    }


def canaries_of_photo(phone: Phone, canaries: Canaries) -> None:
    """What a camera writes beside a picture is never kept: it is drawn anew."""
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(picture, "JPEG", comment=b"quetzal-of-a-camera")
    assert phone.photo(picture.getvalue()).status_code == 200


def test_nothing_that_was_said_at_any_door_is_left_anywhere(riverbend, house, ada, capsys):
    canaries = Canaries()
    doors = put_everywhere(riverbend, canaries, ada)
    open_to_all = {
        each.name for each in every_route() if each.is_public and getattr(each.view, "csrf_exempt", False)
    }
    assert open_to_all == doors | set(NO_WORDS), "a door without a canary"

    found = house.where(canaries.planted)
    assert {door for sung, door in canaries.planted.items() if sung not in found} == set(), (
        "the premise: they are heard"
    )
    assert house.where(["quetzal-of-a-camera"]) == {}
    copies.copy_aside()

    # -- on request: an address is gone at once, with all mail that waits for it ---------------------------
    addresses = [sung for sung in canaries.planted if "@" in sung]
    assert len(addresses) > 2, "the premise"
    take_back(riverbend, ada)
    copies.wipe()
    left = {
        sung: [place for place in places if "backups/" not in place]
        for sung, places in house.where(addresses).items()
    }
    assert {canaries.planted[sung]: places for sung, places in left.items() if places} == {}

    # -- by the clock ------------------------------------------------------------------------------------------
    with years_later(riverbend, house, ada):
        left = {canaries.planted[sung]: places for sung, places in house.where(canaries.planted).items()}
        assert {door: places for door, places in left.items() if door not in STAYS} == {}
    assert not list((house.folder / "backups").iterdir()) or connection.vendor != "sqlite"
    with capsys.disabled():
        number, places = len(canaries.planted), sorted(house.looked_at)
        sys.stdout.write(
            "\n".join(["", f"{number} canaries, looked for in {len(places)} places:", *places, ""])
        )


@contextmanager
def years_later(riverbend, house, ada) -> Iterator[None]:
    """All is answered and closed, and its time is up."""
    for concern in Concern.objects.all():
        followthrough.close(concern, state="done", outcome="The lamp was mended.", by=ada)
    for petition in Petition.objects.all():
        hotspots.answer(petition, text="We come in June.", by=ada)
    later = timedelta(days=riverbend.words_retention_days + 60)
    for file in house.folder.rglob("*"):  # what lies on the disk grows old by the machine's own clock
        os.utime(file, (time.time() - later.total_seconds(),) * 2)
    with clock.at(clock.now() + later):
        erasers = {keeping.eraser for _model, _name, keeping in told_of()}
        assert erasers <= {
            f"{each.function.__module__.removeprefix('alongside.')}.{each.function.__name__}"
            for each in registry.scheduled()
        }
        for eraser in sorted(
            erasers | {"jobs.jobs.sweep_copies", "places.jobs.sweep_uploads", "jobs.jobs.forget"}
        ):
            follow(eraser)()
        copies.wipe()
        yield


@pytest.mark.heavy
def test_what_was_let_go_of_does_not_come_back_by_a_backup(
    riverbend, house, ada, tmp_path_factory, monkeypatch
):
    # So far does the clock run here at once; in life, what ends after a year ends by the restored copy's own clock.
    monkeypatch.setattr(erased, "KNOWN_FOR", timedelta(days=10_000))
    canaries, shelf = Canaries(), tmp_path_factory.mktemp("shelf")
    put_everywhere(riverbend, canaries, ada)
    file = making.make(shelf / "town.backup").path
    held = readable(file)
    heard = {sung for sung in canaries.planted if sung.encode() in held}
    assert len(heard) > len(canaries.planted) / 2, "the premise: the backup holds them"
    take_back(riverbend, ada)
    with years_later(riverbend, house, ada):
        erased.write_down()
    restored = subprocess.run(
        [sys.executable, "-m", "alongside.cli", "restore", str(file), "--without-keys"],
        env={**os.environ, "ALONGSIDE_DATA": str(shelf / "data"), "DATABASE_URL": "", "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert restored.returncode == 0, restored.stderr
    found = b"".join(readable(path) for path in sorted((shelf / "data").rglob("*")) if path.is_file())
    assert b"Riverbend" in found, "the premise"
    left = {canaries.planted[sung] for sung in heard if sung.encode() in found}
    assert left <= set(STAYS)


def take_back(riverbend, ada) -> None:
    """Each in the way that *What we keep* tells."""
    from alongside.gatherings import actions as gatherings
    from alongside.gatherings.models import Rsvp

    for rsvp in Rsvp.objects.all():
        gatherings.forget_contact(rsvp)
    for concern in Concern.objects.all():
        followthrough.remove_contact(concern)
    for row in Subscription.objects.standing():
        following.stop(following.reader_of(riverbend, row.reader))
    partner = Partner.objects.get()
    people.correct_partner(
        people.link_partner(partner, by=ada),
        people.Entry(name="Temple Hope", areas=[], listed=False, invited=True),
        at=riverbend,
    )
