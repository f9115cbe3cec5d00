"""Whatever an address begins with, a link made of it stays on this site, as a browser reads it."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import RequestFactory
from hypothesis import example, given
from hypothesis import strategies as st

from alongside.core.links import staying_here
from alongside.core.templatetags.look import translate_url

HOME = "https://walks.riverbend.example/es/riverbend/"


def as_a_browser_reads_it(link: str) -> str:
    """Blanks around it and breaks within it are left out, and a backslash is a slash (the URL standard)."""
    return re.sub(r"[\t\n\r]", "", link.strip("".join(map(chr, range(0x21))))).replace("\\", "/")


def host_of(link: str) -> str:
    return urlsplit(urljoin(HOME, as_a_browser_reads_it(link))).netloc


@given(st.text(alphabet="/\\\t\n\r \x00\x0b\x85\xa0.:@ehtps", max_size=12))
@example("//evil.example/")
@example("/\\evil.example/")
@example("\\\\evil.example")
@example("/\t/evil.example")
def test_a_link_leads_to_this_site(begins):
    link = staying_here(f"{begins}evil.example/")
    assert host_of(link) == host_of(HOME)
    assert staying_here(link) == link


@pytest.mark.parametrize("path", ["/", "/riverbend/", "/es/riverbend/?page=2", "/riverbend//twice/"])
def test_a_usual_address_is_left_as_it_is(path):
    assert staying_here(path) == path


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "path", ["//evil.example/", "/es//evil.example/", "/es/\\evil.example/", "///evil.example"]
)
def test_a_page_that_is_none_is_offered_in_other_languages_here(path, language):
    request = RequestFactory().get("/", PATH_INFO=path)
    request.resolver_match = None
    link = translate_url({"request": request}, language)
    assert host_of(link) == host_of(HOME)
    assert link.startswith("/es/") == (language == "es")
