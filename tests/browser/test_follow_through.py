"""Ben follows what he said by a code on his phone, without script; staff keep the promise at a desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from alongside.agencies.models import Agency, User
from alongside.followthrough import actions
from alongside.followthrough.models import Concern, Deed, State
from alongside.followthrough.tests.cast import WORDS, ben_says, member
from alongside.outreach.models import Subscription
from tests.browser import driver

pytestmark = pytest.mark.browser

LONG = "Straßenbeleuchtungsinstandsetzungsverordnung" * 3


def url(name: str, *args: str) -> str:
    return reverse(f"followthrough:{name}", args=["riverbend", *args])


@pytest.fixture
def spoken(transactional_db: None, riverbend: Agency, ada: User, dent: User) -> dict[str, Any]:
    """A concern in each state: the code of each, and the one at work."""
    heard = {key: ben_says(riverbend, key=key) for key in ("promised", "done", "erased", "long")}
    heard["long"] = ben_says(riverbend, key="longer", words=LONG, place=LONG)
    heard["officer"] = ben_says(riverbend, key="officer", withheld="officer")
    promised = heard["promised"].concern
    due = riverbend.today() + timedelta(days=9)
    actions.assign(promised, owner=member(dent, riverbend), due=due, by=ada)
    actions.progress(promised, text=LONG, by=ada)
    actions.close(heard["done"].concern, state="done", outcome="The light works.", by=ada)
    actions.redact(heard["erased"].concern, because="It named a neighbor.", by=ada)
    [unused] = actions.issue_cards(riverbend, count=1, by=ada)
    codes = {key: received.code for key, received in heard.items()}
    return {"codes": {**codes, "unused": unused}, "concern": promised}


@pytest.mark.parametrize("size", driver.SIZES)
def test_every_page_passes_axe_and_fits(
    open_page: Any, by_day_and_night: Any, spoken: dict[str, Any], ada: User, size: str
) -> None:
    public = [url("follow"), *(url("page", code) for code in spoken["codes"].values())]
    desk = [url("concerns"), url("concern", spoken["concern"].public_id), url("cards"), url("rules")]
    for user, addresses in ((None, public), (ada, desk)):
        page = open_page(size, user=user)
        for address in addresses:
            page.goto(address)
            for each in page.locator("details").all():  # the forms inside, too
                each.evaluate("details => { details.open = true }")
            by_day_and_night(page)


def test_ben_follows_his_code_on_a_phone_without_script(open_page: Any, spoken: dict[str, Any]) -> None:
    page = open_page("phone", script=False)
    page.goto(url("follow"))
    page.get_by_label("Your code").fill("7K2M-9QDX")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("alert")).to_contain_text("missing or wrong")
    page.get_by_label("Your code").fill(spoken["codes"]["promised"].lower().replace("-", " "))
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Major Harvey Dent answers by")
    expect(page.get_by_text("in 9 days")).to_be_visible()
    page.get_by_text("That is not what I said").click()
    page.get_by_label("What you meant").fill("It is the stop across the street.")
    page.get_by_role("button", name="Put it right").click()
    expect(page.get_by_text("It is the stop across the street.")).to_be_visible()
    page.get_by_label("Your e-mail address").fill("ben@riverbend.example")
    page.get_by_role("button", name="Write to me").click()
    page.get_by_role("button", name="Delete my address now").click()
    expect(page.get_by_role("button", name="Write to me")).to_be_visible()
    assert not Subscription.objects.exists()
    assert spoken["concern"].steps.filter(deed=Deed.CORRECTED).count() == 1


def test_ada_closes_a_promise_by_keyboard(open_page: Any, spoken: dict[str, Any], ada: User) -> None:
    page = open_page("desk", user=ada)
    page.goto(url("concerns"))
    page.get_by_role("link", name=WORDS[:20]).first.click()
    page.get_by_text("Close it", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_role("radio", name="Done", exact=True).focus()
    page.keyboard.press("Space")
    outcome = page.get_by_role("group", name="What came of it").get_by_label("English")
    outcome.fill("ok")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Say it in a sentence.")
    outcome.fill("The light works since Tuesday.")
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("Closed. Whoever asked reads it by their code.")).to_be_visible()
    assert Concern.objects.filter(state=State.DONE).count() == 2


def test_a_sheet_of_cards_passes_axe_and_prints_ten_to_a_page(
    open_page: Any, axe: Any, spoken: dict[str, Any], ada: User
) -> None:
    page = open_page("phone", user=ada)
    page.goto(url("cards"))
    page.get_by_role("button", name="Make the sheet").click()
    expect(page.get_by_role("heading", name="20 cards")).to_be_visible()
    axe(page)
    assert driver.overflow(page) <= 0
    assert page.locator(".card-sheet").count() == 2
    code = page.locator(".card-qr").first.bounding_box()
    card = page.locator(".card-sheet > li").first.bounding_box()
    assert code
    assert card
    assert code["width"] >= 90, "large enough to scan"
    assert code["x"] + code["width"] <= card["x"] + card["width"]
    for paper in ("Letter", "A4"):
        edge = dict.fromkeys(("top", "bottom", "left", "right"), "10mm")
        assert page.pdf(format=paper, margin=edge).count(b"/Type /Page\n") == 2, paper


def test_whoever_said_me_too_and_comes_back_finds_no_button(
    open_page: Any, spoken: dict[str, Any], ada: User
) -> None:
    """By what the browser keeps of it: the page is the same for everybody."""
    actions.set_rules(
        spoken["concern"].agency,
        owner=None,
        complaints="",
        complaints_url="",
        reports="",
        shown_after_days=0,
        by=ada,
    )
    concern = actions.clear(spoken["concern"], summary="A street light is out.", by=ada)
    address = url("public-concern", concern.public_id)
    page = open_page("phone")
    page.goto(f"{address}?counted=1")  # as somebody passed it on to Ben
    page.goto(address)
    button, already = page.get_by_role("button", name="Me too"), page.get_by_text("“me too” already")
    expect(button).to_be_visible()
    expect(already).to_be_hidden()
    button.click()
    expect(page.get_by_text("Your device is counted, once.")).to_be_visible()
    page.goto(address)
    expect(already).to_be_visible()
    expect(button).to_be_hidden()
    other = open_page("phone")
    other.goto(address)
    expect(other.get_by_role("button", name="Me too")).to_be_visible()
