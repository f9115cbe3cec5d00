"""Nobody is shown a link that ends at “not for you”: links ask the door they lead to."""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import timedelta
from urllib.parse import urljoin

import pytest
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation

from alongside.agencies.models import Member, Role, User
from alongside.agencies.templatetags.doors import may_open
from alongside.core import clock
from alongside.core.links import absolute
from alongside.gatherings.models import Gathering, Status
from tests.cast import staff_member
from tests.doors.populated import one_of_everything, the_id
from tests.doors.routes import every_route

WORKSPACE = "/riverbend/workspace/"
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


def test_the_links_in_a_mail_are_those_that_its_reader_may_open(riverbend, ada, officer):
    """What staff are sent is read in the list of mails by others, too."""
    move = absolute(reverse("gatherings:move", args=["riverbend", "abc"])) + "?why=ice&to=indoors"
    with translation.override("es"):
        cancel = absolute(reverse("gatherings:cancel", args=["riverbend", "abc"]))
        walks = absolute(reverse("walks:list", args=["riverbend"]))
    assert cancel.startswith(absolute("/es/")), "the premise"
    words = f"{move} {cancel} {walks} https://weather.example/ Brand & Sons <b>"
    drawn = Template("{% load doors %}{{ words|urlize|links_open_to:member }}")

    def links(user: User) -> list[str]:
        page = drawn.render(Context({"words": words, "member": Member.objects.get(user=user)}))
        assert html.unescape(re.sub(r"</?a\b[^>]*>", "", page)) == words, "every word stays"
        return [html.unescape(link) for link in re.findall(r'<a href="([^"]*)"', page)]

    assert links(ada) == [move, cancel, walks, "https://weather.example/"]
    assert links(officer) == [walks, "https://weather.example/"]


def test_a_name_that_is_no_page_is_a_mistake():
    with pytest.raises(KeyError):
        may_open(None, "gatherings:nowhere")


def doors_of(member: Member) -> Iterator[str]:
    """Every page of the workspace that lets this member in, for a walk to begin at: not all are in the menu."""
    for route in every_route():
        if route.of_agency and may_open(member, route.name):
            here = route.address(member.agency.slug, the_id(member.agency))
            if here.startswith(WORKSPACE):
                yield here


def dead_links(client: Client, doors: Iterable[str]) -> list[str]:
    """The links that answer “not for you” or “no such page”, each with a page that shows it."""
    ahead, shown_on, status = deque(doors), dict[str, str](), dict[str, int]()
    while ahead:
        url = ahead.popleft()
        if url in status:
            continue
        answer = client.get(url)
        status[url] = answer.status_code
        if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
            continue
        for link in LINK.findall(answer.content.decode()):
            target = urljoin(url, link)
            shown_on.setdefault(target, url)
            ahead.append(target)
    assert len(shown_on) > 10, "the pattern finds nothing any more"
    return [f"{page} → {url} {status[url]}" for url, page in shown_on.items() if status[url] in {403, 404}]


@pytest.mark.heavy
@pytest.mark.parametrize("status", [Status.DRAFT, Status.PUBLISHED, Status.CANCELLED, Status.HELD])
def test_no_page_shows_a_role_what_it_may_not_open(riverbend, status):
    one_of_everything(riverbend)
    days = -1 if status == Status.HELD else 1
    Gathering.objects.filter(agency=riverbend).update(
        status=status,
        on=riverbend.today() + timedelta(days=days),
        published_at=None if status == Status.DRAFT else clock.now(),
        change_reason="Ice on the way" if status == Status.CANCELLED else "",
    )
    dead, doors = {}, set()
    for role in STAFF:
        client, user = Client(), staff_member(riverbend, f"Somebody {role.value.title()}", role)
        client.force_login(user)
        theirs = list(doors_of(Member.objects.get(user=user)))
        dead[role.value] = dead_links(client, theirs)
        doors |= set(theirs)
    assert len(doors) > 100, "the premise"
    assert {role: links for role, links in dead.items() if links} == {}
