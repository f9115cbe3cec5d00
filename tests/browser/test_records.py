"""Rita looks through records at her desk; Ben reads on his phone what is kept of him, and what was released."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from alongside.agencies import holds, retention
from alongside.agencies.models import Agency, Disposal, Hold, User
from alongside.core.origins import Origin
from alongside.records import actions
from alongside.records.tests import cast
from tests.browser import driver

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("RECORDS_PICTURES", "")


def url(name: str, *args: Any) -> str:
    return reverse(f"records:{name}", args=["riverbend", *args])


@pytest.fixture
def kept(transactional_db: None, riverbend: Agency) -> dict[str, Any]:
    """A request half looked through, a hold, a schedule, a certificate, a release."""
    rita = cast.rita(riverbend)
    ben = cast.ben_was_here(riverbend)
    request = cast.a_request(riverbend, "followthrough.concerns", "gatherings.answers", by=rita)
    concern = ben["concern"]
    holds.place(riverbend, key=Origin("concern", concern.public_id), reason="Doe against the city", by=rita)
    retention.schedule(riverbend, "hotspots.petitions", days=1825, authority="Kentucky L5007", by=rita)
    made = Disposal.objects.create(
        agency=riverbend, kind="gatherings.answers", count=7, days=30, eraser="gatherings.jobs.forget"
    )
    actions.log_release(riverbend, kind="subpoena", on=riverbend.today(), basis="Rule 45", records=3, by=rita)
    return {"rita": rita, "request": request, "code": ben["code"], "certificate": made.public_id}


def pages(kept: dict[str, Any]) -> tuple[tuple[User | None, list[str]], ...]:
    request = kept["request"].public_id
    desk = [
        url("requests"),
        url("request-new"),
        url("request", request),
        url("record", request, 1),
        url("person"),
        url("holds"),
        url("schedule"),
        url("schedule-kind", "hotspots.petitions"),
        url("certificates"),
        url("certificate", kept["certificate"]),
        url("log"),
    ]
    return (None, [url("releases"), url("yours", "concern", kept["code"])]), (kept["rita"], desk)


@pytest.mark.parametrize("size", driver.SIZES)
def test_every_page_passes_axe_and_fits(
    open_page: Any, by_day_and_night: Any, kept: dict[str, Any], size: str
) -> None:
    for user, addresses in pages(kept):
        page = open_page(size, user=user)
        for address in addresses:
            page.goto(address)
            if PICTURES:
                name = address.strip("/").replace("/", "-")[:80]
                page.screenshot(path=Path(PICTURES) / f"{size}-{name}.png", full_page=True)
            for each in page.locator("details").all():
                each.evaluate("details => { details.open = true }")
            by_day_and_night(page)


def test_ben_erases_what_is_kept_of_him_on_a_phone_without_script(
    open_page: Any, kept: dict[str, Any]
) -> None:
    hold = Hold.objects.of(kept["request"].agency).get(reason__startswith="Doe")
    holds.lift(hold, because="It was settled.", by=kept["rita"])
    actions.withdraw(kept["request"], by=kept["rita"])
    page = open_page("phone", script=False)
    page.goto(url("yours", "concern", kept["code"]))
    expect(page.get_by_text("The lamp is out.")).to_be_visible()
    page.locator("summary", has_text="Erase").click()
    page.get_by_role("button", name="Erase all of it now").click()
    expect(page.get_by_text("We keep nothing of you")).to_be_visible()


def test_rita_decides_record_by_record_with_the_keyboard(open_page: Any, kept: dict[str, Any]) -> None:
    page = open_page("desk", user=kept["rita"])
    page.goto(url("record", kept["request"].public_id, 1))
    page.get_by_label("By which exemption").fill("KRS 61.878(1)(a)")
    page.get_by_label("Withheld").press("Space")
    page.get_by_role("button", name="Decide, and show the next").press("Enter")
    expect(page.get_by_role("heading", name="Record 2")).to_be_visible()
