"""A walk today, a scribe's pass for it, and phones with a real browser: workers, storage and all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import BrowserContext, Page, expect

from alongside.core import clock
from alongside.field import passes
from alongside.gatherings.models import Gathering, Status
from alongside.gatherings.tests.cast import a_gathering
from alongside.walks import actions
from alongside.walks.models import Walk
from alongside.walks.tests.cast import a_draft, a_town
from tests.browser import chromium, driver

SMALL, LARGE = {"width": 360, "height": 640}, {"width": 412, "height": 915}
# Counts what the phone holds and what it says of it.
ITEMS = """
async () => {
  const open = indexedDB.open("alongside-phone");
  const base = await new Promise((done) => (open.onsuccess = () => done(open.result)));
  const asked = base.transaction("items").objectStore("items").getAll();
  const rows = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
  base.close();
  return rows;
}
"""


def the_next_evening(agency: Any) -> tuple[date, time]:
    """Today at six, or at midnight where six has passed: either way a phone may be set up for it now."""
    local = clock.now().astimezone(ZoneInfo(agency.timezone))
    return (local.date(), time(18)) if local.hour < 18 else (local.date() + timedelta(days=1), time(0))


def a_walk(agency: Any) -> Walk:
    """A published walk this evening, with a route."""
    eastbank, _mill, library = a_town(agency)
    on, at = the_next_evening(agency)
    walk = a_draft(agency, eastbank, venue=library, on=on, at=at)
    actions.lay_route(walk, by=None)
    Gathering.objects.filter(pk=walk.gathering_id).update(status=Status.PUBLISHED, published_at=clock.now())
    agency.published = True
    agency.save(update_fields=["published"])
    return Walk.objects.get(pk=walk.pk)


def a_coffee(agency: Any) -> Gathering:
    """A published gathering this evening at which nobody walks."""
    agency.published = True
    agency.save(update_fields=["published"])
    on, at = the_next_evening(agency)
    return a_gathering(
        agency,
        kind="coffee",
        title="Coffee with the major at the Eastbank library",
        on=on,
        at=at,
        meeting_point="The reading room on the second floor",
    )


def page_of(gathering: Gathering) -> str:
    return f"/{gathering.agency.slug}/gatherings/{gathering.public_id}/field/"


def link_of(gathering: Gathering, holder: str = "Scribe") -> str:
    """The address a coordinator sends to a scribe: the page, and a pass nobody's server log ever sees."""
    return f"{page_of(gathering)}#{passes.open_pass(gathering, by=None, to=holder)}"


def options(address: str, **more: Any) -> dict[str, Any]:
    """A phone: it keeps workers, and it is touched."""
    phone = driver.context_options("phone") | {
        "service_workers": "allow",
        "base_url": address,
        "viewport": SMALL,
    }
    return phone | more


@contextmanager
def lasting(kind: Any, folder: Path, address: str, **more: Any) -> Iterator[BrowserContext]:
    """A browser whose storage is on the disk, so that it can be closed and started again."""
    context = kind.launch_persistent_context(
        str(folder),
        executable_path=chromium.executable(),
        args=chromium.FLAGS,
        env=dict(chromium.environment()),
        **options(address, **more),
    )
    context.set_default_timeout(15_000)
    yield context
    context.close()


def ready(page: Page) -> None:
    """The walk is on the phone, and so is the page itself."""
    expect(page.locator("[data-ways]")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("async () => (await caches.keys()).length > 0")


def go(page: Page, screen: str) -> None:
    """To a screen by the bar at the bottom."""
    page.locator(f"[data-ways] a[href='#{screen}']").click()


def note(page: Page, words: str, *, kind: str = "Concern", answer: bool = False) -> None:
    """Ask, write down, save: what a scribe does at each stop."""
    go(page, "note")
    page.get_by_role("button", name="They agree").click()
    page.locator(f"[data-kinds] label:has-text('{kind}')").click()
    page.get_by_label("What they said").fill(words)
    if answer:
        page.locator("[name=wants_answer]").check()
    page.get_by_role("button", name="Save", exact=True).click()


def kept(page: Page) -> list[dict[str, Any]]:
    """What the phone's own storage holds."""
    return page.evaluate(ITEMS)


def states(page: Page) -> list[str]:
    return sorted(item["state"] for item in kept(page))
