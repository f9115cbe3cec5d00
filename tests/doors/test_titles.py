"""Each page says in its title which page it is: what a tab, a bookmark, a history and a screen reader say first.

The demo city is walked through, as Ada at her desk and as a stranger: no two addresses of one agency share a title.
"""

import re
from collections import Counter, defaultdict

import pytest
from django.test import Client

from alongside.agencies.models import User
from tests.crawl import addresses

pytestmark = pytest.mark.heavy

# So many that two which are called alike are among them: two gates of one name, two concerns about street lights.
MOST_OF_A_KIND = 25
# The same page for several people, each by a link of their own; the phone is the same bytes for every gathering.
OF_ONE_READER = re.compile(r"/(answer|roster|invited|look-back)/[\w-]{20,}|/gatherings/\w+/field/$")


def titled(client: Client, first: str) -> dict[str, set[str]]:
    """Every title, and the addresses of the pages that bear it; what is asked of a list makes no other page."""
    queue, seen, kinds = [first], {first}, Counter[str]()
    titles = defaultdict(set)
    while queue:
        page = queue.pop(0)
        kind = addresses.kind(page)
        kinds[kind] += 1
        if kinds[kind] > MOST_OF_A_KIND or not page.startswith("/riverbend/"):
            continue
        answer = client.get(page, headers={"host": "localhost"})
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        html = b"".join(answer).decode()
        title = re.search(r"<title>(.*?)</title>", html, re.S)
        assert title, page
        if not OF_ONE_READER.search(page):
            titles[" ".join(title[1].split())].add(page.partition("?")[0])
        ahead = addresses.leads_to(html, page) - seen
        seen |= ahead
        queue += sorted(ahead)
    return titles


def test_no_two_pages_share_a_title(in_the_demo_city):
    ada = Client()
    ada.force_login(User.objects.get(email="ada@riverbend.example"))
    titles = titled(ada, "/riverbend/workspace/")
    for title, pages in titled(Client(), "/riverbend/").items():
        titles[title] |= pages
    assert len(titles) > 80, "the premise"
    assert {title: sorted(pages) for title, pages in titles.items() if len(pages) > 1} == {}
