"""Who follows us in a news reader hears of each date, move and cancellation, and of no draft."""

from datetime import time
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from alongside.gatherings import actions
from alongside.gatherings.tests.cast import a_draft, a_gathering

pytestmark = pytest.mark.django_db


def items(slug="riverbend"):
    response = Client().get(reverse("gatherings:rss", args=[slug]))
    assert response.headers["Content-Type"].startswith("application/rss+xml")
    tree = ElementTree.fromstring(response.content)  # noqa: S314 - our own words, in a test
    return [{each.tag: each.text for each in item} for item in tree.iter("item")]


def test_a_date_says_when_and_leads_to_its_page(riverbend, elsewhere):
    walk = a_gathering(riverbend, title="Walk & <talk>")
    a_draft(riverbend, title="A draft")
    a_gathering(elsewhere)
    (item,) = items()
    assert item["title"] == f"Walk & <talk>, {walk.when}"
    assert item["link"].endswith(f"/riverbend/gatherings/{walk.public_id}/")


def test_what_is_cancelled_stays_says_so_and_is_news_again(riverbend, ada):
    walk = a_gathering(riverbend)
    first = items()[0]
    actions.move(walk, at=time(17), reason="Rain", stand_in="Omar", by=ada)
    assert items()[0]["title"].startswith("Moved: ")
    actions.cancel(walk, reason="Ice on the paths", by=ada)
    (last,) = items()
    assert last["title"].startswith("Cancelled: ")
    assert "Ice on the paths" in last["description"]
    assert last["guid"] != first["guid"]
