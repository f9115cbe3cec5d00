"""From a field note in March to an answer that Ben confirms in June, through the pages.

Four things are asked. A lamp goes to the city by Open311 and is mended there; a crossing is late, done, not so, and
done once more; a bench is declined and appealed; a hedge waits for an answer until the end. Then whatever tells of them
says the same: list, pages, table, feed and ledger.

Only what no page can do is done by code: days go by, the worker does what is due, and the city mends its lamp.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from alongside.agencies.models import Agency, User
from alongside.followthrough.models import Concern
from alongside.followthrough.queries import by_code
from alongside.followthrough.tests.georeport_server import City, a_city
from alongside.ledger.commands import ledger
from alongside.walks.tests.conftest import few_rounds
from tests.browser import field as phones_in_the_field
from tests.stories import pages
from tests.stories.conftest import Calendar
from tests.stories.stage import Stage, link

__all__ = ["few_rounds"]

pytestmark = [pytest.mark.browser, pytest.mark.heavy, pytest.mark.django_db(transaction=True)]

BEN, CLEO = "ben@neighbors.example", "cleo@neighbors.example"
DENT = "Major Harvey Dent"
THE_WALK = date(2027, 3, 6)
# What people say. The names are of no one else's business, and none of them may come out in public.
SAID = {
    "lamp": "Quetzalina told me that the lamp at the stop is dark.",
    "hedge": "The hedge of Xochitlan covers the whole sidewalk.",
    "crossing": "Near Tenochka school nobody can see the crossing any more.",
    "bench": "Popocatla would like a bench at the library.",
}
NOT_SO = "Mixcoatl drove over it and half of it is gone."
APPEAL = "Cuitlahuac says the county paid for benches last year."
NAMES = ("Quetzalina", "Xochitlan", "Tenochka", "Popocatla", "Mixcoatl", "Cuitlahuac", "Nezahual")
IN_PUBLIC = {
    "lamp": "A street lamp at a bus stop is dark.",
    "hedge": "A hedge covers a sidewalk.",
    "crossing": "The paint of a crossing near a school is gone.",
    "bench": "A bench is missing at the library.",
}


@dataclass
class Story(Stage):
    """Ada coordinates and Major Dent answers; the city that mends lamps is a server of its own."""

    public_works: City
    codes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ada, self.dent = self.staff("coordinator"), self.staff("dent")

    def concern(self, name: str) -> Concern:
        found = by_code(self.city, self.codes[name])
        assert found is not None
        return found

    def at(self, page: Page, name: str) -> Page:
        """At the desk, before one concern."""
        page.goto(self.concern(name).get_absolute_url())
        return page

    def public(self, page: Page, name: str) -> Page:
        page.goto(f"/riverbend/promises/{self.concern(name).public_id}/")
        return page

    def by_code(self, page: Page, name: str) -> Page:
        page.goto(f"/riverbend/follow/{self.codes[name]}/")
        return page


@pytest.fixture
def public_works(settings: Any) -> Iterator[City]:
    with a_city() as city:
        ours = {"outside_allow": [city.site.removeprefix("http://")]}
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update=ours)
        yield city


@pytest.fixture
def in_march(calendar: Calendar) -> None:
    calendar.it_is(THE_WALK)


@pytest.fixture
def story(
    request: pytest.FixtureRequest,
    in_march: None,
    live_server: Any,
    settings: Any,
    riverbend: Agency,
    ada: User,
    dent: User,
) -> Story:
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"url": live_server.url})
    # Ben and Cleo are told until summer: this agency keeps an address for so long.
    riverbend.contact_retention_days = 180
    riverbend.save(update_fields=["contact_retention_days"])
    props = map(
        request.getfixturevalue, ("calendar", "post_office", "open_page", "phones", "axe", "public_works")
    )
    return Story(riverbend, *props)


def test_from_a_note_in_march_to_an_answer_in_june(story: Story, tmp_path: Path) -> None:
    two_are_heard_on_a_walk(story)
    two_are_written_on_the_site(story)
    somebody_answers_for_each(story)
    the_lamp_goes_to_the_city(story)
    the_bench_is_declined_and_appealed(story)
    two_are_late_and_everybody_sees_it(story)
    the_crossing_is_done_and_it_is_not_so(story)
    the_city_mends_the_lamp(story)
    the_crossing_is_done_once_more(story)
    ben_says_that_it_is_so(story)
    all_that_tells_of_them_agrees(story, tmp_path)
    nobody_is_named(story, tmp_path)


# -- March --------------------------------------------------------------------------------------------
def two_are_heard_on_a_walk(story: Story) -> None:
    """A scribe writes down two things; each has a card, whose code a neighbor photographs."""
    walk = phones_in_the_field.a_walk(story.city)
    story.calendar.it_is(THE_WALK, 18, 15)
    phone = story.phones()
    phone.goto(pages.link_for_a_scribe(story.ada, walk.gathering, "Sam"))
    phones_in_the_field.ready(phone)
    phone.context.set_offline(True)
    pages.write_down(phone, SAID["lamp"], about="Street lights", answer=True)
    pages.write_down(phone, SAID["hedge"], about="Sidewalks and streets", answer=True)
    expect(phone.locator("[data-badge]")).to_have_text("2")
    phone.context.set_offline(False)
    expect(phone.locator("[data-signal-words]")).to_have_text("All sent", timeout=30_000)
    given = [item["follow"]["code"] for item in phones_in_the_field.kept(phone) if item["follow"]]
    for code in given:
        concern = by_code(story.city, code)
        assert concern is not None
        name = next(name for name, words in SAID.items() if words == concern.words)
        story.codes[name] = code
    assert story.codes.keys() == {"lamp", "hedge"}
    ben = story.by_code(story.open_page("phone", script=False), "lamp")
    expect(ben.get_by_text(SAID["lamp"])).to_be_visible()
    ben.get_by_label("Your e-mail address").fill(BEN)
    ben.get_by_role("button", name="Write to me").click()
    expect(ben.get_by_text("We write to the address you left")).to_be_visible()


def two_are_written_on_the_site(story: Story) -> None:
    story.morning_of(date(2027, 3, 8))
    story.codes["crossing"] = tell_us(story, SAID["crossing"], about="Traffic and parking", email=BEN)
    story.codes["bench"] = tell_us(story, SAID["bench"], about="Parks and play", email=CLEO)


def tell_us(story: Story, words: str, *, about: str, email: str) -> str:
    """From the page that asks what it is about, without script, to the code."""
    page = story.open_page("phone", script=False)
    page.goto("/riverbend/tell-us/")
    page.get_by_role("link", name="Our streets, an idea").click()
    page.get_by_label("What would you like to tell us?").fill(words)
    page.get_by_label("About", exact=True).select_option(label=about)
    page.get_by_label("Neighborhood").select_option(label="Mill Row")
    page.get_by_text("News by e-mail, or for somebody else").click()
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you. This is your code")).to_be_visible()
    return page.locator(".code-big").inner_text().strip()


def somebody_answers_for_each(story: Story) -> None:
    """Ada gives each to Major Dent, by a day, and writes for the public what it is about."""
    story.morning_of(date(2027, 3, 9))
    days = {"lamp": (3, 23), "hedge": (4, 2), "crossing": (3, 31), "bench": (4, 9)}
    for name, (month, day) in days.items():
        page = story.at(story.ada, name)
        pages.promise(page, owner=DENT, due=date(2027, month, day))
        pages.release(page, IN_PUBLIC[name])
    page = story.at(story.ada, "crossing")
    form = pages.deed(page, "progress")
    pages.say(form, "What happened", "Nezahual of the school called twice.")
    form.get_by_label("Staff only").check()
    form.get_by_role("button", name="Add").click()
    story.morning_of(date(2027, 3, 9), 10)  # what follows within minutes would be told with it
    for reader in (BEN, CLEO):
        letter = story.letter(reader, "News of what you told us")
        assert DENT in letter
        assert "Nezahual" not in letter


def the_lamp_goes_to_the_city(story: Story) -> None:
    """Ada looks at what leaves, and sends it. Whoever asked is told once the city has it, with its number."""
    story.morning_of(date(2027, 3, 10))
    ada = story.ada
    ada.goto(f"{pages.DESK}passed-on/bodies/new/")
    main = ada.locator("main")
    pages.say(main, "Name", "Public Works")
    pages.say(main, "How residents reach it", "Call 311.")
    ada.get_by_label("Open311 GeoReport v2, JSON").check()
    ada.get_by_label("Address of its GeoReport service").fill(story.public_works.url)
    ada.get_by_role("button", name="Save").click()
    story.work()
    story.at(ada, "lamp").get_by_role("link", name="Pass it on").click()
    ada.get_by_label("To whom").select_option(label="Public Works")
    ada.get_by_role("button", name="Choose").click()
    ada.get_by_label("What it is about").select_option(label="Street light out")
    ada.get_by_role("button", name="Choose").click()
    ada.get_by_label("Where, to the block").fill("412 Oak Street")
    ada.get_by_role("button", name="See what leaves").click()
    leaves = ada.get_by_role("region", name="This leaves, and nothing else")
    expect(leaves).to_contain_text(IN_PUBLIC["lamp"])
    expect(leaves).to_contain_text("400 block of Oak Street")
    assert not story.public_works.forms(), "to look sends nothing"
    story.axe(ada)
    leaves.get_by_role("button", name="Send it").click()
    assert not story.public_works.forms(), "the worker sends it"
    story.work()
    [sent] = story.public_works.forms()
    assert dict(sent)["description"] == IN_PUBLIC["lamp"]
    story.morning_of(date(2027, 3, 10), 10)
    letter = story.letter(BEN, "News of what you told us")
    assert "We passed it on to Public Works." in letter
    ben = story.open_page("phone", script=False)
    ben.goto(link(letter, "/follow/"))
    expect(ben.get_by_text("1234").first).to_be_visible()


def the_bench_is_declined_and_appealed(story: Story) -> None:
    """Cleo reads why not, and appeals by the link of the letter. It is open again, by a new day."""
    story.morning_of(date(2027, 3, 12))
    pages.close(story.at(story.dent, "bench"), how="Cannot be done", outcome="We own no ground there.")
    story.morning_of(date(2027, 3, 12), 10)
    cleo = story.open_page("phone", script=False)
    cleo.goto(link(story.letter(CLEO, "News of what you told us"), "/follow/"))
    expect(cleo.get_by_role("heading", name="It cannot be done")).to_be_visible()
    expect(cleo.get_by_text("We own no ground there.").first).to_be_visible()
    cleo.locator("#so summary").click()
    cleo.get_by_label("What is not so?").fill(APPEAL)
    cleo.get_by_role("button", name="Send the appeal").click()
    expect(cleo.get_by_text(APPEAL)).to_be_visible()
    story.morning_of(date(2027, 3, 15))
    pages.promise(
        story.at(story.ada, "bench"),
        owner=DENT,
        due=date(2027, 7, 15),
        why="We ask the county who owns the ground.",
    )


# -- April --------------------------------------------------------------------------------------------
def two_are_late_and_everybody_sees_it(story: Story) -> None:
    """Their days are over. The list says so first, and so does the page of each."""
    story.morning_of(date(2027, 4, 12))
    stranger = story.open_page("phone")
    stranger.goto("/riverbend/promises/")
    expect(stranger.get_by_text(re.compile("2 late")).first).to_be_visible()
    rows = stranger.locator("main .entries > li")
    expect(rows).to_have_count(4)
    for row in (rows.nth(0), rows.nth(1)):
        expect(row).to_contain_text("Late")
    expect(rows.nth(0)).to_contain_text(IN_PUBLIC["crossing"])
    expect(rows.nth(1)).to_contain_text(IN_PUBLIC["hedge"])
    story.axe(stranger)
    expect(story.public(stranger, "hedge").get_by_text("That day has passed")).to_be_visible()
    expect(story.public(stranger, "bench").get_by_text("We own no ground there.")).to_have_count(0)
    expect(stranger.get_by_text(APPEAL)).to_have_count(0)
    story.axe(stranger)
    expect(
        story.by_code(stranger, "hedge").get_by_role("heading", name="promised an answer by")
    ).to_be_visible()


def the_crossing_is_done_and_it_is_not_so(story: Story) -> None:
    """Major Dent says that it is done. Ben has looked, and says that it is not."""
    story.morning_of(date(2027, 4, 14))
    pages.close(story.at(story.dent, "crossing"), how="Done", outcome="It was painted on Tuesday.")
    story.morning_of(date(2027, 4, 14), 10)
    letter = story.letter(BEN, "News of what you told us")
    assert "It was painted on Tuesday." in letter
    assert SAID["crossing"] not in letter
    story.morning_of(date(2027, 4, 16))
    ben = story.open_page("phone", script=False)
    ben.goto(link(letter, "/follow/"))
    expect(ben.get_by_text("Answered, not confirmed").first).to_be_visible()
    ben.locator("#so summary").click()
    ben.get_by_label("What is not so?").fill(NOT_SO)
    ben.get_by_role("button", name="Open it again").click()
    expect(ben.get_by_text(NOT_SO)).to_be_visible()
    expect(story.at(story.dent, "crossing").get_by_text(NOT_SO).first).to_be_visible()


# -- May ----------------------------------------------------------------------------------------------
def the_city_mends_the_lamp(story: Story) -> None:
    """It says so when it is asked, as every day, and Ben hears it from us."""
    story.public_works.answer("1234", status="closed", status_notes="A new lamp hangs there.")
    story.morning_of(date(2027, 5, 10))
    story.morning_of(date(2027, 5, 10), 11)
    letter = story.letter(BEN, "News of what you told us")
    assert "A new lamp hangs there." in letter
    asked = len(story.public_works.asked)
    story.morning_of(date(2027, 5, 12))
    assert len(story.public_works.asked) == asked, "closed there, it is asked after no more"


def the_crossing_is_done_once_more(story: Story) -> None:
    story.morning_of(date(2027, 5, 20))
    pages.close(
        story.at(story.dent, "crossing"), how="Done", outcome="It was painted again, and the curb, too."
    )
    pages.release(story.at(story.ada, "crossing"))
    pages.release(story.at(story.ada, "lamp"))
    story.morning_of(date(2027, 5, 20), 11)
    assert "painted again" in story.letter(BEN, "News of what you told us")


# -- June ---------------------------------------------------------------------------------------------
def ben_says_that_it_is_so(story: Story) -> None:
    """Of the crossing in time, by the letter that asked once more; of the lamp by his card, late and all the same."""
    story.morning_of(date(2027, 6, 1))
    asked = story.letter(BEN, "Is it so?")
    assert "painted again" in asked
    ben = story.open_page("phone")
    ben.goto(link(asked, "/follow/"))
    ben.get_by_role("button", name="Yes, it is so").click()
    expect(ben.get_by_role("heading", name="that it is so")).to_be_visible()
    story.axe(ben)
    story.by_code(ben, "lamp")
    ben.locator("#so form button").first.click()
    expect(ben.get_by_role("heading", name="that it is so")).to_be_visible()


STANDS = {"lamp": "passed", "hedge": "late", "crossing": "kept", "bench": "open"}
CONFIRMED = {"lamp": "true", "hedge": "", "crossing": "true", "bench": ""}
# What we last said of each there. That somebody said “it is not so” names none: the bench is open again.
IN_THE_LEDGER = {"lamp": "passed", "hedge": "open", "crossing": "done", "bench": "declined"}
BADGE = {
    "lamp": "Passed to another body",
    "hedge": "Late",
    "crossing": "Done",
    "bench": "Somebody answers for it",
}


def all_that_tells_of_them_agrees(story: Story, folder: Path) -> None:
    story.morning_of(date(2027, 6, 14))
    stranger = story.open_page("phone")
    stranger.goto("/riverbend/promises/")
    expect(
        stranger.get_by_text(re.compile(r"1 kept\s· 1 late\s· 1 open\s· 1 passed on")).first
    ).to_be_visible()
    table = {
        row["id"]: row
        for row in csv.DictReader(
            io.StringIO(fetched(stranger, "/riverbend/promises/promises.csv").removeprefix("\ufeff"))
        )
    }
    feed = fetched(stranger, "/riverbend/promises.rss")
    told = the_ledger(folder)
    for name, words in IN_PUBLIC.items():
        key = story.concern(name).public_id
        row = stranger.locator("main .entries > li").filter(has_text=words)
        stranger.goto("/riverbend/promises/")
        expect(row).to_contain_text(BADGE[name])
        story.public(stranger, name)
        expect(stranger.locator("main .pill.large")).to_have_text(BADGE[name])
        assert (table[key]["words"], table[key]["state"]) == (words, STANDS[name])
        assert table[key]["confirmed"] == CONFIRMED[name]
        assert words in feed
        assert told[key] == IN_THE_LEDGER[name]
        says_so = stranger.get_by_text(
            "The person who asked says that it is so."
        )  # at the head, and as a step
        expect(says_so).to_have_count(2 if CONFIRMED[name] == "true" else 0)
    assert table.keys() == told.keys()
    story.public(stranger, "crossing")
    expect(stranger.get_by_text("It was painted again, and the curb, too.").first).to_be_visible()
    expect(story.public(stranger, "bench").get_by_text("First promised for")).to_be_visible()


def the_ledger(folder: Path) -> dict[str, str]:
    """Taken along and checked by the commands; of each concern whose words were released, how it ended.

    What whoever spoke did names none: nobody is to see when somebody spoke.
    """
    file = folder / "riverbend.jsonl"
    taken = CliRunner().invoke(ledger, ["export", "riverbend", str(file)])
    assert taken.exit_code == 0, taken.output
    checked = CliRunner().invoke(ledger, ["verify", str(file)])
    assert checked.exit_code == 0, checked.output
    assert "consistent in itself; not proven to be the one published" in checked.output
    assert "last signed day 2027-06-1" in checked.output
    told: dict[str, str] = {}
    confirmed = 0
    for entry in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        kind, about = entry["kind"], entry["body"].get("concern")
        if kind == "concern.cleared":
            told.setdefault(about, "open")
        elif kind == "concern.closed" and about:
            told[about] = entry["body"]["state"]
        elif kind == "concern.confirmed":
            assert not about
            confirmed += 1
    assert confirmed == sum(each == "true" for each in CONFIRMED.values())
    return told


def nobody_is_named(story: Story, folder: Path) -> None:
    """Names that were said to us, and addresses that were left, are in nothing that leaves the house."""
    stranger = story.open_page("phone")
    told = {"the ledger": (folder / "riverbend.jsonl").read_text(encoding="utf-8")}
    told["Open311"] = story.public_works.words()
    for address in (
        "promises/",
        "promises.rss",
        "promises/promises.csv",
        "promises/sheet/",
        "ledger/entries/",
        "",
    ):
        told[address] = fetched(stranger, f"/riverbend/{address}")
    for name in IN_PUBLIC:
        address = f"/riverbend/promises/{story.concern(name).public_id}/"
        told[address] = fetched(stranger, address)
    for where, words in told.items():
        assert "Riverbend" in words or "riverbend" in words or where == "Open311", where
        for name in (*NAMES, BEN, CLEO, "412 Oak"):
            assert name.casefold() not in words.casefold(), f"{name} in {where}"


def fetched(page: Page, address: str) -> str:
    answer = page.request.get(address)
    assert answer.status == 200, (address, answer.status)
    return answer.text()
