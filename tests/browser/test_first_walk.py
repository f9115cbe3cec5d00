"""The first hour of an agency: set up, a first walk planned and published, and a neighbor who says “I’ll come”.

No incident data, no boundaries, no streets: a place, a day and an hour are enough.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from alongside.agencies.models import Agency
from alongside.front import setup
from alongside.gatherings.models import Rsvp, State, Status
from alongside.walks import actions
from alongside.walks.models import Walk
from alongside.walks.tests.cast import a_draft, a_focus_area, a_town, box, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill_setup(page: Page) -> None:
    page.goto(f"/setup/?code={setup.code()}")
    page.get_by_label("Name of the agency").fill("Riverbend Police")
    page.get_by_label("Address", exact=True).fill("riverbend")
    page.get_by_label("Your name").fill("Ruth Administrator")
    page.get_by_label("Your e-mail").fill("ruth@riverbend.example")
    page.get_by_label("Password", exact=True).fill("river walks at six o’clock")
    page.get_by_role("button", name="Set it up").click()


def plan_with_words_alone(page: Page) -> None:
    page.get_by_role("link", name="Plan a walk").first.click()
    page.get_by_role("group", name="Where exactly").get_by_label("English").fill(
        "Fountain Square, by the steps"
    )
    page.get_by_role("button", name="Plan it").click()


def confirm_and_publish(page: Page, axe=None) -> None:
    page.get_by_role("link", name="Read the plan and publish").click()
    expect(page.get_by_role("heading", name="What holds on every walk")).to_be_visible()
    if axe:
        axe(page)
    page.get_by_label("I have read this plan").check()
    page.get_by_role("button", name="Confirm and publish").click()


def test_an_administrator_sets_up_an_agency_and_publishes_a_first_walk(open_page, axe):
    ruth = open_page("phone")
    fill_setup(ruth)
    expect(ruth.get_by_role("heading", name="Getting started")).to_be_visible()
    axe(ruth)
    plan_with_words_alone(ruth)
    expect(ruth.get_by_role("heading", name="Walk with us from Fountain Square")).to_be_visible()
    axe(ruth)
    confirm_and_publish(ruth, axe)
    walk = Walk.objects.get()
    assert walk.gathering.checks.get().confirmed_by.endswith("Ruth Administrator")
    assert walk.gathering.status == Status.PUBLISHED

    ben = open_page("phone")
    ben.goto("/riverbend/")
    ben.get_by_role("link", name="I’ll come").click()
    ben.get_by_role("button", name="We’ll come").click()
    ben.wait_for_url("**/answer/**")
    assert Rsvp.objects.get().state == State.GOING


def test_all_of_it_without_javascript(open_page):
    ruth = open_page("phone", script=False)
    fill_setup(ruth)
    plan_with_words_alone(ruth)
    confirm_and_publish(ruth)
    ben = open_page("phone", script=False)
    ben.goto(Walk.objects.get().get_absolute_url())
    ben.get_by_role("link", name="I’ll come").click()
    ben.get_by_role("button", name="We’ll come").click()
    ben.wait_for_url("**/answer/**")
    ruth.get_by_role("link", name="Cancel").click()
    ruth.get_by_role("group", name="Why").get_by_label("English").fill("Ice on every corner.")
    ruth.locator("main form button").last.click()
    ben.goto("/riverbend/walks/")
    expect(ben.get_by_text("Ice on every corner.").first).to_be_visible()
    assert Rsvp.objects.count() == 1


def press_to(page: Page, name: str) -> None:
    """Tab until the thing with this name has the focus, as somebody without a mouse does."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => { const it = document.activeElement;"
            " return (it.labels?.[0]?.textContent || it.ariaLabel || it.textContent || '').trim(); }"
        )
        if focused.startswith(name):
            return
    raise AssertionError(f"no way to {name!r} by keyboard on {page.url}")


def test_a_keyboard_alone_plans_publishes_and_answers(open_page, riverbend: Agency, ada):
    eastbank, _mill, library = a_town(riverbend)
    page = open_page("desk", user=ada)
    page.goto("/riverbend/workspace/")
    press_to(page, "Plan a walk")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Plan a walk")).to_be_visible()
    press_to(page, "Where do you walk?")
    page.keyboard.type(eastbank.name)
    page.keyboard.press("Tab")
    expect(page.locator("#near select")).to_contain_text("in the area")
    press_to(page, "Where do people meet?")
    page.keyboard.type(library.name)
    press_to(page, "Plan it")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Walk with us in Eastbank")).to_be_visible()
    press_to(page, "Read the plan and publish")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What holds on every walk")).to_be_visible()
    press_to(page, "I have read this plan")
    page.keyboard.press("Space")
    press_to(page, "Confirm and publish")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Published. Everybody can see it")).to_be_visible()
    walk = Walk.objects.get()
    assert walk.route is not None
    assert walk.gathering.venue == library

    stranger = open_page("desk")
    stranger.goto(walk.get_absolute_url())
    press_to(stranger, "I’ll come")
    stranger.keyboard.press("Enter")
    stranger.wait_for_url("**/join/")
    press_to(stranger, "We’ll come")
    stranger.keyboard.press("Enter")
    stranger.wait_for_url("**/answer/**")
    assert Rsvp.objects.get().gathering == walk.gathering


def test_an_area_is_drawn_with_the_keyboard(open_page, riverbend: Agency, ada):
    a_town(riverbend)
    page = open_page("desk", user=ada)
    page.goto("/riverbend/workspace/walks/plan/")
    page.get_by_text("Another area: draw it").click()
    add = page.get_by_role("button", name="Add a corner at the cross")
    expect(add).to_be_visible()
    canvas = page.locator(".draw canvas").first
    expect(canvas).to_be_visible()
    for keys in ("", "ArrowRight", "ArrowDown"):
        if keys:
            canvas.focus()
            page.keyboard.press(keys)
            page.wait_for_timeout(700)
        add.click()
    page.get_by_role("group", name="Where exactly").get_by_label("English").fill("By the fountain")
    page.get_by_label("Where do people meet?").select_option("elsewhere")
    page.get_by_role("button", name="Plan it").click()
    page.wait_for_url("**/walks/*/")
    assert Walk.objects.get().shape.area > 0


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_nothing_stands_in_anybodys_way(
    open_page, by_day_and_night, riverbend: Agency, ada, administrator, size
):
    eastbank, mill_row, library = a_town(riverbend)
    a_focus_area(riverbend, eastbank, box(290, 190, 510, 410))
    walk = a_draft(riverbend, eastbank, venue=library)
    actions.lay_route(walk, by=None)
    published(walk)
    bare = a_draft(riverbend, mill_row, meeting_point="The mill", on=riverbend.today() + timedelta(days=3))
    desk = f"/riverbend/workspace/walks/{walk.public_id}/"
    stranger = open_page(size)
    for address in (
        "/riverbend/",
        "/es/riverbend/walks/",
        walk.get_absolute_url(),
        "/riverbend/the-wall/",
    ):
        stranger.goto(address)
        by_day_and_night(stranger)
    staff = open_page(size, user=administrator)
    for address in (
        "/riverbend/workspace/",
        "/riverbend/workspace/setup/",
        "/riverbend/workspace/walks/",
        "/riverbend/workspace/walks/plan/",
        desk,
        desk + "cues/",
        desk + "plan/",
        "/riverbend/workspace/walks/rules/",
        "/riverbend/workspace/walks/rules/change/",
        f"/riverbend/workspace/walks/{bare.public_id}/",
        "/riverbend/workspace/members/",
        "/riverbend/workspace/members/add/",
        "/riverbend/workspace/settings/",
        "/riverbend/workspace/audit/",
    ):
        staff.goto(address)
        by_day_and_night(staff)
    staff.goto("/riverbend/workspace/walks/plan/")
    staff.get_by_role("button", name="Plan it").click()
    expect(staff.get_by_role("alert")).to_be_visible()
    by_day_and_night(staff)
