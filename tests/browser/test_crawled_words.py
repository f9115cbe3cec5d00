"""What a browser reads off a page: the lines a reader sees, what is folded or hidden, and what is read aloud."""

import pytest

from tests.crawl.words import READ

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><head><title>Home</title>
<meta name="description" content="Walks &amp; forums"><style>.away { display: none }</style></head>
<body><p>Come
  along, <b>Ben</b>
  <a href="/walks/">to  the walk</a></p>
<details><summary>More</summary><p>Folded</p></details>
<ul class="away"><li>One</li><li>Two <b hidden>and a half</b></li></ul>
<template><p>Later</p></template><dialog><p>Sure?</p></dialog><script>"never read"</script>
<form method="post" action="/join/"><input name="party" type="number" required min="1" value="2" placeholder="How
many"><input type="hidden" name="token" value="secret"><button aria-label="Send   it">Send</button></form>
</body></html>"""


@pytest.fixture
def said(open_page):
    page = open_page()
    page.set_content(PAGE)
    return page.evaluate(READ)


def test_what_is_seen_has_the_lines_of_the_screen(said):
    assert said["title"] == "Home"
    assert said["text"] == ["Come along, Ben to the walk", "More", "Folded", "Send"]


def test_what_is_hidden_has_lines_too(said):
    assert said["hidden"] == ["One", "Two", "Later", "Sure?", "and a half"]


def test_what_is_read_aloud_and_asked_for(said):
    assert said["words"] == ["content: Walks & forums", "placeholder: How⏎many", "aria-label: Send it"]
    assert said["fields"] == ["input number party required min=1 = 2", "input hidden token", "button submit"]
    assert said["doors"] == ["/walks/", "post /join/"]
