"""What a screen reader is given to say on the three ways that people go most: the main lines of it are kept here.

Read from the accessibility tree (aloud.py), until people who use one every day have tried them.
"""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from alongside.agencies.models import Agency, User
from alongside.followthrough import actions as promises
from alongside.followthrough.tests.cast import ben_says, member
from alongside.gatherings.tests.cast import a_gathering
from alongside.rosters import actions as rosters
from alongside.rosters.models import Part, Post
from tests.browser import aloud

pytestmark = pytest.mark.browser


def in_order(said: list[str], *wanted: str) -> None:
    """Each line begins so, one after the other; others may stand between."""
    rest = iter(said)
    for line in wanted:
        assert any(each.startswith(line) for each in rest), f"not said, or not there: {line}\n" + "\n".join(
            said
        )


def test_coming_along(phone: Page, riverbend: Agency) -> None:
    riverbend.published = True
    riverbend.save(update_fields=["published"])
    phone.goto(a_gathering(riverbend).get_absolute_url() + "join/")
    in_order(
        aloud.lines(phone),
        "link “Skip to the page”",
        "banner",
        "link “Alongside Riverbend Police”",
        "navigation “Main”",
        "button “Menu” collapsed",
        "main",
        "link “Walk with us in Eastbank”",
        "heading 1 “I’ll come”",
        "textbox “How many of you come?” = 1 required (Count yourself and your children.)",
        "combobox “A language you would like us to have (optional)”",
        "status",  # what is typed into a box may be warned of, aloud
        "textbox “Your name (optional)”",
        "checkbox “Please keep me out of photos”",
        "button “We’ll come”",
        "heading 2 “What we keep, and for how long”",
        "contentinfo",
        "link “Accessibility”",
    )
    phone.get_by_label("How many of you come?").fill("0")
    phone.get_by_role("button", name="We’ll come").click()
    phone.wait_for_load_state()
    assert phone.title().startswith("Error:"), "the title is said first"
    in_order(
        aloud.lines(phone),
        "main",
        "alert",
        "link “How many of you come?",
        "textbox “How many of you come?” = 0",
    )
    assert any(
        line.startswith("textbox “How many of you come?”") and "invalid" in line
        for line in aloud.lines(phone)
    )
    phone.get_by_label("How many of you come?").fill("2")
    phone.get_by_role("button", name="We’ll come").click()
    phone.wait_for_url("**/riverbend/answer/**")
    in_order(aloud.lines(phone), "main", "heading 1 “You’re coming, 2 people”")


def test_a_promise_by_its_code(phone: Page, riverbend: Agency, ada: User, dent: User) -> None:
    said = ben_says(riverbend)
    due = riverbend.today() + timedelta(days=9)
    promises.assign(said.concern, owner=member(dent, riverbend), due=due, by=ada)
    phone.goto("/riverbend/follow/")
    in_order(aloud.lines(phone), "main", "heading 1", "textbox “Your code", "button “Show it”")
    phone.get_by_label("Your code").fill(said.code)
    phone.get_by_role("button", name="Show it").click()
    phone.wait_for_load_state()
    in_order(aloud.lines(phone), "main", "heading 1 “Major Harvey Dent answers by")


def test_from_this_week_to_what_needs_a_person(
    open_page: Any, riverbend: Agency, ada: User, dent: User
) -> None:
    gathering = a_gathering(riverbend)
    post = Post.objects.create(
        agency=riverbend, gathering=gathering, member=member(dent, riverbend), part=Part.HOST
    )
    rosters.invite(post, by=ada)
    page = open_page("desk", user=dent)
    page.goto("/riverbend/workspace/")
    in_order(
        aloud.lines(page),
        "link “Skip to the page”",
        "banner",
        "navigation “Workspace”",
        "link “This week”",
        "main",
        "heading 1 “This week”",
        "region “For you: 1 to answer”",
        "heading 2 “For you: 1 to answer”",
        "Walk with us in Eastbank",
        "link “Answer : Walk with us in Eastbank”",
    )
    page.locator(".needs a").first.click()
    page.wait_for_load_state()
    in_order(
        aloud.lines(page),
        "navigation “Workspace”",
        "link “My invitations”",
        "main",
        "heading 1 “My invitations”",
        "heading 2 “Walk with us in Eastbank”",
        "button",
    )
