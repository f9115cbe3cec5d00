"""Nobody is shown a link that ends at “not for you”: links ask the door they lead to."""

from __future__ import annotations

import re
from collections import deque
from datetime import timedelta
from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import reverse

from alongside.agencies.models import Member, Role
from alongside.agencies.templatetags.doors import may_open
from alongside.core import clock
from alongside.gatherings.models import Gathering, Status
from tests.cast import staff_member
from tests.doors.populated import one_of_everything

LINK = re.compile(r'<(?:a|form)\b[^>]*?\s(?:href|action)="(/riverbend/[^"#?]*)')
STAFF = [role for role in Role if role != Role.PARTNER]


def test_a_link_asks_its_door(riverbend, ada, officer):
    """What a page offers is what its reader may open."""
    coordinator, patrol = (Member.objects.get(user=user) for user in (ada, officer))
    assert may_open(coordinator, "gatherings:edit")
    assert not may_open(patrol, "gatherings:edit")
    assert may_open(patrol, "gatherings:overview")
    assert may_open(patrol, "walks:cue-sheet")
    assert may_open(None, "walks:list"), "public pages are open to all"
    assert not may_open(None, "gatherings:overview")


def test_a_name_that_is_no_page_is_a_mistake():
    with pytest.raises(KeyError):
        may_open(None, "gatherings:nowhere")


def links_that_refuse(client: Client, start: str) -> list[str]:
    """Every page that can be reached from `start`, and which of their links say “not for you”."""
    asked, ahead, refused = {start}, deque([(start, "")]), []
    while ahead:
        url, page = ahead.popleft()
        answer = client.get(url)
        if answer.status_code == 403:
            refused.append(f"{page} → {url}")
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        for link in LINK.findall(answer.content.decode()):
            target = urljoin(url, link)
            if target not in asked:
                asked.add(target)
                ahead.append((target, url))
    assert len(asked) > 10, "the pattern finds nothing any more"
    return refused


@pytest.mark.heavy
@pytest.mark.parametrize("status", [Status.DRAFT, Status.PUBLISHED, Status.CANCELLED, Status.HELD])
def test_no_role_is_shown_what_it_may_not_open(riverbend, status):
    one_of_everything(riverbend)
    days = -1 if status == Status.HELD else 1
    Gathering.objects.filter(agency=riverbend).update(
        status=status,
        on=riverbend.today() + timedelta(days=days),
        published_at=None if status == Status.DRAFT else clock.now(),
        change_reason="Ice on the way" if status == Status.CANCELLED else "",
    )
    for role in STAFF:
        client = Client()
        client.force_login(staff_member(riverbend, f"Somebody {role.value.title()}", role))
        assert links_that_refuse(client, reverse("front:workspace", args=["riverbend"])) == [], role
