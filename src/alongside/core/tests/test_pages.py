"""Pages of the shell: the style page, and pages that could not be."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory


@pytest.fixture
def cleo(db: None) -> Client:
    """A stranger."""
    return Client()


def test_anyone_may_see_the_style_page_and_it_holds_no_secret(cleo: Client) -> None:
    answer = cleo.get("/style/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "csrfmiddlewaretoken" not in page
    assert "nonce=" not in page
    assert not answer.cookies


def test_ids_on_the_style_page_are_unique(cleo: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', cleo.get("/style/").content.decode())
    assert len(ids) == len(set(ids)) > 20


def test_the_page_says_its_language_and_links_its_twin(cleo: Client) -> None:
    english, spanish = cleo.get("/style/").content.decode(), cleo.get("/es/style/").content.decode()
    assert '<html lang="en" dir="ltr">' in english
    assert '<html lang="es" dir="ltr">' in spanish
    assert 'hreflang="es" href="/es/style/"' in english
    assert 'hreflang="en" href="/style/"' in spanish


def test_a_page_that_is_not_there_leads_home(cleo: Client) -> None:
    answer = cleo.get("/no/such/page/")
    assert answer.status_code == 404
    assert "To the home page" in answer.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "429.html"])
def test_pages_that_could_not_be_have_one_heading_and_a_way_back(name: str) -> None:
    page = render_to_string(name, {}, request=RequestFactory().get("/"))
    assert page.count("<h1") == 1
    assert 'class="btn main"' in page


def test_the_page_of_a_breakdown_leans_on_nothing() -> None:
    """It is drawn without a request, when even the database may be gone."""
    assert "Something broke on our side" in render_to_string("500.html")


def test_a_reason_is_escaped() -> None:
    page = render_to_string("403.html", {"why": "<b>Eve</b>"}, request=RequestFactory().get("/"))
    assert "<b>Eve</b>" not in page
    assert "&lt;b&gt;Eve" in page
