"""Ben tells us something on his phone, without script, and has a code; later he says whether it is so."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from alongside.agencies.models import Agency, User
from alongside.core import clock
from alongside.followthrough import actions
from alongside.followthrough.models import Body, Concern, Passing, State
from alongside.followthrough.promises import actions as promises
from alongside.followthrough.tests.cast import ben_says, member, town
from tests.browser import driver

pytestmark = pytest.mark.browser


def url(name: str, *args: str) -> str:
    return reverse(f"followthrough:{name}", args=["riverbend", *args])


@pytest.fixture
def rules(transactional_db: None, riverbend: Agency, ada: User) -> None:
    town(riverbend)
    actions.set_rules(
        riverbend,
        days=14,
        owner=None,
        complaints="Office of Civilian Review, 555-0100, weekdays from 9 to 5.",
        complaints_url="https://review.example/",
        reports="Call 555-0199, or come to First Street 1.",
        by=ada,
    )


@pytest.fixture
def stands(rules: None, riverbend: Agency, ada: User, dent: User) -> dict[str, str]:
    """The code of a concern in each state of the new ones."""
    heard = {key: ben_says(riverbend, key=key) for key in ("read", "promised", "done", "declined", "passed")}
    actions.acknowledge(heard["read"].concern, by=ada)
    said = promises.Said(
        what="We put a new lamp at the stop",
        owner=member(dent, riverbend),
        due=riverbend.today() + timedelta(days=9),
        concern=heard["promised"].concern,
    )
    first = promises.make(riverbend, said, by=dent)
    promises.move(first, due=first.due + timedelta(days=7), why="The part comes late.", by=dent)
    for state in ("done", "declined", "passed"):
        actions.close(heard[state].concern, state=state, outcome="This is what came of it.", by=ada)
    city = Body.objects.create(agency=riverbend, name="Public Works", reached="Call 311.")
    sent = clock.now() - timedelta(days=30)
    Passing.objects.create(
        agency=riverbend,
        concern=heard["passed"].concern,
        body=city,
        state="sent",
        request_id="SR-77",
        sent_at=sent,
    )
    return {key: received.code for key, received in heard.items()}


@pytest.mark.parametrize("size", driver.SIZES)
def test_every_page_passes_axe_and_fits(
    open_page: Any, by_day_and_night: Any, stands: dict[str, str], ada: User, size: str
) -> None:
    public = [url(name) for name in ("tell-us", "elsewhere", "write")]
    codes = [url("yours", stands["read"]), *(url("page", code) for code in stands.values())]
    for user, addresses in ((None, [*public, *codes]), (ada, [url("hand-in")])):
        page = open_page(size, user=user)
        for address in addresses:
            page.goto(address)
            for each in page.locator("main details").all():
                each.evaluate("details => { details.open = true }")
            by_day_and_night(page)


def test_ben_tells_us_on_a_phone_without_script(open_page: Any, rules: None) -> None:
    page = open_page("phone", script=False)
    page.goto(url("tell-us"))
    page.get_by_role("link", name="A complaint about an officer").click()
    expect(page.get_by_text("Office of Civilian Review")).to_be_visible()
    page.get_by_role("link", name="It is about something else").click()
    page.get_by_role("link", name="Our streets, an idea").click()
    words = page.get_by_label("What would you like to tell us?")
    words.fill("Somebody stole my bike at the court. The rack has no light.")
    page.get_by_label("Neighborhood").select_option(label="Mill Row")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="This looks like a crime")).to_be_visible()
    expect(page.get_by_text("Call 555-0199")).to_be_visible()
    assert not Concern.objects.exists()
    expect(words).to_have_value("Somebody stole my bike at the court. The rack has no light.")
    words.fill("The bike rack at the court has no light.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you. This is your code")).to_be_visible()
    code = page.locator(".code-big").inner_text()
    page.get_by_role("link", name="See its page").click()
    expect(page.get_by_text("The bike rack at the court has no light.")).to_be_visible()
    assert code in page.url
    assert Concern.objects.get().state == State.RECEIVED


def test_ben_says_that_it_is_not_so_and_then_that_it_is(
    open_page: Any, stands: dict[str, str], ada: User
) -> None:
    page = open_page("phone", script=False)
    page.goto(url("page", stands["done"]))
    page.get_by_text("No: open it again").click()
    page.get_by_label("What is not so?").fill("It is dark again since Sunday.")
    page.get_by_role("button", name="Open it again").click()
    expect(page.get_by_text("It is dark again since Sunday.")).to_be_visible()
    concern = Concern.objects.get(key="done")
    assert concern.is_open
    actions.close(concern, state="done", outcome="The wire was mended, too.", by=ada)
    page.goto(url("page", stands["done"]))
    page.get_by_role("button", name="Yes, it is so").click()
    expect(page.get_by_text("said on")).to_be_visible()
    assert Concern.objects.get(key="done").confirmed_at is not None
