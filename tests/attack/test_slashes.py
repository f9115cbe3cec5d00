"""Eve hands out an address of ours that begins with her site's name: no link of the page behind it leaves for there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.doors.routes import every_route

HERE = "http://testserver"
EVIL = "evil.example"
BEGINS = (
    f"//{EVIL}",
    f"/\\{EVIL}",
    f"/%2F%2F{EVIL}",
    f"/es//{EVIL}",
    f"/es/\\{EVIL}",
    f"/es/%2F{EVIL}",
    f"/\t/{EVIL}",
)
ENDS = ("/", "/riverbend/", "/accounts/login/", "/es/riverbend/workspace/", "")
SAID = f"?next=//{EVIL}/&page=//{EVIL}/&q=//{EVIL}/&why=//{EVIL}/&at=https://{EVIL}/"
# What leads somewhere: an address, or a sentence of one ("0; url=…").
LEADS = {
    "href",
    "src",
    "action",
    "formaction",
    "srcset",
    "poster",
    "data",
    "manifest",
    "ping",
    "content",
    "cite",
}


class Leading(HTMLParser):
    """Every address on a page, in whichever attribute it stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and (name in LEADS or name.startswith(("hx-", "data-"))):
                self.found.append((name, value))


def leaves(answer: HttpResponse) -> Iterator[str]:
    """The links and the redirect of an answer that lead to Eve's site, as a browser reads them."""
    asked = urljoin(HERE, "/")
    led = [("Location", answer.headers.get("Location", ""))]
    if "html" in answer.headers.get("Content-Type", "") and not answer.streaming:
        led += Leading(answer.content.decode()).found
    for name, link in led:
        read = link.strip().replace("\\", "/").replace("\t", "").replace("\n", "")
        if EVIL in urlsplit(urljoin(asked, read)).netloc:
            yield f"{name}={link}"


def asks(client: Client, path: str, **headers: str) -> HttpResponse:
    """The path as it stands in the request's first line: the test client would read a host off it."""
    return client.get("/", PATH_INFO=unquote(path), headers={"Accept": "text/html", **headers})


@pytest.mark.parametrize("begins", BEGINS)
@pytest.mark.parametrize("ends", ENDS)
def test_no_link_of_a_page_that_is_none_leaves(client, client_for, ada, begins, ends):
    for visitor in (client, client_for(ada)):
        answer = asks(visitor, begins + ends)
        assert answer.status_code in {301, 302, 404}, "the premise: no such page"
        assert list(leaves(answer)) == []


def test_the_guard_sees_a_link_that_leaves():
    for link in (f"//{EVIL}/", f"/\\{EVIL}", f"\\\\{EVIL}/", f"https://{EVIL}", f" //{EVIL}", f"/\t/{EVIL}"):
        assert list(leaves(HttpResponse(f'<a href="{link}">here</a>'))), link
    assert not list(leaves(HttpResponse(f'<a href="/%2F{EVIL}">here</a> <input value="//{EVIL}/">')))


def whole_pages() -> list[str]:
    """Those of which an agency's name is all that varies."""
    pages = []
    for route in every_route():
        with suppress(NoReverseMatch):
            pages.append(reverse(route.name, args=["riverbend"] * route.of_agency))
    return pages


@pytest.mark.parametrize("language", ["", "/es"])
def test_nor_one_of_any_page_that_repeats_what_the_address_says(client, client_for, ada, language):
    """Pages of a list, the way back after signing in, the same page in another language."""
    answers = [
        (page, visitor.get(f"{language}{page}{SAID}"))
        for page in whole_pages()
        for visitor in (client, client_for(ada))
    ]
    assert [(page, link) for page, answer in answers for link in leaves(answer)] == []
    assert sum(answer.status_code == 200 for _page, answer in answers) > 40, "the premise: most are pages"


@pytest.mark.parametrize("path", [f"//{EVIL}/", f"/es//{EVIL}/"])
@pytest.mark.parametrize("origin", [HERE, f"https://{EVIL}"])
def test_nor_of_a_refusal(client, riverbend, path, origin):
    answer = client.post("/", {"a": "b"}, PATH_INFO=path, headers={"Origin": origin})
    assert answer.status_code in {403, 404, 405}
    assert list(leaves(answer)) == []


def test_nor_of_a_form_that_is_kept_for_somebody_whose_session_ended(client, riverbend):
    page = reverse("gatherings:plan", args=["riverbend"])
    answer = client.post(f"{page}?next=//{EVIL}/", {"title": f"//{EVIL}/"}, headers={"Origin": HERE})
    assert answer.status_code == 403
    assert list(leaves(answer)) == []
