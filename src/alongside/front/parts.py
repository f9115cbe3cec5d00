"""The parts of a page that is composed of every room, each made by the room it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from alongside.agencies.models import Agency, Member, User
from alongside.agencies.templatetags.doors import may_open
from alongside.core.manifest import follow, manifests


@dataclass(frozen=True)
class Shown:
    """A part with something in it: how it is drawn, and what it shows."""

    template: str
    facts: dict[str, Any]


def parts_of(
    page: str, user: User | AnonymousUser, agency: Agency, member: Member | None = None
) -> list[Shown]:
    """What the rooms have to show on this page, in its order. Nobody is shown a part whose page they may not open."""
    offered = [part for room in manifests().values() for part in room.parts if part.page == page]
    shown = []
    for part in sorted(offered, key=lambda part: part.at):
        if part.view and not may_open(member, part.view):
            continue
        facts = follow(part.made_by)(user, agency)
        if facts is not None:
            shown.append(Shown(part.template, facts))
    return shown
