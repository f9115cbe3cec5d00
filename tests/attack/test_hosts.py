"""Eve asks for a page by another name of ours, or of hers: no link that leaves here begins with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from alongside.agencies.models import User
from alongside.jobs import worker
from alongside.jobs.models import Job
from alongside.outreach.models import Mail
from tests.cast import PASSWORD
from tests.doors.populated import one_of_everything, the_id
from tests.doors.routes import every_route

OURS, OTHER, EVIL = "https://walks.riverbend.example", "walks.internal", "evil.example"
FORGED = {
    "Host": OTHER,
    "X-Forwarded-For": "198.51.100.7",
    "X-Forwarded-Host": EVIL,
    "Forwarded": f"host={EVIL}",
}


@pytest.fixture(autouse=True)
def an_install_with_two_names(settings):
    """As behind a proxy that asks by a name of its own, which the settings let in."""
    settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"url": OURS, "proxies": 1})
    settings.ALLOWED_HOSTS = [OTHER, "walks.riverbend.example", "testserver"]
    settings.EMAIL_BACKEND = "alongside.outreach.backend.Outbox"


@pytest.fixture
def eve_asks(client):
    return Client(headers=FORGED)


def mails() -> list[Mail]:
    worker.drain(lanes=("quick",))
    return list(Mail.objects.order_by("pk"))


def names_us(mail: Mail) -> bool:
    said = f"{mail.subject}\n{mail.text}"
    links = re.findall(r"https?://[^\s\"<>]+", said)
    return bool(links) and all(link.startswith(f"{OURS}/") for link in links) and not names_others(said)


def names_others(said: str) -> bool:
    return OTHER in said or EVIL in said


class TestMailsAboutAnAccount:
    def test_a_new_password(self, eve_asks, ada):
        eve_asks.post(reverse("account_reset_password"), {"email": ada.email})
        (mail,) = mails()
        assert mail.to == ada.email
        assert names_us(mail)
        link = re.search(rf"{OURS}(\S+)", mail.text)[1]
        assert Client().get(link, follow=True).status_code == 200

    @pytest.mark.parametrize("taken", [False, True])
    def test_a_changed_address(self, ada, dent, taken):
        browser = Client(headers=FORGED)
        browser.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})
        typed = dent.email if taken else "ada.new@riverbend.example"
        browser.post(reverse("account_email"), {"email": typed, "action_add": ""})
        sent = mails()
        assert [mail.to for mail in sent] == [typed], "the premise"
        assert all(map(names_us, sent))

    def test_an_invitation(self, administrator):
        browser = Client(headers=FORGED)
        browser.force_login(administrator)
        address = reverse("front:member-add", args=["riverbend"])
        page = browser.post(address, {"name": "A Friend", "email": "friend@riverbend.example"})
        assert page.context["link"].startswith(f"{OURS}/")
        assert all(map(names_us, mails()))


class TestWhatAStrangerTypes:
    """The page of forgotten passwords answers the same, and writes to those alone who have an account here."""

    def ask(self, typed):
        answer = Client().post(reverse("account_reset_password"), {"email": typed})
        return (
            answer.status_code,
            answer.headers["Location"],
            Client().get(answer.headers["Location"]).content,
        )

    def test_it_writes_to_nobody_unknown(self, client, riverbend):
        self.ask("nobody@people.example")
        assert mails() == []

    def test_an_account_that_is_closed_is_unknown(self, ada):
        User.objects.filter(pk=ada.pk).update(is_active=False)
        self.ask(ada.email)
        assert mails() == []

    def test_nothing_tells_the_two_apart(self, ada):
        """The same page, and the same work: one look for accounts, one row for the worker."""
        assert self.ask(ada.email) == self.ask("nobody@people.example")
        asked = []
        for typed in (ada.email, "nobody@people.example"):
            with CaptureQueriesContext(connection) as seen:
                Client().post(reverse("account_reset_password"), {"email": typed})
            asked.append([query["sql"].split()[0] for query in seen])
        assert asked[0] == asked[1]
        assert "INSERT" in asked[0]

    def test_what_waits_for_the_worker_keeps_no_address(self, riverbend):
        self.ask("nobody@people.example")
        assert "people.example" not in str(list(Job.objects.values_list("args", flat=True)))

    def test_nobody_signs_up(self, riverbend):
        typed = {"email": "nobody@people.example", "password1": PASSWORD, "password2": PASSWORD}
        Client().post(reverse("account_signup"), typed)
        assert not User.objects.filter(email="nobody@people.example").exists()
        assert mails() == []


@pytest.mark.heavy
def test_no_page_repeats_the_name_it_was_asked_by(riverbend, ada):
    """Share links, codes, feeds, calendars, canonical addresses, redirects: of every page there is."""
    one_of_everything(riverbend)
    pages = list(every_page(the_id(riverbend)))
    stranger, staff = Client(headers=FORGED), Client(headers=FORGED)
    staff.force_login(ada)
    answers = [(page, visitor.get(page)) for page in pages for visitor in (stranger, staff)]
    assert sum(answer.status_code == 200 for _page, answer in answers) > 80, "the premise"
    assert [page for page, answer in answers if names_others(f"{answer.headers}{text_of(answer)}")] == []


def every_page(word: str) -> Iterator[str]:
    with translation.override("en"):
        for route in every_route():
            with suppress(NoReverseMatch):  # the library's links in mails, met above
                yield route.address("riverbend", word)


def text_of(answer) -> str:
    return b"".join(answer).decode("utf-8", "replace")
