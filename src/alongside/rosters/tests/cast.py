"""Riverbend's staff, places and partners, as the tests of this room need them."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import shapely
from django.urls import reverse

from alongside.agencies.models import Agency, Duty, Member, Rank, Role, User
from alongside.gatherings import actions as gatherings
from alongside.gatherings.models import Gathering
from alongside.outreach.models import Mail
from alongside.people import actions as people
from alongside.people.models import Partner, PartnerKind
from alongside.places.models import Area, AreaKind
from alongside.rosters.models import Post, State

WEST, SOUTH = -85.76, 38.20


def an_area(agency: Agency, kind: AreaKind, name: str, box: tuple[float, float, float, float]) -> Area:
    """A box, in hundredths of a degree east and north of the corner of the city."""
    west, south, east, north = box
    shape = shapely.box(WEST + west / 100, SOUTH + south / 100, WEST + east / 100, SOUTH + north / 100)
    return Area.objects.create(agency=agency, kind=kind, name=name, **Area.columns_of(shape))


def somebody(agency: Agency, name: str, *roles: Role, rank: str) -> Member:
    """A member with an account, made by hand: a roster needs a dozen of them."""
    level = {"Chief": 1, "Assistant Chief": 2, "Major": 3, "Officer": 4}[rank]
    held, _new = Rank.objects.get_or_create(agency=agency, name=rank, defaults={"level": level})
    user = User.objects.create(email=f"{name.split()[-1].lower()}@{agency.slug}.example")
    member = Member.objects.create(agency=agency, name=name, rank=held, user=user)
    Duty.objects.bulk_create([Duty(member=member, role=role) for role in roles])
    return member


def a_walk(
    agency: Agency, home: Area | None, *, days: int = 10, published: bool = True, **words: Any
) -> Gathering:
    words = {
        "kind": "walk",
        "title": "Walk with us in Eastbank",
        "on": agency.today() + timedelta(days=days),
        "at": time(18, 0),
        "meeting_point": "By the front steps",
        "neighborhood": home,
        "guide_low": 15,
        "guide_high": 30,
    } | words
    gathering = gatherings.plan(agency, by=None, **words)
    return gatherings.publish(gathering, by=None) if published else gathering


def walked(member: Member, home: Area, *, days_ago: int, agency: Agency) -> Post:
    """A walk that took place, and this member was there."""
    past = Gathering.objects.create(
        agency=agency,
        title="A walk before",
        kind="walk",
        on=agency.today() - timedelta(days=days_ago),
        at=time(18, 0),
        timezone=agency.timezone,
        meeting_point="There",
        neighborhood=home,
    )
    return Post.objects.create(agency=agency, gathering=past, member=member, part="officer", state=State.CAME)


def a_partner(agency: Agency, name: str, *areas: Area, **words: Any) -> Partner:
    words = {"kind": PartnerKind.CLERGY, "email": f"{name.split()[0].lower()}@partners.example"} | words
    partner = Partner.objects.create(agency=agency, name=name, **words)
    partner.areas.set(areas)
    return partner


def command(division: Area, member: Member, agency: Agency) -> None:
    people.give_command(division, to=member, since=agency.today() - timedelta(days=100), by=None)


def mails(to: str | None = None) -> list[Mail]:
    rows = Mail.objects.order_by("pk")
    return list(rows.filter(to=to) if to else rows)


def link_in(mail: Mail) -> str:
    """The path of the page of one's own that a mail leads to."""
    for word in mail.text.split():
        if any(page in word for page in ("/roster/", "/invited/", "/news/", "/answer-again/")):
            return "/" + word.split("/", 3)[3]
    raise AssertionError(f"no link in {mail.text}")


def page(name: str, gathering: Gathering) -> str:
    return reverse(f"rosters:{name}", args=[gathering.agency.slug, gathering.public_id])
