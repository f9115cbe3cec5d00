"""Field mode on real phones: what is said as saved stays, whatever happens to the signal, the server or the battery."""

import io
import json
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from PIL import Image
from playwright.sync_api import expect

from alongside.agencies.models import Bearer
from alongside.field import actions as field
from alongside.field import passes
from alongside.field.models import HeadCount, Note
from alongside.followthrough.models import Concern
from alongside.gatherings.models import Gathering
from alongside.media.models import Picture
from tests.browser import chromium as pinned
from tests.browser import driver
from tests.browser import field as the

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def walk(riverbend):
    return the.a_walk(riverbend)


@pytest.fixture
def phones(live_server, chromium):
    """phones(): a new phone; another one each time. A fault of script or policy fails the test."""
    opened, heard = [], []

    def phone(*, private: bool = False, **options: Any) -> Any:
        context = chromium.new_context(**the.options(live_server.url, **options))
        context.set_default_timeout(15_000)
        if not private:  # the driver's windows are; ordinary ones promise to keep what they are given
            context.add_init_script("if (navigator.storage) navigator.storage.persisted = async () => true")
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
        return page

    yield phone
    for context in opened:
        context.close()
    assert not heard, "\n".join(heard)


def at_work(page: Any, walk: Any, holder: str = "Scribe") -> Any:
    """A phone that has opened its link once."""
    page.goto(the.link_of(walk.gathering, holder))
    the.ready(page)
    return page


def settled(page: Any, *wanted: str) -> None:
    """Wait until the phone's own storage says so."""
    deadline = time.monotonic() + 20
    while the.states(page) != sorted(wanted):
        assert time.monotonic() < deadline, (the.states(page), wanted)
        page.wait_for_timeout(100)


# -- what this browser is like --------------------------------------------------------------------
def test_a_private_window_is_said_before_the_walk_and_promises_nothing(phones, walk):
    page = at_work(phones(private=True), walk)
    alarm = page.get_by_role("alert")
    expect(alarm).to_contain_text("This looks like a private window")
    alarm.get_by_role("button", name="Understood").click()
    page.context.set_offline(True)
    the.note(page, "The lamp is out.")
    the.go(page, "sent")
    expect(page.locator("[data-state-more]")).to_contain_text("Keep this page open")
    page.reload()
    the.ready(page)
    page.wait_for_timeout(300)
    expect(alarm).to_be_hidden()


def test_an_ordinary_window_promises_what_it_keeps(phones, walk):
    page = at_work(phones(), walk)
    page.context.set_offline(True)
    the.note(page, "The lamp is out.")
    the.go(page, "sent")
    expect(page.locator("[data-state-more]")).to_contain_text("safe here, also if you close the browser")
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize("mark", ["MathMLElement", "CompressionStream"])
def test_an_old_browser_is_told_before_the_walk(phones, walk, mark):
    page = phones()
    page.add_init_script(f"delete window.{mark}")
    at_work(page, walk)
    expect(page.get_by_role("alert")).to_contain_text("older than those this page is tried with")


# -- with a signal, and without -------------------------------------------------------------------
def test_a_note_is_kept_then_sent_and_the_resident_gets_a_card(phones, walk):
    page = at_work(phones(), walk)
    assert "#" not in page.url.removesuffix("#way"), "the pass left the address"
    the.note(page, "The lamp at the corner is out.", answer=True)
    card = page.locator("[data-code]")
    expect(card).to_be_visible()
    settled(page, "sent")
    written = Note.objects.get()
    assert written.words == "The lamp at the corner is out."
    assert written.wants_answer
    assert page.goto(the.kept(page)[0]["follow"]["url"]).status == 200, "the code on the card leads somewhere"
    assert Concern.objects.count() == 1


def test_the_page_opens_and_works_with_no_signal(phones, walk):
    page = at_work(phones(), walk)
    page.context.set_offline(True)
    page.reload()
    the.ready(page)
    expect(page.locator("[data-cue-text]")).to_contain_text("Start along")
    expect(page.locator("[data-map] path").first).to_be_visible()
    page.get_by_role("button", name="Next corner").click()
    expect(page.locator("[data-cue-count]")).to_contain_text("Corner 2 ")
    street = page.locator("[data-cue-text]").inner_text().split()[-2:]
    the.note(page, "Cars come fast here.", answer=True)
    expect(page.locator("[data-code]")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Saved on this phone")).to_be_visible()
    assert the.states(page) == ["waiting"]
    assert not Note.objects.exists()
    code = the.kept(page)[0]["follow"]["code"]

    page.context.set_offline(False)
    settled(page, "sent")
    written = Note.objects.get()
    assert written.concern.place.split(",")[0].split() == street, "where we are comes from the cue sheet"
    assert the.kept(page)[0]["follow"]["code"] == code, "the card they photographed is the one that works"


def test_two_phones_with_25_notes_make_25(phones, walk):
    first, second = at_work(phones(), walk, "One"), at_work(phones(), walk, "Two")
    for page, count in ((first, 13), (second, 12)):
        page.context.set_offline(True)
        for number in range(count):
            the.note(page, f"Said at stop {number}.", answer=number == 0)
            expect(page.locator("[data-badge]")).to_have_text(str(number + 1))
    codes = {item["follow"]["code"] for page in (first, second) for item in the.kept(page) if item["follow"]}
    assert len(codes) == 2, "two phones never hand out one code"
    assert not Note.objects.exists()
    for page in (first, second):
        page.context.set_offline(False)
    settled(first, *["sent"] * 13)
    settled(second, *["sent"] * 12)
    assert Note.objects.count() == Concern.objects.count() == 25
    assert Counter(Note.objects.values_list("came_by__bearer__typed", flat=True)) == {"One": 13, "Two": 12}
    expect(first.locator("[data-signal-words]")).to_have_text("All sent")


def test_an_answer_that_is_lost_makes_no_second_note(phones, walk):
    page = at_work(phones(), walk)
    asked = []

    def cut_once(route: Any) -> None:
        asked.append(route.request.post_data)
        if len(asked) == 1:
            route.fetch()  # the server takes it, and the answer is lost on the way
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/items/", cut_once)
    the.note(page, "Said once.")
    settled(page, "sent")
    assert len(asked) == 2
    assert Note.objects.count() == Concern.objects.count() == 1


def test_a_button_pressed_twice_in_a_hurry_saves_once(phones, walk):
    page = at_work(phones(), walk)
    the.go(page, "count")
    page.evaluate(
        "() => { for (let i = 0; i < 3; i += 1) document.querySelector('form[data-count]').requestSubmit(); }"
    )
    settled(page, "sent")
    assert HeadCount.objects.count() == 1


def test_what_one_phone_cannot_send_another_brings_in_by_a_file(phones, walk):
    first, second = at_work(phones(), walk), at_work(phones(), walk)
    first.context.set_offline(True)
    the.note(first, "Carried over by hand.", answer=True)
    expect(first.locator("[data-badge]")).to_have_text("1")
    the.go(first, "sent")
    with first.expect_download() as coming:
        first.get_by_role("button", name="Save all to a file").click()
    the.go(second, "sent")
    picker = second.locator("[data-bring]")
    for eve in (
        b"",
        b"{}",
        b'{"format": "alongside-field-1", "gathering": "other", "items": []}',
        b"[" * 10_000,
    ):
        picker.set_input_files({"name": "eve.json", "mimeType": "application/json", "buffer": eve})
        expect(second.get_by_role("alert").filter(has_text="This file is none")).to_be_visible()
        second.get_by_role("button", name="Understood").click()
    picker.set_input_files(coming.value.path())
    settled(second, "sent")
    first.context.set_offline(False)
    settled(first, "sent")
    assert [note.words for note in Note.objects.all()] == ["Carried over by hand."]
    assert Concern.objects.count() == 1
    assert the.kept(first)[0]["follow"]["code"] == the.kept(second)[0]["follow"]["code"]


def test_the_nearest_street_is_named_and_no_position_is_kept(phones, walk):
    corner = walk.route.plan["cues"][1]["at"]
    page = phones(geolocation={"latitude": corner[0], "longitude": corner[1]}, permissions=["geolocation"])
    at_work(page, walk)
    page.context.set_offline(True)
    the.go(page, "note")
    page.get_by_role("button", name="They agree").click()
    page.get_by_role("button", name="Nearest street").click()
    expect(page.get_by_role("status").filter(has_text="Near you:")).to_be_visible()
    page.locator("[data-kinds] label").first.click()
    page.get_by_label("What they said").fill("Here.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("[data-badge]")).to_have_text("1")
    body = the.kept(page)[0]["body"]
    assert body["place"].startswith(("Street", "Avenue"))
    assert str(corner[0])[:6] not in json.dumps(body)


def test_two_tabs_send_each_note_once(phones, walk):
    page = at_work(phones(), walk)
    other = page.context.new_page()
    other.goto(the.page_of(walk.gathering))
    the.ready(other)
    page.context.set_offline(True)
    for number in range(3):
        the.note(page, f"From one, {number}.")
        the.note(other, f"From the other, {number}.")
    expect(page.locator("[data-badge]")).to_have_text("6")
    sent = []

    def slowly(route: Any) -> None:
        sent.extend(item["client_id"] for item in json.loads(route.request.post_data)["items"])
        route.continue_()

    page.context.route("**/items/", slowly)
    page.context.set_offline(False)
    settled(page, *["sent"] * 6)
    assert len(sent) == len(set(sent)) == 6
    assert Note.objects.count() == 6
    expect(other.locator("[data-signal-words]")).to_have_text("All sent")


# -- the phone dies, the server dies, the storage is full -----------------------------------------
def test_what_waits_survives_a_restart_of_the_browser(live_server, chromium, walk, tmp_path):
    folder = tmp_path / "phone"
    with the.lasting(chromium.browser_type, folder, live_server.url) as context:
        page = at_work(context.pages[0], walk)
        context.set_offline(True)
        the.note(page, "Before the battery died.", answer=True)
        expect(page.locator("[data-badge]")).to_have_text("1")
        the.note(page, "And once more.")
        expect(page.locator("[data-badge]")).to_have_text("2")
        page.get_by_role("button", name="They agree").click()
        page.get_by_label("What they said").fill("Half a sen")
        page.wait_for_timeout(500)
    with the.lasting(chromium.browser_type, folder, live_server.url) as context:
        context.set_offline(True)
        page = context.pages[0]
        page.goto(the.page_of(walk.gathering))
        the.ready(page)
        assert the.states(page) == ["waiting", "waiting"]
        the.go(page, "note")
        expect(page.get_by_label("What they said")).to_have_value("Half a sen")
        context.set_offline(False)
        settled(page, "sent", "sent")
    assert set(Note.objects.values_list("concern__words", flat=True)) == {
        "Before the battery died.",
        "And once more.",
    }


def registrations(page: Any) -> tuple[Any, list[str]]:
    """The browser's own tools, and the workers that they tell of from now on."""
    tools = page.context.new_cdp_session(page)
    known: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(each["registrationId"] for each in event["registrations"]),
    )
    tools.send("ServiceWorker.enable")
    return tools, known


def say_there_is_a_signal(page: Any, known: tuple[Any, list[str]], address: str) -> None:
    """The browser would say it in its own time: here it is said at once, until a note has come."""
    tools, workers = known
    deadline = time.monotonic() + 15
    while not Note.objects.exists():
        assert time.monotonic() < deadline
        for registration in workers[:1]:
            event = {"origin": address, "registrationId": registration, "tag": "send", "lastChance": False}
            tools.send("ServiceWorker.dispatchSyncEvent", event)
        page.wait_for_timeout(300)


def test_the_worker_sends_when_the_page_is_closed(phones, walk, live_server):
    page = at_work(phones(), walk)
    page.context.set_offline(True)
    the.note(page, "And then I put the phone away.")
    expect(page.locator("[data-badge]")).to_have_text("1")
    other = page.context.new_page()
    known = registrations(other)
    page.close()
    other.context.set_offline(False)
    say_there_is_a_signal(other, known, live_server.url)
    assert Note.objects.count() == 1


SERVER = """
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from django.conf import settings
settings.DATABASES["default"]["NAME"], settings.SECRET_KEY = sys.argv[1:3]
from django.core.wsgi import get_wsgi_application
class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
class Quiet(WSGIRequestHandler):
    def log_message(self, *_): pass
server = make_server("127.0.0.1", int(sys.argv[3]), get_wsgi_application(), Server, Quiet)
print(server.server_port, flush=True)
server.serve_forever()
"""


@contextmanager
def a_server(port: int = 0) -> Any:
    """Our app in a process of its own, over the test's own database: one that can be killed."""
    name = connection.settings_dict["NAME"]
    command = [sys.executable, "-c", SERVER, str(name), settings.SECRET_KEY, str(port)]
    env = dict(pinned.environment()) | {
        "ALONGSIDE_DATA": str(settings.DATA),
        "PYTHONPATH": str(pinned.ROOT / "src"),
    }
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        try:
            process.port = int(process.stdout.readline())
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="holds the write lock of a SQLite file")
def test_a_server_killed_in_the_middle_loses_nothing_and_doubles_nothing(chromium, walk):
    with a_server() as server:
        context = chromium.new_context(**the.options(f"http://localhost:{server.port}"))
        context.set_default_timeout(15_000)
        page = at_work(context.new_page(), walk)
        held = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        held.execute("BEGIN IMMEDIATE")  # the server has the note in its hands and cannot write it down yet
        with page.expect_request("**/items/"):
            the.note(page, "In the middle of it.")
        the.note(page, "And while it was on its way.")
        page.wait_for_timeout(300)
        server.kill()
        server.wait()
        held.execute("ROLLBACK")
        held.close()
        assert the.states(page) == ["waiting", "waiting"]
        port = server.port
    assert not Note.objects.exists()
    with a_server(port):
        settled(page, "sent", "sent")  # by itself, some seconds later
        context.close()
    assert Note.objects.count() == Concern.objects.count() == 2


def room_for(tools: Any, address: str, **quota: int) -> None:
    """The browser believes in the room it last saw for half a minute, or until something larger comes."""
    tools.send("Storage.overrideQuotaForOrigin", {"origin": address} | quota)


def test_a_full_phone_says_so_keeps_the_words_and_offers_a_file(phones, walk, live_server):
    page = phones()
    tools = page.context.new_cdp_session(page)
    room_for(tools, live_server.url, quotaSize=700_000)
    at_work(page, walk)
    page.context.set_offline(True)
    the.note(page, "There was room for this one.")
    expect(page.locator("[data-badge]")).to_have_text("1")
    room_for(tools, live_server.url, quotaSize=1)
    page.locator("[name=what][value=photo]").check()
    picture = {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": a_photo(large=True)}
    page.locator("input[name=picture]").set_input_files(picture)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("no room left")
    expect(page.get_by_alt_text("The photo, as it will be kept")).to_be_visible()
    page.locator("[name=what][value=words]").check()
    the.note(page, "There was none for this one.")
    alarm = page.get_by_role("alert")
    expect(alarm).to_contain_text("no room left")
    assert "none for this" not in json.dumps(the.kept(page)), "what is not said as saved is not saved"
    expect(page.get_by_label("What they said")).to_have_value("There was none for this one.")
    with page.expect_download() as coming:
        alarm.get_by_role("button", name="Save all to a file").click()
    file = json.loads(coming.value.path().read_text())
    assert file["typing"]["words"] == "There was none for this one."
    assert [item["words"] for item in file["items"]] == ["There was room for this one."]

    page.context.set_offline(False)
    deadline = time.monotonic() + 15
    while not Note.objects.exists():
        assert time.monotonic() < deadline, "a full phone can still send"
        page.wait_for_timeout(200)
    room_for(tools, live_server.url)  # somebody made some
    page.get_by_role("button", name="Save", exact=True).click()
    expect(alarm).to_be_hidden()
    settled(page, "sent", "sent")
    assert Note.objects.count() == 2


# -- what comes back ------------------------------------------------------------------------------
def test_a_refused_note_stays_with_its_reason_and_can_be_changed(phones, walk):
    page = at_work(phones(), walk)

    def spoil(route: Any) -> None:
        body = json.loads(route.request.post_data)
        for item in body["items"]:
            item["category"] = "weather" if "first try" in item["words"] else item["category"]
        route.continue_(post_data=json.dumps(body))

    page.route("**/items/", spoil)
    the.note(page, "The first try.")
    the.note(page, "A good one.")
    settled(page, "refused", "sent")
    the.go(page, "sent")
    expect(page.get_by_text("is none of the choices")).to_be_visible()
    expect(page.get_by_role("heading", name="1 to look at again")).to_be_visible()
    page.get_by_role("button", name="Change").click()
    page.get_by_label("What they said").fill("The second try.")
    page.get_by_role("button", name="Save", exact=True).click()
    settled(page, "sent", "sent")
    assert set(Note.objects.values_list("concern__words", flat=True)) == {"A good one.", "The second try."}


def test_what_was_said_can_be_taken_back_until_it_is_on_its_way(phones, walk):
    page = at_work(phones(), walk)
    page.context.set_offline(True)
    the.note(page, "On second thought.")
    the.note(page, "This stays.")
    the.go(page, "sent")
    page.locator(".phone-item", has_text="On second thought").get_by_role("button", name="Take back").click()
    page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    expect(page.locator(".phone-item")).to_have_count(1)
    page.context.set_offline(False)
    settled(page, "sent")
    assert [note.words for note in Note.objects.all()] == ["This stays."]
    expect(page.get_by_role("button", name="Take back")).to_have_count(0)


def test_an_ended_pass_loses_nothing_and_a_new_link_sends_it(phones, walk):
    page = at_work(phones(), walk)
    Bearer.objects.update(ended_at=walk.gathering.starts)
    the.note(page, "After the pass was taken back.")
    expect(page.get_by_role("alert")).to_contain_text("Your pass has ended")
    assert the.states(page) == ["waiting"]
    assert not Note.objects.exists()
    page.goto("about:blank")
    page.goto(the.link_of(walk.gathering))
    settled(page, "sent")
    expect(page.get_by_role("alert")).to_be_hidden()


def test_police_records_are_warned_of_and_complaints_are_led_elsewhere(phones, walk):
    page = at_work(phones(), walk)
    page.context.set_offline(True)
    the.note(page, "Officer Miller shouted at me, plate ABC 1234.")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("license plate")
    expect(dialog).to_contain_text("names an officer")
    dialog.get_by_role("button", name="Change").click()
    assert the.states(page) == []
    page.get_by_label("What they said").fill("Officer Miller shouted at me.")
    page.get_by_role("button", name="Save", exact=True).click()
    dialog.get_by_role("button", name="Keep").click()
    expect(page.get_by_role("alert")).to_contain_text("complaints about an officer are taken")
    page.get_by_role("button", name="Understood").click()
    the.note(page, "Officer Miller helped me, thank you.", kind="Thanks")
    expect(page.locator("[data-badge]")).to_have_text("2")
    page.context.set_offline(False)
    settled(page, "sent", "sent")
    assert Counter(Note.objects.values_list("concern__withheld", flat=True)) == {"officer": 1, "": 1}


# -- counts and photos ----------------------------------------------------------------------------
def test_heads_are_counted_with_a_thumb(phones, walk):
    page = at_work(phones(), walk)
    the.go(page, "count")
    for _ in range(3):
        page.get_by_role("button", name="Officers: one more").click()
    page.get_by_role("button", name="Officers: one fewer").click()
    page.get_by_role("textbox", name="Residents").fill("nineteen")
    page.get_by_role("button", name="Save the count").click()
    expect(page.get_by_role("alert").filter(has_text="whole numbers")).to_be_visible()
    page.get_by_role("textbox", name="Residents").fill("19")
    page.get_by_role("button", name="Save the count").click()
    settled(page, "sent")
    count = HeadCount.objects.get()
    assert (count.residents, count.officers, count.partners) == (19, 2, 0)


def a_photo(*, large: bool = False) -> bytes:
    """A picture whose file tells where it was taken; of a busy wall, where it has to be a large file."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of Ben"
    exif.get_ifd(0x8825).update({1: "N", 2: (38.0, 15.0, 0.0), 3: "W", 4: (85.0, 45.0, 0.0)})
    file = io.BytesIO()
    wall = Image.effect_noise((1600, 1600), 60) if large else Image.linear_gradient("L").resize((2400, 1200))
    wall.convert("RGB").save(file, "JPEG", exif=exif)
    assert b"Camera of Ben" in file.getvalue()
    return file.getvalue()


STORED = """
async () => {
  const open = indexedDB.open("alongside-phone");
  const base = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const asked = base.transaction("files").objectStore("files").getAll();
  const [picture] = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  base.close();
  return [...new Uint8Array(picture.bytes)];
}
"""


def test_a_photo_leaves_where_and_when_it_was_taken_behind(phones, walk):
    page = at_work(phones(), walk)
    page.context.set_offline(True)
    the.go(page, "note")
    page.locator("[name=what][value=photo]").check()
    save = page.get_by_role("button", name="Save", exact=True)
    picker = page.locator("input[name=picture]")
    picker.set_input_files({"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"})
    expect(page.get_by_role("alert").filter(has_text="no picture")).to_be_visible()
    expect(save).to_be_disabled()
    picker.set_input_files({"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": a_photo()})
    expect(page.get_by_alt_text("The photo, as it will be kept")).to_be_visible()
    save.click()
    expect(page.locator("[data-badge]")).to_have_text("1")
    on_the_phone = bytes(page.evaluate(STORED))
    assert b"Camera of Ben" not in on_the_phone
    assert b"Exif" not in on_the_phone
    assert Image.open(io.BytesIO(on_the_phone)).size == (1600, 800)
    page.context.set_offline(False)
    settled(page, "sent")
    assert Picture.objects.get().state == "waiting", "private until a person has cleared it"


# -- who may, and for how long --------------------------------------------------------------------
def test_a_stranger_with_the_address_sees_nothing_of_the_walk(phones, walk):
    page = phones()
    page.goto(the.page_of(walk.gathering))
    expect(page.get_by_role("heading", name="Sign in, or open your link")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert "Eastbank" not in page.content()
    page.goto("about:blank")
    page.goto(the.page_of(walk.gathering) + "#" + "forged-pass-" * 4)
    expect(page.get_by_text("This link is wrong, was used up, or has ended")).to_be_visible()
    assert the.kept(page) == []


def test_an_officer_who_is_signed_in_needs_no_link(live_server, phones, walk, officer):
    from tests.browser.conftest import sign_in

    page = phones()
    sign_in(page, officer, live_server.url)
    page.goto(the.page_of(walk.gathering))
    the.ready(page)
    the.note(page, "Heard by Omar.")
    settled(page, "sent")
    assert Note.objects.get().came_by.by.made_by == officer


def test_an_officer_who_is_too_early_is_told_from_when(live_server, phones, walk, officer):
    from tests.browser.conftest import sign_in

    page, complaints = phones(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    sign_in(page, officer, live_server.url)
    evening = walk.gathering.on
    Gathering.objects.update(on=evening + timedelta(days=3))
    page.goto(the.page_of(walk.gathering))
    expect(page.get_by_role("heading", name="Not yet")).to_be_visible()
    expect(page.get_by_text("You need no link. This works from ")).to_be_visible()
    expect(page.get_by_role("link", name="Sign in")).to_be_hidden()
    assert complaints == []
    Gathering.objects.update(on=evening)
    page.reload()
    the.ready(page)


def test_a_walk_is_forgotten_by_a_button_and_by_time(phones, walk):
    page = at_work(phones(), walk)
    the.note(page, "Sent already.")
    settled(page, "sent")
    the.go(page, "sent")
    page.get_by_role("button", name="Forget this walk").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget", exact=True).click()
    expect(page.get_by_role("heading", name="Forgotten")).to_be_visible()
    assert the.kept(page) == []
    assert page.evaluate("caches.keys()") == []

    other = at_work(phones(), walk)
    other.context.set_offline(True)
    the.note(other, "Never sent.")
    expect(other.locator("[data-badge]")).to_have_text("1")
    other.clock.set_fixed_time(time.time() + 10 * 86_400)
    other.reload()
    expect(other.get_by_role("alert")).to_contain_text("Never sent: 1")
    assert the.states(other) == ["waiting"], "what never left is never thrown away"
    assert "Start along" not in other.content()
    with other.expect_download() as coming:
        other.get_by_role("button", name="Save all to a file").click()
    assert json.loads(coming.value.path().read_text())["items"][0]["words"] == "Never sent."


# -- any gathering --------------------------------------------------------------------------------
def test_a_coffee_has_a_phone_too(phones, riverbend, by_day_and_night):
    coffee = the.a_coffee(riverbend)
    page = phones()
    page.goto(the.link_of(coffee))
    the.ready(page)
    expect(page.get_by_role("heading", name="Coffee with the major at the Eastbank library")).to_be_visible()
    expect(page.get_by_text("The reading room on the second floor").last).to_be_visible()
    expect(page.get_by_role("link", name="Way", exact=True)).to_be_hidden()
    expect(page.locator("[data-map]")).to_be_hidden()
    by_day_and_night(page)
    page.context.set_offline(True)
    page.reload()
    the.ready(page)
    the.note(page, "The heater is loud.", answer=True)
    expect(page.locator("[data-code]")).to_be_visible()
    page.context.set_offline(False)
    settled(page, "sent")
    written = Note.objects.get()
    assert (written.gathering, written.concern.words) == (coffee, "The heater is loud.")
    assert written.concern.place == ""
    the.go(page, "sent")
    page.get_by_role("button", name="Forget this gathering").click()
    page.get_by_role("dialog").get_by_role("button", name="Forget", exact=True).click()
    expect(page.get_by_role("heading", name="Forgotten")).to_be_visible()
    assert the.kept(page) == []
    assert page.evaluate("caches.keys()") == []


# -- what older pages left ------------------------------------------------------------------------
# As they kept it: by the walk's own id, in a database of another name.
OF_BEFORE = """
async ({walk, gathering, token, api, code}) => {
  const opening = indexedDB.open("alongside-field", 1);
  opening.onupgradeneeded = () => {
    const base = opening.result;
    base.createObjectStore("walks", {keyPath: "id"});
    base.createObjectStore("items", {keyPath: "client_id"}).createIndex("walk", "walk");
    base.createObjectStore("pictures", {keyPath: "client_id"});
    base.createObjectStore("drafts", {keyPath: "walk"});
  };
  const base = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
  const all = base.transaction(["walks", "items", "pictures", "drafts"], "readwrite");
  const about = {id: walk, gathering, title: "Walk with us", at: "6 p.m.", place: "Library", area: "Eastbank"};
  const way = {version: "1", map: null, cues: [], halfway: null, doubts: [], notes: "", rules: [], api};
  const kit = {kinds: [{value: "concern", label: "Concern"}], categories: [], consent: {en: "", es: ""}, codes: []};
  const until = new Date(Date.now() + 86400000).toISOString();
  const rest = {token, cue: 0, used: [code.code], device: "abc", ended: false, cleared: false, kit, until};
  all.objectStore("walks").put({id: walk, way: {...way, walk: about}, ...rest});
  const item = (type, body, more) => ({
    client_id: crypto.randomUUID(), walk, type, body, state: "waiting", tried: false, follow: null, guidance: "",
    number: Date.now(), saved_at: new Date().toISOString(), ...more,
  });
  const note = {kind: "concern", category: "lighting", place: "", language: "en", source: "phone"};
  const items = all.objectStore("items");
  items.put(item("note", {...note, words: "Kept before the page moved.", wants_answer: true, code: code.code},
    {follow: code}));
  items.put(item("count", {residents: 7, officers: 2, partners: 1, device: "abc"}, {tried: true}));
  const photo = item("photo", {});
  items.put(photo);
  const canvas = new OffscreenCanvas(40, 30);
  canvas.getContext("2d").fillRect(0, 0, 40, 30);
  all.objectStore("drafts").put({walk, words: "Half a sen", kind: "concern", what: "words", askedAt: until});
  await new Promise((done) => (all.oncomplete = done));
  const blob = await canvas.convertToBlob({type: "image/jpeg"});
  const more = base.transaction("pictures", "readwrite");
  more.objectStore("pictures").put({client_id: photo.client_id, blob});
  await new Promise((done) => (more.oncomplete = done));
  base.close();
}
"""
LEFT_BEHIND = """
async () => {
  const opening = indexedDB.open("alongside-field");
  const base = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
  const counts = [...base.objectStoreNames].map((name) => base.transaction(name).objectStore(name).count());
  await Promise.all(counts.map((count) => new Promise((done) => (count.onsuccess = done))));
  base.close();
  return counts.map((count) => count.result);
}
"""


def of_before(page: Any, walk: Any) -> dict[str, str]:
    """A phone on which a page of before kept three things, and something half typed. The card it handed out."""
    token = passes.open_pass(walk.gathering, by=None, to="Before")
    opened = passes.pass_behind(token, at=walk.agency)
    (code,) = field.cards_for(opened, count=1)
    base = f"/{walk.agency.slug}/field/{walk.gathering.public_id}"
    api = {"kit": f"{base}/kit.json", "items": f"{base}/items/", "photos": f"{base}/photos/client-id/"}
    card = {"code": code, "url": f"/{walk.agency.slug}/follow/{code}/"}
    page.goto("/style/")
    known = {"walk": walk.public_id, "gathering": walk.gathering.public_id, "token": token}
    page.evaluate(OF_BEFORE, known | {"api": api, "code": card})
    return card


def old_page_of(walk: Any) -> str:
    return f"/{walk.agency.slug}/walks/{walk.public_id}/field/"


WORKER = """
async (page) => {
  const worker = await navigator.serviceWorker.register(`${page}worker.js`, {scope: page});
  while (worker.active?.state !== "activated") await new Promise((done) => setTimeout(done, 50));
}
"""


def set_up_before(page: Any, walk: Any) -> None:
    """The worker of the old address is at work, as on a phone that had put the page on its home screen."""
    page.evaluate(WORKER, old_page_of(walk))


def came_over(page: Any, card: dict[str, str]) -> None:
    settled(page, "sent", "sent", "sent")
    note = Note.objects.get()
    assert note.words == "Kept before the page moved."
    assert page.goto(card["url"]).status == 200, "the card they photographed is the one that works"
    assert HeadCount.objects.get().residents == 7
    assert Picture.objects.count() == Concern.objects.count() == 1
    assert page.evaluate(LEFT_BEHIND) == [0, 0, 0, 0]


def test_notes_kept_by_the_old_page_are_sent_by_the_new_one(phones, walk):
    page = phones()
    card = of_before(page, walk)
    page.goto(old_page_of(walk))
    the.ready(page)
    assert page.url.split("#")[0].endswith(the.page_of(walk.gathering))
    the.go(page, "note")
    expect(page.get_by_label("What they said")).to_have_value("Half a sen")
    came_over(page, card)


def test_an_old_link_keeps_its_pass(phones, walk):
    page = phones()
    page.goto(f"{old_page_of(walk)}#{passes.open_pass(walk.gathering, by=None)}")
    the.ready(page)
    the.note(page, "By a link that was printed before.")
    settled(page, "sent")


def test_a_phone_set_up_before_opens_with_no_signal_and_loses_nothing(phones, walk):
    page = phones()
    card = of_before(page, walk)
    set_up_before(page, walk)
    page.context.set_offline(True)
    page.goto(old_page_of(walk))
    expect(page.locator("[data-ways]")).to_be_visible()
    assert page.url.split("#")[0].endswith(the.page_of(walk.gathering))
    assert the.states(page) == ["waiting"] * 3
    page.context.set_offline(False)
    came_over(page, card)


def test_the_old_worker_sends_what_the_old_page_left_while_no_page_is_open(phones, walk, live_server):
    page = phones()
    of_before(page, walk)
    other = page.context.new_page()
    known = registrations(other)
    set_up_before(page, walk)
    page.close()
    say_there_is_a_signal(other, known, live_server.url)
    assert Note.objects.get().words == "Kept before the page moved."


# -- for everybody --------------------------------------------------------------------------------
def test_every_screen_is_for_everybody(phones, walk, by_day_and_night):
    page = at_work(phones(), walk)

    def good() -> None:
        by_day_and_night(page)
        small = page.evaluate(TOO_SMALL)
        assert not small, small

    good()
    page.get_by_text("Corner by corner").click()
    page.get_by_text("If something happens").click()
    good()
    the.go(page, "note")
    page.locator("[name=asked][value=es]").check()
    expect(page.get_by_text("¿Puedo anotar")).to_be_visible()
    good()
    page.get_by_role("button", name="They agree").click()
    good()
    page.locator("[data-kinds] label").first.click()
    page.get_by_label("What they said").fill("Se fue la luz.")
    page.locator("[name=wants_answer]").check()
    page.get_by_role("button", name="Save", exact=True).click()
    settled(page, "sent")
    good()
    for name in ("count", "sent"):
        the.go(page, name)
        good()
    page.get_by_role("button", name="Bright sun").click()
    good()
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for name in ("way", "count", "note", "card", "sent"):
        the.go(page, name)
        assert driver.overflow(page) <= 0, name
    assert Note.objects.get().concern.language == "es"


# What is pressed and smaller than 44 pixels either way. A hidden radio button is as large as its label.
TOO_SMALL = """
() => [...document.querySelectorAll("a[href], button, select, summary, label:has(input[type=radio], [role=switch])")]
  .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.matches(".skip, .visually-hidden"))
  .map((each) => [each.textContent.trim().slice(0, 30), each.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 43.9)
  .map(([name, box]) => `${name}: ${Math.round(box.width)} by ${Math.round(box.height)}`)
"""


def test_a_keyboard_alone_writes_a_note(phones, walk):
    page = at_work(phones(), walk)
    page.get_by_role("link", name="Note", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="They agree").press("Enter")
    page.keyboard.press("Space")  # the first kind has the focus
    page.keyboard.press("Tab")
    page.keyboard.type("By keyboard.")
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    settled(page, "sent")
    assert Note.objects.get().words == "By keyboard."


def test_the_page_is_small_enough_for_one_bar(phones, walk):
    page = phones(service_workers="block")
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: over_the_wire(answer)}))
    page.goto(the.link_of(walk.gathering))
    expect(page.get_by_role("link", name="Note", exact=True)).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert any("way.json" in url for url in sizes)
    assert sum(sizes.values()) <= 120_000, sizes


def over_the_wire(answer: Any) -> int:
    import gzip

    body = answer.body()
    return len(gzip.compress(body, 9)) if answer.url.endswith((".css", ".js", ".svg")) else len(body)
