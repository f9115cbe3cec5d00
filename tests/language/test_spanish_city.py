"""The whole demo city in Spanish: no page gives its reader a sentence of ours in English, whoever it was made for.

A sentence that a row keeps shows here: it stands in the language of the day on which it was kept.
"""

from collections import Counter, defaultdict

import pytest
from django.test import Client

from alongside.agencies.models import User
from tests.crawl import addresses
from tests.language.reading import leftovers

pytestmark = pytest.mark.heavy

MOST_OF_A_KIND = 4
VISITORS = {
    "a stranger": ("", "/riverbend/"),
    "Ada": ("ada@riverbend.example", "/riverbend/workspace/"),
    "Ruth": ("ruth@riverbend.example", "/riverbend/workspace/"),
}


def english_of(client: Client, first: str) -> dict[str, list[str]]:
    """Each English sentence of ours that stands on a Spanish page, and the first page on which it does."""
    queue, seen, kinds = [first], {first}, Counter[str]()
    found = defaultdict(list)
    while queue:
        page = queue.pop(0)
        kind = addresses.kind(page)
        kinds[kind] += 1
        if kinds[kind] > MOST_OF_A_KIND or not page.startswith(first):
            continue
        answer = client.get(f"/es{page}", headers={"host": "localhost"})
        if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
            continue
        html = b"".join(answer).decode()
        for sentence in leftovers(html):
            found[sentence].append(page)
        ahead = addresses.leads_to(html, page) - seen
        seen |= ahead
        queue += sorted(ahead)
    assert len(kinds) > 20, "the premise"
    return {sentence: pages[:1] for sentence, pages in found.items()}


@pytest.mark.parametrize("who", VISITORS)
def test_no_page_of_the_city_says_a_sentence_of_ours_in_english(who, in_the_demo_city):
    email, first = VISITORS[who]
    client = Client()
    if email:
        client.force_login(User.objects.get(email=email))
    assert english_of(client, first) == {}
