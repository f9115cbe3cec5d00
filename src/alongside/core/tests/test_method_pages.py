"""How a number is made: the pages of docs/methods, in the browser."""

import pytest
from django.test import Client

from alongside.core.method_pages import FOLDER, NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_method_page_opens_for_anybody_and_links_to_the_others(name):
    page = Client().get(f"/methods/{name}/")
    assert page.status_code == 200
    assert "promise" in page.text.lower()
    assert ".md" not in page.text
    assert "<table>" not in page.text.replace('tabindex="0"><table>', "")


def test_what_is_no_method_page_is_not_there():
    assert (FOLDER / ".." / ".." / "README.md").exists(), "the premise"
    for name in ("nothing", "README", "..%2f..%2fREADME"):
        assert Client().get(f"/methods/{name}/").status_code == 404


def test_another_language_says_that_there_is_english_only():
    assert "English only" not in Client().get("/methods/rates/").text
    spanish = Client().get("/es/methods/rates/")
    assert '<article class="prose" lang="en">' in spanish.text
