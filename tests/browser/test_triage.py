"""The list of concerns at a desk and on a phone: by keys, without script, by day and by night."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from alongside.agencies.models import Agency, Member, User
from alongside.followthrough import actions
from alongside.followthrough.models import Concern, Promise, State
from alongside.followthrough.promises import actions as promising
from alongside.followthrough.tests.cast import ben_says, member, town
from alongside.followthrough.triage import replies
from alongside.people import actions as people
from tests.browser import driver

pytestmark = pytest.mark.browser

SAID = {
    "light": ("lighting", "The light at the bus stop has been out since March."),
    "lights": ("lighting", "Street lights near the bus stop are dark again, my kids are scared."),
    "race": (
        "traffic",
        "Cars race down Main Street every night, and nobody ever stops them. It is a matter of time.",
    ),
    "trash": ("cleanliness", "The alley behind the school is full of trash."),
    "noise": ("noise", "Fireworks until three in the morning."),
    "house": ("housing", "The empty house at the corner has no door."),
}


def url(name: str, *args: str) -> str:
    return reverse(f"followthrough:{name}", args=["riverbend", *args])


@pytest.fixture
def inbox(
    transactional_db: None, riverbend: Agency, ada: User, dent: User, officer: User
) -> dict[str, Concern]:
    """Six concerns as a week leaves them; what was promised aloud; and somebody who left."""
    there, today = town(riverbend), riverbend.today()
    people.give_command(there["First"], to=member(dent, riverbend), since=today, by=None)
    made = {
        key: ben_says(riverbend, key, category=about, words=words, neighborhood=there["Eastbank"]).concern
        for key, (about, words) in SAID.items()
    }
    for key, who, days in (("race", dent, 2), ("trash", dent, 9), ("noise", officer, 20)):
        made[key] = actions.assign(
            made[key], owner=member(who, riverbend), due=today + timedelta(days=days), by=ada
        )
    Concern.objects.filter(pk=made["race"].pk).update(due=today - timedelta(days=3))
    actions.put_in_front(made["trash"], by=ada)
    home = {"area": there["First"], "origin_label": "Forum in the library"}
    for what, who, days in (
        ("We will repaint the crossing.", dent, 30),
        ("A new lamp at the stop.", dent, 40),
    ):
        said = promising.Said(what, member(who, riverbend), today + timedelta(days=days), **home)
        promising.make(riverbend, said, by=ada, public=True, key=what)
    replies.keep(riverbend, name="Ordered", text="We have ordered [what]. It comes by [day].", by=ada)
    return made


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("size", driver.SIZES)
def test_every_page_of_the_desk_passes_axe_and_fits(
    open_page: Any,
    by_day_and_night: Any,
    inbox: dict[str, Concern],
    riverbend: Agency,
    ada: User,
    dent: User,
    size: str,
) -> None:
    Member.objects.filter(pk=member(dent, riverbend).pk).update(active=False)
    addresses = {
        "list": url("concerns"),
        "concern": f"{url('concern', inbox['lights'].public_id)}?show=new",
        "rules": url("rules"),
        "replies": url("replies"),
        "overdue": url("overdue"),
        "left": url("hand-over", member(dent, riverbend).public_id),
        "promises": url("promises"),
        "new": url("new-promise"),
        "promise": url("promise", Promise.objects.everywhere().first().public_id),
    }
    page = open_page(size, user=ada)
    for name, address in addresses.items():
        page.goto(address)
        shot(page, f"{name}-{size}")
        for each in page.locator("details").all():  # the forms inside, too
            each.evaluate("details => { details.open = true }")
        by_day_and_night(page)


def test_ada_reads_her_mail_by_keys(open_page: Any, inbox: dict[str, Concern], ada: User) -> None:
    page = open_page("desk", user=ada)
    page.goto(f"{url('concerns')}?show=new")
    rows = page.locator("[data-row]")
    page.keyboard.press("j")
    expect(rows.first).not_to_be_focused()  # off until somebody asks for them
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Use J and K alone").check()
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.get_by_label("Words", exact=True).fill("")
    page.get_by_label("Words", exact=True).press_sequentially("jk")
    expect(page.get_by_label("Words", exact=True)).to_have_value("jk")
    rows.nth(0).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Next in this list")).to_be_visible()
    page.get_by_role("button", name="Mark it as read").click()
    first = page.url
    page.locator("h1").click()
    page.keyboard.press("j")
    page.wait_for_url(lambda there: there != first)
    assert "show=new" in page.url


def test_many_at_once_and_undone_on_a_phone_without_script(
    open_page: Any, inbox: dict[str, Concern], riverbend: Agency, ada: User, officer: User
) -> None:
    page = open_page("phone", user=ada, script=False)
    page.goto(f"{url('concerns')}?show=nobody")
    for box in page.locator("input[name=chosen]").all():
        box.check()
    page.locator(".many select[name=owner]").select_option(label=str(member(officer, riverbend)))
    page.get_by_role("button", name="Give to this person").click()
    expect(page.get_by_text("3 done.")).to_be_visible()
    assert Concern.objects.everywhere().get(pk=inbox["light"].pk).state == State.OWNED
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 as they were.")).to_be_visible()
    assert Concern.objects.everywhere().get(pk=inbox["light"].pk).owner is None
