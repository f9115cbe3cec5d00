"""The panels of a page that is composed of every room, each made by the room it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from alongside.agencies.models import Agency, User
from alongside.core.manifest import follow, manifests


@dataclass(frozen=True)
class Shown:
    """A panel with something in it: how it is drawn, and what it shows."""

    template: str
    facts: dict[str, Any]


def panels_of(page: str, user: User | AnonymousUser, agency: Agency, *about: Any) -> list[Shown]:
    """What the rooms have to show on this page, in its order; of a page about one area, of that area."""
    offered = [panel for room in manifests().values() for panel in room.panels if panel.page == page]
    shown = []
    for panel in sorted(offered, key=lambda panel: panel.at):
        facts = follow(panel.made_by)(user, agency, *about)
        if facts is not None:
            shown.append(Shown(panel.template, facts))
    return shown
