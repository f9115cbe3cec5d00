"""Every form of every page, sent with nothing and with nonsense: what is wrong is said there, and nothing is lost."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.test import Client

from alongside.agencies.models import Agency, Duty, Role, User
from tests.begun import of_a_test
from tests.cast import an_agency, staff_member
from tests.doors.populated import one_of_everything, the_id
from tests.doors.routes import every_route
from tests.doors.test_no_room import nothing_can_be_written

pytestmark = [pytest.mark.heavy, pytest.mark.django_db]

NONSENSE = "Zwölf <b>Uhr?</b>"
KEPT = {"text", "textarea", "number", "date", "time", "datetime-local", "email", "tel", "search", "url"}
# Where the answer is a page of its own, and no form of ours: signing in and out are asked in front's tests.
NOT_OURS = ("account_", "mfa_", "demo:")


@dataclass
class Form:
    """A form as a page draws it: where it is sent, what kind of thing each of its fields is, and what stands in it."""

    to: str
    kinds: dict[str, str] = field(default_factory=dict)
    stands: dict[str, str] = field(default_factory=dict)

    def sent(self, words: str) -> dict[str, str]:
        """As a person sends it who writes this in every box, and leaves everything else as it stands."""
        return self.stands | {
            name: words for name, kind in self.kinds.items() if kind in KEPT and name != "x1"
        }


class Reader(HTMLParser):
    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.forms, self.form = here, [], None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(given.get("action") or self.here) if given.get("method") == "post" else None
            if self.form is not None:
                self.forms.append(self.form)
        elif self.form is not None and given.get("name") and "disabled" not in given:
            kind = given.get("type", "text") if tag == "input" else tag
            if tag in {"input", "textarea", "select", "button"}:
                self.form.kinds.setdefault(given["name"], kind)
            if kind == "hidden" or tag == "button":
                self.form.stands.setdefault(given["name"], given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None


def forms_of(page: str, here: str) -> list[Form]:
    reader = Reader(here)
    reader.feed(page)
    return reader.forms


def a_city() -> tuple[Agency, User]:
    """With one of everything in it, and somebody who may do everything."""
    riverbend = an_agency("riverbend", "Riverbend Police", "America/New_York")
    ada = staff_member(riverbend, "Ada Coordinator", Role.COORDINATOR)
    one_of_everything(riverbend)
    member = ada.membership_at(riverbend)
    for role in Role:
        Duty.objects.get_or_create(member=member, role=role)
    return riverbend, ada


@pytest.fixture(scope="module")
def begin():
    return a_city


@pytest.fixture
def ruth(begun, client_for) -> Client:
    client = client_for(begun[1])
    client.defaults["HTTP_ORIGIN"] = "http://testserver"
    return client


@pytest.fixture(scope="module")
def known_forms() -> list[tuple[str, Form]]:
    """The same city is asked three times, and its pages are read once."""
    return []


def every_form(client: Client, agency: str, known: str) -> Iterator[tuple[str, Form]]:
    seen = set()
    for route in every_route():
        if not route.of_agency or route.name.startswith(NOT_OURS):
            continue
        here = route.address(agency, known)
        page = client.get(here)
        if page.status_code != 200 or page.streaming or b"<form" not in page.content:
            continue
        for form in forms_of(page.text, here):
            if (form.to, *sorted(form.kinds)) not in seen and not form.to.startswith("/accounts"):
                seen.add((form.to, *sorted(form.kinds)))
                yield here, form


def sent(client: Client, form: Form, words: str):
    """The answer; and nothing of it stays, so that the next form finds the city as this one did."""
    with of_a_test(transaction.atomic()):
        answer = client.post(form.to, form.sent(words))
        transaction.set_rollback(True)
    return answer


def wrong_with(answer, form: Form, words: str) -> list[str]:
    """What a refused form's answer lacks."""
    page = answer.text
    ids = set(re.findall(r'\sid="([^"]+)"', page))
    summary = page.partition("data-trouble")[2].partition("</div>")[0]
    dead = [link for link in re.findall(r'href="#([^"]+)"', summary) if link not in ids]
    typed = [
        name for name, kind in form.kinds.items() if kind in KEPT and name != "x1" and "password" not in name
    ]
    lost = [name for name in typed if words and f'name="{name}"' in page and html.escape(words) not in page]
    lacking = {
        "a summary": "data-trouble autofocus" in page,
        "an alert": 'role="alert"' in page,
        "its title": "<title>Error:" in page,
    }
    return [what for what, there in lacking.items() if not there] + [f"#{link}" for link in dead] + lost


@pytest.mark.parametrize("words", ["", NONSENSE, "x" * 9000], ids=["nothing", "nonsense", "too much"])
def test_what_is_wrong_is_said_on_the_page_with_all_that_was_typed(ruth, begun, known_forms, words):
    riverbend, _ada = begun
    known_forms += [] if known_forms else every_form(ruth, riverbend.slug, the_id(riverbend))
    refused, bad = 0, {}
    for here, form in known_forms:
        answer = sent(ruth, form, words)
        assert answer.status_code < 500, form.to
        if answer.status_code == 422:
            refused += 1
            if lacking := wrong_with(answer, form, words):
                bad[f"{here} → {form.to}"] = lacking
        elif answer.status_code == 200 and not answer.streaming and b'class="errors"' in answer.content:
            bad[f"{here} → {form.to}"] = ["its status"]
    assert bad == {}
    assert refused > 25, "the premise"


@pytest.mark.parametrize("words", ["", "3"], ids=["buttons", "a number in every box"])
def test_where_nothing_can_be_written_no_form_breaks(ruth, begun, known_forms, words):
    """A disk that is full: each form says that nothing was saved, and still has what was typed in it."""
    riverbend, _ada = begun
    known_forms += [] if known_forms else every_form(ruth, riverbend.slug, the_id(riverbend))
    ruth.raise_request_exception = False
    said, bad = 0, {}
    for here, form in known_forms:
        with nothing_can_be_written():
            answer = sent(ruth, form, words)
        if answer.status_code == 503 and "data-trouble" in answer.text:
            said += 1
        elif answer.status_code >= 500:
            bad[f"{here} → {form.to}"] = answer.status_code
    assert bad == {}
    assert said > 15, "the premise"
