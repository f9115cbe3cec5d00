"""What people do on the pages of the story, each a few words long."""

import re
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from alongside.core import clock
from alongside.gatherings.models import Gathering
from alongside.walks.models import Walk
from tests.browser import field

DESK = "/riverbend/workspace/"


# -- the season -----------------------------------------------------------------------------------
def set_winter(page: Page, *, last: str) -> None:
    """Until which month walks are indoors."""
    page.goto(DESK + "seasons/how/")
    page.get_by_label("Last month indoors").select_option(last)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The next plan is made by these rules")).to_be_visible()


def propose(page: Page, start: date, weeks: int) -> None:
    page.goto(DESK + "seasons/")
    page.get_by_label("From", exact=True).fill(start.isoformat())
    page.get_by_label("Weeks", exact=True).fill(str(weeks))
    page.get_by_label("Which public value draws it").fill("Riverbend Lottery, evening draw")
    page.get_by_label("It is known on").fill((clock.now().date() + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Propose a plan").click()
    page.wait_for_url(re.compile(r"/seasons/\w{8,}/$"), timeout=60_000)


def draw(page: Page, value: str) -> None:
    """On the day on which the value is known."""
    page.reload()
    page.get_by_label("The value, as it was announced").first.fill(value)
    page.get_by_role("button", name="Draw the season").click()
    page.wait_for_url(re.compile(r"/seasons/\w{8,}/$"), timeout=60_000)
    expect(page.get_by_text("drew it by the value that was announced")).to_be_visible()


def choose(page: Page, day: str, *, where: str, roof: str, why: str, look: bool = True) -> str:
    """Look at what another place costs, choose it, and return what it was said to cost."""
    page.get_by_role("link", name=f"Change {day}", exact=True).click()
    page.get_by_label("Where", exact=True).select_option(label=where)
    take(page.get_by_label("Indoors or outdoors"), roof)
    page.get_by_role("textbox", name="Why").fill(why)
    cost = what_it_costs(page) if look else ""
    page.get_by_role("button", name="Choose it").click()
    page.wait_for_url(re.compile(r"/seasons/\w{8,}/$"), timeout=60_000)
    return cost


def take(places: Locator, name: str) -> None:
    """Choose a place by its name: each stands there with its distance, and with what is known of it."""
    places.select_option(value=places.locator("option", has_text=name).first.get_attribute("value"))


def what_it_costs(page: Page) -> str:
    page.get_by_role("button", name="See what it costs").click()
    said = page.get_by_role("status").filter(has_text="It costs")
    expect(said).to_be_visible(timeout=60_000)
    return said.inner_text()


# -- one walk -------------------------------------------------------------------------------------
def at_walk(page: Page, walk: Walk) -> None:
    page.goto(f"{DESK}walks/{walk.public_id}/")


def change(
    page: Page, gathering: Gathering, *, places: str = "", venue: str = "", meeting_point: str = ""
) -> None:
    """How many the room holds, or where people meet."""
    page.goto(f"{DESK}gatherings/{gathering.public_id}/edit/")
    if places:
        page.get_by_label(re.compile(r"^\s*Places")).fill(places)
    if venue:
        take(page.get_by_label(re.compile(r"^\s*Venue")), venue)
    if meeting_point:
        page.get_by_role("group", name="Where exactly").get_by_label("English").fill(meeting_point)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Change", exact=True)).to_be_visible()


def publish(page: Page, walk: Walk, *, host: str = "", deputy: str = "") -> None:
    """Read the plan, put one’s name on it, publish."""
    at_walk(page, walk)
    page.get_by_role("link", name="Read the plan and publish").click()
    if host:
        page.get_by_label("Who hosts it", exact=True).fill(host)
    if deputy:
        page.get_by_label("Who hosts it if the host is away").fill(deputy)
    page.get_by_label("I have read this plan").check()
    page.get_by_role("button", name="Confirm and publish").click()
    expect(page.get_by_text("Published. Everybody can see it")).to_be_visible()


def say_how_many_came(page: Page, gathering: Gathering, came: int) -> None:
    page.goto(f"{DESK}gatherings/{gathering.public_id}/held/")
    page.get_by_label("How many residents came?").fill(str(came))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This has taken place")).to_be_visible()


# -- coming ---------------------------------------------------------------------------------------
def say_we_come(page: Page, gathering: Gathering, *, name: str = "", email: str = "") -> str:
    """“I’ll come”, from the public page; returns the address of one’s own page."""
    _send_our_answer(page, gathering, name, email)
    page.wait_for_url("**/answer/**")
    return page.url


def say_we_wait(page: Page, gathering: Gathering, *, name: str, email: str) -> None:
    """The page is of six in the morning; the form says that all places are taken since, and we choose the line."""
    _send_our_answer(page, gathering, name, email)
    page.get_by_label("Put us on the waiting list").check()
    page.get_by_role("button", name=re.compile("We’ll come|Put us on the list")).click()
    page.wait_for_url("**/answer/**")


def _send_our_answer(page: Page, gathering: Gathering, name: str, email: str) -> None:
    page.goto(gathering.get_absolute_url())
    page.get_by_role("link", name=re.compile("I’ll come|waiting list")).first.click()
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("button", name=re.compile("We’ll come|Put us on the list")).click()


def neighbors_come(gathering: Gathering, count: int) -> None:
    """So many neighbors send the same form, each once. A browser for each would only take longer."""
    address = reverse("gatherings:join", args=["riverbend", gathering.public_id])
    browser = Client(HTTP_ORIGIN="http://testserver")
    for number in range(count):
        key = hidden(browser.get(address), "form_key")
        sent = browser.post(address, {"party": "1", "name": f"Neighbor {number}", "form_key": key})
        assert sent.status_code == 302, sent.content.decode()


def hidden(page: Any, name: str) -> str:
    """What a hidden field of a form holds."""
    match = re.search(rf'name="{name}" value="([^"]+)"', page.content.decode())
    assert match, f"no {name} in the form"
    return match[1]


# -- who comes along ------------------------------------------------------------------------------
def ask_the_roster(page: Page, gathering: Gathering) -> None:
    """Take the roster that is proposed, and ask everybody on it."""
    page.goto(f"{DESK}gatherings/{gathering.public_id}/roster/")
    page.get_by_role("button", name="Propose a roster").click()
    page.get_by_role("button", name=re.compile("^Ask all")).click()
    expect(page.get_by_role("button", name=re.compile("^Ask all"))).to_have_count(0)


def ask_the_partners(page: Page, gathering: Gathering) -> None:
    page.goto(f"{DESK}gatherings/{gathering.public_id}/partners/")
    page.get_by_role("button", name="Propose partners near here").click()
    page.get_by_role("button", name=re.compile("^Invite")).first.click()
    expect(page.get_by_text("Invited").first).to_be_visible()


# -- a keyboard alone -----------------------------------------------------------------------------
def tab_to(thing: Locator) -> None:
    """Press Tab until this has the focus."""
    for _ in range(80):
        thing.page.keyboard.press("Tab")
        if thing.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"no way to {thing} by keyboard on {thing.page.url}")


# -- the phone ------------------------------------------------------------------------------------
def link_for_a_scribe(page: Page, gathering: Gathering, holder: str) -> str:
    """The address that opens one phone for this walk: a page shows it once."""
    page.goto(f"{DESK}heard/{gathering.public_id}/")
    page.get_by_label("Whose phone").select_option("")
    page.get_by_label("The name of a guest").fill(holder)
    page.get_by_role("button", name="Make a link for a scribe").click()
    return page.get_by_label("The link").input_value()


def write_down(phone: Page, words: str, *, about: str, answer: bool = False) -> None:
    """Ask, write down, save: what a scribe does at each stop."""
    field.go(phone, "note")
    phone.get_by_role("button", name="They agree").click()
    phone.locator("[data-kinds] label:has-text('Concern')").click()
    phone.get_by_label("What they said").fill(words)
    phone.locator(f"[data-categories] label:has-text('{about}')").click()
    if answer:
        phone.locator("[name=wants_answer]").check()
    phone.get_by_role("button", name="Save", exact=True).click()


def count_heads(phone: Page, **heads: int) -> None:
    field.go(phone, "count")
    for name, number in heads.items():
        phone.locator(f"[data-count] input[name={name}]").fill(str(number))
    phone.get_by_role("button", name="Save the count").click()


def card_of(phone: Page) -> str:
    """The code that the phone shows, large, for a resident to photograph."""
    field.go(phone, "card")
    shown = phone.locator("[data-code]")
    expect(shown).to_be_visible()
    return shown.inner_text().strip()


# -- promises -------------------------------------------------------------------------------------


def deed(page: Page, name: str) -> Locator:
    """The form of one thing that can be done to a concern, opened."""
    form = page.locator(f"form[action*='/{name}/']")
    form.evaluate(
        "form => { for (let it = form; it; it = it.parentElement) if (it.tagName === 'DETAILS') it.open = true }"
    )
    return form


def say(form: Locator, group: str, words: str) -> None:
    form.get_by_role("group", name=group).get_by_label("English").fill(words)


def promise(page: Page, *, owner: str, due: date, why: str = "") -> None:
    form = deed(page, "assign")
    form.get_by_label("Who answers", exact=True).select_option(label=owner)
    form.get_by_label("By when", exact=True).fill(due.isoformat())
    if why:
        say(form, "Why the day moves", why)
    form.get_by_role("button").last.click()
    expect(page.get_by_text("Promised.")).to_be_visible()


def close(page: Page, *, how: str, outcome: str) -> None:
    form = deed(page, "close")
    form.get_by_label(how, exact=True).check()
    say(form, "What came of it", outcome)
    form.get_by_role("button").last.click()
    expect(page.get_by_text("Closed. Whoever asked")).to_be_visible()


def release(page: Page, words: str = "") -> None:
    """Words for the public; again, unchanged, once it is closed: with how it ended."""
    form = deed(page, "clear")
    if words:
        say(form, "Words for the public", words)
    form.get_by_role("button").last.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
