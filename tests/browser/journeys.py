"""What people come for, in any browser: whoever drives it is a `Visitor` of a few words."""

import time
from typing import Any, Protocol

from alongside.agencies.models import Agency
from alongside.field.models import Note
from alongside.followthrough.tests.cast import ben_says
from alongside.gatherings.models import Rsvp
from alongside.gatherings.tests.cast import a_gathering
from tests.browser import field as the
from tests.cast import PASSWORD

# What a finger finds at the middle of each link: the link itself, or what covers it.
UNDER_A_FINGER = """
const links = [...document.querySelectorAll(SELECTOR)].filter((link) => link.getClientRects().length);
return links.map((link) => {
  link.scrollIntoView({block: "center"});
  const box = link.getBoundingClientRect();
  const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return [link.textContent.trim(), link.contains(hit)];
});
"""


class Visitor(Protocol):
    def goto(self, address: str) -> None: ...
    def fill(self, selector: str, words: str) -> None: ...
    def press(self, selector: str) -> None: ...
    def run(self, script: str) -> Any:
        """What the body of a function answers in the page."""


def until(visitor: Visitor, condition: str, *, seconds: float = 15) -> None:
    ends = time.monotonic() + seconds
    while not visitor.run(f"return Boolean({condition})"):
        assert time.monotonic() < ends, (condition, visitor.run("return document.body.innerText"))
        time.sleep(0.1)


def reads(visitor: Visitor, words: str) -> None:
    until(visitor, f"document.body && document.body.innerText.includes({words!r})")


def fingers(visitor: Visitor, selector: str) -> dict[str, bool]:
    """By link of a menu that is open or in sight: whether a finger hits it."""
    return dict(visitor.run(UNDER_A_FINGER.replace("SELECTOR", repr(selector))))


# -- the journeys ---------------------------------------------------------------------------------
def come_along(visitor: Visitor, agency: Agency) -> None:
    agency.published = True
    agency.save(update_fields=["published"])
    visitor.goto(a_gathering(agency).get_absolute_url() + "join/")
    visitor.fill("[name=party]", "2")
    visitor.fill("[name=name]", "Cleo")
    visitor.press("main form .btn.go")
    reads(visitor, "You’re coming, 2 people")
    assert Rsvp.objects.get().party == 2


def read_a_promise(visitor: Visitor, agency: Agency) -> None:
    said = ben_says(agency)
    visitor.goto(f"/{agency.slug}/follow/")
    visitor.fill("[name=code]", said.code)
    visitor.press("main form .btn")
    until(visitor, f"document.title && location.pathname.includes({said.code!r})")
    reads(visitor, said.concern.words[:20])


def follow_an_area(visitor: Visitor, agency: Agency) -> None:
    visitor.goto(f"/{agency.slug}/news/")
    visitor.press("main [name=about]")
    visitor.fill("main [name=email]", "ben@riverbend.example")
    visitor.press("main form .btn.go")
    reads(visitor, "Look in your mail")


def sign_in_and_use_the_menu(visitor: Visitor, agency: Agency, email: str) -> None:
    visitor.goto(f"/accounts/login/?next=/{agency.slug}/workspace/")
    visitor.fill("[name=login]", email)
    visitor.fill("[name=password]", PASSWORD)
    visitor.press("main form .btn.main")
    until(visitor, "document.querySelector('.rail')")
    assert not visitor.run("return document.querySelector('#side').getClientRects().length"), (
        "closed at first"
    )
    visitor.press(".rail summary")
    hit = fingers(visitor, "#side a")
    assert len(hit) > 10
    assert all(hit.values()), hit
    visitor.press("#side a[href$='/concerns/'], #side a[href$='/gatherings/']")
    until(visitor, "document.querySelector('.rail a[aria-current]')")


def note_on_a_phone(visitor: Visitor, walk: Any) -> None:
    visitor.goto(the.link_of(walk.gathering))
    until(visitor, "!document.querySelector('[data-ways]').hidden")
    visitor.press("[data-ways] a[href='#note']")
    visitor.run(
        "[...document.querySelectorAll('button')].find((b) => b.textContent.includes('They agree')).click()"
    )
    visitor.run("document.querySelector('[data-kinds] input').click()")
    visitor.fill("[name=words]", "The lamp at the corner is out.")
    visitor.press("[data-note] button[type=submit]")
    ends = time.monotonic() + 15
    while not Note.objects.exists():
        assert time.monotonic() < ends, visitor.run("return document.body.innerText")
        time.sleep(0.2)
